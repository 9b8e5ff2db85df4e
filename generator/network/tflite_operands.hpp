// Checks that the readers of several .tflite operators share.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generator/network/network.hpp"
#include "generator/network/tflite_operators.hpp"

namespace arraywright::network {

namespace tflite {
enum class ActivationFunctionType : int8_t;
enum class Padding : int8_t;
}  // namespace tflite

/// Strides, dilations and kernel sides beyond any use; the bound keeps padding within int32.
constexpr int32_t kMaxFactor = 65536;

/// The fused activation; nullopt after an error was reported.
std::optional<Activation> activation_of(OperatorContext& context,
                                        tflite::ActivationFunctionType type);

/// True for SAME, false for VALID; nullopt after an error was reported.
std::optional<bool> is_same_padding(OperatorContext& context, tflite::Padding padding);

/// Checks the numbers of inputs and outputs.
bool has_operands(OperatorContext& context, int32_t least_inputs, int32_t most_inputs);

/// Imports the first input and the only output into `op`; they must not be one tensor, and the
/// input must not be a constant.
bool import_input_and_output(OperatorContext& context, Operator& op);

/// `tensor` has type int8 and one scale; `role` is e.g. "input".
bool is_quantized_int8(OperatorContext& context, int32_t tensor, const char* role);

/// Input and output of `op` are both quantized int8.
bool are_int8_activations(OperatorContext& context, const Operator& op);

/// Both tensors have the same type, and the same scale and zero point where they are quantized;
/// scales may differ by 1e-6, as the reference tolerates.
bool is_equally_quantized(OperatorContext& context, int32_t a, int32_t b);

/// "input [1, 4], output [4]".
std::string shapes_text(OperatorContext& context, const Operator& op);

/// `index` is a tensor [1, H, W, C].
bool is_single_picture(OperatorContext& context, int32_t index, const std::string& shapes);

/// Strides, dilations and kernel of `conv` are within 1..kMaxFactor.
bool has_sound_geometry(OperatorContext& context, const Conv2dAttributes& conv);

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

/// Resolves the padding of `op` and checks that its output is [1, OH, OW, channels].
/// `shapes` names the operands in messages.
bool resolve_window(OperatorContext& context, bool same, int32_t channels,
                    const std::string& shapes, Operator& op);

}  // namespace arraywright::network
