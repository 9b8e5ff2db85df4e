// Fixed-point functions of softmax, logistic and tanh, as the gemmlowp library defines them.
// SPDX-License-Identifier: Apache-2.0
//
// A number of Qi.f has i integer and f = 31 - i fractional bits: real = raw / 2^f. One in Q0.31
// is 2^31 - 1.
#pragma once

#include <cstdint>

namespace arraywright::golden {

/// (a * b + 2^30) >> 31: the product of two fixed-point numbers; ties toward plus infinity.
int32_t fixed_multiply(int32_t a, int32_t b);

/// x / 2^exponent rounded to nearest, ties away from zero; exponent 0 to 62.
int64_t divide_by_power_of_two(int64_t x, int32_t exponent);

/// exp(a) in Q0.31 of a <= 0 in Q(integer_bits); integer_bits is 4 or 5.
int32_t exp_on_negative(int32_t a, int32_t integer_bits);

/// 1 / (1 + a) in Q0.31 of a in Q0.31, 0 <= a < 1.
int32_t one_over_one_plus(int32_t a);

/// 1 / (1 + exp(-a)) in Q0.31 of a in Q4.27.
int32_t fixed_logistic(int32_t a);

/// tanh(a) in Q0.31 of a in Q4.27.
int32_t fixed_tanh(int32_t a);

}  // namespace arraywright::golden
