// Operators without weights. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/vector_layer.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "generator/compile/lookup_table.hpp"
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

float scale_of(const Network& network, int32_t index) {
    const auto& scales = tensor_of(network, index).quantization.scales;
    return scales.empty() ? 1.0F : scales.front();
}

int32_t zero_point_of(const Network& network, int32_t index) {
    const auto& points = tensor_of(network, index).quantization.zero_points;
    return points.empty() ? 0 : points.front();
}

bool is_int8(const Network& network, int32_t index) {
    return tensor_of(network, index).type == network::DataType::kInt8;
}

void set_output(const Network& network, const Operator& op, Combine& combine) {
    combine.output_zero_point = zero_point_of(network, op.output);
    const auto [low, high] =
        clamp_bounds(op.activation, scale_of(network, op.output), combine.output_zero_point);
    combine.clamp_low = low;
    combine.clamp_high = high;
}

/// A multiplier below 1 as multiplier and right shift of a tap that is scaled by 2^20 as well.
TapScale tap_scale(double real, int32_t zero_point) {
    const Scale scale = make_scale(real);
    return {zero_point, scale.multiplier, -scale.exponent};
}

/// ADD in double, SUB in single precision, as the reference kernels have it.
void set_sum_scales(const Network& network, const Operator& op, Combine& combine) {
    const float s1 = scale_of(network, op.input);
    const float s2 = scale_of(network, op.more_inputs.front());
    const float out = scale_of(network, op.output);
    double m1 = 0, m2 = 0, m = 0;
    if (op.kind == OpKind::kSub) {
        const float twice = 2 * std::max(s1, s2);
        m1 = static_cast<double>(s1 / twice);
        m2 = static_cast<double>(s2 / twice);
        m = static_cast<double>(twice / (1048576.0F * out));
    } else {
        const double twice = 2 * std::max(static_cast<double>(s1), static_cast<double>(s2));
        m1 = static_cast<double>(s1) / twice;
        m2 = static_cast<double>(s2) / twice;
        m = twice / (1048576.0 * static_cast<double>(out));
    }
    combine.a = tap_scale(m1, zero_point_of(network, op.input));
    combine.b = tap_scale(m2, zero_point_of(network, op.more_inputs.front()));
    combine.scale = make_scale(m);
}

/// Sum of (x - zero point) over `count` taps with the divisor folded into the multiplier.
Combine make_mean(const Network& network, const Operator& op, int32_t count) {
    Combine combine;
    set_output(network, op, combine);
    combine.a.zero_point = zero_point_of(network, op.input);
    const Scale scale = make_scale(static_cast<double>(scale_of(network, op.input)) /
                                   static_cast<double>(scale_of(network, op.output)));
    const int32_t log2 = static_cast<int32_t>(std::bit_width(static_cast<uint32_t>(count))) - 1;
    const int32_t shift = std::min({log2, 32, 31 + scale.exponent});
    combine.scale.multiplier = static_cast<int32_t>((int64_t{scale.multiplier} << shift) / count);
    combine.scale.exponent = scale.exponent - shift;
    return combine;
}

void set_window(const Network& network, const Operator& op, const network::Padding& padding,
                VectorLayer& layer) {
    const Extent out = extent_of(tensor_of(network, op.output));
    Layer& window = layer.window;
    window.conv = op.conv;
    window.conv.padding = padding;
    window.out_h = out.h;
    window.out_w = out.w;
    if (op.kind == OpKind::kMean) {
        window.out_h = window.in_h / op.conv.kernel_h;
        window.out_w = window.in_w / op.conv.kernel_w;
    }
    layer.element_wise = false;
}

/// Rows, columns or both of one image.
bool is_spatial_mean(const Network& network, const Operator& op) {
    const Tensor& in = tensor_of(network, op.input);
    return in.shape.size() == 4 && in.shape[0] == 1 &&
           tensor_of(network, op.output).elements() * op.conv.kernel_h * op.conv.kernel_w ==
               in.elements() &&
           op.conv.kernel_h <= 255 && op.conv.kernel_w <= 255;
}

bool has_second_tensor(const Network& network, const Operator& op) {
    if (op.more_inputs.size() != 1) return false;
    const Tensor& a = tensor_of(network, op.input);
    const Tensor& b = tensor_of(network, op.more_inputs.front());
    return !a.is_constant && !b.is_constant && a.shape == b.shape &&
           is_int8(network, op.more_inputs.front());
}

}  // namespace

AverageScale average_scale(int32_t count) {
    AverageScale result;
    // 128 * count * 2^shift stays below 2^30: then the rounding error of the multiplier is below a
    // quarter, and no tie is missed.
    const int32_t bits = std::bit_width(static_cast<uint32_t>(count)) + 7;
    result.left_shift = std::clamp(30 - bits, 0, 10);
    result.scale = make_scale(std::ldexp(1.0 / count, -result.left_shift));
    return result;
}

