// The reads of a COMPUTE command in order (aw_sequencer): the RAMs of each, and the array step that
// goes with it. In window mode only some reads make steps, with packed taps none does.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

#include "generator/estimate/banks.hpp"
#include "generator/estimate/window_walk.hpp"
#include "generator/estimate/work.hpp"
#include "generator/isa/commands.hpp"

namespace arraywright::estimate {

class StepWalk {
public:
    /// `lists`: of a command that walks them, which must outlive the walk; else null.
    StepWalk(const isa::Command& command, const plan::Plan& plan, const ActivationBanks& banks,
             const compile::TileLists* lists = nullptr);

    int64_t left() const { return left_; }
    int64_t chunks() const { return chunks_; }
    bool accumulates() const { return accumulate_; }
    /// RAMs of the activation buffer that the next step reads; 0 in the padding.
    Banks banks() const;
    /// RAMs that any step of the command may read.
    Banks groups() const { return groups_; }
    int64_t mode() const { return mode_; }
    /// The next read makes a step of the array.
    bool makes_step() const;
    /// The next read is the last piece of a packed position.
    bool ends_position() const { return mode_ == kPackMode && last_chunk(); }
    /// The next step begins the sums of a position, or is the last of them.
    bool first_chunk() const;
    bool last_chunk() const;
    /// The next step is the first of a weight tile (weight stationary).
    bool new_tile() const { return index_[kInner] == 0 && index_[kInner + 1] == 0; }
    /// The next read fetches a weight tile: each step of a plain broadcast, else a tile's first.
    bool reads_weights() const;
    /// The sequencer leaves an idle cycle behind the next step.
    bool pauses() const;
    int64_t accumulator_word() const;
    int64_t weight_tile() const;
    int64_t first_word() const { return acc_addr_; }
    int64_t last_word() const { return last_word_; }
    /// Steps until the next one that begins a tile or ends in a pause; at least 1.
    int64_t even_steps() const;

    void step() {
        if (--left_ > 0) carry();
    }
    void skip(int64_t steps);

private:
    static constexpr size_t kLevels = 6;
    static constexpr size_t kInner = 0;
    struct Delta {
        int64_t address = 0, column = 0, row = 0;
    };
    void carry();
    void locate();
    /// Lists: goes to the tile of channel tile `n`.
    void begin_list(int64_t n);
    size_t entry_level() const { return stationary_ ? 2 : 0; }
    Banks footprint(const isa::Command& command, const plan::Plan& plan) const;

    const ActivationBanks& activation_;
    const compile::TileLists* lists_;
    std::vector<int64_t> list_starts_;  ///< tiles before the list of each channel tile
    Delta kx_, ky_;
    int64_t runs_per_row_ = 1, run_chunks_ = 1, shortest_ = 0;
    int64_t mode_;
    WindowGrid windows_;
    bool stationary_, accumulate_;
    int64_t lanes_, tail_, rows_, row_bytes_;
    int64_t acc_addr_, weight_addr_, tiles_, positions_, chunks_;
    int64_t last_word_ = 0;
    Delta start_;
    // Innermost first, the order of the dataflow
    std::array<Delta, kLevels> delta_{};
    std::array<int64_t, kLevels> count_{};
    std::array<int64_t, kLevels> index_{};
    size_t run_level_;  ///< level of the chunks of a run
    int64_t left_;
    Delta at_;
    Banks groups_ = 0;
};

}  // namespace arraywright::estimate
