// Readers of the .tflite operators that usually stand at the ends of a network.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "generator/network/network.hpp"
#include "generator/network/tflite_operators.hpp"

namespace arraywright::network {

/// QUANTIZE: float32, int8 or uint8 to int8 or uint8.
std::optional<Operator> read_quantize(OperatorContext& context);

/// DEQUANTIZE: int8 or uint8 to float32.
std::optional<Operator> read_dequantize(OperatorContext& context);

/// SOFTMAX: int8 along the last axis; output scale 1/256, zero point -128.
std::optional<Operator> read_softmax(OperatorContext& context);

}  // namespace arraywright::network
