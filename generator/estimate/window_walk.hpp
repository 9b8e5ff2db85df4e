// Which pixels of a streamed feature map complete depthwise windows (aw_window).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "generator/isa/commands.hpp"

namespace arraywright::estimate {

class WindowGrid {
public:
    /// Of a command in window mode; any other has a window at each position.
    explicit WindowGrid(const isa::Command& command);
    /// The pixel at column `x` of streamed row `y` completes a window.
    bool complete(int64_t x, int64_t y) const { return column(x) && row(y); }
    /// Windows that pixels before it have completed.
    int64_t before(int64_t x, int64_t y) const;
    int64_t total() const { return before(0, count_y_); }

private:
    bool column(int64_t x) const { return x >= lead_x_ && (x - lead_x_) % stride_x_ == 0; }
    bool row(int64_t y) const { return y >= lead_y_ && (y - lead_y_) % stride_y_ == 0; }

    int64_t count_x_, count_y_;
    int64_t lead_x_ = 0, lead_y_ = 0;
    int64_t stride_x_ = 1, stride_y_ = 1;
};

}  // namespace arraywright::estimate
