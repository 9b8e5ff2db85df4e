// What the event loop asks of every part of the model. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>

#include "generator/estimate/timing.hpp"

namespace arraywright::estimate {

/// A part that acts at one cycle after the other. The loop always lets the earliest one act, so
/// no part learns anything of its past; what it causes later it records with its cycle.
class Actor {
public:
    virtual ~Actor() = default;
    /// Cycle of its next act, kNever while it waits for somebody else.
    virtual Cycle ready() const = 0;
    /// Nobody else acts before `horizon`.
    virtual void act(Cycle now, Cycle horizon) = 0;
};

/// Places of a buffer, each with the cycle from which it is free.
class Places {
public:
    explicit Places(int64_t count) : free_(static_cast<size_t>(count), 0) {}
    /// First cycle with `count` free places, kNever as far as known.
    Cycle available(int64_t count = 1) const {
        const auto needed = static_cast<size_t>(count);
        return free_.size() < needed ? kNever : free_[needed - 1];
    }
    void use(int64_t count = 1) { free_.erase(free_.begin(), free_.begin() + count); }
    void release(Cycle from) { free_.push_back(from); }

private:
    std::deque<Cycle> free_;  ///< ascending
};

/// The beat credit of sim/axi_memory.cpp: `beats` a cycle, never more than 1 + `beats` saved.
class Bandwidth {
public:
    explicit Bandwidth(double beats) : beats_(beats) {}
    /// First cycle from `earliest` on with credit for a beat.
    Cycle next(Cycle earliest) const;
    void use(Cycle now);

private:
    double credit(Cycle now) const;
    double beats_;
    double saved_ = 0;     ///< credit at cycle at_
    Cycle at_ = -1000000;  ///< long ago: the credit is full when the run begins
};

}  // namespace arraywright::estimate
