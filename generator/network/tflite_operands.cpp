// Checks that the readers of several .tflite operators share. SPDX-License-Identifier: Apache-2.0
#include "generator/network/tflite_operands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "generator/network/tflite_names.hpp"
#include "generator/network/tflite_subset_generated.h"
#include "generator/spec/source_text.hpp"

namespace arraywright::network {

using spec::DiagnosticId;

std::optional<Activation> activation_of(OperatorContext& context,
                                        tflite::ActivationFunctionType type) {
    switch (type) {
        case tflite::ActivationFunctionType::NONE:
            return Activation::kNone;
        case tflite::ActivationFunctionType::RELU:
            return Activation::kRelu;
        case tflite::ActivationFunctionType::RELU6:
            return Activation::kRelu6;
        case tflite::ActivationFunctionType::RELU_N1_TO_1:
            return Activation::kReluN1To1;
        default:
            context.require(false, DiagnosticId::kUnsupportedOperator,
                            fmt::format("the fused activation {} is not supported; supported: "
                                        "NONE, RELU, RELU6, RELU_N1_TO_1",
                                        activation_name(type)));
            return std::nullopt;
    }
}

std::optional<bool> is_same_padding(OperatorContext& context, tflite::Padding padding) {
    const bool same = padding == tflite::Padding::SAME;
    if (!context.require(same || padding == tflite::Padding::VALID, DiagnosticId::kTfliteInvalid,
                         "its padding is neither SAME nor VALID")) {
        return std::nullopt;
    }
    return same;
}

bool has_operands(OperatorContext& context, int32_t least_inputs, int32_t most_inputs) {
    const int32_t inputs = context.input_count();
    const std::string expected =
        least_inputs == most_inputs
            ? fmt::format("{}", least_inputs)
            : fmt::format("{} {} {}", least_inputs, most_inputs == least_inputs + 1 ? "or" : "to",
                          most_inputs);
    return context.require(
        inputs >= least_inputs && inputs <= most_inputs && context.output_count() == 1,
        DiagnosticId::kTfliteInvalid,
        fmt::format("expected {} input{} and 1 output, found {} and {}", expected,
                    most_inputs == 1 ? "" : "s", inputs, context.output_count()));
}

bool import_input_and_output(OperatorContext& context, Operator& op) {
    const std::optional<int32_t> input = context.import_input(0);
    const std::optional<int32_t> output = context.import_output(0);
    if (!input || !output) return false;
    op.input = *input;
    op.output = *output;
    const Tensor& tensor = context.tensor(op.input);
    const bool is_activation =
        context.require(!tensor.is_constant, DiagnosticId::kUnsupportedTensor,
                        fmt::format("its input {} is a constant; fold it when converting the model",
                                    spec::quoted(tensor.name)));
    return context.require(op.input != op.output, DiagnosticId::kTfliteInvalid,
                           "its output is its own input") &&
           is_activation;
}

bool is_quantized_int8(OperatorContext& context, int32_t index, const char* role) {
    const Tensor& tensor = context.tensor(index);
    return context.require(
        tensor.type == DataType::kInt8 && tensor.quantization.scales.size() == 1,
        DiagnosticId::kUnsupportedTensor,
        fmt::format("its {} {} must be int8 with one scale; quantize the model to full int8", role,
                    spec::quoted(tensor.name)));
}

bool are_int8_activations(OperatorContext& context, const Operator& op) {
    // No short circuit: both are reported in one run.
    const bool input = is_quantized_int8(context, op.input, "input");
    return is_quantized_int8(context, op.output, "output") && input;
}

bool is_equally_quantized(OperatorContext& context, int32_t a, int32_t b) {
    const Tensor& one = context.tensor(a);
    const Tensor& two = context.tensor(b);
    const auto& scales_one = one.quantization.scales;
    const auto& scales_two = two.quantization.scales;
    bool equal = one.type == two.type && scales_one.size() == scales_two.size() &&
                 one.quantization.zero_points == two.quantization.zero_points;
    for (size_t i = 0; equal && i < scales_one.size(); ++i) {
        equal = std::abs(scales_one[i] - scales_two[i]) <= 1e-6F;
    }
    return context.require(
        equal, DiagnosticId::kUnsupportedTensor,
        fmt::format("{} and {} must have the same type, scale and zero point: this operator does "
                    "not requantize",
                    spec::quoted(one.name), spec::quoted(two.name)));
}

std::string shapes_text(OperatorContext& context, const Operator& op) {
    std::string text;
    for (const int32_t input : op.all_inputs()) {
        text += fmt::format("input {}, ", shape_text(context.tensor(input).shape));
    }
    return text + fmt::format("output {}", shape_text(context.tensor(op.output).shape));
}

bool is_single_picture(OperatorContext& context, int32_t index, const std::string& shapes) {
    const std::vector<int32_t>& shape = context.tensor(index).shape;
    return context.require(shape.size() == 4 && shape[0] == 1, DiagnosticId::kUnsupportedTensor,
                           fmt::format("{}: the input must be NHWC with batch 1", shapes));
}

bool has_sound_geometry(OperatorContext& context, const Conv2dAttributes& conv) {
    const auto in_range = [](int32_t factor) { return factor >= 1 && factor <= kMaxFactor; };
    return context.require(
        in_range(conv.stride_h) && in_range(conv.stride_w) && in_range(conv.dilation_h) &&
            in_range(conv.dilation_w) && in_range(conv.kernel_h) && in_range(conv.kernel_w),
        DiagnosticId::kTfliteInvalid,
        fmt::format("stride {}x{}, dilation {}x{}, kernel {}x{}; each must be 1 to {}",
                    conv.stride_h, conv.stride_w, conv.dilation_h, conv.dilation_w, conv.kernel_h,
                    conv.kernel_w, kMaxFactor));
}

ResolvedExtent resolve_extent(bool same, int32_t input, int32_t kernel, int32_t stride,
                              int32_t dilation) {
    const int64_t reach = (int64_t{kernel} - 1) * dilation + 1;
    ResolvedExtent result;
    if (!same) {
        result.output = input < reach ? 0 : (input - reach) / stride + 1;
        return result;
    }
    result.output = (int64_t{input} + stride - 1) / stride;
    const int64_t total = std::max<int64_t>((result.output - 1) * stride + reach - input, 0);
    result.before = static_cast<int32_t>(total / 2);
    result.after = static_cast<int32_t>(total - total / 2);
    return result;
}

bool resolve_window(OperatorContext& context, bool same, int32_t channels,
                    const std::string& shapes, Operator& op) {
    const Tensor& input = context.tensor(op.input);
    const Tensor& output = context.tensor(op.output);
    Conv2dAttributes& conv = op.conv;
    const ResolvedExtent rows =
        resolve_extent(same, input.shape[1], conv.kernel_h, conv.stride_h, conv.dilation_h);
    const ResolvedExtent columns =
        resolve_extent(same, input.shape[2], conv.kernel_w, conv.stride_w, conv.dilation_w);
    conv.padding = {rows.before, rows.after, columns.before, columns.after};
    return context.require(rows.output >= 1 && columns.output >= 1 && output.shape.size() == 4 &&
                               output.shape[0] == 1 && output.shape[1] == rows.output &&
                               output.shape[2] == columns.output && output.shape[3] == channels,
                           DiagnosticId::kTfliteInvalid,
                           fmt::format("{}: the geometry gives an output of shape [1, {}, {}, {}]",
                                       shapes, rows.output, columns.output, channels));
}

}  // namespace arraywright::network
