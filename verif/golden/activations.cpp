// RELU, RELU6, LOGISTIC and TANH of an int8 tensor. SPDX-License-Identifier: Apache-2.0
#include "verif/golden/activations.hpp"

#include <cmath>

#include "verif/golden/fixed_point.hpp"

namespace arraywright::golden {

namespace {

template <typename Function>
Bytes for_each_element(const Operand& input, const Function& function) {
    Bytes result(input.bytes.size());
    for (size_t i = 0; i < result.size(); ++i) {
        result[i] = function(input.int8(static_cast<int64_t>(i)));
    }
    return result;
}

constexpr int32_t kIntegerBits = 4;

/// `output_bits`: fractional bits of the result; `zero_point`: what is added to it.
template <typename Function>
Bytes run_saturating(const Operand& input, int32_t output_bits, int32_t zero_point,
                     const Function& function) {
    const double to_q4 = double{input.scale()} * std::ldexp(1.0, 31 - kIntegerBits);
    const Requantizer requantizer = requantizer_from_scale(to_q4);
    int left_shift = 0;
    std::frexp(to_q4, &left_shift);
    const double radius = std::floor(std::ldexp(15.0, 31 - kIntegerBits - left_shift));
    return for_each_element(input, [&](int32_t x) {
        const int32_t difference = x - input.zero_point();
        if (difference <= -radius) return static_cast<uint8_t>(-128);
        if (difference >= radius) return static_cast<uint8_t>(127);
        // Within the radius the product stays below 15 * 2^27.
        const auto q4 = static_cast<int32_t>(requantize(difference, requantizer));
        return clamped(divide_by_power_of_two(function(q4), 31 - output_bits) + zero_point, {});
    });
}

}  // namespace

Bytes run_relu(const Operand& input, const network::Tensor& output) {
    const Requantizer requantizer =
        requantizer_from_scale(double{input.scale()} / double{scale_of(output)});
    const int32_t zero_point = output.quantization.zero_points.at(0);
    const ClampBounds bounds{zero_point, 127};
    return for_each_element(input, [&](int32_t x) {
        return clamped(requantize(x - input.zero_point(), requantizer) + zero_point, bounds);
    });
}

Bytes run_relu6(const Operand& input) {
    const ClampBounds bounds =
        clamp_bounds(network::Activation::kRelu6, input.scale(), input.zero_point());
    return for_each_element(input, [&](int32_t x) { return clamped(x, bounds); });
}

Bytes run_logistic(const Operand& input) {
    return run_saturating(input, 8, -128, fixed_logistic);
}

Bytes run_tanh(const Operand& input) {
    return run_saturating(input, 7, 0, fixed_tanh);
}

}  // namespace arraywright::golden
