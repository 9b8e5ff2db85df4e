// Operators to loops of the host. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/host_operators.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "generator/compile/host_limits.hpp"
#include "generator/compile/host_loops.hpp"
#include "generator/compile/layer.hpp"

namespace arraywright::compile {

using network::Network;
using network::Operator;
using network::OpKind;
using network::Tensor;

namespace {

constexpr const char* kTooManyAxes =
    "the host's loops have six axes; fewer that cannot be joined are needed";

void set_rescale(const Scale& scale, aw_host_op& op) {
    op.multiplier = scale.multiplier;
    op.shift = scale.exponent;
}

/// Builds the loops of one operator of the network.
class HostBuilder {
public:
    HostBuilder(const Network& network, int32_t index, const TensorAddress& address,
                const ByteTable* table)
        : network_(network),
          op_(network.operators[static_cast<size_t>(index)]),
          index_(index),
          address_(address),
          table_(table) {}

    HostOperatorsResult build() {
        if (table_ != nullptr && op_.more_inputs.empty()) {
            add_table();
            return std::move(result_);
        }
        switch (op_.kind) {
            case OpKind::kReshape:
                if (address_(op_.input) != address_(op_.output)) add_copy();
                break;
            case OpKind::kTranspose:
                add_transpose();
                break;
            case OpKind::kPad:
                add_pad();
                break;
            case OpKind::kConcatenation:
                add_concatenation();
                break;
            case OpKind::kSoftmax:
                add_softmax();
                break;
            case OpKind::kQuantize:
            case OpKind::kDequantize:
            case OpKind::kRelu:
            case OpKind::kRelu6:
                add_conversion();
                break;
            case OpKind::kAdd:
            case OpKind::kSub:
            case OpKind::kMul:
                add_binary();
                break;
            case OpKind::kAveragePool:
            case OpKind::kMaxPool:
            case OpKind::kMean:
                add_pool();
                break;
            default:
                result_.error = "the host has no code for this operator";
        }
        return std::move(result_);
    }

private:
    const Tensor& tensor(int32_t index) const {
        return network_.tensors[static_cast<size_t>(index)];
    }
    const Tensor& input() const { return tensor(op_.input); }
    const Tensor& output() const { return tensor(op_.output); }

    aw_operand operand(int32_t index, int64_t element = 0) const {
        aw_operand result{};
        result.type = static_cast<uint32_t>(tensor(index).type);
        result.address =
            address_(index) +
            static_cast<uint64_t>(element * network::element_bytes(tensor(index).type));
        return result;
    }

    /// Limits of the output's type, multiplier 0.
    aw_host_op make(aw_host_kind kind) const {
        aw_host_op op{};
        op.kind = kind;
        op.layer = static_cast<uint32_t>(index_);
        op.a = operand(op_.input);
        op.b.type = op.a.type;
        op.out = operand(op_.output);
        const Limits limits = type_limits(output().type);
        op.minimum = limits.low;
        op.maximum = limits.high;
        return op;
    }

    void finish(aw_host_op op, const std::vector<LoopAxis>& outer,
                const std::vector<LoopAxis>& inner = {}) {
        if (!set_loops(outer, inner, op)) result_.error = kTooManyAxes;
        result_.operators.push_back({op, {}});
    }

    std::vector<LoopAxis> all_elements() const { return {{output().elements(), 1, 0, 1}}; }

    void add_copy() { finish(make(AW_HOST_MOVE), all_elements()); }

    void add_table() {
        finish(make(AW_HOST_TABLE), all_elements());
        std::vector<uint8_t>& bytes = result_.operators.back().table;
        bytes.resize(AW_TABLE_BYTES);
        for (size_t byte = 0; byte < bytes.size(); ++byte) {
            bytes[byte] = static_cast<uint8_t>((*table_)[byte ^ 0x80U]);
        }
    }

    void add_transpose() {
        const std::vector<int64_t> in = row_major_strides(input().shape);
        const std::vector<int64_t> out = row_major_strides(output().shape);
        std::vector<LoopAxis> axes;
        for (size_t i = 0; i < out.size(); ++i) {
            const int64_t from = in[static_cast<size_t>(op_.permutation[i])];
            axes.push_back({output().shape[i], from, 0, out[i]});
        }
        finish(make(AW_HOST_MOVE), axes);
    }

    void add_pad() {
        aw_host_op fill = make(AW_HOST_FILL);
        fill.zero_out = op_.pad_value;
        finish(fill, {{output().elements(), 0, 0, 1}});
        const std::vector<int64_t> in = row_major_strides(input().shape);
        const std::vector<int64_t> out = row_major_strides(output().shape);
        std::vector<LoopAxis> axes;
        int64_t first = 0;
        for (size_t i = 0; i < in.size(); ++i) {
            axes.push_back({input().shape[i], in[i], 0, out[i]});
            first += out[i] * op_.pads[i].first;
        }
        aw_host_op move = make(AW_HOST_MOVE);
        move.out = operand(op_.output, first);
        finish(move, axes);
    }

