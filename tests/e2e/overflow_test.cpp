// Accumulation at and beyond the range of 32 bits, in RTL and golden kernel.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <limits>

#include "tests/e2e/simulate_run.hpp"

using namespace arraywright;

namespace {

constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
constexpr int32_t kMin = std::numeric_limits<int32_t>::min();

std::string spec_text(int32_t rows, int32_t cols, const std::string& dataflow,
                      const std::string& mode) {
    return fmt::format(
        "name: overflow\narray: {{rows: {}, cols: {}, dataflow: {}}}\n"
        "arithmetic: {{on_overflow: {}}}\n",
        rows, cols, dataflow, mode);
}

/// One gemm with constant data and 32-bit results.
std::string gemm(int32_t m, int32_t k, int32_t n, const std::string& values,
                 const std::string& more = "") {
    return fmt::format(
        "name: overflow\nvalues: {}\nlayers:\n"
        "  - {{op: gemm, m: {}, k: {}, n: {}, output: int32{}}}\n",
        values, m, k, n, more);
}

/// The elements of a 32-bit tensor.
std::vector<int32_t> words(const std::vector<uint8_t>& bytes) {
    std::vector<int32_t> result;
    for (size_t i = 0; i + 3 < bytes.size(); i += 4) {
        uint32_t word = 0;
        for (size_t b = 0; b < 4; ++b) word |= uint32_t{bytes[i + b]} << (8 * b);
        result.push_back(static_cast<int32_t>(word));
    }
    return result;
}

/// All elements of the first run's only output are `value`.
void check_all(const sim::SimulationResult& result, size_t count, int32_t value) {
    REQUIRE(result.runs[0].outputs.size() == 1);
    CHECK(words(result.runs[0].outputs[0]) == std::vector<int32_t>(count, value));
}

const std::string kLowest = "{activation: -128, weight: -128}";

/// A gemm of 3 x 131,200 x 5 of -128 * -128 that leaves the range after 8,192 chunks of 16, later
/// by one for every chunk of zeros: `late_channels` in the weights, `late_rows` in the activations.
network::Network staggered(const std::array<size_t, 5>& late_channels,
                           const std::array<size_t, 3>& late_rows) {
    network::Network network = e2e::network_of(gemm(3, 131072 + 128, 5, kLowest));
    std::vector<uint8_t>& weights =
        network.tensors[static_cast<size_t>(network.operators[0].weights)].data;
    std::vector<uint8_t>& rows = network.synthetic_inputs[0];
    const size_t k = rows.size() / late_rows.size();
    constexpr size_t kChunk = 16;
    for (size_t n = 0; n < late_channels.size(); ++n) {
        std::fill_n(&weights[n * k], late_channels[n] * kChunk, uint8_t{0});
    }
    // Far from the chunks that are zero in the weights, so that the delays add up.
    for (size_t m = 0; m < late_rows.size(); ++m) {
        std::fill_n(&rows[m * k + k / 2], late_rows[m] * kChunk, uint8_t{0});
    }
    return network;
}

void check_first(const sim::SimulationResult& result, uint32_t channel, uint32_t position,
                 uint32_t step) {
    INFO(e2e::failures(result));
    CHECK(e2e::failures(result).empty());
    REQUIRE(result.outcome() == sim::Outcome::kOverflow);
    REQUIRE(result.runs[0].overflow.first.has_value());
    const sim::OverflowRegisters& first = *result.runs[0].overflow.first;
    CHECK(first.channel == channel);
    CHECK(first.position == position);
    CHECK(first.step == step);
}

}  // namespace

TEST_CASE("overflow: 127 * 127 sums are exact and unflagged", "[e2e][overflow]") {
    const std::string dataflow = GENERATE("broadcast", "weight_stationary");
    const e2e::Design design(spec_text(16, 16, dataflow, "trap"));
    for (const int32_t k : {33, 48, 64, 256}) {
        const auto result = design.run(gemm(16, k, 16, "{activation: 127, weight: 127}"));
        INFO(dataflow << ", k " << k << ": " << e2e::failures(result));
        REQUIRE(result.passed());
        check_all(result, 256, k * 127 * 127);
        CHECK(result.runs[0].overflow.steps == 0);
    }
}

