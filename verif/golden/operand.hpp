// What the operators without weights read and write. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "generator/network/network.hpp"
#include "verif/golden/requantize.hpp"

namespace arraywright::golden {

using Bytes = std::vector<uint8_t>;

/// A tensor and the bytes that it holds.
struct Operand {
    const network::Tensor& tensor;
    const Bytes& bytes;

    /// Element of an int8 tensor.
    int32_t int8(int64_t index) const {
        return static_cast<int8_t>(bytes[static_cast<size_t>(index)]);
    }
    /// Element of an int8 or uint8 tensor.
    int32_t byte(int64_t index) const {
        return tensor.type == network::DataType::kUint8 ? bytes[static_cast<size_t>(index)]
                                                        : int8(index);
    }
    float scale() const { return tensor.quantization.scales.at(0); }
    int32_t zero_point() const { return tensor.quantization.zero_points.at(0); }
};

/// Scale and zero point of the tensor that is written.
inline float scale_of(const network::Tensor& tensor) {
    return tensor.quantization.scales.at(0);
}

inline uint8_t clamped(int64_t value, ClampBounds bounds) {
    return static_cast<uint8_t>(
        std::clamp<int64_t>(value, int64_t{bounds.low}, int64_t{bounds.high}));
}

}  // namespace arraywright::golden