    /// Copies or, where the quantization differs, requantizes each input to its place.
    void add_concatenation() {
        const auto axis = static_cast<size_t>(op_.axis);
        const std::vector<int64_t> out = row_major_strides(output().shape);
        int64_t first = 0;
        for (const int32_t index : op_.all_inputs()) {
            const Tensor& from = tensor(index);
            const bool same = scale_of(from) == scale_of(output()) &&
                              zero_of(from) == zero_of(output()) && from.type == output().type;
            aw_host_op op = make(same ? AW_HOST_MOVE : AW_HOST_REQUANTIZE);
            op.a = operand(index);
            op.out = operand(op_.output, first * out[axis]);
            if (!same) set_requantization(from, op);
            const std::vector<int64_t> in = row_major_strides(from.shape);
            std::vector<LoopAxis> axes;
            for (size_t i = 0; i < in.size(); ++i) {
                axes.push_back({from.shape[i], in[i], 0, out[i]});
            }
            finish(op, axes);
            first += from.shape[axis];
        }
    }

    void set_requantization(const Tensor& from, aw_host_op& op) const {
        op.zero_a = zero_of(from);
        op.zero_out = zero_of(output());
        set_rescale(make_scale(static_cast<double>(scale_of(from)) /
                               static_cast<double>(scale_of(output()))),
                    op);
    }

    /// beta * scale as a multiplier to Q5.26; below `minimum` exp is 0 in that format.
    void add_softmax() {
        constexpr double kLargest = 2147483647.0;
        aw_host_op op = make(AW_HOST_SOFTMAX);
        const double real = std::min(
            static_cast<double>(op_.beta) * static_cast<double>(scale_of(input())) * (1 << 26),
            kLargest);
        const Scale scale = make_scale(real);
        op.multiplier_a = scale.multiplier;
        op.shift_a = scale.exponent;
        op.minimum = -static_cast<int32_t>(
            std::floor(std::min(31.0 * (1 << 26) / std::ldexp(1.0, scale.exponent), kLargest)));
        const int64_t depth = output().shape.empty() ? 1 : output().shape.back();
        finish(op, {{output().elements() / depth, depth, 0, depth}}, {{depth, 1, 0, 1}});
    }

    void add_conversion() {
        const bool from_float = input().type == network::DataType::kFloat32;
        const bool to_float = output().type == network::DataType::kFloat32;
        aw_host_op op = make(from_float ? AW_HOST_QUANTIZE
                             : to_float ? AW_HOST_DEQUANTIZE
                                        : AW_HOST_REQUANTIZE);
        if (from_float) {
            op.scale = scale_of(output());
            op.zero_out = zero_of(output());
        } else if (to_float) {
            op.scale = scale_of(input());
            op.zero_a = zero_of(input());
        } else if (op_.kind == OpKind::kRelu6) {
            // The reference clamps without rescaling.
            set_rescale(make_scale(1.0), op);
            op.minimum = quantized(0.0F, input());
            op.maximum = quantized(6.0F, input());
        } else {
            set_requantization(input(), op);
            if (op_.kind == OpKind::kRelu) op.minimum = std::max(op.minimum, op.zero_out);
        }
        finish(op, all_elements());
    }

    void set_sum_scales(const Tensor& b, aw_host_op& op) const {
        constexpr int32_t kLeftShift = 20;
        const float s1 = scale_of(input());
        const float s2 = scale_of(b);
        const float out = scale_of(output());
        double m1 = 0, m2 = 0, m = 0;
        if (op.kind == AW_HOST_SUB) {  // in single precision, as the reference has it
            const float twice = 2 * std::max(s1, s2);
            m1 = static_cast<double>(s1 / twice);
            m2 = static_cast<double>(s2 / twice);
            m = static_cast<double>(twice / (static_cast<float>(1 << kLeftShift) * out));
        } else {
            const double twice = 2 * static_cast<double>(std::max(s1, s2));
            m1 = static_cast<double>(s1) / twice;
            m2 = static_cast<double>(s2) / twice;
            m = twice / ((1 << kLeftShift) * static_cast<double>(out));
        }
        op.left_shift = kLeftShift;
        const Scale a_scale = make_scale(m1);
        const Scale b_scale = make_scale(m2);
        op.multiplier_a = a_scale.multiplier;
        op.shift_a = a_scale.exponent;
        op.multiplier_b = b_scale.multiplier;
        op.shift_b = b_scale.exponent;
        set_rescale(make_scale(m), op);
    }

