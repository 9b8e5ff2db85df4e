// Golden kernel: runs the operators of a network in order. SPDX-License-Identifier: Apache-2.0
#include "verif/golden/golden.hpp"

#include <stdexcept>

#include "verif/golden/activations.hpp"
#include "verif/golden/conversion.hpp"
#include "verif/golden/elementwise.hpp"
#include "verif/golden/layer.hpp"
#include "verif/golden/movement.hpp"
#include "verif/golden/pooling.hpp"
#include "verif/golden/softmax.hpp"

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

/// A constant, or a tensor that an input or an operator has written.
Operand operand(const network::Network& network, const Result& result, int32_t tensor) {
    const network::Tensor& t = network.tensors[tensor];
    const Bytes& bytes = t.is_constant ? t.data : result.tensors[tensor];
    require(static_cast<int64_t>(bytes.size()) == t.bytes(),
            "tensor '" + t.name + "' has not been written");
    return {t, bytes};
}

/// Runs an operator without weights.
Bytes run_plain(const network::Operator& op, const std::vector<Operand>& inputs,
                const network::Tensor& output) {
    using network::OpKind;
    const Operand& input = inputs.front();
    switch (op.kind) {
        case OpKind::kAdd:
            return run_add(op, input, inputs.at(1), output);
        case OpKind::kSub:
            return run_sub(op, input, inputs.at(1), output);
        case OpKind::kMul:
            return run_mul(op, input, inputs.at(1), output);
        case OpKind::kAveragePool:
            return run_average_pool(op, input, output);
        case OpKind::kMaxPool:
            return run_max_pool(op, input, output);
        case OpKind::kMean:
            return run_mean(op, input, output);
        case OpKind::kPad:
            return run_pad(op, input, output);
        case OpKind::kConcatenation:
            return run_concatenation(op, inputs, output);
        case OpKind::kRelu:
            return run_relu(input, output);
        case OpKind::kRelu6:
            return run_relu6(input);
        case OpKind::kLogistic:
            return run_logistic(input);
        case OpKind::kTanh:
            return run_tanh(input);
        case OpKind::kReshape:
            return input.bytes;
        case OpKind::kTranspose:
            return run_transpose(op, input, output);
        case OpKind::kSoftmax:
            return run_softmax(op, input);
        case OpKind::kQuantize:
            return run_quantize(input, output);
        case OpKind::kDequantize:
            return run_dequantize(input);
        case OpKind::kGemm:
        case OpKind::kFullyConnected:
        case OpKind::kConv2d:
        case OpKind::kDepthwiseConv2d:
            break;
    }
    throw std::invalid_argument("golden: operator '" + op.name + "' is not plain");
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
        std::vector<Operand> operands;
        for (const int32_t tensor : op.all_inputs()) {
            operands.push_back(operand(network, result, tensor));
        }
        if (network::has_weights(op.kind)) {
            result.layers.push_back(run_layer(network, static_cast<int32_t>(layer),
                                              operands[0].bytes,
                                              operand(network, result, op.weights).bytes,
                                              accumulator, result.tensors[op.output]));
        } else {
            result.layers.emplace_back();
            result.tensors[op.output] = run_plain(op, operands, network.tensors[op.output]);
        }
    }
    return result;
}

}  // namespace arraywright::golden
