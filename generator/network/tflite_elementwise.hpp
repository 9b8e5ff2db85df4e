// Readers of the .tflite operators that work element by element.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "generator/network/network.hpp"
#include "generator/network/tflite_operators.hpp"

namespace arraywright::network {

/// ADD, SUB, MUL: two int8 inputs, one of which may be a constant, broadcast as NumPy does.
std::optional<Operator> read_add(OperatorContext& context);
std::optional<Operator> read_sub(OperatorContext& context);
std::optional<Operator> read_mul(OperatorContext& context);

/// RELU, RELU6: int8, as many elements out as in.
std::optional<Operator> read_relu(OperatorContext& context);
std::optional<Operator> read_relu6(OperatorContext& context);

/// LOGISTIC (output scale 1/256, zero point -128) and TANH (1/128, 0): int8.
std::optional<Operator> read_logistic(OperatorContext& context);
std::optional<Operator> read_tanh(OperatorContext& context);

}  // namespace arraywright::network
