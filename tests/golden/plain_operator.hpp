// Networks of one operator without weights, for tests of the golden kernel.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "generator/network/network.hpp"
#include "verif/golden/golden.hpp"

namespace plain_operator {

using arraywright::network::DataType;
using arraywright::network::Network;
using arraywright::network::Operator;
using arraywright::network::OpKind;
using arraywright::network::Tensor;
using Bytes = std::vector<uint8_t>;

inline Tensor tensor(std::vector<int32_t> shape, float scale, int32_t zero_point,
                     DataType type = DataType::kInt8) {
    Tensor result;
    result.shape = std::move(shape);
    result.type = type;
    result.quantization = {{scale}, {zero_point}, 0};
    return result;
}

inline Bytes bytes_of(const std::vector<int32_t>& values) {
    return {values.begin(), values.end()};
}

inline std::vector<int32_t> int8_values(const Bytes& bytes) {
    std::vector<int32_t> result;
    for (const uint8_t byte : bytes) result.push_back(static_cast<int8_t>(byte));
    return result;
}

/// All 256 int8 values.
inline std::vector<int32_t> every_int8() {
    std::vector<int32_t> values;
    for (int32_t value = -128; value <= 127; ++value) values.push_back(value);
    return values;
}

/// Runs `op` (kind and attributes filled) on these tensors; returns the output's bytes.
inline Bytes run(Operator op, const std::vector<Tensor>& inputs, const Tensor& output,
                 const std::vector<Bytes>& bytes) {
    Network network;
    network.tensors = inputs;
    network.tensors.push_back(output);
    for (size_t i = 0; i < inputs.size(); ++i) {
        network.inputs.push_back(static_cast<int32_t>(i));
        if (i > 0) op.more_inputs.push_back(static_cast<int32_t>(i));
    }
    op.input = 0;
    op.output = static_cast<int32_t>(inputs.size());
    network.outputs = {op.output};
    network.operators.push_back(op);
    return arraywright::golden::run(network, bytes, {}).tensors[inputs.size()];
}

inline Operator of_kind(OpKind kind) {
    Operator op;
    op.kind = kind;
    return op;
}

}  // namespace plain_operator
