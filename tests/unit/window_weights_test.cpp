// Passes of depthwise kernels: every tap once, within the window of the array.
// SPDX-License-Identifier: Apache-2.0
#include "generator/compile/window_weights.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace arraywright;
using namespace arraywright::compile;

namespace {

plan::Plan array_of(int32_t rows) {
    plan::Plan plan;
    plan.rows = rows;
    return plan;
}

size_t passes(int32_t height, int32_t width, int32_t rows, int32_t dilation = 1) {
    return window_passes({height, width, dilation}, array_of(rows)).size();
}

}  // namespace

TEST_CASE("window: common kernels take the fewest passes", "[compile][window]") {
    CHECK(passes(1, 1, 16) == 1);
    CHECK(passes(3, 3, 16) == 1);
    CHECK(passes(5, 5, 16) == 2);
    CHECK(passes(7, 7, 16) == 4);
    CHECK(passes(10, 8, 16) == 5);
    CHECK(passes(11, 11, 16) == 11);
    CHECK(passes(3, 3, 16, 3) == 2);
    CHECK(passes(3, 3, 9) == 1);
    CHECK(passes(3, 3, 8) == 2);
    CHECK(passes(3, 3, 2) == 6);
    CHECK(passes(3, 3, 1) == 9);
    CHECK(passes(11, 11, 1) == 121);
}

TEST_CASE("window: every tap of a kernel is in one pass, where the window holds its pixel",
          "[compile][window]") {
    for (const int32_t rows : {1, 2, 3, 5, 8, 16, 31, 64}) {
        const plan::Plan plan = array_of(rows);
        for (int32_t height = 1; height <= 11; ++height) {
            for (int32_t width = 1; width <= 11; ++width) {
                for (const int32_t dilation : {1, 2, 5}) {
                    INFO(rows << " rows, " << height << "x" << width << ", dilation " << dilation);
                    // Weight ky * 11 + kx + 1 of channel 0 says which tap it is.
                    std::vector<int8_t> weights;
                    for (int32_t i = 0; i < height * width; ++i) {
                        weights.push_back(static_cast<int8_t>(i / width * 11 + i % width + 1));
                    }
                    const WindowKernel kernel{height, width, dilation, weights.data(), 1, 0};
                    std::map<int32_t, int32_t> seen;
                    bool placed = true;
                    for (const WindowPass& pass : window_passes(kernel, plan)) {
                        CHECK(pass.rows <= plan.window_lines + 1);
                        REQUIRE(pass.rows * pass.columns <= rows);
                        const std::vector<int8_t> tile = window_tile(kernel, pass, 0, 1, plan);
                        REQUIRE(tile.size() == static_cast<size_t>(rows));
                        for (int32_t tap = 0; tap < rows; ++tap) {
                            const int32_t weight = tile[static_cast<size_t>(tap)];
                            if (weight == 0) continue;
                            ++seen[weight];
                            const int32_t ky = (weight - 1) / 11 - pass.ky;
                            const int32_t kx = (weight - 1) % 11 - pass.kx;
                            placed = placed && tap % pass.rows == pass.rows - 1 - ky &&
                                     tap / pass.rows == pass.columns - 1 - kx * dilation;
                        }
                    }
                    CHECK(placed);
                    CHECK(seen.size() == static_cast<size_t>(height * width));
                }
            }
        }
    }
}