TEST_CASE("overflow: 131,071 products of -128 * -128 fit, one more does not", "[e2e][overflow]") {
    const std::string dataflow = GENERATE("broadcast", "weight_stationary");
    const std::string mode = GENERATE("wrap", "saturate", "trap");
    INFO(dataflow << ", " << mode);
    const e2e::Design design(spec_text(16, 4, dataflow, mode));

    const auto safe = design.run(gemm(1, 131071, 3, kLowest));
    INFO(e2e::failures(safe));
    REQUIRE(safe.passed());
    check_all(safe, 3, 131071 * 16384);
    CHECK(safe.runs[0].overflow.steps == 0);

    // A second run shows that the flags are cleared and that a trap is left by a soft reset.
    const auto over = design.run(gemm(1, 131072, 3, kLowest), {}, 2);
    INFO(e2e::failures(over));
    CHECK(e2e::failures(over).empty());
    REQUIRE(over.runs.size() == 2);
    REQUIRE(over.outcome() == sim::Outcome::kOverflow);
    for (const sim::RunResult& run : over.runs) {
        REQUIRE(run.overflow.first.has_value());
        const sim::OverflowRegisters& first = *run.overflow.first;
        CHECK(first.layer == 0);
        CHECK(first.channel == 0);
        CHECK(first.position == 0);
        CHECK(first.step == 131072 / 16 - 1);
        CHECK_FALSE(first.first_is_bias);
        CHECK(run.overflow.results == 3);
        if (mode == "trap") continue;
        CHECK(run.overflow.steps == 3);
    }
    if (mode != "trap") check_all(over, 3, mode == "wrap" ? kMin : kMax);
}

TEST_CASE("overflow: the bias leaves the range in a step of its own", "[e2e][overflow]") {
    const std::string mode = GENERATE("wrap", "saturate", "trap");
    INFO(mode);
    const e2e::Design design(spec_text(4, 4, "broadcast", mode));
    const std::string values = fmt::format("{{activation: 127, weight: 127, bias: {}}}", kMax);
    const auto result = design.run(gemm(2, 9, 5, values, ", bias: true"));
    INFO(e2e::failures(result));
    CHECK(e2e::failures(result).empty());
    REQUIRE(result.outcome() == sim::Outcome::kOverflow);
    REQUIRE(result.runs[0].overflow.first.has_value());
    CHECK(result.runs[0].overflow.first->first_is_bias);
    CHECK(result.runs[0].overflow.first->step == 3);  // after the chunks 0, 1 and 2
    if (mode == "trap") return;
    CHECK(result.runs[0].overflow.steps == 10);
    check_all(result, 10, mode == "wrap" ? kMin + 9 * 127 * 127 - 1 : kMax);
}

TEST_CASE("overflow: of many offenders the first in time is kept", "[e2e][overflow]") {
    const std::string mode = GENERATE("wrap", "saturate", "trap");
    INFO(mode);
    constexpr uint32_t kStep = 8191;  // of the first overflow, without zeros
    // The third and fourth channel are soonest, but in the second tile of two columns.
    const network::Network network = staggered({2, 1, 0, 0, 0}, {3, 0, 1});
    const auto run = [&](const std::string& dataflow) {
        const e2e::Design design(spec_text(16, 2, dataflow, mode));
        return design.run(network, design.compile(network), {network.synthetic_inputs});
    };
    // A position is finished before the next, so the first of them offends first.
    check_first(run("broadcast"), 1, 0, kStep + 1 + 3);
    // A step passes over all positions, so the soonest of them offends first.
    check_first(run("weight_stationary"), 1, 1, kStep + 1 + 0);
}

TEST_CASE("overflow: of columns in one cycle the lowest is kept", "[e2e][overflow]") {
    const std::string dataflow = GENERATE("broadcast", "weight_stationary");
    INFO(dataflow);
    const network::Network network = staggered({3, 1, 1, 2, 0}, {0, 0, 0});
    const e2e::Design design(spec_text(16, 4, dataflow, "wrap"));
    const auto result = design.run(network, design.compile(network), {network.synthetic_inputs});
    check_first(result, 1, 0, 8191 + 1);
}

