// Depthwise windows. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/window_walk.hpp"

#include "generator/estimate/work.hpp"

namespace arraywright::estimate {

namespace {
/// Multiples of `stride` from `lead` on that are less than `end`.
int64_t hits(int64_t end, int64_t lead, int64_t stride) {
    return end <= lead ? 0 : (end - lead - 1) / stride + 1;
}
}  // namespace

WindowGrid::WindowGrid(const isa::Command& command)
    : count_x_(command.get("count_x")), count_y_(command.get("count_y")) {
    if (command.get("mode") != kWindowMode) return;
    lead_x_ = command.get("count_kx") - 1;
    lead_y_ = command.get("prime");
    stride_x_ = command.get("stride_x");
    stride_y_ = command.get("stride_y");
}

int64_t WindowGrid::before(int64_t x, int64_t y) const {
    const int64_t rows = hits(y, lead_y_, stride_y_);
    return rows * hits(count_x_, lead_x_, stride_x_) + (row(y) ? hits(x, lead_x_, stride_x_) : 0);
}

}  // namespace arraywright::estimate
