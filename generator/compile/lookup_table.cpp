// Lookup tables. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/lookup_table.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "generator/compile/fixed_point.hpp"
#include "generator/compile/layer.hpp"
#include "generator/compile/vector_layer.hpp"

namespace arraywright::compile {

using network::Network;
using network::Operator;
using network::OpKind;
using network::Tensor;

namespace {

struct Scaled {
    float scale = 1.0F;
    int32_t zero_point = 0;
};

Scaled scaled(const Tensor& tensor) {
    const network::Quantization& q = tensor.quantization;
    return {q.scales.empty() ? 1.0F : q.scales[0], q.zero_points.empty() ? 0 : q.zero_points[0]};
}

/// Logistic and tanh: the input as a fixed-point number with 4 integer bits; beyond its range the
/// function has reached its limit.
int64_t curve(int32_t x, const Scaled& in, int32_t (*function)(int32_t), int32_t shift,
              int32_t zero_point) {
    const Scale scale = make_scale(static_cast<double>(in.scale) * (1 << 27));
    const double most = 15.0 * (1 << 27) / std::ldexp(1.0, scale.exponent);
    const auto radius = static_cast<int32_t>(std::floor(std::min(most, 1e9)));
    const int32_t centred = x - in.zero_point;
    if (centred <= -radius) return -128;
    if (centred >= radius) return 127;
    const int64_t fixed = multiply_rounded(centred, scale.multiplier, scale.exponent);
    return divide_rounded(function(static_cast<int32_t>(fixed)), shift) + zero_point;
}

int64_t tap(int32_t x, const TapScale& scale) {
    const int64_t high = (int64_t{x - scale.zero_point} * scale.multiplier + (1 << 10)) >> 11;
    return divide_rounded(high, scale.shift);
}

/// ADD, SUB or MUL of the variable and a constant, in their order.
int64_t with_constant(int32_t first, int32_t second, const Combine& combine) {
    int64_t sum = 0;
    if (combine.op == CombineOp::kProduct) {
        sum = int64_t{first - combine.a.zero_point} * (second - combine.b.zero_point);
    } else {
        const int64_t b = tap(second, combine.b);
        sum = tap(first, combine.a) + (combine.op == CombineOp::kDifference ? -b : b);
    }
    const int64_t value = multiply_rounded(sum, combine.scale.multiplier, combine.scale.exponent) +
                          combine.output_zero_point;
    return std::clamp<int64_t>(value, combine.clamp_low, combine.clamp_high);
}

bool is_constant_scalar(const Tensor& tensor) {
    return tensor.is_constant && tensor.elements() == 1 &&
           tensor.type == network::DataType::kInt8 && tensor.data.size() == 1;
}

}  // namespace

bool has_lookup_table(const Network& network, const Operator& op) {
    const auto tensor = [&](int32_t t) -> const Tensor& {
        return network.tensors[static_cast<size_t>(t)];
    };
    if (tensor(op.input).type != network::DataType::kInt8 ||
        tensor(op.output).type != network::DataType::kInt8) {
        return false;
    }
    switch (op.kind) {
        case OpKind::kLogistic:
        case OpKind::kTanh:
        case OpKind::kRelu:
        case OpKind::kRelu6:
        case OpKind::kQuantize:
            return true;
        case OpKind::kAdd:
        case OpKind::kSub:
        case OpKind::kMul:
            return !tensor(op.input).is_constant && op.more_inputs.size() == 1 &&
                   is_constant_scalar(tensor(op.more_inputs.front()));
        default:
            return false;
    }
}

LookupTable lookup_table(const Network& network, const Operator& op) {
    const Scaled in = scaled(network.tensors[static_cast<size_t>(op.input)]);
    const Scaled out = scaled(network.tensors[static_cast<size_t>(op.output)]);
    const Scale rescale =
        make_scale(static_cast<double>(in.scale) / static_cast<double>(out.scale));
    std::function<int64_t(int32_t)> function;
    switch (op.kind) {
        case OpKind::kLogistic:
            function = [&](int32_t x) { return curve(x, in, fixed_logistic, 23, -128); };
            break;
        case OpKind::kTanh:
            function = [&](int32_t x) { return curve(x, in, fixed_tanh, 24, 0); };
            break;
        case OpKind::kRelu6: {
            // The reference clamps without rescaling.
            const float six = std::round(6.0F / in.scale) + static_cast<float>(in.zero_point);
            const auto high = static_cast<int64_t>(std::min(six, 127.0F));
            function = [=](int32_t x) {
                return std::min<int64_t>(std::max<int64_t>(x, in.zero_point), high);
            };
            break;
        }
        case OpKind::kAdd:
        case OpKind::kSub:
        case OpKind::kMul: {
            const Tensor& constant = network.tensors[static_cast<size_t>(op.more_inputs.front())];
            const auto second = static_cast<int8_t>(constant.data.front());
            const Combine combine = make_two_operands(network, op);
            function = [=](int32_t x) { return with_constant(x, second, combine); };
            break;
        }
        default: {
            const int64_t low = op.kind == OpKind::kRelu ? std::max(out.zero_point, -128) : -128;
            function = [=](int32_t x) {
                const int64_t value =
                    multiply_rounded(x - in.zero_point, rescale.multiplier, rescale.exponent);
                return std::max(value + out.zero_point, low);
            };
        }
    }
    LookupTable table{};
    for (int32_t x = -128; x < 128; ++x) {
        table[static_cast<size_t>(x + 128)] =
            static_cast<int8_t>(std::clamp<int64_t>(function(x), -128, 127));
    }
    return table;
}

}  // namespace arraywright::compile
