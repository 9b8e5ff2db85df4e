// Operators to layers: geometry, folded bias, requantization. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/layer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace arraywright::compile {

namespace {

void set_geometry(const network::Network& network, const network::Operator& op, Layer& layer) {
    const network::Tensor& in = network.tensors[static_cast<size_t>(op.input)];
    const network::Tensor& out = network.tensors[static_cast<size_t>(op.output)];
    const network::Tensor& weights = network.tensors[static_cast<size_t>(op.weights)];
    layer.conv = op.conv;
    if (op.kind == network::OpKind::kConv2d) {
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

/// Folds the input's zero point into the bias and looks at the extreme sums of every channel.
std::string fold_bias(const network::Network& network, const network::Operator& op,
                      int32_t accumulator_bits, Layer& layer) {
    const int64_t k = layer.reduction();
    const int32_t* bias = nullptr;
    if (op.bias >= 0) {
        bias = reinterpret_cast<const int32_t*>(
            network.tensors[static_cast<size_t>(op.bias)].data.data());
    }
    const int64_t limit = int64_t{1} << (accumulator_bits - 1);
    layer.proven_safe = true;
    layer.bias.resize(static_cast<size_t>(layer.out_c));
    for (int32_t n = 0; n < layer.out_c; ++n) {
        const int8_t* w = layer.weights + n * k;
        int64_t sum = 0, magnitude = 0;
        for (int64_t i = 0; i < k; ++i) {
            sum += w[i];
            magnitude += std::abs(int32_t{w[i]});
        }
        const int64_t folded = (bias ? bias[n] : 0) - layer.input_zero_point * sum;
        if (folded < std::numeric_limits<int32_t>::min() ||
            folded > std::numeric_limits<int32_t>::max()) {
            return fmt::format(
                "the bias of channel {} does not fit 32 bits once the input's zero point {} is "
                "folded in ({})",
                n, layer.input_zero_point, folded);
        }
        layer.bias[static_cast<size_t>(n)] = static_cast<int32_t>(folded);
        layer.has_bias = layer.has_bias || folded != 0;
        // |activation| <= 128: every partial sum stays within 128 * magnitude.
        if (128 * magnitude + std::abs(folded) >= limit) layer.proven_safe = false;
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

    // Clamp bounds zero_point + round(bound / scale), in float32 as the reference has it.
    const auto quantized = [&](float bound) {
        const float steps = std::round(bound / out.scales[0]);
        return static_cast<int32_t>(
            std::clamp(static_cast<float>(layer.output_zero_point) + steps, -128.f, 127.f));
    };
    using network::Activation;
    if (op.activation == Activation::kRelu || op.activation == Activation::kRelu6)
        layer.clamp_low = quantized(0.f);
    if (op.activation == Activation::kRelu6) layer.clamp_high = quantized(6.f);
    if (op.activation == Activation::kReluN1To1) {
        layer.clamp_low = quantized(-1.f);
        layer.clamp_high = quantized(1.f);
    }
}

}  // namespace

Scale make_scale(double real) {
    Scale scale;
    if (real <= 0) return scale;
    int exponent = 0;
    int64_t q = std::llround(std::frexp(real, &exponent) * 2147483648.0);
    if (q == int64_t{1} << 31) {
        q /= 2;
        ++exponent;
    }
    if (exponent < -31) return scale;
    if (exponent > 30) {
        q = (int64_t{1} << 31) - 1;
        exponent = 30;
    }
    scale.multiplier = static_cast<int32_t>(q);
    scale.exponent = exponent;
    return scale;
}

LayerResult make_layer(const network::Network& network, int32_t index, int32_t accumulator_bits) {
    const network::Operator& op = network.operators[static_cast<size_t>(index)];
    constexpr const char* kNames[] = {"gemm", "fully_connected", "conv2d"};
    LayerResult result;
    Layer& layer = result.layer;
    layer.index = index;
    layer.name = op.name;
    if (static_cast<size_t>(op.kind) >= std::size(kNames)) {
        result.error = "this operator is not compiled by this version";
        return result;
    }
    layer.op = kNames[static_cast<int>(op.kind)];
    layer.source = &op;
    layer.input_tensor = op.input;
    layer.output_tensor = op.output;
    set_geometry(network, op, layer);
    const network::Tensor& in = network.tensors[static_cast<size_t>(op.input)];
    layer.weights = reinterpret_cast<const int8_t*>(
        network.tensors[static_cast<size_t>(op.weights)].data.data());
    layer.input_zero_point =
        in.quantization.zero_points.empty() ? 0 : in.quantization.zero_points[0];
    layer.raw = op.output_kind == network::OutputKind::kRaw;
    result.error = fold_bias(network, op, accumulator_bits, layer);
    if (result.error.empty() && !layer.raw) set_scales(network, op, layer);
    if (layer.raw) layer.scales.resize(1);
    return result;
}

}  // namespace arraywright::compile
