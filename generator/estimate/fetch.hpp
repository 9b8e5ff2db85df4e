// Command fetch (aw_fetch) and dispatch to the unit queues. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "generator/estimate/actor.hpp"
#include "generator/estimate/read_channel.hpp"
#include "generator/estimate/run.hpp"

namespace arraywright::estimate {

/// Requests the program in bursts of up to four commands, two at a time.
class Fetch : public Actor, public BeatSink {
public:
    Fetch(const Run& run, ReadChannel& channel, int64_t address);

    Cycle ready() const override;
    void act(Cycle now, Cycle horizon) override;
    bool takes_whole(int32_t, Cycle) const override { return true; }
    Cycle free() const override { return 0; }
    Cycle take(Cycle valid, const Burst& burst, int32_t beat, int32_t command) override;

    /// When the next command can leave the FIFO, kNever if none is there.
    Cycle head_visible() const {
        return arrived_.empty() ? kNever : std::max(arrived_.front(), joined_);
    }
    void pop(Cycle now);

private:
    int64_t next_burst() const;
    Cycle released() const;
    Cycle no_load() const;

    const Run& run_;
    ReadChannel& channel_;
    int64_t beats_per_command_;
    int64_t address_;
    int64_t left_;
    Places room_;    ///< commands that the FIFO can hold
    Places bursts_;  ///< bursts in flight
    Cycle offer_ = kFirstOffer;
    int64_t offered_ = 0;  ///< bursts
    int64_t in_flight_ = 0;
    Cycle joined_ = 0;  ///< the beats of the next command are joined by then, if they are there
    Cycle flight_over_ = 0;  ///< no burst in flight from here on, if in_flight_ is 0
    std::deque<Cycle> arrived_;
};

/// Moves commands, in order and one a cycle, to the queues of their units. Without queues, shows a
/// command to its unit when it is the unit's turn, until the unit has done with it.
class Dispatch : public Actor {
public:
    Dispatch(Run& run, Fetch& fetch) : run_(run), fetch_(fetch) {}

    Cycle ready() const override;
    void act(Cycle now, Cycle horizon) override;

private:
    isa::Unit unit() const { return run_.headers[next_].unit; }
    UnitQueue& queue() const { return run_.queue(unit()); }
    void leave(Cycle now);

    Run& run_;
    Fetch& fetch_;
    size_t next_ = 0;
    bool shown_ = false;  ///< without queues: the unit has the command
    Cycle free_ = 0;
};

}  // namespace arraywright::estimate