TEST_CASE("overflow: of many biases the first in time is kept", "[e2e][overflow]") {
    const std::string mode = GENERATE("wrap", "saturate", "trap");
    INFO(mode);
    const e2e::Design design(spec_text(4, 4, "broadcast", mode));
    network::Network network =
        e2e::network_of(gemm(3, 9, 7, "{activation: 127, weight: 127}", ", bias: true"));
    std::vector<uint8_t>& biases =
        network.tensors[static_cast<size_t>(network.operators[0].bias)].data;
    for (const size_t channel : {2, 3, 5}) {
        const std::vector<uint8_t> most = {0xff, 0xff, 0xff, 0x7f};
        std::copy(most.begin(), most.end(), &biases[4 * channel]);
    }
    const auto result = design.run(network, design.compile(network), {network.synthetic_inputs});
    check_first(result, 2, 0, 3);
    CHECK(result.runs[0].overflow.first->first_is_bias);
    if (mode != "trap") CHECK(result.runs[0].overflow.steps == 9);
}

TEST_CASE("overflow: the extreme biases alone are no overflow", "[e2e][overflow]") {
    const e2e::Design design(spec_text(4, 4, "broadcast", "trap"));
    for (const int32_t bias : {kMax, kMin}) {
        const std::string values = fmt::format("{{activation: 127, weight: 0, bias: {}}}", bias);
        const auto result = design.run(gemm(1, 9, 5, values, ", bias: true"));
        INFO(e2e::failures(result));
        REQUIRE(result.passed());
        check_all(result, 5, bias);
    }
}

TEST_CASE("overflow: a step may leave the range and the result be right", "[e2e][overflow]") {
    const std::string mode = GENERATE("wrap", "saturate", "trap");
    INFO(mode);
    const e2e::Design design(spec_text(16, 2, "broadcast", mode));
    network::Network network = e2e::network_of(gemm(1, 131072 + 16, 2, kLowest));
    // The last chunk takes back what the one before it added too much.
    network::Tensor& weights = network.tensors[static_cast<size_t>(network.operators[0].weights)];
    const size_t k = static_cast<size_t>(weights.shape[1]);
    for (size_t n = 0; n < 2; ++n) {
        for (size_t i = k - 16; i < k; ++i) weights.data[n * k + i] = 127;
    }
    const auto result = design.run(network, design.compile(network), {network.synthetic_inputs});
    INFO(e2e::failures(result));
    CHECK(e2e::failures(result).empty());
    REQUIRE(result.runs[0].overflow.first.has_value());
    CHECK(result.runs[0].overflow.first->step == 8191);
    CHECK(result.runs[0].overflow.results == 0);
    constexpr int64_t kTakenBack = 16 * 128 * 127;
    if (mode == "wrap") {
        CHECK(result.passed());
        CHECK(result.runs[0].overflow.steps == 4);  // out of the range and back, twice
        check_all(result, 2, static_cast<int32_t>(int64_t{kMax} + 1 - kTakenBack));
    } else if (mode == "saturate") {
        CHECK(result.runs[0].overflow.steps == 2);
        check_all(result, 2, static_cast<int32_t>(kMax - kTakenBack));
    } else {
        CHECK(result.outcome() == sim::Outcome::kOverflow);
    }
}

TEST_CASE("overflow: no false alarm in a million dot products", "[e2e][overflow]") {
    const e2e::Design design(spec_text(16, 16, "broadcast", "trap"));
    const std::string workload =
        "name: million\nseed: 7\nvalues: extremes\n"
        "layers: [{op: gemm, m: 1000, k: 48, n: 1000, bias: true, output: int32}]\n";
    const auto result = design.run(workload);
    INFO(e2e::failures(result));
    REQUIRE(result.passed());
    CHECK(result.runs[0].overflow.steps == 0);
    CHECK(result.runs[0].outputs[0].size() == 4'000'000);
}
