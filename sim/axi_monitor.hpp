// Protocol monitor of the AXI4 interface. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sim/axi_signals.hpp"
#include "sim/design_info.hpp"
#include "sim/violations.hpp"

namespace arraywright::sim {

/// Fixed-size queue; the caller checks `full` before a push.
template <typename Item, uint32_t kCapacity>
class Ring {
public:
    bool empty() const { return count_ == 0; }
    bool full() const { return count_ == kCapacity; }
    uint32_t size() const { return count_; }
    void push(const Item& item) { items_[(head_ + count_++) % kCapacity] = item; }
    Item& front() { return items_[head_]; }
    void pop() {
        head_ = (head_ + 1) % kCapacity;
        --count_;
    }
    void clear() { head_ = count_ = 0; }

private:
    std::array<Item, kCapacity> items_{};
    uint32_t head_ = 0;
    uint32_t count_ = 0;
};

/// Checks every rising edge against these rules (ARM IHI 0022 and the narrower habits of our
/// designs; names are permanent):
///   valid-dropped, payload-changed, valid-in-reset          every channel
///   burst-crosses-4k, burst-not-incr, size-not-bus, address-unaligned, address-out-of-range,
///   cache-illegal, outstanding-exceeded                     AR and AW
///   wlast-early, wlast-missing, strobe-before-address       W
///   data-without-request, rlast-wrong, exclusive-okay       R
///   response-without-request, exclusive-okay                B
///   unfinished-burst                                        at the end of a run
/// W before its AW and interleaved reads of different IDs are legal. One ID answers in order.
class AxiMonitor {
public:
    AxiMonitor(const DesignInfo& design, ViolationLog& log);

    /// `in_reset`: rst_n is low at this edge.
    void sample(const AxiSignals& axi, bool in_reset, uint64_t cycle);
    /// Checks that nothing is under way.
    void finish(uint64_t cycle);

private:
    static constexpr uint32_t kDepth = 64;

    void check_reset(const AxiSignals& axi);
    void check_stability(const AxiSignals& axi);
    void check_address(const AddressBeat& beat, std::string_view channel);
    void on_read_address(const AddressBeat& beat);
    void on_write_address(const AddressBeat& beat);
    void on_write_data(const WriteChannel& w);
    void match_writes();
    void on_read_data(const ReadChannel& r);
    void on_response(const ResponseChannel& b);
    void fail(std::string_view channel, std::string_view rule, std::string detail);

    DesignInfo design_;
    ViolationLog& log_;
    uint64_t cycle_ = 0;
    uint32_t reset_cycles_ = 0;
    AxiSignals previous_;       ///< payloads of stalled channels
    bool any_stalled_ = false;  ///< previous_ holds a valid that was not taken
    std::array<Ring<int32_t, kDepth>, kAxiIds> read_beats_left_;
    int32_t reads_in_flight_ = 0;
    Ring<AddressBeat, kDepth> write_addresses_;  ///< without their last W beat
    Ring<int32_t, kDepth> write_lengths_;        ///< complete W bursts without AW, in beats
    int32_t w_beat_ = 0;                         ///< beats of the current W burst so far
    uint64_t first_strobe_ = 0;
    Ring<uint64_t, kDepth> first_strobes_;  ///< of complete W bursts without AW
    std::array<int32_t, kAxiIds> responses_due_{};
    int32_t writes_in_flight_ = 0;
};

}  // namespace arraywright::sim
