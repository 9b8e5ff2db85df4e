// QUANTIZE and DEQUANTIZE. SPDX-License-Identifier: Apache-2.0
#include "verif/golden/conversion.hpp"

#include <bit>
#include <cmath>

namespace arraywright::golden {

namespace {

float read_float(const Bytes& bytes, int64_t index) {
    uint32_t bits = 0;
    for (int64_t i = 0; i < 4; ++i) {
        bits |= uint32_t{bytes[static_cast<size_t>(4 * index + i)]} << (8 * i);
    }
    return std::bit_cast<float>(bits);
}

ClampBounds bounds_of(network::DataType type) {
    return type == network::DataType::kUint8 ? ClampBounds{0, 255} : ClampBounds{-128, 127};
}

/// Held to 2^30 each way, far beyond either type, before it becomes an integer.
int64_t quantized(float value, float scale) {
    const float quotient = std::round(value / scale);
    if (std::isnan(quotient)) return -(int64_t{1} << 30);
    return static_cast<int64_t>(std::clamp(quotient, -1073741824.0F, 1073741824.0F));
}

}  // namespace

Bytes run_quantize(const Operand& input, const network::Tensor& output) {
    const ClampBounds bounds = bounds_of(output.type);
    const int32_t zero_point = output.quantization.zero_points.at(0);
    Bytes result(static_cast<size_t>(output.elements()));
    if (input.tensor.type == network::DataType::kFloat32) {
        for (size_t i = 0; i < result.size(); ++i) {
            const float value = read_float(input.bytes, static_cast<int64_t>(i));
            result[i] = clamped(quantized(value, scale_of(output)) + zero_point, bounds);
        }
        return result;
    }
    const Requantizer requantizer =
        requantizer_from_scale(double{input.scale()} / double{scale_of(output)});
    for (size_t i = 0; i < result.size(); ++i) {
        const int32_t x = input.byte(static_cast<int64_t>(i)) - input.zero_point();
        result[i] = clamped(requantize(x, requantizer) + zero_point, bounds);
    }
    return result;
}

Bytes run_dequantize(const Operand& input) {
    Bytes result;
    result.reserve(input.bytes.size() * 4);
    for (size_t i = 0; i < input.bytes.size(); ++i) {
        const int32_t x = input.byte(static_cast<int64_t>(i)) - input.zero_point();
        const auto bits = std::bit_cast<uint32_t>(static_cast<float>(double{input.scale()} * x));
        for (int32_t k = 0; k < 32; k += 8) result.push_back(static_cast<uint8_t>(bits >> k));
    }
    return result;
}

}  // namespace arraywright::golden
