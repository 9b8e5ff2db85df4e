// Readers of PAD, CONCATENATION, RESHAPE, SQUEEZE, EXPAND_DIMS and TRANSPOSE.
// SPDX-License-Identifier: Apache-2.0
#include "generator/network/tflite_movement.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

#include "generator/network/tflite_operands.hpp"
#include "generator/network/tflite_subset_generated.h"

namespace arraywright::network {

using spec::DiagnosticId;

namespace {

/// More inputs than any network concatenates.
constexpr int32_t kMaxConcatenated = 63;

int32_t zero_point_of(const Tensor& tensor) {
    return tensor.quantization.zero_points.empty() ? 0 : tensor.quantization.zero_points[0];
}

/// The constant third input of PADV2: one element of the input's type and quantization.
bool read_pad_value(OperatorContext& context, Operator& op) {
    const std::optional<int32_t> index = context.import_input(2);
    if (!index) return false;
    const Tensor& value = context.tensor(*index);
    if (!context.require(
            value.is_constant && value.elements() == 1 && element_bytes(value.type) == 1,
            DiagnosticId::kUnsupportedTensor, "its pad value must be one int8 or uint8 constant") ||
        !is_equally_quantized(context, op.input, *index)) {
        return false;
    }
    op.pad_value = value.type == DataType::kUint8 ? int32_t{value.data[0]}
                                                  : int32_t{static_cast<int8_t>(value.data[0])};
    return true;
}

bool read_pads(OperatorContext& context, Operator& op) {
    const std::optional<std::vector<int64_t>> pads = context.constant_integers(1);
    if (!pads) return false;
    const std::vector<int32_t>& input = context.tensor(op.input).shape;
    const std::vector<int32_t>& output = context.tensor(op.output).shape;
    bool good = pads->size() == 2 * input.size() && output.size() == input.size();
    for (size_t i = 0; good && i < input.size(); ++i) {
        const int64_t before = (*pads)[2 * i];
        const int64_t after = (*pads)[2 * i + 1];
        // The output's extent, already bounded, bounds both.
        good = before >= 0 && after >= 0 && before <= output[i] && after <= output[i] &&
               before + input[i] + after == output[i];
        op.pads.emplace_back(static_cast<int32_t>(before), static_cast<int32_t>(after));
    }
    return context.require(good, DiagnosticId::kTfliteInvalid,
                           fmt::format("{}: the paddings [{}] do not give this output",
                                       shapes_text(context, op), fmt::join(*pads, ", ")));
}

}  // namespace

std::optional<Operator> read_pad(OperatorContext& context) {
    Operator op;
    op.kind = OpKind::kPad;
    if (!has_operands(context, 2, 3) || !import_input_and_output(context, op) ||
        !is_equally_quantized(context, op.input, op.output) || !read_pads(context, op)) {
        return std::nullopt;
    }
    op.pad_value = zero_point_of(context.tensor(op.output));
    if (context.input_count() == 3 && !read_pad_value(context, op)) return std::nullopt;
    return op;
}

namespace {

/// Equal extents but along `op.axis`, where they add up.
bool concatenation_shapes(OperatorContext& context, int32_t axis, Operator& op) {
    const std::vector<int32_t>& output = context.tensor(op.output).shape;
    const auto rank = static_cast<int32_t>(output.size());
    const std::string shapes = shapes_text(context, op);
    op.axis = axis < 0 && axis >= -rank ? axis + rank : axis;
    if (!context.require(op.axis >= 0 && op.axis < rank, DiagnosticId::kTfliteInvalid,
                         fmt::format("{}: there is no axis {}", shapes, axis))) {
        return false;
    }
    int64_t sum = 0;
    bool good = true;
    for (const int32_t index : op.all_inputs()) {
        std::vector<int32_t> shape = context.tensor(index).shape;
        good = good && shape.size() == output.size();
        if (!good) break;
        int32_t& extent = shape[static_cast<size_t>(op.axis)];
        sum += extent;
        extent = output[static_cast<size_t>(op.axis)];
        good = shape == output;
    }
    return context.require(good && sum == output[static_cast<size_t>(op.axis)],
                           DiagnosticId::kTfliteInvalid,
                           fmt::format("{}: the inputs do not join along axis {}", shapes, axis));
}

}  // namespace

std::optional<Operator> read_concatenation(OperatorContext& context) {
    const tflite::ConcatenationOptions* options =
        context.flat().builtin_options_as_ConcatenationOptions();
    if (!context.require(options != nullptr, DiagnosticId::kTfliteInvalid, "it has no options") ||
        !context.require(
            options->fused_activation_function() == tflite::ActivationFunctionType::NONE,
            DiagnosticId::kUnsupportedOperator, "a fused activation is not supported here") ||
        !has_operands(context, 1, kMaxConcatenated)) {
        return std::nullopt;
    }
    Operator op;
    op.kind = OpKind::kConcatenation;
    const std::optional<int32_t> output = context.import_output(0);
    if (!output) return std::nullopt;
    op.output = *output;
    for (int32_t slot = 0; slot < context.input_count(); ++slot) {
        const std::optional<int32_t> input = context.import_input(slot);
        if (!input || !is_equally_quantized(context, *input, op.output) ||
            !context.require(*input != op.output, DiagnosticId::kTfliteInvalid,
                             "its output is its own input")) {
            return std::nullopt;
        }
        if (slot == 0) {
            op.input = *input;
        } else {
            op.more_inputs.push_back(*input);
        }
    }
    if (!concatenation_shapes(context, options->axis(), op)) return std::nullopt;
    return op;
}

std::optional<Operator> read_reshape(OperatorContext& context) {
    Operator op;
    op.kind = OpKind::kReshape;
    // The second input, if any, repeats the output's shape or the axes that lead to it.
    if (!has_operands(context, 1, 2) || !import_input_and_output(context, op)) return std::nullopt;
    if (context.input_count() == 2 && !context.constant_integers(1)) return std::nullopt;
    const Tensor& input = context.tensor(op.input);
    const Tensor& output = context.tensor(op.output);
    if (!context.require(input.type == output.type && input.elements() == output.elements(),
                         DiagnosticId::kTfliteInvalid,
                         fmt::format("{}: types and numbers of elements must be equal",
                                     shapes_text(context, op)))) {
        return std::nullopt;
    }
    return op;
}

std::optional<Operator> read_transpose(OperatorContext& context) {
    Operator op;
    op.kind = OpKind::kTranspose;
    if (!has_operands(context, 2, 2) || !import_input_and_output(context, op) ||
        !is_equally_quantized(context, op.input, op.output)) {
        return std::nullopt;
    }
    const std::optional<std::vector<int64_t>> permutation = context.constant_integers(1);
    if (!permutation) return std::nullopt;
    const std::vector<int32_t>& input = context.tensor(op.input).shape;
    const std::vector<int32_t>& output = context.tensor(op.output).shape;
    const auto rank = static_cast<int64_t>(input.size());
    bool good = permutation->size() == input.size() && output.size() == input.size();
    std::vector<bool> taken(input.size(), false);
    for (size_t i = 0; good && i < input.size(); ++i) {
        int64_t axis = (*permutation)[i];
        if (axis < 0 && axis >= -rank) axis += rank;
        good = axis >= 0 && axis < rank && !taken[static_cast<size_t>(axis)] &&
               output[i] == input[static_cast<size_t>(axis)];
        if (!good) break;
        taken[static_cast<size_t>(axis)] = true;
        op.permutation.push_back(static_cast<int32_t>(axis));
    }
    if (!context.require(good, DiagnosticId::kTfliteInvalid,
                         fmt::format("{}: the permutation [{}] does not give this output",
                                     shapes_text(context, op), fmt::join(*permutation, ", ")))) {
        return std::nullopt;
    }
    return op;
}

}  // namespace arraywright::network
