// Names of operators and types of the .tflite format, for messages.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace arraywright::network {

namespace tflite {
enum class TensorType : int8_t;
enum class ActivationFunctionType : int8_t;
}  // namespace tflite

/// "CONV_2D" of 3; "operator code 200" for a code this list does not have.
std::string builtin_operator_name(int32_t code);

/// "INT8"; "type 99" if unknown.
std::string tensor_type_name(tflite::TensorType type);

/// "TANH"; "activation 99" if unknown.
std::string activation_name(tflite::ActivationFunctionType activation);

constexpr int32_t kConv2dCode = 3;
constexpr int32_t kFullyConnectedCode = 9;
constexpr int32_t kCustomCode = 32;

}  // namespace arraywright::network
