// Golden kernel: runs the operators of a network in order. SPDX-License-Identifier: Apache-2.0
#include "verif/golden/golden.hpp"

#include <stdexcept>

#include "verif/golden/layer.hpp"

namespace arraywright::golden {

namespace {

void require(bool condition, const std::string& message) {
    if (!condition) throw std::invalid_argument("golden: " + message);
}

void check_model(const AccumulatorModel& model) {
    require(model.bits >= 2 && model.bits <= 32, "accumulator bits must be 2 to 32");
    require(model.terms_per_step >= 1 && model.terms_per_step <= 64,
            "terms per step must be 1 to 64");
}

/// Bytes of a constant, or of a tensor that an input or an operator has written.
const std::vector<uint8_t>& bytes_of(const network::Network& network, const Result& result,
                                     int32_t tensor) {
    const network::Tensor& t = network.tensors[tensor];
    const std::vector<uint8_t>& bytes = t.is_constant ? t.data : result.tensors[tensor];
    require(t.type == network::DataType::kInt8, "operand '" + t.name + "' is not int8");
    require(static_cast<int64_t>(bytes.size()) == t.bytes(),
            "tensor '" + t.name + "' has not been written");
    return bytes;
}

}  // namespace

Result run(const network::Network& network, const std::vector<std::vector<uint8_t>>& inputs,
           const AccumulatorModel& accumulator) {
    check_model(accumulator);
    require(inputs.size() == network.inputs.size(),
            "expected " + std::to_string(network.inputs.size()) + " inputs, got " +
                std::to_string(inputs.size()));
    Result result;
    result.tensors.resize(network.tensors.size());
    for (size_t i = 0; i < inputs.size(); ++i) {
        const int32_t tensor = network.inputs[i];
        const int64_t expected_bytes = network.tensors[tensor].bytes();
        require(static_cast<int64_t>(inputs[i].size()) == expected_bytes,
                "input " + std::to_string(i) + " must have " + std::to_string(expected_bytes) +
                    " bytes, has " + std::to_string(inputs[i].size()));
        result.tensors[tensor] = inputs[i];
    }
    for (size_t layer = 0; layer < network.operators.size(); ++layer) {
        const network::Operator& op = network.operators[layer];
        result.layers.push_back(run_layer(
            network, static_cast<int32_t>(layer), bytes_of(network, result, op.input),
            bytes_of(network, result, op.weights), accumulator, result.tensors[op.output]));
    }
    return result;
}

}  // namespace arraywright::golden
