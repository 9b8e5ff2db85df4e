// Kernels of depthwise layers as passes of the array's window, and their weight tiles.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/plan/plan.hpp"

namespace arraywright::compile {

/// A depthwise kernel; tap (ky, kx) of output channel n is
/// weights[(ky * width + kx) * tap_stride + n * channel_stride].
struct WindowKernel {
    int32_t height = 1, width = 1;
    int32_t dilation_w = 1;
    const int8_t* weights = nullptr;
    int64_t tap_stride = 1;
    int64_t channel_stride = 1;
};

/// The part of a kernel that one command with mode 1 covers; later passes accumulate.
struct WindowPass {
    int32_t ky = 0;       ///< first kernel row
    int32_t rows = 1;     ///< kernel rows: count_ky
    int32_t kx = 0;       ///< first kernel column
    int32_t taps_x = 1;   ///< kernel columns
    int32_t columns = 1;  ///< input columns of the window, dilation included: count_kx
};

/// The fewest passes: rows <= window_lines + 1 and rows * columns <= rows of the array.
std::vector<WindowPass> window_passes(const WindowKernel& kernel, const plan::Plan& plan);

/// A weight tile: for each of `columns` output channels from `channel` on, `plan.rows` weights.
/// Window tap `age * pass.rows + row` holds the pixel `age` columns and `row` streamed rows behind
/// the newest; taps that the kernel does not have are zero.
std::vector<int8_t> window_tile(const WindowKernel& kernel, const WindowPass& pass, int32_t channel,
                                int32_t columns, const plan::Plan& plan);

}  // namespace arraywright::compile
