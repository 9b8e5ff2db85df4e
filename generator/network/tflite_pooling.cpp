// Readers of AVERAGE_POOL_2D, MAX_POOL_2D and MEAN. SPDX-License-Identifier: Apache-2.0
#include "generator/network/tflite_pooling.hpp"

#include <fmt/format.h>

#include "generator/network/tflite_operands.hpp"
#include "generator/network/tflite_subset_generated.h"

namespace arraywright::network {

using spec::DiagnosticId;

namespace {

/// Differences to the zero point reach 255.
constexpr int64_t kMaxMeanElements = int64_t{1} << 23;

std::optional<Operator> read_pool(OperatorContext& context, OpKind kind) {
    const tflite::Pool2DOptions* options = context.flat().builtin_options_as_Pool2DOptions();
    if (!context.require(options != nullptr, DiagnosticId::kTfliteInvalid, "it has no options")) {
        return std::nullopt;
    }
    Operator op;
    op.kind = kind;
    const std::optional<Activation> activation =
        activation_of(context, options->fused_activation_function());
    const std::optional<bool> same = is_same_padding(context, options->padding());
    if (!has_operands(context, 1, 1) || !import_input_and_output(context, op) ||
        !are_int8_activations(context, op) || !activation || !same) {
        return std::nullopt;
    }
    op.activation = *activation;
    op.conv.kernel_h = options->filter_height();
    op.conv.kernel_w = options->filter_width();
    op.conv.stride_h = options->stride_h();
    op.conv.stride_w = options->stride_w();
    const std::string shapes = shapes_text(context, op);
    if (!is_equally_quantized(context, op.input, op.output) ||
        !has_sound_geometry(context, op.conv) || !is_single_picture(context, op.input, shapes) ||
        !resolve_window(context, *same, context.tensor(op.input).shape[3], shapes, op)) {
        return std::nullopt;
    }
    return op;
}

/// Which of the axes 1 and 2 are reduced, from a list that counts from either end.
bool read_axes(OperatorContext& context, bool& rows, bool& columns) {
    const std::optional<std::vector<int64_t>> axes = context.constant_integers(1);
    if (!axes) return false;
    for (const int64_t axis : *axes) {
        const int64_t from_front = axis < 0 ? axis + 4 : axis;
        rows = rows || from_front == 1;
        columns = columns || from_front == 2;
        if (!context.require(from_front == 1 || from_front == 2, DiagnosticId::kUnsupportedOperator,
                             fmt::format("it reduces axis {}; supported: the height (1) and the "
                                         "width (2) of an NHWC tensor",
                                         axis))) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::optional<Operator> read_average_pool(OperatorContext& context) {
    return read_pool(context, OpKind::kAveragePool);
}

std::optional<Operator> read_max_pool(OperatorContext& context) {
    return read_pool(context, OpKind::kMaxPool);
}

std::optional<Operator> read_mean(OperatorContext& context) {
    const tflite::ReducerOptions* options = context.flat().builtin_options_as_ReducerOptions();
    const bool keep_dims = options != nullptr && options->keep_dims();
    Operator op;
    op.kind = OpKind::kMean;
    if (!has_operands(context, 2, 2) || !import_input_and_output(context, op) ||
        !are_int8_activations(context, op)) {
        return std::nullopt;
    }
    const std::string shapes = shapes_text(context, op);
    bool rows = false;
    bool columns = false;
    if (!is_single_picture(context, op.input, shapes) || !read_axes(context, rows, columns)) {
        return std::nullopt;
    }
    const std::vector<int32_t>& input = context.tensor(op.input).shape;
    op.conv.kernel_h = op.conv.stride_h = rows ? input[1] : 1;
    op.conv.kernel_w = op.conv.stride_w = columns ? input[2] : 1;
    if (!context.require(int64_t{op.conv.kernel_h} * op.conv.kernel_w <= kMaxMeanElements,
                         DiagnosticId::kUnsupportedTensor,
                         fmt::format("{}: it averages more than {} elements, whose sum may not fit "
                                     "32 bits",
                                     shapes, kMaxMeanElements))) {
        return std::nullopt;
    }
    std::vector<int32_t> expected = {1};
    if (!rows || keep_dims) expected.push_back(rows ? 1 : input[1]);
    if (!columns || keep_dims) expected.push_back(columns ? 1 : input[2]);
    expected.push_back(input[3]);
    if (!context.require(
            context.tensor(op.output).shape == expected, DiagnosticId::kTfliteInvalid,
            fmt::format("{}: expected an output of shape {}", shapes, shape_text(expected)))) {
        return std::nullopt;
    }
    return op;
}

}  // namespace arraywright::network
