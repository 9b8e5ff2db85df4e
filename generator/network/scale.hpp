// Requantization as the reference kernels define it: scale, rounding, bounds of an activation.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

#include "generator/network/network.hpp"

namespace arraywright::network {

/// A real factor q * 2^(exponent - 31); q is 0 or 2^30 .. 2^31 - 1.
struct Scale {
    int32_t multiplier = 0;
    int32_t exponent = 0;
    bool operator==(const Scale&) const = default;
};

/// q and exponent of `real` > 0: frexp, round to 31 bits; below 2^-32 it is zero.
Scale make_scale(double real);

/// Bounds zero_point + round(bound / scale) of a fused activation, in float32 as the reference has
/// it, within -128 to 127.
std::pair<int32_t, int32_t> clamp_bounds(Activation activation, float scale, int32_t zero_point);

/// x * q * 2^(exponent - 31): (x * 2^max(exponent, 0) * q + 2^30) >> 31, then divided by
/// 2^max(-exponent, 0), rounded to nearest, ties away from zero.
int64_t multiply_rounded(int64_t x, int32_t q, int32_t exponent);

/// x / 2^shift, rounded to nearest, ties away from zero.
int64_t divide_rounded(int64_t x, int32_t shift);

}  // namespace arraywright::network
