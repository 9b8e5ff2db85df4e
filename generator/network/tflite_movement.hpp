// Readers of the .tflite operators that move elements without computing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "generator/network/network.hpp"
#include "generator/network/tflite_operators.hpp"

namespace arraywright::network {

/// PAD, PADV2: constant paddings [rank, 2]; the value is the zero point, or of PADV2 a constant.
std::optional<Operator> read_pad(OperatorContext& context);

/// CONCATENATION: inputs quantized as the output.
std::optional<Operator> read_concatenation(OperatorContext& context);

/// RESHAPE, SQUEEZE, EXPAND_DIMS: the output's shape decides; the bytes stay.
std::optional<Operator> read_reshape(OperatorContext& context);

/// TRANSPOSE: constant permutation.
std::optional<Operator> read_transpose(OperatorContext& context);

}  // namespace arraywright::network
