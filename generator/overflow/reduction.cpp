// An operator as dot products. SPDX-License-Identifier: Apache-2.0
#include "generator/overflow/reduction.hpp"

#include <algorithm>
#include <cstring>

namespace arraywright::overflow {

using network::Operator;
using network::OpKind;
using network::Tensor;

namespace {

const Tensor& tensor(const network::Network& network, int32_t index) {
    return network.tensors[static_cast<size_t>(index)];
}

bool is_convolution(const Operator& op) {
    return op.kind == OpKind::kConv2d || op.kind == OpKind::kDepthwiseConv2d;
}

/// Of an axis: for every output index, which of its taps lie within the input; each once, with the
/// first index that has it.
std::vector<std::pair<int32_t, std::vector<bool>>> taps_within(int32_t outputs, int32_t inputs,
                                                               int32_t kernel, int32_t stride,
                                                               int32_t dilation, int32_t before) {
    std::vector<std::pair<int32_t, std::vector<bool>>> result;
    for (int32_t o = 0; o < outputs; ++o) {
        std::vector<bool> within;
        for (int32_t k = 0; k < kernel; ++k) {
            const int64_t at = int64_t{o} * stride + int64_t{k} * dilation - before;
            within.push_back(at >= 0 && at < inputs);
        }
        const bool known = std::any_of(result.begin(), result.end(),
                                       [&](const auto& one) { return one.second == within; });
        if (!known) result.emplace_back(o, std::move(within));
    }
    return result;
}

}  // namespace

Reduction::Reduction(const network::Network& network, const Operator& op,
                     const Arithmetic& arithmetic) {
    const Tensor& input = tensor(network, op.input);
    if (!input.quantization.zero_points.empty()) zero_point_ = input.quantization.zero_points[0];
    offset_ = arithmetic.centered ? zero_point_ : 0;
    set_geometry(network, op);
    set_constants(network, op);
    set_steps(op, arithmetic.products_per_step);
    set_classes(network, op);
}

void Reduction::set_geometry(const network::Network& network, const Operator& op) {
    const Tensor& weights = tensor(network, op.weights);
    const bool depthwise = op.kind == OpKind::kDepthwiseConv2d;
    channels_ = depthwise ? weights.shape[3] : weights.shape[0];
    length_ = weights.elements() / channels_;
    if (!is_convolution(op)) {
        channels_per_group_ = channels_;
        tap_channels_ = static_cast<int32_t>(length_);
        return;
    }
    channels_per_group_ = channels_ / op.conv.groups;
    taps_ = op.conv.kernel_h * op.conv.kernel_w;
    kernel_w_ = op.conv.kernel_w;
    tap_channels_ = static_cast<int32_t>(length_ / taps_);
}

void Reduction::set_constants(const network::Network& network, const Operator& op) {
    const std::vector<uint8_t>& data = tensor(network, op.weights).data;
    weights_.resize(data.size());
    const auto length = static_cast<size_t>(length_);
    const auto channels = static_cast<size_t>(channels_);
    if (op.kind == OpKind::kDepthwiseConv2d) {  // [1, KH, KW, N]
        for (size_t i = 0; i < data.size(); ++i)
            weights_[i % channels * length + i / channels] = static_cast<int8_t>(data[i]);
    } else {
        std::memcpy(weights_.data(), data.data(), data.size());
    }
    bias_.assign(channels, 0);
    if (op.bias >= 0) {
        std::memcpy(bias_.data(), tensor(network, op.bias).data.data(), channels * sizeof(int32_t));
    }
    for (int32_t n = 0; n < channels_; ++n) {
        const int8_t* row = weights(n);
        int64_t sum = 0;
        for (int64_t k = 0; k < length_; ++k) sum += row[k];
        folded_.push_back(Wide{bias(n)} - Wide{zero_point_ - offset_} * sum);
    }
}

/// A kernel row is one run of products, unless groups or dilation tear it into its taps. A step
/// takes products of one run.
void Reduction::set_steps(const Operator& op, int32_t products_per_step) {
    int64_t runs = 1;
    if (is_convolution(op)) {
        const bool whole_rows =
            op.kind == OpKind::kConv2d && op.conv.groups == 1 && op.conv.dilation_w == 1;
        runs = whole_rows ? op.conv.kernel_h : taps_;
    }
    const int64_t run = length_ / runs;
    for (int64_t start = 0; start < length_; start += run) {
        for (int64_t k = 0; k < run; k += products_per_step)
            step_ends_.push_back(start + std::min<int64_t>(k + products_per_step, run));
    }
}

void Reduction::set_classes(const network::Network& network, const Operator& op) {
    if (!is_convolution(op)) {
        classes_.push_back({0, 0, {true}, {true}});
        return;
    }
    const Tensor& in = tensor(network, op.input);
    const Tensor& out = tensor(network, op.output);
    const network::Conv2dAttributes& conv = op.conv;
    const auto rows = taps_within(out.shape[1], in.shape[1], conv.kernel_h, conv.stride_h,
                                  conv.dilation_h, conv.padding.top);
    const auto columns = taps_within(out.shape[2], in.shape[2], conv.kernel_w, conv.stride_w,
                                     conv.dilation_w, conv.padding.left);
    for (const auto& [y, row_in] : rows) {
        for (const auto& [x, column_in] : columns) classes_.push_back({y, x, row_in, column_in});
    }
}

std::vector<Range> Reduction::factors(int32_t channel, const PaddingClass& padding,
                                      const std::vector<Range>& inputs) const {
    const int32_t pad = zero_point_ - offset_;
    const int32_t first = first_input_channel(channel);
    std::vector<Range> result;
    result.reserve(static_cast<size_t>(length_));
    for (int32_t tap = 0; tap < taps_; ++tap) {
        const bool within = padding.row_in[static_cast<size_t>(tap / kernel_w_)] &&
                            padding.column_in[static_cast<size_t>(tap % kernel_w_)];
        for (int32_t c = 0; c < tap_channels_; ++c) {
            if (!within) {
                result.push_back({pad, pad});
                continue;
            }
            const Range& range = inputs[static_cast<size_t>(first + c) % inputs.size()];
            result.push_back({range.low - offset_, range.high - offset_});
        }
    }
    return result;
}

}  // namespace arraywright::overflow