Combine make_two_operands(const Network& network, const Operator& op) {
    Combine combine;
    combine.two_operands = true;
    set_output(network, op, combine);
    if (op.kind == OpKind::kMul) {
        combine.op = CombineOp::kProduct;
        combine.a.zero_point = zero_point_of(network, op.input);
        combine.b.zero_point = zero_point_of(network, op.more_inputs.front());
        combine.scale = make_scale(static_cast<double>(scale_of(network, op.input)) *
                                   static_cast<double>(scale_of(network, op.more_inputs.front())) /
                                   static_cast<double>(scale_of(network, op.output)));
        return combine;
    }
    combine.op = op.kind == OpKind::kSub ? CombineOp::kDifference : CombineOp::kSum;
    set_sum_scales(network, op, combine);
    return combine;
}

Combine make_add(const Network& network, const Operator& op, bool swapped) {
    Combine combine = make_two_operands(network, op);
    if (swapped) std::swap(combine.a, combine.b);
    return combine;
}

Combine make_copy(const Network& network, int32_t from, const Operator& op) {
    Combine combine;
    if (scale_of(network, from) == scale_of(network, op.output) &&
        zero_point_of(network, from) == zero_point_of(network, op.output)) {
        return combine;
    }
    combine.a.zero_point = zero_point_of(network, from);
    combine.output_zero_point = zero_point_of(network, op.output);
    combine.scale = make_scale(static_cast<double>(scale_of(network, from)) /
                               static_cast<double>(scale_of(network, op.output)));
    return combine;
}

void set_shape(const Extent& shape, VectorLayer& layer) {
    layer.window.in_h = layer.window.out_h = shape.h;
    layer.window.in_w = layer.window.out_w = shape.w;
    layer.window.in_c = layer.window.out_c = shape.c;
}

bool is_vector_layer(const Network& network, const Operator& op, const plan::Plan& plan) {
    if (!is_int8(network, op.input)) return false;
    if (tensor_of(network, op.input).is_constant) return false;
    if (plan.tables && has_lookup_table(network, op)) return true;
    switch (op.kind) {
        case OpKind::kAdd:
        case OpKind::kSub:
        case OpKind::kMul:
            return has_second_tensor(network, op);
        case OpKind::kAveragePool:
        case OpKind::kMaxPool:
            return op.conv.kernel_h <= 255 && op.conv.kernel_w <= 255;
        case OpKind::kMean:
            return is_spatial_mean(network, op);
        case OpKind::kRelu:
        case OpKind::kRelu6:
        case OpKind::kQuantize:
            return true;
        default:
            return false;
    }
}

VectorLayer make_vector_layer(const Network& network, int32_t index,
                              const network::Padding& padding, const plan::Plan& plan) {
    const Operator& op = network.operators[static_cast<size_t>(index)];
    VectorLayer layer;
    layer.index = index;
    layer.name = op.name;
    layer.op = operator_name(op.kind);
    layer.source = &op;
    layer.window.index = index;
    set_shape(extent_of(tensor_of(network, op.input)), layer);
    switch (op.kind) {
        case OpKind::kAveragePool:
        case OpKind::kMaxPool:
            set_window(network, op, padding, layer);
            set_output(network, op, layer.combine);
            layer.combine.output_zero_point = 0;
            layer.average = op.kind == OpKind::kAveragePool;
            layer.combine.op = layer.average ? CombineOp::kSum : CombineOp::kMaximum;
            return layer;
        case OpKind::kMean: {
            set_window(network, op, padding, layer);
            layer.combine = make_mean(network, op, op.conv.kernel_h * op.conv.kernel_w);
            return layer;
        }
        default:
            break;
    }
    if (plan.tables && has_lookup_table(network, op)) {
        layer.combine.table = lookup_table(network, op);
    } else if (op.more_inputs.size() == 1) {
        layer.combine = make_two_operands(network, op);
    } else {
        layer.combine = make_copy(network, op.input, op);
        if (op.kind == OpKind::kRelu) layer.combine.clamp_low = zero_point_of(network, op.output);
        if (op.kind == OpKind::kRelu6) {
            // The reference clamps without rescaling.
            layer.combine = {};
            const auto [low, high] =
                clamp_bounds(network::Activation::kRelu6, scale_of(network, op.input),
                             zero_point_of(network, op.input));
            layer.combine.clamp_low = low;
            layer.combine.clamp_high = high;
        }
    }
    return layer;
}

}  // namespace arraywright::compile
