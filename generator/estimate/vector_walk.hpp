// The groups of lanes of a VECTOR or COMBINE command in order (aw_vector, aw_taps), and the RAMs
// each one uses. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "generator/estimate/banks.hpp"
#include "generator/isa/commands.hpp"

namespace arraywright::estimate {

/// Bytes of the activation buffer, both ends included.
struct ByteRange {
    int64_t first = 0, last = 0;
};

class VectorWalk {
public:
    VectorWalk(const isa::Command& command, const plan::Plan& plan);

    bool done() const { return n_ == count_n_; }
    bool combines() const { return combines_; }
    /// On to the next tap of the group; false when that was the last one.
    bool step_tap();
    /// On to the next group and its first tap.
    void step();
    int64_t accumulator_word() const { return acc_addr_ + position_; }
    /// What the group writes, what its present tap reads.
    ByteRange result() const;
    ByteRange operand() const;
    /// The same for the whole command.
    int64_t first_word() const { return acc_addr_; }
    int64_t last_word() const { return acc_addr_ + count_n_ * count_y_ * count_x_ - 1; }
    ByteRange all_results() const;
    ByteRange all_operands() const;

private:
    int64_t tile_cols() const { return n_ + 1 == count_n_ ? last_cols_ : cols_; }
    int64_t bytes() const;

    bool combines_;
    int64_t cols_, lanes_, element_;
    int64_t count_x_, count_y_, count_n_, last_cols_;
    int64_t acc_addr_ = 0, out_addr_, x_pitch_, y_pitch_, n_pitch_;
    int64_t in_addr_ = 0, in_x_pitch_ = 0, in_y_pitch_ = 0;
    int64_t kx_pitch_ = 0, ky_pitch_ = 0, count_kx_ = 1, count_ky_ = 1;
    int64_t x_ = 0, y_ = 0, n_ = 0, group_ = 0, position_ = 0, kx_ = 0, ky_ = 0;
    int64_t out_, in_;
};

}  // namespace arraywright::estimate