    /// Strides of an operand along the output's axes, 0 where it repeats.
    std::vector<int64_t> broadcast_strides(const Tensor& from) const {
        const size_t rank = output().shape.size();
        std::vector<int64_t> result(rank, 0);
        const std::vector<int64_t> strides = row_major_strides(from.shape);
        for (size_t i = 0; i < strides.size(); ++i) {
            const size_t axis = rank - strides.size() + i;
            if (from.shape[i] != 1) result[axis] = strides[i];
        }
        return result;
    }

    void add_binary() {
        const int32_t second = op_.more_inputs.front();
        const Tensor& b = tensor(second);
        aw_host_op op = make(op_.kind == OpKind::kAdd   ? AW_HOST_ADD
                             : op_.kind == OpKind::kSub ? AW_HOST_SUB
                                                        : AW_HOST_MUL);
        op.b = operand(second);
        op.zero_a = zero_of(input());
        op.zero_b = zero_of(b);
        op.zero_out = zero_of(output());
        if (op.kind == AW_HOST_MUL) {
            set_rescale(make_scale(static_cast<double>(scale_of(input())) *
                                   static_cast<double>(scale_of(b)) /
                                   static_cast<double>(scale_of(output()))),
                        op);
        } else {
            set_sum_scales(b, op);
        }
        const Limits limits = activation_limits(op_.activation, output());
        op.minimum = limits.low;
        op.maximum = limits.high;
        const std::vector<int64_t> a_strides = broadcast_strides(input());
        const std::vector<int64_t> b_strides = broadcast_strides(b);
        const std::vector<int64_t> strides = row_major_strides(output().shape);
        std::vector<LoopAxis> axes;
        for (size_t i = 0; i < strides.size(); ++i) {
            axes.push_back({output().shape[i], a_strides[i], b_strides[i], strides[i]});
        }
        finish(op, axes);
    }

    /// The divisor goes into the multiplier, as far as that keeps 31 bits.
    void set_mean(aw_host_op& op) const {
        const int64_t count = int64_t{op_.conv.kernel_h} * op_.conv.kernel_w;
        set_requantization(input(), op);
        const int32_t log2 = static_cast<int32_t>(std::bit_width(static_cast<uint64_t>(count))) - 1;
        const int32_t shift = std::min({log2, 32, 31 + op.shift});
        op.multiplier = static_cast<int32_t>((int64_t{op.multiplier} << shift) / count);
        op.shift -= shift;
    }

    /// One loop nest for every part of the output whose windows the border cuts alike.
    void add_pool() {
        const network::Conv2dAttributes& conv = op_.conv;
        const std::vector<int32_t>& in = input().shape;
        const int64_t channels = in[3];
        const auto extent = [](int32_t size, int32_t padding, int32_t kernel, int32_t stride) {
            return (size + padding - kernel) / stride + 1;
        };
        const int32_t out_h =
            extent(in[1], conv.padding.top + conv.padding.bottom, conv.kernel_h, conv.stride_h);
        const int32_t out_w =
            extent(in[2], conv.padding.left + conv.padding.right, conv.kernel_w, conv.stride_w);
        aw_host_op base = make(op_.kind == OpKind::kMean          ? AW_HOST_MEAN
                               : op_.kind == OpKind::kAveragePool ? AW_HOST_AVERAGE
                                                                  : AW_HOST_MAXIMUM);
        const Limits limits = activation_limits(op_.activation, output());
        base.minimum = limits.low;
        base.maximum = limits.high;
        if (op_.kind == OpKind::kMean) set_mean(base);
        const int64_t row = in[2] * channels;
        for (const WindowSpan& y :
             window_spans(in[1], out_h, conv.kernel_h, conv.stride_h, conv.padding.top)) {
            for (const WindowSpan& x :
                 window_spans(in[2], out_w, conv.kernel_w, conv.stride_w, conv.padding.left)) {
                aw_host_op op = base;
                const int64_t in_y = int64_t{y.first} * conv.stride_h - conv.padding.top + y.from;
                const int64_t in_x = int64_t{x.first} * conv.stride_w - conv.padding.left + x.from;
                op.a = operand(op_.input, in_y * row + in_x * channels);
                op.out = operand(op_.output, (int64_t{y.first} * out_w + x.first) * channels);
                finish(op,
                       {{y.count, conv.stride_h * row, 0, out_w * channels},
                        {x.count, conv.stride_w * channels, 0, channels},
                        {channels, 1, 0, 1}},
                       {{y.to - y.from, row, 0, 0}, {x.to - x.from, channels, 0, 0}});
            }
        }
    }

    const Network& network_;
    const Operator& op_;
    int32_t index_;
    const TensorAddress& address_;
    const ByteTable* table_;
    HostOperatorsResult result_;
};

}  // namespace

HostOperatorsResult make_host_operators(const Network& network, int32_t index,
                                        const TensorAddress& address, const ByteTable* table) {
    return HostBuilder(network, index, address, table).build();
}

}  // namespace arraywright::compile
