// Readers of FULLY_CONNECTED, CONV_2D and DEPTHWISE_CONV_2D. SPDX-License-Identifier: Apache-2.0
#include "generator/network/tflite_dense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "generator/network/tflite_operands.hpp"
#include "generator/network/tflite_subset_generated.h"
#include "generator/spec/source_text.hpp"

namespace arraywright::network {

using spec::DiagnosticId;

namespace {

/// `channel_axis` is the dimension of the output channels.
bool are_weights(OperatorContext& context, int32_t index, size_t rank, int32_t channel_axis) {
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
        (quantization.scales.size() == 1 || quantization.axis == channel_axis) &&
            std::all_of(quantization.zero_points.begin(), quantization.zero_points.end(),
                        [](int32_t zero_point) { return zero_point == 0; }),
        DiagnosticId::kUnsupportedTensor,
        fmt::format("its weights {} must have zero point 0 and one scale, or "
                    "one per output channel (dimension {})",
                    name, channel_axis));
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
bool read_operands(OperatorContext& context, size_t rank, int32_t channel_axis, Operator& op) {
    if (!has_operands(context, 2, 3) || !import_input_and_output(context, op)) return false;
    const std::optional<int32_t> weights = context.import_input(1);
    const std::optional<int32_t> bias = context.input_count() == 3 ? context.import_input(2) : -1;
    if (!weights || !bias) return false;
    op.weights = *weights;
    op.bias = *bias;
    // No short circuit: all operands are reported in one run.
    bool good = are_int8_activations(context, op);
    if (!are_weights(context, op.weights, rank, channel_axis)) return false;
    if (op.bias >= 0) {
        const int32_t channels =
            context.tensor(op.weights).shape[static_cast<size_t>(channel_axis)];
        good &= is_bias(context, op.bias, channels);
    }
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
    if (!read_operands(context, 2, 0, op) || !activation || !plain_weights) return std::nullopt;
    op.activation = *activation;
    if (!fully_connected_shapes(context, op, options->keep_num_dims())) return std::nullopt;
    op.float32_scale_product = context.tensor(op.weights).quantization.scales.size() == 1;
    if (op.float32_scale_product && !scale_product_is_finite(context, op)) return std::nullopt;
    return op;
}

namespace {

std::string weighted_shapes(OperatorContext& context, const Operator& op) {
    return fmt::format(
        "input {}, weights {}, output {}", shape_text(context.tensor(op.input).shape),
        shape_text(context.tensor(op.weights).shape), shape_text(context.tensor(op.output).shape));
}

/// Copies strides, dilations and kernel of Conv2DOptions or DepthwiseConv2DOptions.
template <typename Options>
void copy_geometry(const Options& options, const Tensor& weights, Conv2dAttributes& conv) {
    conv.kernel_h = weights.shape[1];
    conv.kernel_w = weights.shape[2];
    conv.stride_h = options.stride_h();
    conv.stride_w = options.stride_w();
    conv.dilation_h = options.dilation_h_factor();
    conv.dilation_w = options.dilation_w_factor();
}

/// CONV_2D: groups follow from the channels of the input and of the weights.
bool conv2d_groups(OperatorContext& context, const std::string& shapes, Operator& op) {
    const int32_t channels = context.tensor(op.input).shape[3];
    const std::vector<int32_t>& weights = context.tensor(op.weights).shape;
    op.conv.groups = channels / weights[3];
    return context.require(
        op.conv.groups >= 1 && channels % weights[3] == 0 && weights[0] % op.conv.groups == 0,
        DiagnosticId::kTfliteInvalid,
        fmt::format("{}: the channels do not split into groups", shapes));
}

/// DEPTHWISE_CONV_2D: output channel n reads input channel n / (N / C).
bool depthwise_groups(OperatorContext& context, const std::string& shapes, int32_t multiplier,
                      Operator& op) {
    const int32_t channels = context.tensor(op.input).shape[3];
    const std::vector<int32_t>& weights = context.tensor(op.weights).shape;
    op.conv.groups = channels;
    return context.require(weights[0] == 1 && weights[3] % channels == 0 &&
                               (multiplier == 0 || multiplier == weights[3] / channels),
                           DiagnosticId::kTfliteInvalid,
                           fmt::format("{}: the weights are not [1, KH, KW, channels * multiplier] "
                                       "with depth_multiplier {}",
                                       shapes, multiplier));
}

/// What CONV_2D and DEPTHWISE_CONV_2D have in common; `groups(shapes, op)` checks the channels.
template <typename Options, typename Groups>
std::optional<Operator> read_convolution(OperatorContext& context, OpKind kind,
                                         const Options* options, int32_t channel_axis,
                                         const Groups& groups) {
    if (!context.require(options != nullptr, DiagnosticId::kTfliteInvalid, "it has no options")) {
        return std::nullopt;
    }
    Operator op;
    op.kind = kind;
    const std::optional<Activation> activation =
        activation_of(context, options->fused_activation_function());
    const std::optional<bool> same = is_same_padding(context, options->padding());
    if (!read_operands(context, 4, channel_axis, op) || !activation || !same) return std::nullopt;
    op.activation = *activation;
    copy_geometry(*options, context.tensor(op.weights), op.conv);
    const std::string shapes = weighted_shapes(context, op);
    const int32_t channels = context.tensor(op.weights).shape[static_cast<size_t>(channel_axis)];
    if (!has_sound_geometry(context, op.conv) || !is_single_picture(context, op.input, shapes) ||
        !groups(shapes, op) || !resolve_window(context, *same, channels, shapes, op)) {
        return std::nullopt;
    }
    return op;
}

}  // namespace

std::optional<Operator> read_conv2d(OperatorContext& context) {
    return read_convolution(context, OpKind::kConv2d,
                            context.flat().builtin_options_as_Conv2DOptions(), 0,
                            [&](const std::string& shapes, Operator& op) {
                                return conv2d_groups(context, shapes, op);
                            });
}

std::optional<Operator> read_depthwise_conv2d(OperatorContext& context) {
    const tflite::DepthwiseConv2DOptions* options =
        context.flat().builtin_options_as_DepthwiseConv2DOptions();
    return read_convolution(context, OpKind::kDepthwiseConv2d, options, 3,
                            [&](const std::string& shapes, Operator& op) {
                                return depthwise_groups(context, shapes,
                                                        options->depth_multiplier(), op);
                            });
}

}  // namespace arraywright::network
