// Parts of vector operators. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/vector_parts.hpp"

#include <algorithm>

#include "generator/compile/graph.hpp"
#include "generator/compile/operator_names.hpp"

namespace arraywright::compile {

using network::Network;
using network::Operator;
using network::OpKind;
using network::Tensor;

namespace {

const Tensor& tensor_of(const Network& network, int32_t index) {
    return network.tensors[static_cast<size_t>(index)];
}

bool all_int8(const Network& network, const Operator& op) {
    const auto inputs = op.all_inputs();
    return std::all_of(inputs.begin(), inputs.end(), [&](int32_t t) {
        return tensor_of(network, t).type == network::DataType::kInt8 &&
               !tensor_of(network, t).is_constant;
    });
}

/// Rows, columns and channels of batch 1.
bool is_padded_image(const Network& network, const Operator& op) {
    return op.pads.size() == 4 && op.pads[0] == std::pair{0, 0} && op.pads[3] == std::pair{0, 0} &&
           tensor_of(network, op.input).shape[0] == 1;
}

bool joins_images(const Network& network, const Operator& op) {
    const auto rank = static_cast<int32_t>(tensor_of(network, op.output).shape.size());
    return rank == 4 && tensor_of(network, op.output).shape[0] == 1 && op.axis >= 1;
}

VectorLayer named(const Network& network, int32_t index) {
    const Operator& op = network.operators[static_cast<size_t>(index)];
    VectorLayer layer;
    layer.index = index;
    layer.name = op.name;
    layer.op = operator_name(op.kind);
    layer.source = &op;
    layer.window.index = index;
    return layer;
}

VectorPart copy_of(const Network& network, int32_t index, int32_t tensor) {
    const Operator& op = network.operators[static_cast<size_t>(index)];
    VectorPart part;
    part.layer = named(network, index);
    part.layer.combine = make_copy(network, tensor, op);
    set_shape(extent_of(tensor_of(network, tensor)), part.layer);
    part.inputs = {tensor};
    return part;
}

/// Rows [y0, y1) and columns [x0, x1) of the output become the value of the padding.
void add_fill(const Network& network, int32_t index, int32_t y0, int32_t y1, int32_t x0, int32_t x1,
              std::vector<VectorPart>& parts) {
    if (y0 == y1 || x0 == x1) return;
    const Operator& op = network.operators[static_cast<size_t>(index)];
    VectorPart part;
    part.layer = named(network, index);
    part.layer.element_wise = false;
    part.layer.combine.scale = {0, 0};
    part.layer.combine.output_zero_point = op.pad_value;
    set_shape({y1 - y0, x1 - x0, extent_of(tensor_of(network, op.output)).c}, part.layer);
    part.out_y = y0;
    part.out_x = x0;
    parts.push_back(std::move(part));
}

std::vector<VectorPart> pad_parts(const Network& network, int32_t index) {
    const Operator& op = network.operators[static_cast<size_t>(index)];
    const Extent out = extent_of(tensor_of(network, op.output));
    const int32_t top = op.pads[1].first;
    const int32_t bottom = out.h - op.pads[1].second;
    const int32_t left = op.pads[2].first;
    const int32_t right = out.w - op.pads[2].second;
    std::vector<VectorPart> parts;
    add_fill(network, index, 0, top, 0, out.w, parts);
    add_fill(network, index, bottom, out.h, 0, out.w, parts);
    add_fill(network, index, top, bottom, 0, left, parts);
    add_fill(network, index, top, bottom, right, out.w, parts);
    VectorPart copy = copy_of(network, index, op.input);
    copy.out_y = top;
    copy.out_x = left;
    parts.push_back(std::move(copy));
    return parts;
}

std::vector<VectorPart> concatenation_parts(const Network& network, int32_t index) {
    const Operator& op = network.operators[static_cast<size_t>(index)];
    std::vector<VectorPart> parts;
    int32_t at = 0;
    for (const int32_t input : op.all_inputs()) {
        VectorPart part = copy_of(network, index, input);
        (op.axis == 1 ? part.out_y : op.axis == 2 ? part.out_x : part.out_c) = at;
        at += tensor_of(network, input).shape[static_cast<size_t>(op.axis)];
        parts.push_back(std::move(part));
    }
    return parts;
}

}  // namespace

bool runs_on_vector_unit(const Network& network, const Operator& op, const plan::Plan& plan) {
    if (!plan.elementwise || tensor_of(network, op.output).type != network::DataType::kInt8)
        return false;
    if (op.kind == OpKind::kPad) return all_int8(network, op) && is_padded_image(network, op);
    if (op.kind == OpKind::kConcatenation)
        return all_int8(network, op) && joins_images(network, op);
    return is_vector_layer(network, op, plan);
}

std::vector<VectorPart> vector_parts(const Network& network, int32_t index,
                                     const network::Padding& padding, const plan::Plan& plan) {
    const Operator& op = network.operators[static_cast<size_t>(index)];
    if (op.kind == OpKind::kPad) return pad_parts(network, index);
    if (op.kind == OpKind::kConcatenation) return concatenation_parts(network, index);
    VectorPart part;
    part.layer = make_vector_layer(network, index, padding, plan);
    part.inputs = {op.input};
    if (part.layer.combine.two_operands) part.inputs.push_back(op.more_inputs.front());
    return {part};
}

}  // namespace arraywright::compile
