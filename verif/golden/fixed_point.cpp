// Fixed-point functions of softmax, logistic and tanh. SPDX-License-Identifier: Apache-2.0
#include "verif/golden/fixed_point.hpp"

#include <algorithm>
#include <limits>

namespace arraywright::golden {

namespace {

constexpr int32_t kOneQ0 = std::numeric_limits<int32_t>::max();
constexpr int32_t kOneQ2 = 1 << 29;

int32_t saturate(int64_t value) {
    return static_cast<int32_t>(std::clamp<int64_t>(value, std::numeric_limits<int32_t>::min(),
                                                    std::numeric_limits<int32_t>::max()));
}

/// exp(a) in Q0.31 of a in Q0.31, -1/4 <= a < 0: with x = a + 1/8,
/// exp(-1/8) * (1 + x + x^2/2 + x^3/6 + x^4/24).
int32_t exp_on_quarter(int32_t a) {
    constexpr int32_t kExpOfMinusEighth = 1895147668;
    constexpr int32_t kThird = 715827883;
    const int32_t x = a + (1 << 28);
    const int32_t x2 = fixed_multiply(x, x);
    const int32_t x3 = fixed_multiply(x2, x);
    const int32_t x4 = fixed_multiply(x2, x2);
    const auto x4_over_4 = static_cast<int32_t>(divide_by_power_of_two(x4, 2));
    // (x4/4 + x3) / 3 + x2, halved: x^4/24 + x^3/6 + x^2/2.
    const auto tail = static_cast<int32_t>(
        divide_by_power_of_two(int64_t{fixed_multiply(x4_over_4 + x3, kThird)} + x2, 1));
    return kExpOfMinusEighth + fixed_multiply(kExpOfMinusEighth, x + tail);
}

/// 2 / (1 + a) in Q2.29 of a in Q0.31, 0 <= a <= 1: Newton's iteration for the reciprocal of
/// d = (1 + a) / 2 from 48/17 - 32/17 * d.
int32_t two_over_one_plus(int32_t a) {
    constexpr int32_t k48Over17 = 1515870810;
    constexpr int32_t kMinus32Over17 = -1010580540;
    const auto half = static_cast<int32_t>((int64_t{a} + kOneQ0 + 1) / 2);
    int32_t x = k48Over17 + fixed_multiply(half, kMinus32Over17);
    for (int32_t step = 0; step < 3; ++step) {
        const int32_t error = kOneQ2 - fixed_multiply(half, x);
        // Q2.29 times Q2.29 is Q4.27; back to Q2.29 by two bits.
        x += saturate(int64_t{fixed_multiply(x, error)} * 4);
    }
    return x;
}

}  // namespace

int32_t fixed_multiply(int32_t a, int32_t b) {
    return saturate((int64_t{a} * b + (int64_t{1} << 30)) >> 31);
}

int64_t divide_by_power_of_two(int64_t x, int32_t exponent) {
    if (exponent == 0) return x;
    // Floor of x + 1/2; one less for negative x makes its ties go away from zero.
    return (x + (int64_t{1} << (exponent - 1)) - (x < 0 ? 1 : 0)) >> exponent;
}

int32_t exp_on_negative(int32_t a, int32_t integer_bits) {
    if (a == 0) return kOneQ0;
    /// exp(-2^k) in Q0.31 for k = -2..4.
    constexpr int32_t kFactors[] = {1672461947, 1302514674, 790015084, 290630308,
                                    39332535,   720401,     242};
    const int32_t fractional_bits = 31 - integer_bits;
    const int32_t quarter = 1 << (fractional_bits - 2);
    // a = (a mod 1/4 - 1/4) - remainder; the remainder is a sum of powers of two from 1/4 up.
    const int32_t rest = (a & (quarter - 1)) - quarter;
    const int64_t remainder = int64_t{rest} - a;
    int32_t result = exp_on_quarter(saturate(int64_t{rest} << integer_bits));
    for (int32_t k = -2; k < integer_bits; ++k) {
        if (((remainder >> (fractional_bits + k)) & 1) != 0) {
            result = fixed_multiply(result, kFactors[k + 2]);
        }
    }
    return result;
}

int32_t one_over_one_plus(int32_t a) {
    // Half of 2 / (1 + a) is Q1.30 with the same bits.
    return saturate(int64_t{two_over_one_plus(a)} * 2);
}

int32_t fixed_logistic(int32_t a) {
    if (a == 0) return 1 << 30;
    const int32_t positive = one_over_one_plus(exp_on_negative(a > 0 ? -a : a, 4));
    return a > 0 ? positive : kOneQ0 - positive;
}

int32_t fixed_tanh(int32_t a) {
    if (a == 0) return 0;
    // tanh(|a|) = (1 - e) / (1 + e) with e = exp(-2|a|); -2|a| in Q5.26 has the bits of -|a| in
    // Q4.27. (1 - e) / (1 + e) = 2 / (1 + e) - 1, from Q2.29 to Q0.31.
    const int32_t exponential = exp_on_negative(a > 0 ? -a : a, 5);
    const int32_t magnitude = saturate((int64_t{two_over_one_plus(exponential)} - kOneQ2) * 4);
    return a > 0 ? magnitude : -magnitude;
}

}  // namespace arraywright::golden
