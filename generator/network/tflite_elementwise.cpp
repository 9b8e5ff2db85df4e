// Readers of ADD, SUB, MUL, RELU, RELU6, LOGISTIC and TANH. SPDX-License-Identifier: Apache-2.0
#include "generator/network/tflite_elementwise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "generator/network/tflite_operands.hpp"
#include "generator/network/tflite_subset_generated.h"
#include "generator/spec/source_text.hpp"

namespace arraywright::network {

using spec::DiagnosticId;

namespace {

/// Aligned at the last dimension, each pair of extents is equal or has a 1; nullopt if not.
std::optional<std::vector<int32_t>> broadcast(std::vector<int32_t> a, std::vector<int32_t> b) {
    const size_t rank = std::max(a.size(), b.size());
    a.insert(a.begin(), rank - a.size(), 1);
    b.insert(b.begin(), rank - b.size(), 1);
    for (size_t i = 0; i < rank; ++i) {
        if (a[i] != b[i] && a[i] != 1 && b[i] != 1) return std::nullopt;
        a[i] = std::max(a[i], b[i]);
    }
    return a;
}

bool has_broadcast_shape(OperatorContext& context, const Operator& op) {
    const auto expected =
        broadcast(context.tensor(op.input).shape, context.tensor(op.more_inputs[0]).shape);
    return context.require(
        expected && *expected == context.tensor(op.output).shape, DiagnosticId::kTfliteInvalid,
        fmt::format("{}: {}", shapes_text(context, op),
                    expected ? "expected an output of shape " + shape_text(*expected)
                             : "the inputs do not broadcast"));
}

/// The reference scales sums by 2 max(s1, s2) / (2^20 s_out), which must be below 1.
bool has_sound_sum_scale(OperatorContext& context, const Operator& op) {
    const auto scale = [&](int32_t index) { return context.tensor(index).quantization.scales[0]; };
    const float twice_max = 2 * std::max(scale(op.input), scale(op.more_inputs[0]));
    const float output = 1048576.0F * scale(op.output);
    return context.require(
        std::isfinite(twice_max) && std::isfinite(output) && twice_max < output,
        DiagnosticId::kUnsupportedTensor,
        fmt::format("the scales {}, {} and {} of its inputs and output are too "
                    "far apart",
                    scale(op.input), scale(op.more_inputs[0]), scale(op.output)));
}

bool import_two_inputs(OperatorContext& context, Operator& op) {
    if (!has_operands(context, 2, 2)) return false;
    const std::optional<int32_t> a = context.import_input(0);
    const std::optional<int32_t> b = context.import_input(1);
    const std::optional<int32_t> output = context.import_output(0);
    if (!a || !b || !output) return false;
    op.input = *a;
    op.more_inputs = {*b};
    op.output = *output;
    bool good = is_quantized_int8(context, op.input, "first input");
    good &= is_quantized_int8(context, *b, "second input");
    good &= is_quantized_int8(context, op.output, "output");
    good &= context.require(op.output != op.input && op.output != *b, DiagnosticId::kTfliteInvalid,
                            "its output is its own input");
    return context.require(!context.tensor(op.input).is_constant || !context.tensor(*b).is_constant,
                           DiagnosticId::kUnsupportedTensor,
                           "both inputs are constants; fold them when converting the model") &&
           good;
}

/// `options` may be null, as writers leave out tables of defaults.
template <typename Options>
std::optional<Operator> read_two_operands(OperatorContext& context, OpKind kind,
                                          const Options* options) {
    Operator op;
    op.kind = kind;
    const std::optional<Activation> activation =
        options == nullptr ? Activation::kNone
                           : activation_of(context, options->fused_activation_function());
    if (!import_two_inputs(context, op) || !activation) return std::nullopt;
    op.activation = *activation;
    if (!has_broadcast_shape(context, op)) return std::nullopt;
    if (kind != OpKind::kMul && !has_sound_sum_scale(context, op)) return std::nullopt;
    return op;
}

std::optional<Operator> read_unary(OperatorContext& context, OpKind kind, Activation activation) {
    Operator op;
    op.kind = kind;
    op.activation = activation;
    if (!has_operands(context, 1, 1) || !import_input_and_output(context, op) ||
        !are_int8_activations(context, op)) {
        return std::nullopt;
    }
    if (!context.require(context.tensor(op.input).shape == context.tensor(op.output).shape,
                         DiagnosticId::kTfliteInvalid,
                         fmt::format("{}: the shapes must be equal", shapes_text(context, op)))) {
        return std::nullopt;
    }
    return op;
}

/// The reference writes one fixed scale, whatever the tensor says.
std::optional<Operator> read_table(OperatorContext& context, OpKind kind, float scale,
                                   int32_t zero_point) {
    std::optional<Operator> op = read_unary(context, kind, Activation::kNone);
    if (!op) return std::nullopt;
    const Quantization& output = context.tensor(op->output).quantization;
    if (!context.require(
            output.scales[0] == scale && output.zero_points[0] == zero_point,
            DiagnosticId::kUnsupportedTensor,
            fmt::format("its output must have scale 1/{} and zero point {}, found {} "
                        "and {}",
                        1.0F / scale, zero_point, output.scales[0], output.zero_points[0]))) {
        return std::nullopt;
    }
    return op;
}

}  // namespace

std::optional<Operator> read_add(OperatorContext& context) {
    return read_two_operands(context, OpKind::kAdd, context.flat().builtin_options_as_AddOptions());
}

std::optional<Operator> read_sub(OperatorContext& context) {
    return read_two_operands(context, OpKind::kSub, context.flat().builtin_options_as_SubOptions());
}

std::optional<Operator> read_mul(OperatorContext& context) {
    return read_two_operands(context, OpKind::kMul, context.flat().builtin_options_as_MulOptions());
}

std::optional<Operator> read_relu(OperatorContext& context) {
    return read_unary(context, OpKind::kRelu, Activation::kRelu);
}

std::optional<Operator> read_relu6(OperatorContext& context) {
    return read_unary(context, OpKind::kRelu6, Activation::kRelu6);
}

std::optional<Operator> read_logistic(OperatorContext& context) {
    return read_table(context, OpKind::kLogistic, 1.0F / 256, -128);
}

std::optional<Operator> read_tanh(OperatorContext& context) {
    return read_table(context, OpKind::kTanh, 1.0F / 128, 0);
}

}  // namespace arraywright::network
