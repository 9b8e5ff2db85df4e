// Exact bounds of sums against brute force. SPDX-License-Identifier: Apache-2.0
#include "generator/overflow/bounds.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "generator/overflow/analysis.hpp"
#include "tests/e2e/simulate_run.hpp"
#include "verif/golden/golden.hpp"

using namespace arraywright;
using namespace arraywright::overflow;

namespace {

struct Case {
    std::vector<int8_t> weights;
    std::vector<Range> factors;
    std::vector<int64_t> step_ends;
    int64_t bias = 0;
    DotProduct dot() const { return {weights.data(), &factors, &step_ends, bias}; }
};

/// Every choice of the factors, every prefix.
struct Searched {
    int64_t prefix_low = 0, prefix_high = 0;
    int64_t low = INT64_MAX, high = INT64_MIN;
};

Searched search(const Case& one) {
    Searched found;
    std::vector<int32_t> values;
    for (const Range& range : one.factors) values.push_back(range.low);
    while (true) {
        int64_t sum = 0;
        size_t k = 0;
        for (const int64_t end : one.step_ends) {
            for (; k < static_cast<size_t>(end); ++k) sum += int64_t{one.weights[k]} * values[k];
            found.prefix_low = std::min(found.prefix_low, sum);
            found.prefix_high = std::max(found.prefix_high, sum);
        }
        sum += one.bias;
        found.prefix_low = std::min(found.prefix_low, sum);
        found.prefix_high = std::max(found.prefix_high, sum);
        found.low = std::min(found.low, sum);
        found.high = std::max(found.high, sum);
        size_t digit = 0;
        while (digit < values.size() && values[digit] == one.factors[digit].high) {
            values[digit] = one.factors[digit].low;
            ++digit;
        }
        if (digit == values.size()) return found;
        ++values[digit];
    }
}

Case random_case(std::mt19937& random) {
    const auto draw = [&](int32_t low, int32_t high) {
        return std::uniform_int_distribution<int32_t>(low, high)(random);
    };
    Case one;
    const int32_t terms = draw(1, 6);
    for (int32_t k = 0; k < terms; ++k) {
        one.weights.push_back(static_cast<int8_t>(draw(-3, 3) * (draw(0, 9) == 0 ? 42 : 1)));
        const int32_t low = draw(-4, 4);
        one.factors.push_back({low, low + draw(0, 2)});
        if (draw(0, 1) == 1 || k + 1 == terms) one.step_ends.push_back(k + 1);
    }
    one.bias = draw(-20, 20);
    return one;
}

}  // namespace

TEST_CASE("overflow: bounds of every prefix are those of all inputs", "[unit][overflow]") {
    std::mt19937 random(5);
    for (int32_t i = 0; i < 4000; ++i) {
        const Case one = random_case(random);
        const Searched expected = search(one);
        const Bounds bounds = bounds_of(one.dot());
        INFO("case " << i);
        REQUIRE(bounds.prefix == Interval{expected.prefix_low, expected.prefix_high});
        REQUIRE(bounds.sum == Interval{expected.low, expected.high});
        // The factors that are said to reach an end do, and first where it is said.
        for (const bool largest : {false, true}) {
            const std::vector<int32_t> factors = extreme_factors(one.dot(), largest);
            const Interval below = {expected.prefix_low, expected.prefix_high - 1};
            const Interval above = {expected.prefix_low + 1, expected.prefix_high};
            const int64_t step = largest ? bounds.high_step : bounds.low_step;
            if (step < 0) continue;
            CHECK(first_step_outside(one.dot(), factors, largest ? below : above) == step);
            const Interval all = {expected.prefix_low, expected.prefix_high};
            CHECK(first_step_outside(one.dot(), factors, all) == -1);
        }
    }
}

