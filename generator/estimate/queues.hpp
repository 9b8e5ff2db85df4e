// What joins the units: tokens and in-order command queues, with the cycle of every change.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <deque>

#include "generator/estimate/timing.hpp"
#include "generator/estimate/work.hpp"

namespace arraywright::estimate {

/// aw_tokens: one counter for each ordered pair of units.
class Tokens {
public:
    /// First cycle in which `unit` has a token of every unit in `wait`, kNever as far as known.
    Cycle available(isa::Unit unit, uint32_t wait) const;
    void take(isa::Unit unit, uint32_t wait);
    /// `from` gives a token to each unit in `signal` in cycle `now`.
    void give(isa::Unit from, uint32_t signal, Cycle now);

private:
    using Counter = std::deque<Cycle>;  ///< when each token that was not taken yet can be seen
    std::array<std::array<Counter, isa::kUnits>, isa::kUnits> counters_;  // [from][to]
};

/// The queue in front of a unit (aw_fifo).
class UnitQueue {
public:
    explicit UnitQueue(int32_t depth) : depth_(static_cast<size_t>(depth)) {}
    /// First cycle in which a command may be pushed, kNever while the queue is full. Of depth 0,
    /// it stands for the decoder, which holds one command.
    Cycle room() const { return entries_.size() < depth_ ? room_ : kNever; }
    void push(int32_t command, Cycle now) { entries_.push_back({command, now + kVisible}); }
    /// The unit sees the command at once.
    void show(int32_t command, Cycle now) { entries_.push_back({command, now}); }
    bool empty() const { return entries_.empty(); }
    int32_t head() const { return entries_.front().command; }
    Cycle head_visible() const { return entries_.empty() ? kNever : entries_.front().visible; }
    void pop(Cycle now);
    /// First cycle without a command since the last one left, should none have come.
    Cycle empty_from() const { return empty_from_; }

private:
    struct Entry {
        int32_t command;
        Cycle visible;
    };
    size_t depth_;
    std::deque<Entry> entries_;
    Cycle room_ = 0;
    Cycle empty_from_ = 0;
};

}  // namespace arraywright::estimate
