// A checked workload to a Network with data. SPDX-License-Identifier: Apache-2.0
#include "generator/network/workload_builder.hpp"

#include <cmath>
#include <utility>

#include "generator/network/synthetic_data.hpp"

namespace arraywright::network {
namespace {

/// Which tensor of a layer a random stream fills. Numbers are part of the data: never renumber.
enum Role : uint64_t { kInput = 0, kWeights = 1, kBias = 2, kScales = 3 };

Quantization per_tensor(float scale, int32_t zero_point) {
    return {{scale}, {zero_point}, 0};
}

Quantization per_channel(std::vector<float> scales) {
    const std::vector<int32_t> zero_points(scales.size(), 0);
    return {std::move(scales), zero_points, 0};
}

class Builder {
public:
    explicit Builder(const Workload& workload) : workload_(workload) {}

    Network build() {
        network_.name = workload_.name;
        network_.synthetic = true;
        for (size_t i = 0; i < workload_.layers.size(); ++i) add_layer(workload_.layers[i], i);
        if (workload_.is_chain) network_.outputs = {network_.operators.back().output};
        return std::move(network_);
    }

private:
    int32_t add(Tensor tensor) {
        network_.tensors.push_back(std::move(tensor));
        return static_cast<int32_t>(network_.tensors.size() - 1);
    }

    RandomStream stream(size_t layer, Role role) const { return {workload_.seed, layer, role}; }

    bool reads_previous(size_t index) const { return workload_.is_chain && index > 0; }

    int32_t shift_of(const WorkloadLayer& layer, size_t index) const {
        if (workload_.shift) return *workload_.shift;
        const Moments activation =
            reads_previous(index)
                ? chained_activation_moments(workload_.layers[index - 1].activation)
                : activation_source(workload_.values, layer).moments();
        return shift_for_int8_results(layer.reduction(), activation,
                                      weight_source(workload_.values, layer).moments());
    }

    int32_t input_of(const WorkloadLayer& layer, size_t index) {
        if (reads_previous(index)) return network_.operators.back().output;
        Tensor input;
        input.name = layer.name + ".input";
        input.shape = layer.input_shape();
        input.quantization = per_tensor(1.0F, layer.input_zero_point.value_or(0));
        network_.synthetic_inputs.push_back(
            activation_source(workload_.values, layer)
                .draw(shape_elements(input.shape), stream(index, Role::kInput)));
        const int32_t tensor = add(std::move(input));
        network_.inputs.push_back(tensor);
        return tensor;
    }

    /// `scale` makes input scale * weight scale one.
    int32_t weights_of(const WorkloadLayer& layer, size_t index, float scale) {
        Tensor weights;
        weights.name = layer.name + ".weights";
        weights.shape = layer.weight_shape();
        weights.is_constant = true;
        weights.quantization = layer.is_per_channel
                                   ? per_channel(synthetic_channel_scales(
                                         layer.n, scale, stream(index, Role::kScales)))
                                   : per_tensor(scale, 0);
        weights.data = weight_source(workload_.values, layer)
                           .draw(shape_elements(weights.shape), stream(index, Role::kWeights));
        return add(std::move(weights));
    }

    int32_t bias_of(const WorkloadLayer& layer, size_t index, int32_t shift, float input_scale,
                    const Quantization& weights) {
        Tensor bias;
        bias.name = layer.name + ".bias";
        bias.shape = {layer.n};
        bias.type = DataType::kInt32;
        bias.is_constant = true;
        bias.quantization = weights;
        for (float& scale : bias.quantization.scales) scale *= input_scale;
        bias.data = synthetic_bias(workload_.values, layer.n, shift, stream(index, Role::kBias));
        return add(std::move(bias));
    }

    int32_t output_of(const WorkloadLayer& layer, int32_t shift) {
        const bool is_raw = layer.output_kind == OutputKind::kRaw;
        Tensor output;
        output.name = layer.name + ".output";
        output.shape = layer.output_shape();
        output.type = is_raw ? DataType::kInt32 : DataType::kInt8;
        output.quantization = is_raw ? per_tensor(1.0F, 0)
                                     : per_tensor(std::ldexp(1.0F, shift), layer.output_zero_point);
        return add(std::move(output));
    }

    void add_layer(const WorkloadLayer& layer, size_t index) {
        const int32_t shift = shift_of(layer, index);
        Operator op;
        op.kind = layer.kind;
        op.name = layer.name;
        op.source_index = static_cast<int32_t>(index);
        op.source_line = layer.location.line;
        op.conv = layer.conv;
        op.activation = layer.activation;
        op.output_kind = layer.output_kind;
        op.input = input_of(layer, index);
        const float input_scale =
            network_.tensors[static_cast<size_t>(op.input)].quantization.scales.front();
        op.weights = weights_of(layer, index, 1.0F / input_scale);
        if (layer.has_bias) {
            const Quantization weights =
                network_.tensors[static_cast<size_t>(op.weights)].quantization;
            op.bias = bias_of(layer, index, shift, input_scale, weights);
        }
        op.output = output_of(layer, shift);
        if (!workload_.is_chain) network_.outputs.push_back(op.output);
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
