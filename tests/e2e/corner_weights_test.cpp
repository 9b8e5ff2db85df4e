// Weights at the corners of every stored form, and of the weight buffer.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <functional>

#include "tests/e2e/simulate_run.hpp"

using namespace arraywright;
using namespace arraywright::e2e;

namespace {

/// All options at once, and each dataflow; blocks within tiles and tiles that are blocks.
std::string every_option(const std::string& dataflow, int32_t block) {
    return fmt::format(
        "name: corners\narray: {{rows: 16, cols: 16, dataflow: {}}}\n"
        "buffers: {{activation_kib: 16, weight_kib: 16, accumulator_kib: 16}}\n"
        "sparsity: {{structured: \"2:4\", block: {}, codebook: 16, codecs: true, "
        "zero_gating: true}}\n",
        dataflow, block);
}

struct Shape {
    const char* name;
    std::string layer;
};

const std::vector<Shape>& shapes() {
    static const std::vector<Shape> all = {
        {"gemm", "op: gemm, m: 3, k: 70, n: 40"},
        {"long gemm", "op: gemm, m: 2, k: 1100, n: 24"},  // steps that one code cannot skip
        {"K = 1", "op: gemm, m: 5, k: 1, n: 20"},
        {"one output channel", "op: gemm, m: 5, k: 50, n: 1"},
        {"one of each", "op: gemm, m: 1, k: 1, n: 1"},
        {"convolution",
         "op: conv2d, input: [6, 5, 19], filters: 21, kernel: [3, 3], padding: same"},
        {"one filter", "op: conv2d, input: [6, 5, 19], filters: 1, kernel: [3, 3], padding: same"},
        {"one channel",
         "op: conv2d, input: [6, 5, 1], filters: 18, kernel: [3, 3], padding: same"}};
    return all;
}

struct Pattern {
    const char* name;
    /// Weight of channel `n`, place `k` of its reduction.
    std::function<int32_t(int64_t n, int64_t k, int64_t reduction)> weight;
};

const std::vector<Pattern>& patterns() {
    static const std::vector<Pattern> all = {
        {"all zero", [](int64_t, int64_t, int64_t) { return 0; }},
        {"none zero", [](int64_t n, int64_t k, int64_t) { return (n * 7 + k * 3) % 127 + 1; }},
        {"one a channel",
         [](int64_t n, int64_t k, int64_t reduction) { return k == n % reduction ? -127 : 0; }},
        {"the last of each channel",
         [](int64_t, int64_t k, int64_t reduction) { return k == reduction - 1 ? 127 : 0; }},
        {"alternating", [](int64_t n, int64_t k, int64_t) { return (n + k) % 2 != 0 ? 127 : 0; }},
        {"alternating channels",
         [](int64_t n, int64_t k, int64_t) {
             return n % 2 != 0 ? static_cast<int32_t>(k % 11) - 5 : 0;
         }},
        // Tiles of which the first, or the second, columns have no block.
        {"odd blocks of channels",
         [](int64_t n, int64_t k, int64_t) { return n / 8 % 2 == 1 ? (k + n) % 100 + 1 : 0; }},
        {"even blocks of channels",
         [](int64_t n, int64_t k, int64_t) {
             return n / 8 % 2 == 0 && k / 8 % 2 == 0 ? (k + n) % 100 + 1 : 0;
         }},
        {"extremes", [](int64_t n, int64_t k, int64_t) { return (n + k) % 3 == 0 ? -128 : 127; }}};
    return all;
}

void fill(network::Network& network, const Pattern& pattern) {
    for (const network::Operator& op : network.operators) {
        network::Tensor& weights = network.tensors[static_cast<size_t>(op.weights)];
        const int64_t channels = weights.shape.front();
        const int64_t reduction = weights.elements() / channels;
        for (int64_t i = 0; i < weights.elements(); ++i) {
            const int32_t weight = pattern.weight(i / reduction, i % reduction, reduction);
            weights.data[static_cast<size_t>(i)] = static_cast<uint8_t>(weight);
        }
    }
}

void check_corners(const std::string& dataflow, int32_t block) {
    const Design design(every_option(dataflow, block));
    for (const Shape& shape : shapes()) {
        for (const int32_t zero_point : {-128, 0, 127}) {
            network::Network network = network_of(
                fmt::format("name: corners\nlayers:\n  - {{{}, bias: true, per_channel: true, "
                            "input_zero_point: {}}}\n",
                            shape.layer, zero_point));
            for (const Pattern& pattern : patterns()) {
                fill(network, pattern);
                CAPTURE(dataflow, block, shape.name, zero_point, pattern.name);
                const sim::SimulationResult result =
                    design.run(network, design.compile(network), {network.synthetic_inputs});
                INFO(failures(result));
                CHECK(result.passed());
            }
        }
    }
}

}  // namespace

TEST_CASE("corner weights: every pattern, shape and zero point, all options on", "[sparse]") {
    check_corners("broadcast", 8);
    check_corners("weight_stationary", 16);
}

TEST_CASE("corner weights: the other sizes of blocks", "[.][long]") {
    check_corners("broadcast", 16);
    check_corners("broadcast", 32);
    check_corners("weight_stationary", 8);
    check_corners("weight_stationary", 32);
}

TEST_CASE("corner weights: channels without weights need no sums", "[sparse][regression]") {
    // 432 positions in one command, where there are 192 sums of eight columns.
    const Design design(
        "name: empty\narray: {rows: 1, cols: 8, dataflow: weight_stationary}\n"
        "buffers: {activation_kib: 40, weight_kib: 66, accumulator_kib: 6}\n"
        "sparsity: {block: 8}\n");
    network::Network network = network_of(
        "name: empty\nlayers:\n  - {op: conv2d, input: [25, 18, 4], filters: 12, groups: 4, "
        "kernel: [2, 1], padding: valid, bias: true, per_channel: true}\n");
    fill(network, patterns().front());
    const sim::SimulationResult result =
        design.run(network, design.compile(network), {network.synthetic_inputs});
    INFO(failures(result));
    CHECK(result.passed());
}

TEST_CASE("corner weights: the widest step reads 256 lanes", "[sparse][regression]") {
    const Design design(
        "name: wide\narray: {rows: 64, cols: 2}\nsparsity: {structured: \"1:4\"}\n");
    for (const int32_t inputs : {255, 256, 400, 512}) {
        CAPTURE(inputs);
        const sim::SimulationResult result = design.run(fmt::format(
            "name: wide\nlayers:\n  - {{op: gemm, m: 3, k: {}, n: 4, weight_pattern: \"1:4\"}}\n",
            inputs));
        INFO(failures(result));
        CHECK(result.passed());
    }
}

TEST_CASE("corner weights: those that stay on chip fill both areas but for less than a tile",
          "[regression]") {
    // 80 tiles of 9 steps fit into 725, but not into areas of 384 and 341: the last one takes the
    // place of another, which must be loaded again for the next rows.
    const Design design(
        "name: areas\narray: {rows: 1, cols: 24}\n"
        "buffers: {activation_kib: 2, weight_kib: 17, accumulator_kib: 1, activation_banks: 2, "
        "weight_banks: 8, accumulator_banks: 1}\n");
    const sim::SimulationResult result = design.run(
        "name: areas\nlayers:\n  - {op: depthwise_conv2d, input: [9, 5, 80], multiplier: 5, "
        "kernel: "
        "[3, 3], stride: [3, 3], padding: same}\n");
    INFO(failures(result));
    CHECK(result.passed());
}
