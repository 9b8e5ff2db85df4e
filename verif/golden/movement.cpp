// PAD, CONCATENATION and TRANSPOSE: elements of any type move as they are.
// SPDX-License-Identifier: Apache-2.0
#include "verif/golden/movement.hpp"

namespace arraywright::golden {

namespace {

using Index = std::vector<int64_t>;

/// Coordinates of element `flat` of a row-major tensor.
Index coordinates(int64_t flat, const std::vector<int32_t>& shape) {
    Index result(shape.size());
    for (size_t i = shape.size(); i-- > 0;) {
        result[i] = flat % shape[i];
        flat /= shape[i];
    }
    return result;
}

int64_t flat_index(const Index& index, const std::vector<int32_t>& shape) {
    int64_t flat = 0;
    for (size_t i = 0; i < shape.size(); ++i) flat = flat * shape[i] + index[i];
    return flat;
}

void copy_element(const Bytes& from, int64_t from_index, Bytes& to, int64_t to_index,
                  int64_t size) {
    std::copy_n(from.begin() + from_index * size, size, to.begin() + to_index * size);
}

}  // namespace

Bytes run_pad(const network::Operator& op, const Operand& input, const network::Tensor& output) {
    // The value is one byte repeated: of wider types only 0 occurs.
    Bytes result(static_cast<size_t>(output.bytes()), static_cast<uint8_t>(op.pad_value));
    for (int64_t i = 0; i < input.tensor.elements(); ++i) {
        Index index = coordinates(i, input.tensor.shape);
        for (size_t axis = 0; axis < index.size(); ++axis) index[axis] += op.pads[axis].first;
        copy_element(input.bytes, i, result, flat_index(index, output.shape),
                     network::element_bytes(output.type));
    }
    return result;
}

Bytes run_concatenation(const network::Operator& op, const std::vector<Operand>& inputs,
                        const network::Tensor& output) {
    Bytes result(static_cast<size_t>(output.bytes()));
    int64_t start = 0;
    for (const Operand& input : inputs) {
        for (int64_t i = 0; i < input.tensor.elements(); ++i) {
            Index index = coordinates(i, input.tensor.shape);
            index[static_cast<size_t>(op.axis)] += start;
            copy_element(input.bytes, i, result, flat_index(index, output.shape),
                         network::element_bytes(output.type));
        }
        start += input.tensor.shape[static_cast<size_t>(op.axis)];
    }
    return result;
}

Bytes run_transpose(const network::Operator& op, const Operand& input,
                    const network::Tensor& output) {
    Bytes result(static_cast<size_t>(output.bytes()));
    for (int64_t i = 0; i < output.elements(); ++i) {
        const Index written = coordinates(i, output.shape);
        Index read(written.size());
        for (size_t axis = 0; axis < read.size(); ++axis) {
            read[static_cast<size_t>(op.permutation[axis])] = written[axis];
        }
        copy_element(input.bytes, flat_index(read, input.tensor.shape), result, i,
                     network::element_bytes(output.type));
    }
    return result;
}

}  // namespace arraywright::golden
