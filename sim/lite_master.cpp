// AXI4-Lite accesses. SPDX-License-Identifier: Apache-2.0
#include "sim/lite_master.hpp"

namespace arraywright::sim {

void LiteMaster::begin(State state, uint32_t address, uint32_t data) {
    state_ = state;
    address_taken_ = false;
    data_taken_ = false;
    outputs_.address = address;
    outputs_.data = data;
    if (state == State::kWrite) {
        outputs_.aw_valid = !stall_.stalls();
        outputs_.w_valid = !stall_.stalls();
        outputs_.b_ready = !stall_.stalls();
    } else if (state == State::kRead) {
        outputs_.ar_valid = !stall_.stalls();
        outputs_.r_ready = !stall_.stalls();
    }
}

LiteAnswer LiteMaster::access(State state, uint32_t address, uint32_t data) {
    answer_ = {};
    answer_.given_up = giving_up_;
    if (!giving_up_) {
        begin(state, address, data);
        fiber_->suspend();
    }
    return answer_;
}

void LiteMaster::give_up() {
    giving_up_ = true;
    if (state_ == State::kIdle) return;
    answer_.given_up = true;
    complete();
}

void LiteMaster::complete() {
    state_ = State::kIdle;
    outputs_ = {};
    fiber_->resume();
}

void LiteMaster::sample_write(const LiteSignals& lite, uint64_t cycle) {
    if (lite.aw.fires()) {
        address_taken_ = true;
        answer_.handshake_cycle = cycle;
    }
    if (lite.w.fires()) {
        data_taken_ = true;
        answer_.handshake_cycle = cycle;
    }
    if (lite.b.fires()) {
        answer_.response = lite.b.extra;
        complete();
        return;
    }
    // A valid that was given stays until it is taken.
    const bool address_waits = outputs_.aw_valid && !lite.aw.fires();
    const bool data_waits = outputs_.w_valid && !lite.w.fires();
    outputs_.aw_valid = address_waits || (!address_taken_ && !stall_.stalls());
    outputs_.w_valid = data_waits || (!data_taken_ && !stall_.stalls());
    outputs_.b_ready = !stall_.stalls();
}

void LiteMaster::sample_read(const LiteSignals& lite, uint64_t cycle) {
    if (lite.ar.fires()) {
        address_taken_ = true;
        answer_.handshake_cycle = cycle;
    }
    if (lite.r.fires()) {
        answer_.data = lite.r.value;
        answer_.response = lite.r.extra;
        complete();
        return;
    }
    const bool address_waits = outputs_.ar_valid && !lite.ar.fires();
    outputs_.ar_valid = address_waits || (!address_taken_ && !stall_.stalls());
    outputs_.r_ready = !stall_.stalls();
}

void LiteMaster::sample(const LiteSignals& lite, bool irq, uint64_t cycle) {
    switch (state_) {
        case State::kIdle:
            break;
        case State::kWrite:
            sample_write(lite, cycle);
            break;
        case State::kRead:
            sample_read(lite, cycle);
            break;
        case State::kInterrupt:
            if (irq) {
                answer_.handshake_cycle = cycle;
                complete();
            }
            break;
        case State::kDelay:
            if (outputs_.data-- == 0) complete();
            break;
    }
}

}  // namespace arraywright::sim
