// Fixed-point functions. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/fixed_point.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace arraywright::compile {

namespace {

constexpr int32_t kMost = std::numeric_limits<int32_t>::max();
constexpr int32_t kLeast = std::numeric_limits<int32_t>::min();

int32_t saturated(int64_t value) {
    return static_cast<int32_t>(std::clamp<int64_t>(value, kLeast, kMost));
}

/// a * b / 2^31, rounded to nearest, ties toward plus infinity.
int32_t times(int32_t a, int32_t b) {
    if (a == kLeast && b == kLeast) return kMost;
    return static_cast<int32_t>((int64_t{a} * b + (int64_t{1} << 30)) >> 31);
}

int32_t divided(int32_t a, int32_t shift) {
    return static_cast<int32_t>(divide_rounded(a, shift));
}

/// exp(a) for -1/4 <= a < 0, 31 fraction bits: Taylor polynomial around -1/8.
int32_t exp_of_quarter(int32_t a) {
    constexpr int32_t kExpOfEighth = 1895147668;  // exp(-1/8)
    constexpr int32_t kThird = 715827883;
    const int32_t x = a + (1 << 28);
    const int32_t x2 = times(x, x);
    const int32_t x3 = times(x2, x);
    const int32_t x4_over_4 = divided(times(x2, x2), 2);
    const int32_t tail = divided(times(x4_over_4 + x3, kThird) + x2, 1);
    return kExpOfEighth + times(kExpOfEighth, x + tail);
}

/// exp(a) for a <= 0 with `integer_bits` integer bits; the result has 31 fraction bits.
int32_t exp_of_negative(int32_t a, int32_t integer_bits) {
    if (a == 0) return kMost;
    const int32_t fraction_bits = 31 - integer_bits;
    const int32_t quarter = 1 << (fraction_bits - 2);
    const int32_t part = (a & (quarter - 1)) - quarter;
    int32_t result = exp_of_quarter(saturated(int64_t{part} << integer_bits));
    const int32_t rest = part - a;
    // exp(-2^k) for k = -2 to 4.
    constexpr std::array<int32_t, 7> kFactors = {1672461947, 1302514674, 790015084, 290630308,
                                                 39332535,   720401,     242};
    for (int32_t k = -2; k < integer_bits && k <= 4; ++k) {
        if ((rest >> (fraction_bits + k)) & 1) {
            result = times(result, kFactors[static_cast<size_t>(k + 2)]);
        }
    }
    return result;
}

/// 2 / (1 + a) for 0 <= a < 1, 31 fraction bits in, 29 out: three steps of Newton's method.
int32_t twice_reciprocal(int32_t a) {
    constexpr int32_t k48Over17 = 1515870810;
    constexpr int32_t kMinus32Over17 = -1010580540;
    constexpr int32_t kOne = 1 << 29;
    const int32_t half = static_cast<int32_t>((int64_t{a} + kMost + 1) / 2);
    int32_t x = k48Over17 + times(half, kMinus32Over17);
    for (int32_t step = 0; step < 3; ++step) {
        const int32_t error = kOne - times(half, x);
        x += saturated(int64_t{times(x, error)} << 2);
    }
    return x;
}

}  // namespace

int32_t fixed_logistic(int32_t x) {
    if (x == 0) return 1 << 30;
    const int32_t magnitude = x < 0 ? -x : x;
    // 1 / (1 + e): half of twice_reciprocal, from 29 to 31 fraction bits.
    const int32_t positive =
        saturated(int64_t{twice_reciprocal(exp_of_negative(-magnitude, 4))} << 1);
    return x > 0 ? positive : kMost - positive;
}

int32_t fixed_tanh(int32_t x) {
    if (x == 0) return 0;
    const int32_t magnitude = x < 0 ? -x : x;
    // (1 - e) / (1 + e) = 2 / (1 + e) - 1, e = exp(-2 |x|): one integer bit more, the same bits.
    const int32_t reciprocal = twice_reciprocal(exp_of_negative(-magnitude, 5));
    const int32_t positive = saturated(int64_t{reciprocal - (1 << 29)} << 2);
    return x > 0 ? positive : -positive;
}

}  // namespace arraywright::compile
