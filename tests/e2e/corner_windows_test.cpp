// Windows that mostly lie in the padding. SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/e2e/simulate_run.hpp"

using namespace arraywright;
using namespace arraywright::e2e;

TEST_CASE("corner windows: steps between rows that the buffer could not hold", "[regression]") {
    // Rows of 841 bytes: four of them, from one kernel row or output row to the next, lie further
    // apart than the buffer is long, but all except one are padding.
    const Design design(
        "name: windows\narray: {rows: 15, cols: 2}\n"
        "buffers: {activation_kib: 1, weight_kib: 8, accumulator_kib: 8}\n");
    const std::string layer = GENERATE(
        "op: conv2d, input: [1, 29, 29], filters: 3, kernel: [2, 8], dilation: [4, 4], "
        "padding: {top: 3, bottom: 3, left: 0, right: 0}",
        "op: conv2d, input: [1, 29, 29], filters: 3, kernel: [1, 2], stride: [4, 3], "
        "padding: {top: 4, bottom: 4, left: 2, right: 0}",
        "op: depthwise_conv2d, input: [1, 29, 29], kernel: [3, 3], dilation: [4, 1], "
        "padding: {top: 4, bottom: 4, left: 1, right: 1}");
    CAPTURE(layer);
    const sim::SimulationResult result = design.run("name: windows\nlayers:\n  - {" + layer +
                                                    ", bias: true, input_zero_point: -35}\n");
    INFO(failures(result));
    CHECK(result.passed());
}
