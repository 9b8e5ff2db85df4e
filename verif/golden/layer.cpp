// One operator of the golden kernel. SPDX-License-Identifier: Apache-2.0
#include "verif/golden/layer.hpp"

#include "verif/golden/accumulate.hpp"
#include "verif/golden/patch.hpp"
#include "verif/golden/requantize.hpp"

namespace arraywright::golden {

using network::Operator;
using network::OutputKind;
using network::Tensor;

namespace {

const int8_t* as_int8(const std::vector<uint8_t>& bytes) {
    return reinterpret_cast<const int8_t*>(bytes.data());
}

/// Weights as one row of `terms` per output channel; those of a depthwise convolution,
/// [1, KH, KW, N], are turned.
std::vector<int8_t> weight_rows(const Operator& op, const std::vector<uint8_t>& bytes,
                                int64_t terms) {
    std::vector<int8_t> rows(as_int8(bytes), as_int8(bytes) + bytes.size());
    if (op.kind != network::OpKind::kDepthwiseConv2d) return rows;
    const int64_t channels = static_cast<int64_t>(bytes.size()) / terms;
    for (int64_t n = 0; n < channels; ++n) {
        for (int64_t k = 0; k < terms; ++k) rows[n * terms + k] = as_int8(bytes)[k * channels + n];
    }
    return rows;
}

/// Little-endian int32 at `index`.
int32_t read_int32(const std::vector<uint8_t>& bytes, int64_t index) {
    uint32_t value = 0;
    for (int32_t i = 0; i < 4; ++i) value |= uint32_t{bytes[index * 4 + i]} << (8 * i);
    return static_cast<int32_t>(value);
}

void write_int32(std::vector<uint8_t>& bytes, int64_t index, int32_t value) {
    for (int32_t i = 0; i < 4; ++i) {
        bytes[index * 4 + i] = static_cast<uint8_t>(static_cast<uint32_t>(value) >> (8 * i));
    }
}

/// Per output channel: bias[n] - zero_point * sum(weights of n), so that raw activations q can
/// be multiplied: sum w * (q - zp) + bias = sum w * q + folded bias.
std::vector<int64_t> folded_biases(const network::Network& network, const Operator& op,
                                   const int8_t* weights, int64_t channels, int64_t terms,
                                   int64_t zero_point) {
    std::vector<int64_t> result(channels, 0);
    for (int64_t n = 0; n < channels; ++n) {
        if (op.bias >= 0) result[n] = read_int32(network.tensors[op.bias].data, n);
        for (int64_t k = 0; k < terms; ++k) result[n] -= zero_point * weights[n * terms + k];
    }
    return result;
}

/// Per output channel: M = s_in * s_w[n] / s_out in double; the product s_in * s_w rounds to
/// float32 first where the operator says so (FULLY_CONNECTED with one scale).
std::vector<Requantizer> requantizers(const network::Network& network, const Operator& op,
                                      int64_t channels) {
    const float input_scale = network.tensors[op.input].quantization.scales.at(0);
    const float output_scale = network.tensors[op.output].quantization.scales.at(0);
    const std::vector<float>& weight_scales = network.tensors[op.weights].quantization.scales;
    std::vector<Requantizer> result;
    for (int64_t n = 0; n < channels; ++n) {
        const float weight_scale = weight_scales.at(weight_scales.size() == 1 ? 0 : n);
        const double product = op.float32_scale_product
                                   ? double{input_scale * weight_scale}
                                   : double{input_scale} * double{weight_scale};
        result.push_back(requantizer_from_scale(product / double{output_scale}));
    }
    return result;
}

/// Writes one output element from its accumulator.
class ResultWriter {
public:
    ResultWriter(const network::Network& network, const Operator& op, int64_t channels,
                 std::vector<uint8_t>& output)
        : raw_(op.output_kind == OutputKind::kRaw), output_(output) {
        const Tensor& tensor = network.tensors[op.output];
        output_.assign(tensor.elements() * (raw_ ? 4 : 1), 0);
        if (raw_) return;
        requantizers_ = requantizers(network, op, channels);
        zero_point_ = zero_point_of(tensor);
        bounds_ = clamp_bounds(op.activation, tensor.quantization.scales.at(0), zero_point_);
    }

    void write(int64_t index, int64_t channel, int32_t value) {
        if (raw_) {
            write_int32(output_, index, value);
        } else {
            output_[index] = static_cast<uint8_t>(
                requantize_to_int8(value, requantizers_[channel], zero_point_, bounds_));
        }
    }

private:
    bool raw_;
    std::vector<uint8_t>& output_;
    std::vector<Requantizer> requantizers_;
    int32_t zero_point_ = 0;
    ClampBounds bounds_;
};

/// For each term of each group: how many of its weights, over the group's channels, are not 0.
std::vector<int64_t> nonzero_weights(const DotProducts& dots, const int8_t* weights) {
    std::vector<int64_t> counts(dots.groups * dots.terms, 0);
    for (int64_t n = 0; n < dots.groups * dots.channels_per_group; ++n) {
        const int64_t group = n / dots.channels_per_group;
        for (int64_t k = 0; k < dots.terms; ++k) {
            counts[group * dots.terms + k] += weights[n * dots.terms + k] != 0 ? 1 : 0;
        }
    }
    return counts;
}

void report(const Accumulation& sum, int32_t layer, int64_t channel, int64_t position,
            OverflowReport& overflow) {
    overflow.results += sum.result_overflow ? 1 : 0;
    if (sum.overflow_steps == 0) return;
    overflow.steps += sum.overflow_steps;
    overflow.events.push_back(
        {layer, static_cast<int32_t>(channel), position, sum.first_overflow_step});
}

}  // namespace

LayerResult run_layer(const network::Network& network, int32_t layer,
                      const std::vector<uint8_t>& input, const std::vector<uint8_t>& weight_bytes,
                      const AccumulatorModel& model, std::vector<uint8_t>& output) {
    const Operator& op = network.operators[layer];
    const DotProducts dots = dot_products(network, op);
    const std::vector<Chunk> chunks =
        cut_into_chunks(dots.runs, dots.run_terms, model.terms_per_step);
    const int64_t channels = dots.groups * dots.channels_per_group;
    const std::vector<int8_t> rows = weight_rows(op, weight_bytes, dots.terms);
    const int8_t* weights = rows.data();
    const int32_t zero_point = zero_point_of(network.tensors[op.input]);
    const std::vector<int64_t> biases =
        folded_biases(network, op, weights, channels, dots.terms, model.centered ? 0 : zero_point);
    const std::vector<int64_t> nonzero = nonzero_weights(dots, weights);
    ResultWriter writer(network, op, channels, output);

    std::vector<int8_t> patch(dots.terms);
    LayerResult result;
    for (int64_t position = 0; position < dots.positions; ++position) {
        for (int64_t group = 0; group < dots.groups; ++group) {
            gather_patch(network, op, as_int8(input), position, group, patch);
            for (int64_t k = 0; k < dots.terms; ++k) {
                if (patch[k] != zero_point) result.nonzero_macs += nonzero[group * dots.terms + k];
            }
            for (int64_t i = 0; i < dots.channels_per_group; ++i) {
                const int64_t n = group * dots.channels_per_group + i;
                const Accumulation sum =
                    accumulate(patch.data(), weights + n * dots.terms, chunks, biases[n], model,
                               model.centered ? zero_point : 0);
                writer.write(position * channels + n, n, sum.value);
                report(sum, layer, n, position, result.overflow);
            }
        }
    }
    return result;
}

}  // namespace arraywright::golden
