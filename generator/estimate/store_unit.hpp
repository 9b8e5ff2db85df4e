// Store unit (aw_store): activation buffer to the write channel. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include <optional>

#include "generator/estimate/activation_buffer.hpp"
#include "generator/estimate/run.hpp"

namespace arraywright::estimate {

class StoreUnit : public Actor, public Port {
public:
    StoreUnit(Run& run, const MemoryTiming& memory);

    Cycle ready() const override;
    void act(Cycle now, Cycle horizon) override;

    Cycle requested() const override;
    Banks banks() const override;
    Banks groups() const override;
    bool granted(Cycle now) override;

private:
    struct Reading {
        Burst burst;
        int32_t command;
        Cycle from;
    };
    void start(Cycle now);
    void send_address(Cycle now);
    void end_burst(const Reading& reading, Cycle read, Cycle written);

    Run& run_;
    Cycle write_latency_;
    Bandwidth bandwidth_;
    std::optional<BurstWalk> walk_;
    std::optional<Burst> burst_;
    Cycle burst_valid_ = 0;
    Cycle start_free_ = 0;
    Places readers_;                ///< u_beats
    Places answers_;                ///< u_answers
    Places beats_;                  ///< u_beat_fifo
    std::deque<Reading> readings_;  ///< bursts whose beats are not all read
    int64_t beat_ = 0;              ///< next one of the first of them
    Cycle read_free_ = 0;
    Cycle write_free_ = 0;
    Cycle answer_free_ = 0;
};

}  // namespace arraywright::estimate
