// Readers of FULLY_CONNECTED and CONV_2D. SPDX-License-Identifier: Apache-2.0
#include "generator/network/tflite_dense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "generator/network/tflite_names.hpp"
#include "generator/network/tflite_subset_generated.h"
#include "generator/spec/source_text.hpp"

namespace arraywright::network {

using spec::DiagnosticId;

namespace {

/// Strides and dilations beyond any use; the bound keeps padding within int32.
constexpr int32_t kMaxFactor = 65536;

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

bool is_activation(OperatorContext& context, int32_t index, const char* role) {
    const Tensor& tensor = context.tensor(index);
    return context.require(tensor.type == DataType::kInt8 && !tensor.is_constant &&
                               tensor.quantization.scales.size() == 1,
                           DiagnosticId::kUnsupportedTensor,
                           fmt::format("its {} {} must be an int8 activation with one scale", role,
                                       spec::quoted(tensor.name)));
}

bool are_weights(OperatorContext& context, int32_t index, size_t rank) {
    const Tensor& tensor = context.tensor(index);
    const std::string name = spec::quoted(tensor.name);
    const Quantization& quantization = tensor.quantization;
    if (!context.require(
            tensor.type == DataType::kInt8 && tensor.is_constant && !quantization.scales.empty(),
            DiagnosticId::kUnsupportedTensor,
            fmt::format("its weights {} must be quantized int8 constants", name))) {
        return false;
    }
    if (!context.require(tensor.shape.size() == rank, DiagnosticId::kTfliteInvalid,
                         fmt::format("its weights {} have shape {}; expected {} dimensions", name,
                                     shape_text(tensor.shape), rank))) {
        return false;
    }
    return context.require(
        quantization.axis == 0 &&
            std::all_of(quantization.zero_points.begin(), quantization.zero_points.end(),
                        [](int32_t zero_point) { return zero_point == 0; }),
        DiagnosticId::kUnsupportedTensor,
        fmt::format("its weights {} must have zero point 0 and one scale, or "
                    "one per output channel (dimension 0)",
                    name));
}

bool is_bias(OperatorContext& context, int32_t index, int64_t channels) {
    const Tensor& tensor = context.tensor(index);
    const std::vector<int32_t>& zero_points = tensor.quantization.zero_points;
    const bool zero_based = std::all_of(zero_points.begin(), zero_points.end(),
                                        [](int32_t zero_point) { return zero_point == 0; });
    return context.require(
        tensor.type == DataType::kInt32 && tensor.is_constant && zero_based &&
            tensor.elements() == channels,
        DiagnosticId::kUnsupportedTensor,
        fmt::format("its bias {} of shape {} must be {} int32 constants with zero point 0",
                    spec::quoted(tensor.name), shape_text(tensor.shape), channels));
}

/// Imports input, weights of `rank` dimensions, optional bias and output and checks each alone.
bool read_operands(OperatorContext& context, size_t weights_rank, Operator& op) {
    const int32_t inputs = context.input_count();
    if (!context.require((inputs == 2 || inputs == 3) && context.output_count() == 1,
                         DiagnosticId::kTfliteInvalid,
                         fmt::format("expected 2 or 3 inputs and 1 output, found {} and {}", inputs,
                                     context.output_count()))) {
        return false;
    }
    const std::optional<int32_t> input = context.import_input(0);
    const std::optional<int32_t> weights = context.import_input(1);
    const std::optional<int32_t> output = context.import_output(0);
    const std::optional<int32_t> bias = inputs == 3 ? context.import_input(2) : -1;
    if (!input || !weights || !output || !bias) return false;
    op.input = *input;
    op.weights = *weights;
    op.bias = *bias;
    op.output = *output;
    // No short circuit: all operands are reported in one run.
    bool good = is_activation(context, op.input, "input");
    good &= is_activation(context, op.output, "output");
    good &= context.require(op.input != op.output, DiagnosticId::kTfliteInvalid,
                            "its output is its own input");
    if (!are_weights(context, op.weights, weights_rank)) return false;
    if (op.bias >= 0) good &= is_bias(context, op.bias, context.tensor(op.weights).shape[0]);
    return good;
}

bool fully_connected_shapes(OperatorContext& context, const Operator& op, bool keep_num_dims) {
    const Tensor& input = context.tensor(op.input);
    const Tensor& weights = context.tensor(op.weights);
    const Tensor& output = context.tensor(op.output);
    const int32_t channels = weights.shape[0];
    const int32_t depth = weights.shape[1];
    const std::string shapes =
        fmt::format("input {}, weights {}, output {}", shape_text(input.shape),
                    shape_text(weights.shape), shape_text(output.shape));
    if (!context.require(
            input.elements() % depth == 0, DiagnosticId::kTfliteInvalid,
            fmt::format("{}: the input does not split into rows of {}", shapes, depth))) {
        return false;
    }
    const int64_t rows = input.elements() / depth;
    if (!context.require(
            !output.shape.empty() && output.shape.back() == channels &&
                output.elements() == rows * channels,
            DiagnosticId::kTfliteInvalid,
            fmt::format("{}: expected an output of {} x {}", shapes, rows, channels))) {
        return false;
    }
    if (!keep_num_dims) return true;
    std::vector<int32_t> expected = input.shape;
    if (!expected.empty()) expected.back() = channels;
    return context.require(output.shape == expected && input.shape.back() == depth,
                           DiagnosticId::kTfliteInvalid,
                           fmt::format("{}: keep_num_dims asks for an output of shape {}", shapes,
                                       shape_text(expected)));
}

/// Requantization rounds this product to float32; the largest scales would make it infinite.
bool scale_product_is_finite(OperatorContext& context, const Operator& op) {
    const float product = context.tensor(op.input).quantization.scales[0] *
                          context.tensor(op.weights).quantization.scales[0];
    return context.require(std::isfinite(product), DiagnosticId::kTfliteInvalid,
                           "the product of the scales of its input and weights is not finite");
}

}  // namespace

std::optional<Operator> read_fully_connected(OperatorContext& context) {
    const tflite::FullyConnectedOptions* options =
        context.flat().builtin_options_as_FullyConnectedOptions();
    if (!context.require(options != nullptr, DiagnosticId::kTfliteInvalid, "it has no options")) {
        return std::nullopt;
    }
    Operator op;
    op.kind = OpKind::kFullyConnected;
    const std::optional<Activation> activation =
        activation_of(context, options->fused_activation_function());
    const bool plain_weights = context.require(
        options->weights_format() == tflite::FullyConnectedOptionsWeightsFormat::DEFAULT,
        DiagnosticId::kUnsupportedOperator, "shuffled weights are not supported");
    if (!read_operands(context, 2, op) || !activation || !plain_weights) return std::nullopt;
    op.activation = *activation;
    if (!fully_connected_shapes(context, op, options->keep_num_dims())) return std::nullopt;
    op.float32_scale_product = context.tensor(op.weights).quantization.scales.size() == 1;
    if (op.float32_scale_product && !scale_product_is_finite(context, op)) return std::nullopt;
    return op;
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

namespace {

/// Copies strides, dilation and kernel and checks their ranges.
bool read_geometry(OperatorContext& context, const tflite::Conv2DOptions& options,
                   const Tensor& weights, Conv2dAttributes& conv) {
    conv.kernel_h = weights.shape[1];
    conv.kernel_w = weights.shape[2];
    conv.stride_h = options.stride_h();
    conv.stride_w = options.stride_w();
    conv.dilation_h = options.dilation_h_factor();
    conv.dilation_w = options.dilation_w_factor();
    const auto in_range = [](int32_t factor) { return factor >= 1 && factor <= kMaxFactor; };
    return context.require(
        in_range(conv.stride_h) && in_range(conv.stride_w) && in_range(conv.dilation_h) &&
            in_range(conv.dilation_w) && conv.kernel_h <= kMaxFactor && conv.kernel_w <= kMaxFactor,
        DiagnosticId::kTfliteInvalid,
        fmt::format("stride {}x{}, dilation {}x{}, kernel {}x{}; each must be 1 to {}",
                    conv.stride_h, conv.stride_w, conv.dilation_h, conv.dilation_w, conv.kernel_h,
                    conv.kernel_w, kMaxFactor));
}

/// Resolves groups, padding and the output's shape.
bool conv2d_shapes(OperatorContext& context, bool same, Operator& op) {
    const Tensor& input = context.tensor(op.input);
    const Tensor& weights = context.tensor(op.weights);
    const Tensor& output = context.tensor(op.output);
    const std::string shapes =
        fmt::format("input {}, weights {}, output {}", shape_text(input.shape),
                    shape_text(weights.shape), shape_text(output.shape));
    if (!context.require(input.shape.size() == 4 && input.shape[0] == 1,
                         DiagnosticId::kUnsupportedTensor,
                         fmt::format("{}: the input must be NHWC with batch 1", shapes))) {
        return false;
    }
    Conv2dAttributes& conv = op.conv;
    const int32_t group_channels = weights.shape[3];
    conv.groups = input.shape[3] / group_channels;
    if (!context.require(conv.groups >= 1 && input.shape[3] % group_channels == 0 &&
                             weights.shape[0] % conv.groups == 0,
                         DiagnosticId::kTfliteInvalid,
                         fmt::format("{}: the channels do not split into groups", shapes))) {
        return false;
    }
    const ResolvedExtent rows =
        resolve_extent(same, input.shape[1], conv.kernel_h, conv.stride_h, conv.dilation_h);
    const ResolvedExtent columns =
        resolve_extent(same, input.shape[2], conv.kernel_w, conv.stride_w, conv.dilation_w);
    conv.padding = {rows.before, rows.after, columns.before, columns.after};
    return context.require(rows.output >= 1 && columns.output >= 1 && output.shape.size() == 4 &&
                               output.shape[0] == 1 && output.shape[1] == rows.output &&
                               output.shape[2] == columns.output &&
                               output.shape[3] == weights.shape[0],
                           DiagnosticId::kTfliteInvalid,
                           fmt::format("{}: the geometry gives an output of shape [1, {}, {}, {}]",
                                       shapes, rows.output, columns.output, weights.shape[0]));
}

}  // namespace

std::optional<Operator> read_conv2d(OperatorContext& context) {
    const tflite::Conv2DOptions* options = context.flat().builtin_options_as_Conv2DOptions();
    if (!context.require(options != nullptr, DiagnosticId::kTfliteInvalid, "it has no options")) {
        return std::nullopt;
    }
    Operator op;
    op.kind = OpKind::kConv2d;
    const std::optional<Activation> activation =
        activation_of(context, options->fused_activation_function());
    const bool same = options->padding() == tflite::Padding::SAME;
    const bool known_padding =
        context.require(same || options->padding() == tflite::Padding::VALID,
                        DiagnosticId::kTfliteInvalid, "its padding is neither SAME nor VALID");
    if (!read_operands(context, 4, op) || !activation || !known_padding) return std::nullopt;
    op.activation = *activation;
    if (!read_geometry(context, *options, context.tensor(op.weights), op.conv) ||
        !conv2d_shapes(context, same, op)) {
        return std::nullopt;
    }
    return op;
}

}  // namespace arraywright::network
