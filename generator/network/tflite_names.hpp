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

/// True for operators that keep a state between steps.
bool is_recurrent(int32_t code);

/// "INT8"; "type 99" if unknown.
std::string tensor_type_name(tflite::TensorType type);

/// "TANH"; "activation 99" if unknown.
std::string activation_name(tflite::ActivationFunctionType activation);

/// Codes of the builtin operators that are read, as the format numbers them.
constexpr int32_t kAddCode = 0;
constexpr int32_t kAveragePool2dCode = 1;
constexpr int32_t kConcatenationCode = 2;
constexpr int32_t kConv2dCode = 3;
constexpr int32_t kDepthwiseConv2dCode = 4;
constexpr int32_t kDequantizeCode = 6;
constexpr int32_t kFullyConnectedCode = 9;
constexpr int32_t kLogisticCode = 14;
constexpr int32_t kMaxPool2dCode = 17;
constexpr int32_t kMulCode = 18;
constexpr int32_t kReluCode = 19;
constexpr int32_t kRelu6Code = 21;
constexpr int32_t kReshapeCode = 22;
constexpr int32_t kSoftmaxCode = 25;
constexpr int32_t kTanhCode = 28;
constexpr int32_t kCustomCode = 32;
constexpr int32_t kPadCode = 34;
constexpr int32_t kTransposeCode = 39;
constexpr int32_t kMeanCode = 40;
constexpr int32_t kSubCode = 41;
constexpr int32_t kSqueezeCode = 43;
constexpr int32_t kUnidirectionalSequenceLstmCode = 44;
constexpr int32_t kPadV2Code = 60;
constexpr int32_t kExpandDimsCode = 70;
constexpr int32_t kQuantizeCode = 114;

}  // namespace arraywright::network
