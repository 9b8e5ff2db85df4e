// Requantization of accumulators to INT8. SPDX-License-Identifier: Apache-2.0
#include "verif/golden/requantize.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace arraywright::golden {

Requantizer requantizer_from_scale(double scale) {
    if (!std::isfinite(scale) || scale < 0.0) {
        throw std::invalid_argument("a requantization scale must be finite and not negative");
    }
    int exponent = 0;
    const double fraction = std::frexp(scale, &exponent);  // in [0.5, 1), or 0
    auto multiplier = static_cast<int64_t>(std::round(fraction * 2147483648.0));
    if (multiplier == int64_t{1} << 31) {
        multiplier /= 2;
        exponent += 1;
    }
    if (exponent < -31) {
        multiplier = 0;
        exponent = 0;
    }
    // |x| >= 1 and q >= 2^30 give |h| >= 2^30 at e = 31: no larger exponent changes a result.
    return {static_cast<int32_t>(multiplier), std::min(exponent, 31)};
}

int64_t requantize(int32_t x, Requantizer requantizer) {
    const int32_t left = std::max(requantizer.exponent, 0);
    const int32_t right = std::max(-requantizer.exponent, 0);

    // x * 2^left stays within 63 bits; the product is held in 128 so that no exponent wraps.
    // For exponents up to 0, all that networks have in practice, 64 bits hold it as well.
    const int64_t shifted = static_cast<int64_t>(x) * (int64_t{1} << left);
    const __int128 product = static_cast<__int128>(shifted) * requantizer.multiplier;
    const auto high = static_cast<int64_t>((product + (int64_t{1} << 30)) >> 31);

    if (right == 0) return high;
    // floor((h + 1/2 ulp) / 2^right) rounds ties upward; one less for negative h makes the
    // ties go away from zero.
    const int64_t half = int64_t{1} << (right - 1);
    return (high + half - (high < 0 ? 1 : 0)) >> right;
}

ClampBounds clamp_bounds(network::Activation activation, float scale, int32_t zero_point) {
    // The quotient is float32 as in the reference kernels; double only keeps the sum from
    // overflowing where the scale is tiny.
    const auto quantized = [&](float real) {
        const double q = zero_point + static_cast<double>(std::round(real / scale));
        return static_cast<int32_t>(std::clamp(q, -128.0, 127.0));
    };
    switch (activation) {
        case network::Activation::kNone:
            return {};
        case network::Activation::kRelu:
            return {quantized(0.0F), 127};
        case network::Activation::kRelu6:
            return {quantized(0.0F), quantized(6.0F)};
        case network::Activation::kReluN1To1:
            return {quantized(-1.0F), quantized(1.0F)};
    }
    throw std::invalid_argument("unknown activation");
}

int8_t requantize_to_int8(int32_t x, Requantizer requantizer, int32_t zero_point,
                          ClampBounds bounds) {
    const int64_t result = requantize(x, requantizer) + zero_point;
    return static_cast<int8_t>(
        std::clamp<int64_t>(result, int64_t{bounds.low}, int64_t{bounds.high}));
}

}  // namespace arraywright::golden
