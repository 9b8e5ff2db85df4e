// Requantization scales. SPDX-License-Identifier: Apache-2.0
#include "generator/network/scale.hpp"

#include <algorithm>
#include <cmath>

namespace arraywright::network {

std::pair<int32_t, int32_t> clamp_bounds(Activation activation, float scale, int32_t zero_point) {
    const auto quantized = [&](float bound) {
        const float value = static_cast<float>(zero_point) + std::round(bound / scale);
        return static_cast<int32_t>(std::clamp(value, -128.F, 127.F));
    };
    switch (activation) {
        case Activation::kNone:
            return {-128, 127};
        case Activation::kRelu:
            return {quantized(0.F), 127};
        case Activation::kRelu6:
            return {quantized(0.F), quantized(6.F)};
        case Activation::kReluN1To1:
            return {quantized(-1.F), quantized(1.F)};
    }
    return {-128, 127};
}

Scale make_scale(double real) {
    Scale scale;
    if (real <= 0) return scale;
    int exponent = 0;
    int64_t q = std::llround(std::frexp(real, &exponent) * 2147483648.0);
    if (q == int64_t{1} << 31) {
        q /= 2;
        ++exponent;
    }
    if (exponent < -31) return scale;
    if (exponent > 30) {
        q = (int64_t{1} << 31) - 1;
        exponent = 30;
    }
    scale.multiplier = static_cast<int32_t>(q);
    scale.exponent = exponent;
    return scale;
}

int64_t divide_rounded(int64_t x, int32_t shift) {
    if (shift == 0) return x;
    const int64_t half = int64_t{1} << (shift - 1);
    return x >= 0 ? (x + half) >> shift : -((-x + half) >> shift);
}

int64_t multiply_rounded(int64_t x, int32_t q, int32_t exponent) {
    const int64_t scaled = x * (int64_t{1} << std::max(exponent, 0));
    const int64_t high = (scaled * q + (int64_t{1} << 30)) >> 31;
    return divide_rounded(high, std::max(-exponent, 0));
}

}  // namespace arraywright::network