TEST_CASE("overflow: bits of an interval", "[unit][overflow]") {
    CHECK(bits_for({0, 0}) == 1);
    CHECK(bits_for({-1, 0}) == 1);
    CHECK(bits_for({0, 1}) == 2);
    CHECK(bits_for({-128, 127}) == 8);
    CHECK(bits_for({-129, 0}) == 9);
    CHECK(bits_for({0, 128}) == 9);
    CHECK(bits_for({0, (Wide{1} << 31) - 1}) == 32);
    CHECK(bits_for({0, Wide{1} << 31}) == 33);
    CHECK(bits_for({-(Wide{1} << 100), 0}) == 101);
    CHECK(to_string(-(Wide{1} << 70)) == "-1180591620717411303424");
    CHECK(to_string(0) == "0");
}

TEST_CASE("overflow: results of layers are those of the golden kernel's corners",
          "[unit][overflow]") {
    // A sum is linear in each input value, so its extremes lie where all are lowest or highest.
    const std::string layer = GENERATE(
        "{op: conv2d, input: [2, 2, 2], filters: 3, kernel: [3, 3], padding: same",
        "{op: conv2d, input: [3, 2, 1], filters: 4, kernel: [2, 2], stride: [2, 2], padding: same",
        "{op: conv2d, input: [2, 2, 2], filters: 4, kernel: [1, 2], groups: 2, padding: valid",
        "{op: depthwise_conv2d, input: [2, 2, 2], kernel: [3, 3], padding: same",
        "{op: fully_connected, inputs: 9, outputs: 3");
    const std::string workload = "name: corners\nseed: 3\nvalues: extremes\nlayers: [" + layer +
                                 ", bias: true, output: int32}]\n";
    network::Network network = e2e::network_of(workload);
    INFO(layer);
    for (const int32_t zero_point : {-128, -3, 0, 127}) {
        const network::Operator& op = network.operators.front();
        auto& input = network.tensors[static_cast<size_t>(op.input)];
        input.quantization.zero_points = {zero_point};
        const auto elements = static_cast<size_t>(input.elements());
        REQUIRE(elements <= 9);
        std::vector<int64_t> low, high;
        for (uint32_t corner = 0; corner < 1U << elements; ++corner) {
            std::vector<uint8_t> values;
            for (size_t i = 0; i < elements; ++i) values.push_back(corner >> i & 1 ? 127 : 128);
            const golden::Result result = golden::run(network, {values}, {});
            const auto& bytes = result.tensors[static_cast<size_t>(op.output)];
            for (size_t i = 0; 4 * i < bytes.size(); ++i) {
                uint32_t word = 0;
                for (size_t b = 0; b < 4; ++b) word |= uint32_t{bytes[4 * i + b]} << (8 * b);
                const auto value = static_cast<int32_t>(word);
                if (corner == 0) low.push_back(value), high.push_back(value);
                low[i] = std::min<int64_t>(low[i], value);
                high[i] = std::max<int64_t>(high[i], value);
            }
        }
        for (const bool centered : {false, true}) {
            const NetworkOverflow found = analyse(network, {32, 4, centered});
            REQUIRE(found.layers.size() == 1);
            CHECK(found.layers[0].sum == Interval{*std::min_element(low.begin(), low.end()),
                                                  *std::max_element(high.begin(), high.end())});
        }
    }
}

TEST_CASE("overflow: a layer's input holds what the layer before can write", "[unit][overflow]") {
    network::Network network = e2e::network_of(
        "name: two\nseed: 1\nchain: true\nvalues: random\nlayers:\n"
        "  - {op: fully_connected, inputs: 8, outputs: 4, activation: relu}\n"
        "  - {op: fully_connected, inputs: 4, outputs: 3}\n");
    // No weights in channel 2 of the first: it is a constant.
    network::Operator& first = network.operators[0];
    auto& weights = network.tensors[static_cast<size_t>(first.weights)].data;
    std::fill_n(weights.begin() + 2 * 8, 8, uint8_t{0});
    const NetworkOverflow found = analyse(network, {});
    const ChannelRanges& between = found.ranges[static_cast<size_t>(first.output)];
    REQUIRE(between.size() == 4);
    CHECK(between[2].low == between[2].high);
    const auto& q = network.tensors[static_cast<size_t>(first.output)].quantization;
    for (const Range& range : between) CHECK(range.low >= q.zero_points[0]);
    CHECK(found.layers[1].input.low >= q.zero_points[0]);
    CHECK(found.layers[1].bits < found.layers[1].bits_any);
}
