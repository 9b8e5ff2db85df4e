// A container with every kind of table, and what is done with damaged ones.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/host_memory.hpp"

namespace arraywright::test {

using network::DataType;
using network::Network;
using network::Operator;
using network::OpKind;
using network::Tensor;

/// Many kinds of host operator in a row, a constant and a table among them.
inline Network many_operators() {
    Network network;
    network.name = "many";
    const auto tensor = [&network](std::vector<int32_t> shape, DataType type) {
        Tensor made;
        made.name = "t" + std::to_string(network.tensors.size());
        made.shape = std::move(shape);
        made.type = type;
        made.quantization = {{0.5F}, {3}, 0};
        network.tensors.push_back(made);
        return static_cast<int32_t>(network.tensors.size()) - 1;
    };
    const auto add = [&network](Operator op, OpKind kind, int32_t input, int32_t output) {
        op.kind = kind;
        op.name = "op" + std::to_string(network.operators.size());
        op.input = input;
        op.output = output;
        network.operators.push_back(op);
    };
    const int32_t picture = tensor({1, 4, 4, 2}, DataType::kFloat32);
    const int32_t bytes = tensor({1, 4, 4, 2}, DataType::kInt8);
    const int32_t padded = tensor({1, 5, 6, 2}, DataType::kInt8);
    const int32_t pooled = tensor({1, 3, 3, 2}, DataType::kInt8);
    const int32_t turned = tensor({2, 3, 3, 1}, DataType::kInt8);
    const int32_t constant = tensor({3, 1}, DataType::kInt8);
    const int32_t sum = tensor({2, 3, 3, 1}, DataType::kInt8);
    const int32_t joined = tensor({2, 3, 6, 1}, DataType::kInt8);
    const int32_t probabilities = tensor({2, 3, 6, 1}, DataType::kInt8);
    const int32_t result = tensor({2, 3, 6, 1}, DataType::kFloat32);
    network.tensors[static_cast<size_t>(constant)].is_constant = true;
    network.tensors[static_cast<size_t>(constant)].data = {1, 2, 0xf0};
    add({}, OpKind::kQuantize, picture, bytes);
    Operator pad;
    pad.pads = {{0, 0}, {1, 0}, {1, 1}, {0, 0}};
    add(pad, OpKind::kPad, bytes, padded);
    Operator pool;
    pool.conv.kernel_h = pool.conv.kernel_w = 2;
    pool.conv.stride_h = pool.conv.stride_w = 2;
    pool.conv.padding.bottom = 1;
    add(pool, OpKind::kMaxPool, padded, pooled);
    Operator transpose;
    transpose.permutation = {3, 1, 2, 0};
    add(transpose, OpKind::kTranspose, pooled, turned);
    Operator with_constant;
    with_constant.more_inputs = {constant};
    add(with_constant, OpKind::kAdd, turned, sum);
    Operator join;
    join.axis = 2;
    join.more_inputs = {turned};
    add(join, OpKind::kConcatenation, sum, joined);
    add({}, OpKind::kSoftmax, joined, probabilities);
    add({}, OpKind::kDequantize, probabilities, result);
    network.inputs = {picture};
    network.outputs = {result};
    return network;
}

inline std::vector<uint8_t> container_of(const Network& network) {
    compile::Program program = host_program(network);
    // A table as well, and a run, which these tests never start.
    compile::HostOperator lookup = program.steps[3].host_operators[0];
    lookup.op.kind = AW_HOST_TABLE;
    lookup.table.assign(AW_TABLE_BYTES, 7);
    program.steps[3].host_operators.insert(program.steps[3].host_operators.begin(), lookup);
    return compile::write_container(program, network, "");
}

inline aw_result open_file(const std::vector<uint8_t>& file) {
    aw_program program;
    return aw_program_open(&program, file.data(), file.size());
}

/// Opens a file and, if it is accepted, runs its host steps on a memory of `bytes` bytes; returns
/// whether it was accepted. Whatever the file holds, no access may leave it or the memory.
inline bool run_if_accepted(const std::vector<uint8_t>& file, size_t bytes) {
    aw_program program;
    if (aw_program_open(&program, file.data(), file.size()) != AW_OK) return false;
    HostMemory memory(bytes);
    static_cast<void>(aw_load(memory.device(), &program));
    for (uint32_t i = 0; i < program.steps; ++i) {
        aw_step step;
        static_cast<void>(aw_program_step(&program, i, &step));
        aw_report report;
        if (step.kind == AW_STEP_HOST) {
            static_cast<void>(aw_run_step(memory.device(), &program, i, &report));
        }
    }
    for (uint32_t i = 0; i < program.tensors; ++i) {
        aw_tensor tensor;
        static_cast<void>(aw_program_tensor(&program, i, &tensor));
    }
    return true;
}

/// Turns one to three bits, bytes or words to values that sizes and offsets choke on.
inline void mutate(std::vector<uint8_t>& file, std::mt19937_64& random) {
    constexpr uint32_t kWords[] = {0, 1, 2, 31, 0x7F, 0x80, 0xFFFF, 0x7FFFFFFF, 0x80000000, ~0U};
    const uint64_t places = 1 + random() % 3;
    for (uint64_t place = 0; place < places; ++place) {
        const size_t at = random() % (file.size() - 3);
        switch (random() % 3) {
            case 0:
                file[at] ^= static_cast<uint8_t>(1U << random() % 8);
                break;
            case 1:
                file[at] = static_cast<uint8_t>(random());
                break;
            default:
                aw_store_u32(file.data() + at / 4 * 4, kWords[random() % std::size(kWords)]);
                break;
        }
    }
}

}  // namespace arraywright::test
