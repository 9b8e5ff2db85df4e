// Readers of the .tflite operators that multiply by constant weights.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "generator/network/network.hpp"
#include "generator/network/tflite_operators.hpp"

namespace arraywright::network {

/// FULLY_CONNECTED: int8 input of any rank, read as [elements / K, K]; int8 weights [N, K].
std::optional<Operator> read_fully_connected(OperatorContext& context);

/// CONV_2D: int8 input [1, H, W, C], int8 weights [N, KH, KW, C / groups].
std::optional<Operator> read_conv2d(OperatorContext& context);

/// DEPTHWISE_CONV_2D: int8 input [1, H, W, C], int8 weights [1, KH, KW, N], N a multiple of C.
std::optional<Operator> read_depthwise_conv2d(OperatorContext& context);

}  // namespace arraywright::network
