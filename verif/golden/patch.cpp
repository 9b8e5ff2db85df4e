// Patches of activations. SPDX-License-Identifier: Apache-2.0
#include "verif/golden/patch.hpp"

#include <algorithm>

namespace arraywright::golden {

using network::Conv2dAttributes;
using network::Operator;
using network::OpKind;
using network::Tensor;

int32_t zero_point_of(const Tensor& tensor) {
    const std::vector<int32_t>& zero_points = tensor.quantization.zero_points;
    return zero_points.empty() ? 0 : zero_points[0];
}

DotProducts dot_products(const network::Network& network, const Operator& op) {
    const Tensor& weights = network.tensors[op.weights];
    const bool is_depthwise = op.kind == OpKind::kDepthwiseConv2d;
    const int64_t channels = is_depthwise ? weights.shape[3] : weights.shape[0];
    DotProducts result;
    result.terms = weights.elements() / channels;
    result.positions = network.tensors[op.output].elements() / channels;
    result.channels_per_group = channels;
    result.run_terms = result.terms;
    if (op.kind == OpKind::kConv2d) {
        result.groups = op.conv.groups;
        result.channels_per_group = channels / op.conv.groups;
        const bool row_is_one_run = op.conv.groups == 1 && op.conv.dilation_w == 1;
        result.runs = int64_t{op.conv.kernel_h} * (row_is_one_run ? 1 : op.conv.kernel_w);
        result.run_terms = result.terms / result.runs;
    }
    if (is_depthwise) {
        result.groups = op.conv.groups;
        result.channels_per_group = channels / op.conv.groups;
        result.runs = result.terms;
        result.run_terms = 1;
    }
    return result;
}

namespace {

/// y = oy * stride_h + kh * dilation_h - padding.top, x likewise; outside the input lies padding.
void gather_conv2d(const network::Network& network, const Operator& op, const int8_t* input,
                   int64_t position, int64_t group, std::vector<int8_t>& patch) {
    const Conv2dAttributes& conv = op.conv;
    const Tensor& tensor = network.tensors[op.input];
    const int64_t height = tensor.shape[1];
    const int64_t width = tensor.shape[2];
    const int64_t channels = tensor.shape[3];
    const int64_t group_channels = channels / conv.groups;
    const auto zero_point = static_cast<int8_t>(zero_point_of(tensor));
    const int64_t out_width = network.tensors[op.output].shape[2];
    const int64_t out_y = position / out_width;
    const int64_t out_x = position % out_width;

    auto tap = patch.begin();
    for (int64_t kh = 0; kh < conv.kernel_h; ++kh) {
        const int64_t y = out_y * conv.stride_h + kh * conv.dilation_h - conv.padding.top;
        for (int64_t kw = 0; kw < conv.kernel_w; ++kw) {
            const int64_t x = out_x * conv.stride_w + kw * conv.dilation_w - conv.padding.left;
            if (y < 0 || y >= height || x < 0 || x >= width) {
                std::fill_n(tap, group_channels, zero_point);
            } else {
                const int8_t* pixel = input + (y * width + x) * channels;
                std::copy_n(pixel + group * group_channels, group_channels, tap);
            }
            tap += group_channels;
        }
    }
}

}  // namespace

void gather_patch(const network::Network& network, const Operator& op, const int8_t* input,
                  int64_t position, int64_t group, std::vector<int8_t>& patch) {
    if (op.kind == OpKind::kConv2d || op.kind == OpKind::kDepthwiseConv2d) {
        gather_conv2d(network, op, input, position, group, patch);
    } else {
        const auto terms = static_cast<int64_t>(patch.size());
        std::copy_n(input + position * terms, terms, patch.begin());
    }
}

}  // namespace arraywright::golden
