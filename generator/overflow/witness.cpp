// Witness inputs. SPDX-License-Identifier: Apache-2.0
#include "generator/overflow/witness.hpp"

#include <algorithm>

namespace arraywright::overflow {

using network::Operator;
using network::OpKind;
using network::Tensor;

namespace {

/// The part of one axis that one output index reads.
struct Crop {
    int32_t begin = 0, size = 1;     ///< of the input
    int32_t before = 0, after = 0;   ///< padding
    int32_t outputs = 1, index = 0;  ///< of the output, and which of them is meant
};

Crop crop(int32_t output, int32_t outputs, int32_t inputs, int32_t kernel, int32_t stride,
          int32_t dilation, int32_t before, int32_t after) {
    const int32_t start = output * stride - before;
    const int32_t end = start + (kernel - 1) * dilation + 1;
    const int32_t first = std::max(start, 0);
    const int32_t last = std::min(end, inputs);
    // A tensor cannot be empty: where all taps are padding the axis stays whole.
    if (first >= last) return {0, inputs, before, after, outputs, output};
    return {first, last - first, first - start, end - last, 1, 0};
}

struct Patch {
    Crop rows, columns;
};

Patch patch_of(const network::Network& network, const Operator& op, const WorstSum& worst) {
    const Tensor& in = network.tensors[static_cast<size_t>(op.input)];
    const Tensor& out = network.tensors[static_cast<size_t>(op.output)];
    const network::Conv2dAttributes& c = op.conv;
    return {crop(worst.output_y, out.shape[1], in.shape[1], c.kernel_h, c.stride_h, c.dilation_h,
                 c.padding.top, c.padding.bottom),
            crop(worst.output_x, out.shape[2], in.shape[2], c.kernel_w, c.stride_w, c.dilation_w,
                 c.padding.left, c.padding.right)};
}

/// `op` alone, its weights and bias, reading only `patch` of its input.
network::Network single_layer(const network::Network& network, const Operator& op,
                              const Patch& patch, bool convolution, int64_t products) {
    network::Network one;
    one.name = network.name + "_" + op.name;
    one.synthetic = network.synthetic;
    Operator copy = op;
    const auto add = [&](int32_t index) {
        if (index < 0) return -1;
        one.tensors.push_back(network.tensors[static_cast<size_t>(index)]);
        return static_cast<int32_t>(one.tensors.size()) - 1;
    };
    copy.input = add(op.input);
    copy.weights = add(op.weights);
    copy.bias = add(op.bias);
    copy.output = add(op.output);
    Tensor& in = one.tensors[static_cast<size_t>(copy.input)];
    Tensor& out = one.tensors[static_cast<size_t>(copy.output)];
    if (convolution) {
        in.shape = {1, patch.rows.size, patch.columns.size, in.shape[3]};
        out.shape = {1, patch.rows.outputs, patch.columns.outputs, out.shape[3]};
        copy.conv.padding = {patch.rows.before, patch.rows.after, patch.columns.before,
                             patch.columns.after};
    } else {
        const int64_t rows = in.elements() / products;
        out.shape = {1, static_cast<int32_t>(out.elements() / rows)};
        in.shape = {1, static_cast<int32_t>(products)};
    }
    one.inputs = {copy.input};
    one.outputs = {copy.output};
    one.operators.push_back(std::move(copy));
    return one;
}

/// The factors of `channel`, put back where they are read; the rest of the input is padding's
/// value.
std::vector<uint8_t> input_of(const network::Network& one, const Reduction& reduction,
                              const Patch& patch, int32_t channel,
                              const std::vector<int32_t>& factors) {
    const Operator& op = one.operators.front();
    const Tensor& in = one.tensors[static_cast<size_t>(op.input)];
    const std::vector<int32_t>& zero_points = in.quantization.zero_points;
    const int32_t zero_point = zero_points.empty() ? 0 : zero_points[0];
    std::vector<uint8_t> input(static_cast<size_t>(in.elements()),
                               static_cast<uint8_t>(zero_point));
    const bool convolution = op.kind == OpKind::kConv2d || op.kind == OpKind::kDepthwiseConv2d;
    const int32_t width = convolution ? in.shape[2] : 1;
    const int32_t height = convolution ? in.shape[1] : 1;
    const int32_t channels = convolution ? in.shape[3] : reduction.tap_channels();
    const network::Conv2dAttributes& conv = op.conv;
    size_t k = 0;
    for (int32_t ky = 0; ky < conv.kernel_h; ++ky) {
        const int32_t y =
            patch.rows.index * conv.stride_h + ky * conv.dilation_h - conv.padding.top;
        for (int32_t kx = 0; kx < conv.kernel_w; ++kx) {
            const int32_t x =
                patch.columns.index * conv.stride_w + kx * conv.dilation_w - conv.padding.left;
            const bool within = y >= 0 && y < height && x >= 0 && x < width;
            for (int32_t c = 0; c < reduction.tap_channels(); ++c, ++k) {
                if (!within) continue;
                const int64_t pixel = int64_t{y} * width + x;
                const int64_t at = pixel * channels + reduction.first_input_channel(channel) + c;
                input[static_cast<size_t>(at)] =
                    static_cast<uint8_t>(factors[k] + reduction.offset_of_factors());
            }
        }
    }
    return input;
}

}  // namespace

Witness make_witness(const network::Network& network, const NetworkOverflow& analysis,
                     const LayerOverflow& layer, const Arithmetic& arithmetic) {
    const Operator& op = network.operators[static_cast<size_t>(layer.op)];
    const bool convolution = op.kind == OpKind::kConv2d || op.kind == OpKind::kDepthwiseConv2d;
    const Patch patch = convolution ? patch_of(network, op, layer.worst) : Patch{};
    const Reduction reduction(network, op, arithmetic);
    const std::vector<PaddingClass>& classes = reduction.padding_classes();
    const auto padding = std::find_if(classes.begin(), classes.end(), [&](const PaddingClass& one) {
        return one.output_y == layer.worst.output_y && one.output_x == layer.worst.output_x;
    });
    const std::vector<Range> ranges = reduction.factors(
        layer.worst.channel, *padding, analysis.ranges[static_cast<size_t>(op.input)]);
    const DotProduct dot = {reduction.weights(layer.worst.channel), &ranges, &reduction.step_ends(),
                            reduction.folded_bias(layer.worst.channel)};
    const std::vector<int32_t> factors = extreme_factors(dot, layer.worst.largest);
    Witness witness;
    witness.network = single_layer(network, op, patch, convolution, layer.products);
    witness.input = input_of(witness.network, reduction, patch, layer.worst.channel, factors);
    witness.channel = layer.worst.channel;
    witness.position = int64_t{patch.rows.index} * patch.columns.outputs + patch.columns.index;
    witness.step = first_step_outside(dot, factors, range_of_bits(arithmetic.bits));
    return witness;
}

}  // namespace arraywright::overflow
