// Loops of the vector unit. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/vector_walk.hpp"

#include <algorithm>

namespace arraywright::estimate {

namespace {
bool is_raw(const isa::Command& command) {
    return command.opcode() == isa::Opcode::kVector && command.get("raw") != 0;
}

/// The second operand may lie before the first.
int64_t signed_pitch(int64_t pitch) {
    constexpr int64_t kSign = int64_t{1} << 23;
    return pitch < kSign ? pitch : pitch - 2 * kSign;
}
}  // namespace

VectorWalk::VectorWalk(const isa::Command& command, const plan::Plan& plan)
    : combines_(command.opcode() == isa::Opcode::kCombine),
      cols_(plan.cols),
      lanes_(is_raw(command) ? plan.raw_lanes : plan.lanes),
      element_(is_raw(command) ? 4 : 1),
      count_x_(command.get("count_x")),
      count_y_(command.get("count_y")),
      count_n_(command.get("count_n")),
      last_cols_(command.get("last_cols")),
      out_addr_(command.get("out_addr")),
      x_pitch_(command.get("x_pitch")),
      y_pitch_(command.get("y_pitch")),
      n_pitch_(command.get("n_pitch")) {
    if (combines_) {
        in_addr_ = command.get("in_addr");
        in_x_pitch_ = command.get("in_x_pitch");
        in_y_pitch_ = command.get("in_y_pitch");
        kx_pitch_ = signed_pitch(command.get("kx_pitch"));
        ky_pitch_ = signed_pitch(command.get("ky_pitch"));
        count_kx_ = command.get("count_kx");
        count_ky_ = command.get("count_ky");
    } else {
        acc_addr_ = command.get("acc_addr");
    }
    out_ = out_addr_;
    in_ = in_addr_;
}

int64_t VectorWalk::bytes() const {
    return element_ * std::min(lanes_, tile_cols() - group_ * lanes_);
}

ByteRange VectorWalk::result() const {
    const int64_t first = out_ + group_ * lanes_ * element_;
    return {first, first + bytes() - 1};
}

ByteRange VectorWalk::operand() const {
    const int64_t first = in_ + group_ * lanes_ + ky_ * ky_pitch_ + kx_ * kx_pitch_;
    return {first, first + bytes() - 1};
}

ByteRange VectorWalk::all_results() const {
    return {out_addr_, out_addr_ + (count_n_ - 1) * n_pitch_ + (count_y_ - 1) * y_pitch_ +
                           (count_x_ - 1) * x_pitch_ + cols_ * element_ - 1};
}

ByteRange VectorWalk::all_operands() const {
    const int64_t x = (count_kx_ - 1) * kx_pitch_, y = (count_ky_ - 1) * ky_pitch_;
    return {in_addr_ + std::min<int64_t>(0, x) + std::min<int64_t>(0, y),
            in_addr_ + (count_n_ - 1) * n_pitch_ + (count_y_ - 1) * in_y_pitch_ +
                (count_x_ - 1) * in_x_pitch_ + std::max<int64_t>(0, x) + std::max<int64_t>(0, y) +
                cols_ - 1};
}

bool VectorWalk::step_tap() {
    if (++kx_ < count_kx_) return true;
    kx_ = 0;
    if (++ky_ < count_ky_) return true;
    ky_ = 0;
    return false;
}

void VectorWalk::step() {
    if (++group_ * lanes_ < tile_cols()) return;
    group_ = 0;
    ++position_;
    if (++x_ == count_x_) {
        x_ = 0;
        if (++y_ == count_y_) {
            y_ = 0;
            ++n_;
        }
    }
    out_ = out_addr_ + n_ * n_pitch_ + y_ * y_pitch_ + x_ * x_pitch_;
    in_ = in_addr_ + n_ * n_pitch_ + y_ * in_y_pitch_ + x_ * in_x_pitch_;
}

}  // namespace arraywright::estimate
