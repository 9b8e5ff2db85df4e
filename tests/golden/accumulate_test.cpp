// Overflow of the accumulator: step and result, wrap, saturate and trap.
// SPDX-License-Identifier: Apache-2.0
#include "verif/golden/accumulate.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <random>

#include "tests/golden/one_operator.hpp"

using namespace arraywright::golden;
using one_operator::Description;
using one_operator::Outcome;
using one_operator::run;

namespace {

constexpr int32_t kMin = std::numeric_limits<int32_t>::min();
constexpr int32_t kMax = std::numeric_limits<int32_t>::max();

/// gemm [1, K] x [1, K]; `weights` and activations (all -128).
Outcome dot(const std::vector<int32_t>& weights, const AccumulatorModel& model,
            std::optional<std::vector<int32_t>> bias = {}, int32_t activation = -128) {
    const auto k = static_cast<int32_t>(weights.size());
    Description description;
    description.input_shape = {1, k};
    description.weights_shape = {1, k};
    description.output_shape = {1, 1};
    description.weights = weights;
    description.bias = std::move(bias);
    return run(description, std::vector<int32_t>(weights.size(), activation), model);
}

}  // namespace

TEST_CASE("accumulate: 131,071 products of -128 * -128 are exact and unflagged",
          "[golden][overflow]") {
    const auto mode = GENERATE(OnOverflow::kWrap, OnOverflow::kSaturate, OnOverflow::kTrap);
    const int32_t terms = GENERATE(1, 5, 16, 64);
    const Outcome outcome = dot(std::vector<int32_t>(131071, -128), {32, mode, terms});
    CHECK(outcome.values[0] == 131071 * 16384);
    CHECK(outcome.layer.overflow.steps == 0);
    CHECK(outcome.layer.overflow.results == 0);
    CHECK(outcome.layer.overflow.events.empty());
    CHECK(outcome.layer.nonzero_macs == 131071);
}

TEST_CASE("accumulate: product 131,072 overflows at the last step", "[golden][overflow]") {
    const auto mode = GENERATE(OnOverflow::kWrap, OnOverflow::kSaturate, OnOverflow::kTrap);
    const int32_t terms = GENERATE(1, 5, 16, 64);
    const Outcome outcome = dot(std::vector<int32_t>(131072, -128), {32, mode, terms});
    CHECK(outcome.values[0] == (mode == OnOverflow::kSaturate ? kMax : kMin));
    CHECK(outcome.layer.overflow.steps == 1);
    CHECK(outcome.layer.overflow.results == 1);
    REQUIRE(outcome.layer.overflow.events.size() == 1);
    const OverflowEvent& event = outcome.layer.overflow.events[0];
    CHECK(event.layer == 0);
    CHECK(event.channel == 0);
    CHECK(event.position == 0);
    CHECK(event.step == 131071 / terms);
}

TEST_CASE("accumulate: a step may overflow without harm", "[golden][overflow]") {
    // 20 bits: -524,288 to 524,287. Steps of 32: +524,288, then -16,256 by the 33rd product.
    std::vector<int32_t> weights(33, -128);
    weights[32] = 127;
    SECTION("wrap returns to the exact sum: two step overflows, no result overflow") {
        const Outcome outcome = dot(weights, {20, OnOverflow::kWrap, 32});
        CHECK(outcome.values[0] == 524288 - 16256);
        CHECK(outcome.layer.overflow.steps == 2);
        CHECK(outcome.layer.overflow.results == 0);
        CHECK(outcome.layer.overflow.events.at(0).step == 0);
    }
    SECTION("saturate loses one, though the exact sum is in range") {
        const Outcome outcome = dot(weights, {20, OnOverflow::kSaturate, 32});
        CHECK(outcome.values[0] == 524287 - 16256);
        CHECK(outcome.layer.overflow.steps == 1);
        CHECK(outcome.layer.overflow.results == 0);
    }
    SECTION("in the other order no step overflows") {
        weights.insert(weights.begin(), 127);
        weights.pop_back();
        const Outcome outcome = dot(weights, {20, OnOverflow::kSaturate, 1});
        CHECK(outcome.values[0] == 524288 - 16256);
        CHECK(outcome.layer.overflow.steps == 0);
    }
    SECTION("products of one chunk are summed exactly before the addition") {
        const Outcome outcome = dot(weights, {20, OnOverflow::kSaturate, 33});
        CHECK(outcome.values[0] == 524288 - 16256);
        CHECK(outcome.layer.overflow.steps == 0);
    }
}

TEST_CASE("accumulate: saturation clamps after every step, at both bounds", "[golden][overflow]") {
    // 4 x -2^19 in 20 bits: -524,288 is the lower bound itself, every further step leaves it.
    std::vector<int32_t> weights(4 * 32, 127);
    weights.back() = 1;
    const Outcome outcome = dot(weights, {20, OnOverflow::kSaturate, 32});
    // -520,192; then twice at the bound; the last step is 31 * -16,256 - 128, at the bound too.
    CHECK(outcome.values[0] == -524288);
    CHECK(outcome.layer.overflow.steps == 3);
    CHECK(outcome.layer.overflow.results == 1);
    CHECK(outcome.layer.overflow.events.at(0).step == 1);
}

