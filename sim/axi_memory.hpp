// Pin-level AXI4 subordinate: latency, bandwidth, stalls and reordering in front of a storage.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "sim/axi_signals.hpp"
#include "sim/memory_config.hpp"
#include "sim/memory_store.hpp"
#include "sim/pins.hpp"
#include "sim/random.hpp"

namespace arraywright::sim {

/// How the bus model reaches the storage: directly, or as TLM-2.0 transactions under SystemC.
class MemoryPort {
public:
    virtual ~MemoryPort() = default;
    virtual Response read(uint64_t address, std::span<uint8_t> bytes) = 0;
    virtual Response write(uint64_t address, std::span<const uint8_t> bytes,
                           std::span<const uint8_t> enables) = 0;
};

/// The storage in the same process, without SystemC.
class DirectMemoryPort final : public MemoryPort {
public:
    explicit DirectMemoryPort(MemoryStore& store) : store_(store) {}
    Response read(uint64_t address, std::span<uint8_t> bytes) override {
        return store_.read(address, bytes);
    }
    Response write(uint64_t address, std::span<const uint8_t> bytes,
                   std::span<const uint8_t> enables) override {
        return store_.write(address, bytes, enables);
    }

private:
    MemoryStore& store_;
};

/// Clocked bus model. The timing, with `sample` called at every rising edge:
/// - AR handshake in cycle t: the first beat is valid in cycle t + latency, then one beat a cycle
///   at bandwidth 1, also from one burst to the next;
/// - last W (or AW, if later) handshake in cycle t: B is valid in cycle t + write_latency.
/// The data of a burst is read when its AR is accepted and written when its B becomes valid, the
/// earliest and the latest moment that AXI allows: a design that does not wait for B before it
/// reads its own results back reads poison.
class AxiMemory {
public:
    AxiMemory(const MemoryConfig& config, int32_t bus_bytes, MemoryPort& port);

    /// Takes the handshakes of this edge and decides the outputs of the next cycle.
    void sample(const AxiSignals& axi, uint64_t cycle);
    const MemoryOutputs& outputs() const { return outputs_; }
    /// True when no transaction is under way.
    bool idle() const;
    /// Drops every transaction, as in reset.
    void reset();

private:
    static constexpr int32_t kDepth = 64;  ///< bursts held per direction

    /// Transaction of either direction with its data.
    struct Burst {
        AddressBeat beat;
        uint64_t due = 0;
        int32_t next_beat = 0;
        Response response = kOkay;            ///< of the burst, if `per_beat` is false
        bool per_beat = false;                ///< beats answer differently
        bool all_enabled = true;              ///< every strobe was full
        std::array<Response, 256> responses;  ///< looked at if per_beat
        std::array<uint8_t, kBurstBoundaryBytes> data;
        std::array<uint8_t, kBurstBoundaryBytes> enables;
    };

    /// Bursts by index, in order of arrival; kDepth is small, so removal just moves bytes.
    class List {
    public:
        bool empty() const { return count_ == 0; }
        int32_t size() const { return count_; }
        uint8_t operator[](int32_t i) const { return items_[i]; }
        void push(uint8_t item) { items_[count_++] = item; }
        uint8_t take(int32_t position);
        void clear() { count_ = 0; }

    private:
        std::array<uint8_t, kDepth> items_{};
        int32_t count_ = 0;
    };

    uint64_t base(const Burst& burst) const;
    int32_t burst_bytes(const Burst& burst) const;
    void accept_read(const AddressBeat& beat, uint64_t cycle);
    void collect_write(const WriteChannel& w);
    void pair_writes(uint64_t cycle);
    void commit(Burst& burst);
    /// Position in `list` of the burst to answer, -1 if none is due.
    int32_t choose(const List& list, uint64_t cycle);
    void next_read(const AxiSignals& axi, uint64_t cycle);
    void next_response(const AxiSignals& axi, uint64_t cycle);

    MemoryConfig config_;
    int32_t bus_bytes_;
    MemoryPort& port_;
    StallSource stall_;
    double read_credit_ = 1;
    uint32_t read_gap_ = 0;  ///< cycles before the next burst
    double write_credit_ = 1;
    std::vector<Burst> bursts_;  ///< reads and writes share the pool
    List free_reads_, free_writes_;
    List reads_;               ///< accepted, not fully answered
    List addresses_;           ///< AW accepted, W not complete: index in waiting_addresses_
    List filled_;              ///< W complete, AW not yet
    List responses_;           ///< complete, B not yet valid
    int32_t collecting_ = -1;  ///< burst that takes W beats
    int32_t collected_beats_ = 0;
    std::array<AddressBeat, kDepth> waiting_addresses_{};  ///< used in turn
    uint8_t next_address_ = 0;
    MemoryOutputs outputs_;
    BeatBytes r_data_{};
};

}  // namespace arraywright::sim
