// AXI4-Lite manager that a host sequence awaits. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <coroutine>
#include <cstdint>

#include "sim/axi_signals.hpp"
#include "sim/pins.hpp"
#include "sim/random.hpp"

namespace arraywright::sim {

/// Answer of one access.
struct LiteAnswer {
    uint32_t data = 0;
    uint8_t response = kOkay;
    uint64_t handshake_cycle = 0;  ///< when the later of AW and W, or AR, was taken
};

/// One access at a time. With stalls, AW and W start in either order, and ready of B and R
/// comes and goes.
class LiteMaster {
public:
    LiteMaster(double stall, uint64_t seed) : stall_(stall, seed) {}

    /// Awaitables: `co_await master.read(offset)` gives a LiteAnswer.
    auto write(uint32_t address, uint32_t data) { return begin(State::kWrite, address, data); }
    auto read(uint32_t address) { return begin(State::kRead, address, 0); }
    /// Waits until irq_o is high; handshake_cycle is the first cycle in which it was seen high.
    auto interrupt() { return begin(State::kInterrupt, 0, 0); }
    auto cycles(uint32_t count) { return begin(State::kDelay, 0, count); }

    /// Takes the handshakes of this edge; may resume the waiting sequence.
    void sample(const LiteSignals& lite, bool irq, uint64_t cycle);
    const HostOutputs& outputs() const { return outputs_; }
    bool waits_for_interrupt() const { return state_ == State::kInterrupt; }
    /// Gives up the access under way, without resuming its sequence.
    void abandon();

private:
    enum class State { kIdle, kWrite, kRead, kInterrupt, kDelay };
    struct Access {
        LiteMaster& master;
        bool await_ready() const { return false; }
        void await_suspend(std::coroutine_handle<> handle) { master.waiting_ = handle; }
        LiteAnswer await_resume() const { return master.answer_; }
    };

    Access begin(State state, uint32_t address, uint32_t data);
    void sample_write(const LiteSignals& lite, uint64_t cycle);
    void sample_read(const LiteSignals& lite, uint64_t cycle);
    void complete();

    StallSource stall_;
    State state_ = State::kIdle;
    std::coroutine_handle<> waiting_;
    LiteAnswer answer_;
    HostOutputs outputs_;
    bool address_taken_ = false;
    bool data_taken_ = false;
};

}  // namespace arraywright::sim
