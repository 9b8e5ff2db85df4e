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

int64_t mac_count(const Network& network, const Operator& op) {
    // The weights of one output channel are its reduction, groups included.
    const Tensor& weights = network.tensors[op.weights];
    const int64_t reduction = weights.elements() / weights.shape[0];
    return network.tensors[op.output].elements() * reduction;
}

}  // namespace arraywright::network
