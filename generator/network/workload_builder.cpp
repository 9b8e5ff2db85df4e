// A checked workload to a Network with data. SPDX-License-Identifier: Apache-2.0
#include "generator/network/workload_builder.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "generator/network/synthetic_data.hpp"

namespace arraywright::network {
namespace {

/// Which tensor of a layer a random stream fills. Numbers are part of the data: never renumber.
enum Role : uint64_t {
    kInput = 0,
    kWeights = 1,
    kBias = 2,
    kScales = 3,
    kSecondInput = 4,
    kZeros = 5
};

Quantization per_tensor(float scale, int32_t zero_point) {
    return {{scale}, {zero_point}, 0};
}

Quantization per_channel(std::vector<float> scales, int32_t axis) {
    const std::vector<int32_t> zero_points(scales.size(), 0);
    return {std::move(scales), zero_points, axis};
}

class Builder {
public:
    explicit Builder(const Workload& workload) : workload_(workload) {}

    Network build() {
        network_.name = workload_.name;
        // Inputs can be given, so that only what the network itself holds decides.
        const auto draws = [](const WorkloadLayer& layer) {
            return layer.weights.empty() || layer.has_bias || layer.is_per_channel;
        };
        network_.synthetic = std::any_of(workload_.layers.begin(), workload_.layers.end(), draws);
        for (size_t i = 0; i < workload_.layers.size(); ++i) add_layer(workload_.layers[i], i);
        add_outputs();
        return std::move(network_);
    }

private:
    int32_t add(Tensor tensor) {
        network_.tensors.push_back(std::move(tensor));
        return static_cast<int32_t>(network_.tensors.size() - 1);
    }

    RandomStream stream(size_t layer, Role role) const { return {workload_.seed, layer, role}; }

    /// What nobody reads leaves the network.
    void add_outputs() {
        std::vector<bool> is_read(workload_.layers.size(), false);
        for (const WorkloadLayer& layer : workload_.layers) {
            for (const WorkloadSource& source : layer.sources) {
                is_read[static_cast<size_t>(source.layer)] = true;
            }
        }
        for (size_t i = 0; i < is_read.size(); ++i) {
            if (!is_read[i]) network_.outputs.push_back(network_.operators[i].output);
        }
    }

    int32_t input_of(const WorkloadLayer& layer, size_t index, const std::string& name, Role role) {
        Tensor input;
        input.name = layer.name + name;
        input.shape = layer.input_shape();
        input.quantization = per_tensor(layer.input_scale, layer.input_zero_point.value_or(0));
        network_.synthetic_inputs.push_back(
            activation_source(workload_.values, layer)
                .draw(shape_elements(input.shape), stream(index, role)));
        const int32_t tensor = add(std::move(input));
        network_.inputs.push_back(tensor);
        return tensor;
    }

    void connect_inputs(const WorkloadLayer& layer, size_t index, Operator& op) {
        if (layer.sources.empty()) {
            op.input = input_of(layer, index, ".input", Role::kInput);
            if (!has_two_operands(layer.kind)) return;
            op.more_inputs = {input_of(layer, index, ".second_input", Role::kSecondInput)};
            return;
        }
        for (const WorkloadSource& source : layer.sources) {
            const int32_t tensor = network_.operators[static_cast<size_t>(source.layer)].output;
            if (op.input < 0) {
                op.input = tensor;
            } else {
                op.more_inputs.push_back(tensor);
            }
        }
    }

    /// Per channel, `scale` is the largest.
    int32_t weights_of(const WorkloadLayer& layer, size_t index, float scale) {
        Tensor weights;
        weights.name = layer.name + ".weights";
        weights.shape = layer.weight_shape();
        weights.is_constant = true;
        weights.quantization =
            layer.is_per_channel
                ? per_channel(synthetic_channel_scales(layer.output_channels(), scale,
                                                       stream(index, Role::kScales)),
                              layer.kind == OpKind::kDepthwiseConv2d ? 3 : 0)
                : per_tensor(scale, 0);
        weights.data = layer.weights.empty()
                           ? weight_source(workload_.values, layer)
                                 .draw(shape_elements(weights.shape), stream(index, Role::kWeights))
                           : std::vector<uint8_t>(layer.weights.begin(), layer.weights.end());
        if (layer.weight_pattern.m > 0) {
            thin_groups(weights.data, weights.shape.back(), layer.weight_pattern,
                        stream(index, Role::kZeros));
        }
        if (layer.weight_blocks.size > 0) {
            const int64_t outputs = weights.shape.front();
            thin_blocks(weights.data, outputs, weights.elements() / outputs, layer.weight_blocks,
                        stream(index, Role::kZeros));
        }
        return add(std::move(weights));
    }

