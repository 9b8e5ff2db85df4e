// Readers of the .tflite operators that multiply by constant weights.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "generator/network/network.hpp"
#include "generator/network/tflite_operators.hpp"

namespace arraywright::network {

/// FULLY_CONNECTED: int8 input of any rank, read as [elements / K, K]; int8 weights [N, K].
std::optional<Operator> read_fully_connected(OperatorContext& context);

/// CONV_2D: int8 input [1, H, W, C], int8 weights [N, KH, KW, C / groups].
std::optional<Operator> read_conv2d(OperatorContext& context);

/// Output extent and padding of one dimension, by the rules of the format.
struct ResolvedExtent {
    int64_t output = 0;  ///< 0 or less: the kernel does not fit
    int32_t before = 0;
    int32_t after = 0;
};

/// SAME: output = ceil(input / stride), total = max((output - 1) * stride + (kernel - 1) *
/// dilation + 1 - input, 0), floor(total / 2) before. VALID: no padding. Arguments at least 1.
ResolvedExtent resolve_extent(bool same, int32_t input, int32_t kernel, int32_t stride,
                              int32_t dilation);

}  // namespace arraywright::network
