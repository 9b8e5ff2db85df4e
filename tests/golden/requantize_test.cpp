// Requantization against independent formulas. SPDX-License-Identifier: Apache-2.0
#include "verif/golden/requantize.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include "tests/golden/one_operator.hpp"
#include "verif/golden/golden.hpp"

using namespace arraywright;
using golden::Requantizer;

namespace {

__int128 floor_divide(__int128 value, __int128 divisor) {
    const __int128 quotient = value / divisor;
    return quotient - (value % divisor < 0 ? 1 : 0);
}

/// Both roundings written with divisions instead of shifts.
int64_t reference(int32_t x, Requantizer r) {
    const int32_t left = r.exponent > 0 ? r.exponent : 0;
    const int32_t right = r.exponent < 0 ? -r.exponent : 0;
    const __int128 product = static_cast<__int128>(x) * r.multiplier * (__int128{1} << left);
    const __int128 high = floor_divide(2 * product + (__int128{1} << 31), __int128{1} << 32);
    const __int128 magnitude = high < 0 ? -high : high;
    const __int128 rounded = (2 * magnitude + (__int128{1} << right)) / (__int128{2} << right);
    return static_cast<int64_t>(high < 0 ? -rounded : rounded);
}

constexpr int32_t kHalf = 1 << 30;  // q of 0.5: M = 0.5 * 2^e

}  // namespace

TEST_CASE("requantize: multipliers of exact scales", "[golden][requantize]") {
    const auto check = [](double scale, int32_t multiplier, int32_t exponent) {
        INFO(scale);
        const Requantizer r = golden::requantizer_from_scale(scale);
        CHECK(r.multiplier == multiplier);
        CHECK(r.exponent == exponent);
    };
    check(0.5, kHalf, 0);
    check(0.25, kHalf, -1);
    check(1.0, kHalf, 1);
    check(0.75, 3 << 29, 0);
    check(0.0, 0, 0);
    check(1.0 - std::ldexp(1.0, -33), kHalf, 1);  // rounds to 2^31, which is halved
    check(std::ldexp(1.0, -32), kHalf, -31);      // the smallest multiplier that counts
    check(std::ldexp(0.75, -32), 0, 0);           // e = -32
    check(std::ldexp(1.0, 100), kHalf, 31);       // held: every result saturates anyway
    CHECK_THROWS_AS(golden::requantizer_from_scale(-1.0), std::invalid_argument);
    CHECK_THROWS_AS(golden::requantizer_from_scale(std::nan("")), std::invalid_argument);
    CHECK_THROWS_AS(golden::requantizer_from_scale(INFINITY), std::invalid_argument);
}

TEST_CASE("requantize: a random multiplier is the nearest of 31 bits", "[golden][requantize]") {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> logarithm(-30.0, 3.0);
    for (int32_t i = 0; i < 100000; ++i) {
        const double scale = std::exp2(logarithm(random));
        const Requantizer r = golden::requantizer_from_scale(scale);
        const long double step = std::ldexp(1.0L, r.exponent - 31);
        const long double error = std::fabs(r.multiplier * step - static_cast<long double>(scale));
        REQUIRE(r.multiplier >= kHalf);
        REQUIRE(error <= step / 2);
    }
}

TEST_CASE("requantize: hand-computed ties and double rounding", "[golden][requantize]") {
    const auto check = [](int32_t x, int32_t exponent, int64_t expected) {
        INFO(x << " * 0.5 * 2^" << exponent);
        CHECK(golden::requantize(x, {kHalf, exponent}) == expected);
    };
    // First rounding: ties toward plus infinity.
    check(1, 0, 1);
    check(-1, 0, 0);
    check(3, 0, 2);
    check(-3, 0, -1);
    // Second rounding: ties away from zero, on the rounded h.
    check(2, -1, 1);    // h = 1, 0.5
    check(-2, -1, -1);  // h = -1, -0.5
    check(6, -1, 2);    // h = 3, 1.5
    check(-6, -1, -2);
    check(1, -1, 1);  // 0.25 becomes h = 1, then 0.5 becomes 1: rounded twice
    check(-1, -1, 0);
    check(-12, -2, -2);  // h = -6, -1.5
    // Left shifts are exact.
    check(5, 1, 5);
    check(-5, 4, -40);
    check(std::numeric_limits<int32_t>::min(), 31, -(int64_t{1} << 61));
}

