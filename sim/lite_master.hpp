// AXI4-Lite manager whose accesses a fiber waits for. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/axi_signals.hpp"
#include "sim/fiber.hpp"
#include "sim/pins.hpp"
#include "sim/random.hpp"

namespace arraywright::sim {

/// Answer of one access.
struct LiteAnswer {
    uint32_t data = 0;
    uint8_t response = kOkay;
    uint64_t handshake_cycle = 0;  ///< when the later of AW and W, or AR, was taken
    bool given_up = false;         ///< no answer: the host is to stop
};

/// One access at a time. With stalls, AW and W start in either order, and ready of B and R
/// comes and goes.
class LiteMaster {
public:
    LiteMaster(double stall, uint64_t seed) : stall_(stall, seed) {}

    /// The fiber that makes the accesses; it must outlive them.
    void attach(Fiber& fiber) {
        fiber_ = &fiber;
        giving_up_ = false;
    }

    /// Accesses, from inside the fiber: they return when the answer is there.
    LiteAnswer write(uint32_t address, uint32_t data) {
        return access(State::kWrite, address, data);
    }
    LiteAnswer read(uint32_t address) { return access(State::kRead, address, 0); }
    /// Waits until irq_o is high; handshake_cycle is the first cycle in which it was seen high.
    LiteAnswer interrupt() { return access(State::kInterrupt, 0, 0); }
    LiteAnswer cycles(uint32_t count) { return access(State::kDelay, 0, count); }

    /// Takes the handshakes of this edge; may resume the waiting fiber.
    void sample(const LiteSignals& lite, bool irq, uint64_t cycle);
    const HostOutputs& outputs() const { return outputs_; }
    bool giving_up() const { return giving_up_; }
    bool waits_for_interrupt() const { return state_ == State::kInterrupt; }
    /// Gives up the access under way and all that follow, so that the fiber comes to its end.
    void give_up();

private:
    enum class State { kIdle, kWrite, kRead, kInterrupt, kDelay };

    LiteAnswer access(State state, uint32_t address, uint32_t data);
    void begin(State state, uint32_t address, uint32_t data);
    void sample_write(const LiteSignals& lite, uint64_t cycle);
    void sample_read(const LiteSignals& lite, uint64_t cycle);
    void complete();

    StallSource stall_;
    State state_ = State::kIdle;
    Fiber* fiber_ = nullptr;
    bool giving_up_ = false;
    LiteAnswer answer_;
    HostOutputs outputs_;
    bool address_taken_ = false;
    bool data_taken_ = false;
};

}  // namespace arraywright::sim
