// Requantization of accumulators to INT8 with the reference integer formula (double rounding).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "generator/network/network.hpp"

namespace arraywright::golden {

/// A real multiplier M ~ multiplier * 2^(exponent - 31); multiplier is 0 or in [2^30, 2^31).
struct Requantizer {
    int32_t multiplier = 0;
    int32_t exponent = 0;  ///< -31 to 31
};

/// Splits M: frac, e = frexp(M); q = round(frac * 2^31); q == 2^31 halves q and increments e;
/// e < -31 gives q = 0, e = 0. e is held at 31, where every nonzero accumulator already
/// saturates INT8. Throws std::invalid_argument if `scale` is negative or not finite.
Requantizer requantizer_from_scale(double scale);

/// h = (x * 2^max(e, 0) * q + 2^30) >> 31 (ties toward plus infinity), then h / 2^max(-e, 0)
/// rounded to nearest, ties away from zero. Exact for every x; neither zero point nor clamp.
int64_t requantize(int32_t x, Requantizer requantizer);

/// Inclusive INT8 bounds of a result.
struct ClampBounds {
    int32_t low = -128;
    int32_t high = 127;
};

/// Bounds of a fused activation: zero_point + round(real bound / scale) with float32 division,
/// round half away from zero, within -128..127.
ClampBounds clamp_bounds(network::Activation activation, float scale, int32_t zero_point);

/// clamp(requantize(x) + zero_point).
int8_t requantize_to_int8(int32_t x, Requantizer requantizer, int32_t zero_point,
                          ClampBounds bounds);

}  // namespace arraywright::golden
