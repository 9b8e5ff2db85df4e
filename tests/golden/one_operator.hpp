// Networks of one operator with raw int32 output, for tests of the golden kernel.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "generator/network/network.hpp"
#include "verif/golden/golden.hpp"

namespace one_operator {

using arraywright::network::DataType;
using arraywright::network::Network;
using arraywright::network::Operator;
using arraywright::network::OpKind;
using arraywright::network::OutputKind;
using arraywright::network::Tensor;

inline std::vector<uint8_t> bytes_of(const std::vector<int32_t>& int8_values) {
    return {int8_values.begin(), int8_values.end()};
}

inline std::vector<uint8_t> little_endian(const std::vector<int32_t>& values) {
    std::vector<uint8_t> result;
    for (const int32_t value : values) {
        for (int32_t i = 0; i < 4; ++i) result.push_back(static_cast<uint8_t>(value >> (8 * i)));
    }
    return result;
}

inline std::vector<int32_t> int32_values(const std::vector<uint8_t>& bytes) {
    std::vector<int32_t> result;
    for (size_t i = 0; i + 3 < bytes.size(); i += 4) {
        result.push_back(static_cast<int32_t>(uint32_t{bytes[i]} | uint32_t{bytes[i + 1]} << 8 |
                                              uint32_t{bytes[i + 2]} << 16 |
                                              uint32_t{bytes[i + 3]} << 24));
    }
    return result;
}

/// Everything a one-operator network needs; scales are 1.
struct Description {
    OpKind kind = OpKind::kGemm;
    std::vector<int32_t> input_shape, weights_shape, output_shape;
    std::vector<int32_t> weights;
    std::optional<std::vector<int32_t>> bias;
    int32_t input_zero_point = 0;
    arraywright::network::Conv2dAttributes conv;
};

inline Network build(const Description& description) {
    const auto tensor = [](std::vector<int32_t> shape, DataType type, int32_t zero_point) {
        Tensor result;
        result.shape = std::move(shape);
        result.type = type;
        result.quantization = {{1.0F}, {zero_point}, 0};
        return result;
    };
    Network network;
    network.tensors.push_back(
        tensor(description.input_shape, DataType::kInt8, description.input_zero_point));
    network.tensors.push_back(tensor(description.weights_shape, DataType::kInt8, 0));
    network.tensors.push_back(tensor(description.output_shape, DataType::kInt32, 0));
    network.tensors[1].is_constant = true;
    network.tensors[1].data = bytes_of(description.weights);
    Operator op;
    op.kind = description.kind;
    op.input = 0;
    op.weights = 1;
    op.output = 2;
    op.conv = description.conv;
    op.output_kind = OutputKind::kRaw;
    if (description.bias) {
        op.bias = 3;
        const auto channels = static_cast<int32_t>(description.bias->size());
        network.tensors.push_back(tensor({channels}, DataType::kInt32, 0));
        network.tensors[3].is_constant = true;
        network.tensors[3].data = little_endian(*description.bias);
    }
    network.operators.push_back(op);
    network.inputs = {0};
    network.outputs = {2};
    return network;
}

struct Outcome {
    std::vector<int32_t> values;
    arraywright::golden::LayerResult layer;
};

inline Outcome run(const Description& description, const std::vector<int32_t>& input,
                   const arraywright::golden::AccumulatorModel& model = {}) {
    const auto result = arraywright::golden::run(build(description), {bytes_of(input)}, model);
    return {int32_values(result.tensors[2]), result.layers[0]};
}

}  // namespace one_operator
