// Tap packing: positions whose pieces are gathered, and the array steps on them (aw_packer).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>

#include "generator/estimate/run.hpp"

namespace arraywright::estimate {

/// One command of packed taps.
struct PackedCommand {
    int64_t tiles = 1, vectors = 1;
    int64_t weight_tile = 0;
    int64_t word_pitch = 0;  ///< accumulator words between tiles
    bool accumulates = false;
    bool is_big(const plan::Plan& plan) const { return vectors > plan.pack_vectors / 2; }
};

class Packer {
public:
    explicit Packer(Run& run) : run_(run) {}

    /// First cycle in which a command of packed taps may start.
    Cycle may_start(bool big) const;
    /// First cycle in which no position is left.
    Cycle idle_from() const { return issue_free_; }
    /// First cycle in which the first piece of another position may be granted.
    Cycle may_gather(bool big) const;
    /// The last piece of a position was granted in cycle `now`; `word` is its first accumulator
    /// word. Returns the cycle of the position's last step.
    Cycle gathered(const PackedCommand& command, int64_t word, Cycle now, bool command_ends);

private:
    Run& run_;
    std::deque<Cycle> positions_;  ///< last steps of the latest positions
    std::deque<Cycle> commands_;   ///< ... of the latest commands
    bool big_ = false;
    Cycle issue_free_ = 0;
};

}  // namespace arraywright::estimate
