// Operators to layers: geometry, folded bias, requantization. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/layer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "generator/compile/array_mode.hpp"
#include "generator/compile/operator_names.hpp"

namespace arraywright::compile {

namespace {

constexpr int32_t kMostChannels = 1 << 16;  // field channel_start

void set_geometry(const network::Network& network, const network::Operator& op, Layer& layer) {
    const network::Tensor& in = network.tensors[static_cast<size_t>(layer.input_tensor)];
    const network::Tensor& out = network.tensors[static_cast<size_t>(op.output)];
    const network::Tensor& weights = network.tensors[static_cast<size_t>(op.weights)];
    layer.conv = op.conv;
    if (op.kind == network::OpKind::kConv2d || op.kind == network::OpKind::kDepthwiseConv2d) {
        layer.in_h = in.shape[1];
        layer.in_w = in.shape[2];
        layer.in_c = in.shape[3];
        layer.out_h = out.shape[1];
        layer.out_w = out.shape[2];
        layer.out_c = out.shape[3];
        return;
    }
    layer.conv = {};
    layer.in_c = weights.shape.back();
    layer.out_c = weights.shape.front();
    layer.in_h = layer.out_h = static_cast<int32_t>(in.elements() / layer.in_c);
}

/// Weights [1, kernel_h, kernel_w, out_c] become those of a grouped convolution.
void set_depthwise(Layer& layer) {
    layer.conv.groups = layer.in_c;
    const auto taps = static_cast<size_t>(layer.conv.kernel_h * layer.conv.kernel_w);
    const auto channels = static_cast<size_t>(layer.out_c);
    layer.own_weights.resize(taps * channels);
    for (size_t n = 0; n < channels; ++n) {
        for (size_t tap = 0; tap < taps; ++tap) {
            layer.own_weights[n * taps + tap] = layer.weights[tap * channels + n];
        }
    }
    layer.weights = layer.own_weights.data();
}

/// Folds the input's zero point into the bias, unless a gated array takes it off, and looks at the
/// extreme sums of every channel.
std::string fold_bias(const network::Network& network, const network::Operator& op,
                      const plan::Plan& plan, Layer& layer) {
    const int64_t k = layer.reduction();
    const int32_t* bias = nullptr;
    if (op.bias >= 0) {
        bias = reinterpret_cast<const int32_t*>(
            network.tensors[static_cast<size_t>(op.bias)].data.data());
    }
    const int64_t limit = int64_t{1} << (plan.accumulator_bits - 1);
    const int64_t zero_point = plan.zero_gating ? 0 : layer.input_zero_point;
    const int64_t largest = plan.zero_gating ? 255 : 128;  // activation
    layer.proven_safe = true;
    layer.bias.resize(static_cast<size_t>(layer.out_c));
    for (int32_t n = 0; n < layer.out_c; ++n) {
        const int8_t* w = layer.weights + n * k;
        int64_t sum = 0, magnitude = 0;
        for (int64_t i = 0; i < k; ++i) {
            sum += w[i];
            magnitude += std::abs(int32_t{w[i]});
        }
        const int64_t folded = (bias ? bias[n] : 0) - zero_point * sum;
        if (folded < std::numeric_limits<int32_t>::min() ||
            folded > std::numeric_limits<int32_t>::max()) {
            return fmt::format(
                "the bias of channel {} does not fit 32 bits once the input's zero point {} is "
                "folded in ({})",
                n, layer.input_zero_point, folded);
        }
        layer.bias[static_cast<size_t>(n)] = static_cast<int32_t>(folded);
        layer.has_bias = layer.has_bias || folded != 0;
        // Every partial sum stays within the largest activation times the magnitude.
        if (largest * magnitude + std::abs(folded) >= limit) layer.proven_safe = false;
    }
    return {};
}

void set_scales(const network::Network& network, const network::Operator& op, Layer& layer) {
    const network::Quantization& in = network.tensors[static_cast<size_t>(op.input)].quantization;
    const network::Quantization& weights =
        network.tensors[static_cast<size_t>(op.weights)].quantization;
    const network::Quantization& out = network.tensors[static_cast<size_t>(op.output)].quantization;
    for (const float weight_scale : weights.scales) {
        const double product =
            op.float32_scale_product
                ? static_cast<double>(in.scales[0] * weight_scale)
                : static_cast<double>(in.scales[0]) * static_cast<double>(weight_scale);
        layer.scales.push_back(make_scale(product / static_cast<double>(out.scales[0])));
    }
    layer.per_channel = std::any_of(layer.scales.begin(), layer.scales.end(),
                                    [&](const Scale& s) { return s != layer.scales.front(); });
    if (!layer.per_channel) layer.scales.resize(1);
    layer.output_zero_point = out.zero_points.empty() ? 0 : out.zero_points[0];

    std::tie(layer.clamp_low, layer.clamp_high) =
        clamp_bounds(op.activation, out.scales[0], layer.output_zero_point);
}

}  // namespace

LayerResult make_layer(const network::Network& network, int32_t index, int32_t input,
                       const network::Padding& padding, const plan::Plan& plan, bool dense_output) {
    const network::Operator& op = network.operators[static_cast<size_t>(index)];
    LayerResult result;
    Layer& layer = result.layer;
    layer.index = index;
    layer.name = op.name;
    layer.op = operator_name(op.kind);
    layer.source = &op;
    layer.input_tensor = input;
    layer.output_tensor = op.output;
    set_geometry(network, op, layer);
    layer.conv.padding = padding;
    const network::Tensor& in = network.tensors[static_cast<size_t>(input)];
    layer.weights = reinterpret_cast<const int8_t*>(
        network.tensors[static_cast<size_t>(op.weights)].data.data());
    if (op.kind == network::OpKind::kDepthwiseConv2d) set_depthwise(layer);
    layer.input_zero_point =
        in.quantization.zero_points.empty() ? 0 : in.quantization.zero_points[0];
    layer.raw = op.output_kind == network::OutputKind::kRaw;
    if (layer.out_c > kMostChannels) {
        result.error = fmt::format("{} output channels; a command addresses at most {}",
                                   layer.out_c, kMostChannels);
        return result;
    }
    result.error = fold_bias(network, op, plan, layer);
    if (result.error.empty() && !layer.raw) set_scales(network, op, layer);
    if (layer.raw) layer.scales.resize(1);
    if (dense_output && join_columns(plan, layer)) {
        const std::vector<int32_t> bias = layer.bias;
        for (int32_t p = 1; p < layer.joined_columns; ++p)
            layer.bias.insert(layer.bias.end(), bias.begin(), bias.end());
        const std::vector<Scale> scales = layer.scales;
        for (int32_t p = 1; layer.per_channel && p < layer.joined_columns; ++p)
            layer.scales.insert(layer.scales.end(), scales.begin(), scales.end());
    }
    choose_array_mode(plan, layer);
    choose_weight_form(plan, layer);
    return result;
}

}  // namespace arraywright::compile