TEST_CASE("requantize: equals the reference on random values and all ties",
          "[golden][requantize]") {
    std::mt19937_64 random(2);
    for (int32_t exponent = -31; exponent <= 31; ++exponent) {
        for (int32_t i = 0; i < 20000; ++i) {
            const auto multiplier = static_cast<int32_t>(kHalf + random() % kHalf);
            const auto x = static_cast<int32_t>(random() >> (32 + random() % 32));
            REQUIRE(golden::requantize(x, {multiplier, exponent}) ==
                    reference(x, {multiplier, exponent}));
            REQUIRE(golden::requantize(~x, {multiplier, exponent}) ==
                    reference(~x, {multiplier, exponent}));
        }
    }
    // With q = 2^30 the result is a tie at x = (2n + 1) * 2^right; neighbours included.
    for (int32_t right = 0; right <= 30; ++right) {
        for (int64_t n = -300; n <= 300; ++n) {
            for (int64_t delta = -2; delta <= 2; ++delta) {
                const int64_t x = (2 * n + 1) * (int64_t{1} << right) + delta;
                if (x != static_cast<int32_t>(x)) continue;
                const Requantizer r{kHalf, -right};
                REQUIRE(golden::requantize(static_cast<int32_t>(x), r) ==
                        reference(static_cast<int32_t>(x), r));
            }
        }
    }
}

TEST_CASE("requantize: clamp bounds of fused activations", "[golden][requantize]") {
    using network::Activation;
    const auto check = [](Activation activation, float scale, int32_t zero_point, int32_t low,
                          int32_t high) {
        const golden::ClampBounds bounds = golden::clamp_bounds(activation, scale, zero_point);
        CHECK(bounds.low == low);
        CHECK(bounds.high == high);
    };
    check(Activation::kNone, 0.1F, 3, -128, 127);
    check(Activation::kRelu, 0.1F, 3, 3, 127);
    check(Activation::kRelu6, 0.1F, -20, -20, 40);
    check(Activation::kRelu6, 0.0235294122F, -128, -128, 127);
    check(Activation::kRelu6, 4.0F, 0, 0, 2);       // 1.5 rounds away from zero
    check(Activation::kReluN1To1, 2.0F, 0, -1, 1);  // 0.5 too, on both sides
    check(Activation::kReluN1To1, 0.5F, 10, 8, 12);
    check(Activation::kRelu6, 1e-45F, 100, 100, 127);  // 6 / scale is infinite
}

TEST_CASE("requantize: the result saturates to int8 after the zero point", "[golden][requantize]") {
    const Requantizer one = golden::requantizer_from_scale(1.0);
    CHECK(golden::requantize_to_int8(100, one, 20, {}) == 120);
    CHECK(golden::requantize_to_int8(100, one, 28, {}) == 127);
    CHECK(golden::requantize_to_int8(-120, one, -9, {}) == -128);
    CHECK(golden::requantize_to_int8(-120, one, 9, {0, 127}) == 0);
    const Requantizer huge = golden::requantizer_from_scale(1e30);
    CHECK(golden::requantize_to_int8(1, huge, -128, {}) == 127);
    CHECK(golden::requantize_to_int8(-1, huge, 127, {}) == -128);
    CHECK(golden::requantize_to_int8(0, huge, 5, {}) == 5);
}

TEST_CASE("requantize: the product of the scales rounds to float32 only where asked",
          "[golden][requantize]") {
    // Dead weights, so that the accumulator is the bias; about 100 * 2^-30 as multiplier.
    const float input_scale = 0.1F;
    const float weight_scale = 0.1F;
    const float output_scale = 107374.0F;
    one_operator::Description description;
    description.kind = network::OpKind::kFullyConnected;
    description.input_shape = {1, 1};
    description.weights_shape = {1, 1};
    description.output_shape = {1, 1};
    description.weights = {0};
    const auto output = [&](int32_t bias, bool float32_product) {
        description.bias = {{bias}};
        network::Network network = one_operator::build(description);
        network.tensors[0].quantization.scales = {input_scale};
        network.tensors[1].quantization.scales = {weight_scale};
        network.tensors[2].quantization.scales = {output_scale};
        network.tensors[2].type = network::DataType::kInt8;
        network.operators[0].output_kind = network::OutputKind::kRequantize;
        network.operators[0].float32_scale_product = float32_product;
        return int32_t{static_cast<int8_t>(golden::run(network, {{0}}, {}).tensors[2][0])};
    };
    // Accumulators near the tie of 60.5, where the two multipliers part.
    const double in_double = double{input_scale} * double{weight_scale};
    const double in_float = double{input_scale * weight_scale};
    REQUIRE(in_double != in_float);
    const auto tie = [&](double product) { return 60.5 * double{output_scale} / product; };
    const auto middle = static_cast<int32_t>((tie(in_double) + tie(in_float)) / 2);
    CHECK(output(middle, false) == (middle > tie(in_double) ? 61 : 60));
    CHECK(output(middle, true) == (middle > tie(in_float) ? 61 : 60));
    CHECK(output(middle, true) != output(middle, false));
}
