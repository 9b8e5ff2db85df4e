// Kernels of depthwise layers as passes of the array's window. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/window_weights.hpp"

#include <algorithm>

namespace arraywright::compile {

namespace {

int32_t divided_up(int32_t a, int32_t b) {
    return (a + b - 1) / b;
}

}  // namespace

std::vector<WindowPass> window_passes(const WindowKernel& kernel, const plan::Plan& plan) {
    // Kernel columns and rows of a pass; fewer columns leave room for more rows.
    int32_t taps_x = 1;
    int32_t rows = 1;
    int32_t fewest = kernel.height * kernel.width;
    for (int32_t parts = kernel.width; parts >= 1; --parts) {
        const int32_t taps = divided_up(kernel.width, parts);
        const int32_t columns = (taps - 1) * kernel.dilation_w + 1;
        const int32_t most = std::min(plan.window_lines + 1, plan.rows / columns);
        if (most < 1) continue;
        const int32_t down = divided_up(kernel.height, most);
        const int32_t passes = divided_up(kernel.width, taps) * down;
        if (passes > fewest) continue;
        fewest = passes;
        taps_x = taps;
        rows = divided_up(kernel.height, down);
    }
    std::vector<WindowPass> passes;
    for (int32_t ky = 0; ky < kernel.height; ky += rows) {
        for (int32_t kx = 0; kx < kernel.width; kx += taps_x) {
            const int32_t taps = std::min(taps_x, kernel.width - kx);
            passes.push_back({ky, std::min(rows, kernel.height - ky), kx, taps,
                              (taps - 1) * kernel.dilation_w + 1});
        }
    }
    return passes;
}

std::vector<int8_t> window_tile(const WindowKernel& kernel, const WindowPass& pass, int32_t channel,
                                int32_t columns, const plan::Plan& plan) {
    std::vector<int8_t> weights(static_cast<size_t>(columns * plan.rows), 0);
    for (int32_t c = 0; c < columns; ++c) {
        const int32_t start = c * plan.rows;
        for (int32_t y = 0; y < pass.rows; ++y) {
            for (int32_t x = 0; x < pass.taps_x; ++x) {
                const int32_t age = pass.columns - 1 - x * kernel.dilation_w;
                const int32_t tap = age * pass.rows + pass.rows - 1 - y;
                const int64_t at =
                    (int64_t{pass.ky + y} * kernel.width + pass.kx + x) * kernel.tap_stride +
                    int64_t{channel + c} * kernel.channel_stride;
                weights[static_cast<size_t>(start + tap)] = kernel.weights[at];
            }
        }
    }
    return weights;
}

}  // namespace arraywright::compile