    int32_t bias_of(const WorkloadLayer& layer, size_t index, float input_scale,
                    Quantization weights) {
        Tensor bias;
        bias.name = layer.name + ".bias";
        bias.shape = {layer.output_channels()};
        bias.type = DataType::kInt32;
        bias.is_constant = true;
        bias.quantization = std::move(weights);
        bias.quantization.axis = 0;
        for (float& scale : bias.quantization.scales) scale *= input_scale;
        bias.data = synthetic_bias(workload_.values, layer.output_channels(), layer.shift,
                                   stream(index, Role::kBias));
        return add(std::move(bias));
    }

    int32_t output_of(const WorkloadLayer& layer) {
        const bool is_raw = layer.output_kind == OutputKind::kRaw;
        Tensor output;
        output.name = layer.name + ".output";
        output.shape = layer.output_shape();
        output.type = is_raw ? DataType::kInt32 : DataType::kInt8;
        output.quantization =
            per_tensor(layer.output_scale, is_raw ? 0 : layer.output_zero_point.value_or(0));
        return add(std::move(output));
    }

    void add_weights(const WorkloadLayer& layer, size_t index, Operator& op) {
        const float input_scale =
            network_.tensors[static_cast<size_t>(op.input)].quantization.scales.front();
        // input scale * weight scale / output scale = 2^-shift.
        const float accumulator_scale = layer.output_kind == OutputKind::kRaw
                                            ? 1.0F
                                            : std::ldexp(layer.output_scale, -layer.shift);
        op.weights = weights_of(layer, index, accumulator_scale / input_scale);
        if (!layer.has_bias) return;
        op.bias = bias_of(layer, index, input_scale,
                          network_.tensors[static_cast<size_t>(op.weights)].quantization);
    }

    /// Geometry, padding and axes, as the readers of networks leave them.
    static void set_attributes(const WorkloadLayer& layer, Operator& op) {
        op.conv = layer.conv;
        if (layer.kind == OpKind::kMean) {
            op.conv.kernel_h = op.conv.stride_h = layer.h;
            op.conv.kernel_w = op.conv.stride_w = layer.w;
        }
        if (layer.kind == OpKind::kPad) {
            const Padding& pad = layer.conv.padding;
            op.pads = {{0, 0}, {pad.top, pad.bottom}, {pad.left, pad.right}, {0, 0}};
            op.pad_value = layer.output_zero_point.value_or(0);
            op.conv = {};
        }
        if (layer.kind == OpKind::kAveragePool || layer.kind == OpKind::kMaxPool) {
            op.conv.groups = 1;
        }
        if (layer.kind == OpKind::kConcatenation) {
            op.axis = static_cast<int32_t>(layer.shape.size()) - 1;
        }
        op.activation = layer.activation;
        if (layer.kind == OpKind::kRelu) op.activation = Activation::kRelu;
        if (layer.kind == OpKind::kRelu6) op.activation = Activation::kRelu6;
    }

    void add_layer(const WorkloadLayer& layer, size_t index) {
        Operator op;
        op.kind = layer.kind;
        op.name = layer.name;
        op.source_index = static_cast<int32_t>(index);
        op.source_line = layer.location.line;
        op.output_kind = layer.output_kind;
        set_attributes(layer, op);
        connect_inputs(layer, index, op);
        if (has_weights(layer.kind)) add_weights(layer, index, op);
        op.output = output_of(layer);
        network_.operators.push_back(std::move(op));
    }

    const Workload& workload_;
    Network network_;
};

}  // namespace

Network build_network(const Workload& workload) {
    return Builder(workload).build();
}

}  // namespace arraywright::network
