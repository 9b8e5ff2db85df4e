// Readers of QUANTIZE, DEQUANTIZE and SOFTMAX. SPDX-License-Identifier: Apache-2.0
#include "generator/network/tflite_conversion.hpp"

#include <fmt/format.h>

#include <cmath>

#include "generator/network/tflite_operands.hpp"
#include "generator/network/tflite_subset_generated.h"
#include "generator/spec/source_text.hpp"

namespace arraywright::network {

using spec::DiagnosticId;

namespace {

/// The reference sums exponentials in Q12.19: 4,096 ones would overflow.
constexpr int32_t kMaxSoftmaxDepth = 4095;

bool is_quantized_byte(OperatorContext& context, int32_t index, const char* role) {
    const Tensor& tensor = context.tensor(index);
    return context.require(
        element_bytes(tensor.type) == 1 && tensor.quantization.scales.size() == 1,
        DiagnosticId::kUnsupportedTensor,
        fmt::format("its {} {} must be int8 or uint8 with one scale", role,
                    spec::quoted(tensor.name)));
}

bool is_float(OperatorContext& context, int32_t index, const char* role) {
    const Tensor& tensor = context.tensor(index);
    return context.require(
        tensor.type == DataType::kFloat32, DiagnosticId::kUnsupportedTensor,
        fmt::format("its {} {} must be float32", role, spec::quoted(tensor.name)));
}

/// One input, one output, equal shapes.
bool import_equal_shapes(OperatorContext& context, Operator& op) {
    return has_operands(context, 1, 1) && import_input_and_output(context, op) &&
           context.require(context.tensor(op.input).shape == context.tensor(op.output).shape,
                           DiagnosticId::kTfliteInvalid,
                           fmt::format("{}: the shapes must be equal", shapes_text(context, op)));
}

bool softmax_quantization(OperatorContext& context, float beta, const Operator& op) {
    const Quantization& output = context.tensor(op.output).quantization;
    const double factor = double{beta} * double{context.tensor(op.input).quantization.scales[0]};
    // The reference scales differences by beta * s * 2^26, which must exceed 1.
    return context.require(
               std::isfinite(factor) && factor * 67108864.0 > 1.0,
               DiagnosticId::kUnsupportedOperator,
               fmt::format("beta {} times the scale of its input is out of range", beta)) &&
           context.require(output.scales[0] == 1.0F / 256 && output.zero_points[0] == -128,
                           DiagnosticId::kUnsupportedTensor,
                           fmt::format("its output must have scale 1/256 and zero point -128, "
                                       "found {} and {}",
                                       output.scales[0], output.zero_points[0]));
}

}  // namespace

std::optional<Operator> read_quantize(OperatorContext& context) {
    Operator op;
    op.kind = OpKind::kQuantize;
    if (!import_equal_shapes(context, op)) return std::nullopt;
    const bool from_float = context.tensor(op.input).type == DataType::kFloat32;
    const bool good = is_quantized_byte(context, op.output, "output");
    if (!from_float && !is_quantized_byte(context, op.input, "input")) return std::nullopt;
    if (!good) return std::nullopt;
    return op;
}

std::optional<Operator> read_dequantize(OperatorContext& context) {
    Operator op;
    op.kind = OpKind::kDequantize;
    if (!import_equal_shapes(context, op) || !is_quantized_byte(context, op.input, "input") ||
        !is_float(context, op.output, "output")) {
        return std::nullopt;
    }
    return op;
}

std::optional<Operator> read_softmax(OperatorContext& context) {
    const tflite::SoftmaxOptions* options = context.flat().builtin_options_as_SoftmaxOptions();
    if (!context.require(options != nullptr, DiagnosticId::kTfliteInvalid, "it has no options")) {
        return std::nullopt;
    }
    Operator op;
    op.kind = OpKind::kSoftmax;
    op.beta = options->beta();
    if (!import_equal_shapes(context, op) || !are_int8_activations(context, op) ||
        !softmax_quantization(context, op.beta, op)) {
        return std::nullopt;
    }
    const std::vector<int32_t>& shape = context.tensor(op.input).shape;
    if (!context.require(!shape.empty() && shape.back() <= kMaxSoftmaxDepth,
                         DiagnosticId::kUnsupportedOperator,
                         fmt::format("{}: supported are 1 to {} elements in the last dimension",
                                     shapes_text(context, op), kMaxSoftmaxDepth))) {
        return std::nullopt;
    }
    return op;
}

}  // namespace arraywright::network
