// Sizes of tensors and operators. SPDX-License-Identifier: Apache-2.0
#include "generator/network/network.hpp"

namespace arraywright::network {

int32_t element_bytes(DataType type) {
    switch (type) {
        case DataType::kInt8:
        case DataType::kUint8:
            return 1;
        case DataType::kInt16:
            return 2;
        case DataType::kInt32:
        case DataType::kFloat32:
            return 4;
    }
    return 0;
}

int64_t Tensor::elements() const {
    int64_t count = 1;
    for (const int32_t extent : shape) count *= extent;
    return count;
}

int64_t Tensor::bytes() const {
    return elements() * element_bytes(type);
}

std::vector<int32_t> Operator::all_inputs() const {
    std::vector<int32_t> all = {input};
    all.insert(all.end(), more_inputs.begin(), more_inputs.end());
    return all;
}

bool has_weights(OpKind kind) {
    return kind == OpKind::kGemm || kind == OpKind::kFullyConnected || kind == OpKind::kConv2d ||
           kind == OpKind::kDepthwiseConv2d;
}

int64_t mac_count(const Network& network, const Operator& op) {
    if (!has_weights(op.kind)) return 0;
    // The weights of one output channel are its reduction, groups included.
    const Tensor& weights = network.tensors[static_cast<size_t>(op.weights)];
    const bool depthwise = op.kind == OpKind::kDepthwiseConv2d;
    const int64_t channels = depthwise ? weights.shape.back() : weights.shape[0];
    return network.tensors[static_cast<size_t>(op.output)].elements() *
           (weights.elements() / channels);
}

}  // namespace arraywright::network