TEST_CASE("accumulate: the bias is the last step", "[golden][overflow]") {
    const std::vector<int32_t> weights(20, -1);  // 20 * 128 = 2,560 in two chunks of 16 and 4
    const std::vector<int32_t> fitting = {kMax - 2560};
    const std::vector<int32_t> overflowing = {kMax - 2559};
    CHECK(dot(weights, {32, OnOverflow::kWrap, 16}, fitting).layer.overflow.steps == 0);
    CHECK(dot(weights, {32, OnOverflow::kWrap, 16}, fitting).values[0] == kMax);

    const Outcome wrapped = dot(weights, {32, OnOverflow::kWrap, 16}, overflowing);
    CHECK(wrapped.values[0] == kMin);
    CHECK(wrapped.layer.overflow.results == 1);
    CHECK(wrapped.layer.overflow.events.at(0).step == 2);
    CHECK(dot(weights, {32, OnOverflow::kSaturate, 16}, overflowing).values[0] == kMax);
}

TEST_CASE("accumulate: the input's zero point is part of the bias step", "[golden][overflow]") {
    Description description;
    description.kind = one_operator::OpKind::kFullyConnected;
    description.input_shape = {1, 4};
    description.weights_shape = {2, 4};
    description.output_shape = {1, 2};
    description.weights = {1, 2, 3, 4, 100, 100, 100, 100};
    description.bias = {{7, kMax}};
    description.input_zero_point = -10;
    // Channel 1: 400 * -12 = -4,800, then kMax + 4,000 in one addition: kMax - 800.
    const Outcome outcome = run(description, {-12, -12, -12, -12});
    CHECK(outcome.values == std::vector<int32_t>{7 + 10 * -2, kMax - 800});
    CHECK(outcome.layer.overflow.steps == 0);
    CHECK(outcome.layer.nonzero_macs == 8);
    // -10 is the zero point: no real product is nonzero, and kMax + 0 is exact.
    const Outcome zeros = run(description, {-10, -10, -10, -10});
    CHECK(zeros.values == std::vector<int32_t>{7, kMax});
    CHECK(zeros.layer.nonzero_macs == 0);
}

TEST_CASE("accumulate: events name layer, channel and row", "[golden][overflow]") {
    Description description;
    description.input_shape = {3, 64};
    description.weights_shape = {2, 64};
    description.output_shape = {3, 2};
    description.weights.assign(128, 1);
    std::fill_n(description.weights.begin() + 64, 64, -128);
    std::vector<int32_t> input(192, 0);
    std::fill_n(input.begin() + 128, 64, -128);  // row 2
    const Outcome outcome = run(description, input, {20, OnOverflow::kWrap, 16});
    CHECK(outcome.values == std::vector<int32_t>{0, 0, 0, 0, -8192, 0});  // 2^20 wraps to 0
    CHECK(outcome.layer.overflow.steps == 1);
    CHECK(outcome.layer.overflow.results == 1);
    REQUIRE(outcome.layer.overflow.events.size() == 1);
    CHECK(outcome.layer.overflow.events[0].channel == 1);
    CHECK(outcome.layer.overflow.events[0].position == 2);
    CHECK(outcome.layer.overflow.events[0].step == 1);
    CHECK(outcome.layer.nonzero_macs == 128);
}

TEST_CASE("accumulate: no false alarm and exact sums in 10^6 random dot products",
          "[golden][overflow]") {
    std::mt19937_64 random(3);
    std::vector<int8_t> a(256), w(256);
    for (int32_t i = 0; i < 1000000; ++i) {
        const auto k = static_cast<int64_t>(1 + random() % 96);
        if (i % 16 == 0) {
            for (int8_t& value : a) value = static_cast<int8_t>(random());
            for (int8_t& value : w) value = static_cast<int8_t>(random());
        }
        const auto begin = static_cast<int64_t>(random() % 160);
        const auto terms = static_cast<int32_t>(1 + random() % 64);
        const auto bias = static_cast<int32_t>(random()) / 2;
        int64_t expected = bias;
        for (int64_t j = 0; j < k; ++j) expected += int64_t{a[begin + j]} * w[begin + j];
        const Accumulation sum = accumulate(a.data() + begin, w.data() + begin,
                                            cut_into_chunks(1, k, terms), bias, {32, {}, terms});
        REQUIRE(sum.value == expected);
        REQUIRE(sum.overflow_steps == 0);
        REQUIRE_FALSE(sum.result_overflow);
    }
}

TEST_CASE("accumulate: narrow accumulators equal a bit-level model", "[golden][overflow]") {
    std::mt19937_64 random(4);
    std::vector<int8_t> a(100), w(100);
    for (int32_t i = 0; i < 20000; ++i) {
        for (int8_t& value : a) value = random() % 2 != 0 ? -128 : static_cast<int8_t>(random());
        for (int8_t& value : w) value = random() % 2 != 0 ? -128 : static_cast<int8_t>(random());
        const auto bits = static_cast<int32_t>(16 + random() % 8);
        const auto terms = static_cast<int32_t>(1 + random() % 20);
        const Accumulation sum = accumulate(a.data(), w.data(), cut_into_chunks(1, 100, terms),
                                            -12345, {bits, OnOverflow::kWrap, terms});
        // Whatever overflowed on the way, wrap gives the exact sum modulo 2^bits.
        int64_t exact = -12345;
        for (size_t k = 0; k < 100; ++k) exact += int64_t{a[k]} * w[k];
        const int64_t modulus = int64_t{1} << bits;
        int64_t expected = ((exact % modulus) + modulus) % modulus;
        if (expected >= modulus / 2) expected -= modulus;
        REQUIRE(sum.value == expected);
        REQUIRE(sum.result_overflow == (exact != expected));
        REQUIRE((sum.overflow_steps > 0 || !sum.result_overflow));
    }
}
