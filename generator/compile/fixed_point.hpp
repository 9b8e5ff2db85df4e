// Fixed-point logistic and hyperbolic tangent of the reference integer kernels.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace arraywright::compile {

/// x * q * 2^(exponent - 31): (x * 2^max(exponent, 0) * q + 2^30) >> 31, then divided by
/// 2^max(-exponent, 0), rounded to nearest, ties away from zero.
int64_t multiply_rounded(int64_t x, int32_t q, int32_t exponent);

/// x / 2^shift, rounded to nearest, ties away from zero.
int64_t divide_rounded(int64_t x, int32_t shift);

/// `x` has 4 integer and 27 fraction bits, the result 31 fraction bits.
int32_t fixed_logistic(int32_t x);
int32_t fixed_tanh(int32_t x);

}  // namespace arraywright::compile
