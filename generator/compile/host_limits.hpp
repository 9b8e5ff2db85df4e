// Ranges of quantized results, and windows at the border of a picture. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "generator/network/network.hpp"

namespace arraywright::compile {

struct Limits {
    int32_t low = 0, high = 0;
};

inline Limits type_limits(network::DataType type) {
    switch (type) {
        case network::DataType::kInt8:
            return {-128, 127};
        case network::DataType::kUint8:
            return {0, 255};
        case network::DataType::kInt16:
            return {-32768, 32767};
        default:
            return {INT32_MIN, INT32_MAX};
    }
}

inline float scale_of(const network::Tensor& tensor) {
    const auto& scales = tensor.quantization.scales;
    return scales.empty() ? 1.0F : scales.front();
}

inline int32_t zero_of(const network::Tensor& tensor) {
    const auto& zeros = tensor.quantization.zero_points;
    return zeros.empty() ? 0 : zeros.front();
}

/// zero_point + round(bound / scale), in float32 as the reference has it, within the type.
inline int32_t quantized(float bound, const network::Tensor& tensor) {
    const Limits limits = type_limits(tensor.type);
    const float value = static_cast<float>(zero_of(tensor)) + std::round(bound / scale_of(tensor));
    return static_cast<int32_t>(
        std::clamp(value, static_cast<float>(limits.low), static_cast<float>(limits.high)));
}

inline Limits activation_limits(network::Activation activation, const network::Tensor& tensor) {
    Limits limits = type_limits(tensor.type);
    switch (activation) {
        case network::Activation::kNone:
            break;
        case network::Activation::kRelu:
            limits.low = quantized(0.0F, tensor);
            break;
        case network::Activation::kRelu6:
            limits = {quantized(0.0F, tensor), quantized(6.0F, tensor)};
            break;
        case network::Activation::kReluN1To1:
            limits = {quantized(-1.0F, tensor), quantized(1.0F, tensor)};
            break;
    }
    return limits;
}

/// Output rows (or columns) of a pooling whose windows are cut alike by the border.
struct WindowSpan {
    int32_t first = 0, count = 0;  ///< output rows
    int32_t from = 0, to = 0;      ///< window rows inside the input: [from, to)
};

inline std::vector<WindowSpan> window_spans(int32_t in, int32_t out, int32_t kernel, int32_t stride,
                                            int32_t before) {
    std::vector<WindowSpan> spans;
    for (int32_t position = 0; position < out; ++position) {
        const int32_t start = position * stride - before;
        const int32_t from = std::max(0, -start);
        const int32_t to = std::min(kernel, in - start);
        if (!spans.empty() && spans.back().from == from && spans.back().to == to) {
            ++spans.back().count;
        } else {
            spans.push_back({position, 1, from, to});
        }
    }
    return spans;
}

}  // namespace arraywright::compile
