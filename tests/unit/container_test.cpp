// Container of a program: what the writer writes the runtime reads; whatever else a file holds, it
// is refused or harmless. Worth most under the sanitizers (ARRAYWRIGHT_SANITIZE).
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <random>

#include "generator/emit/companions.hpp"
#include "generator/emit/design.hpp"
#include "tests/unit/host_memory.hpp"

using namespace arraywright;
using network::DataType;
using network::Network;
using network::Operator;
using network::OpKind;
using network::Tensor;

namespace {

constexpr int32_t kMutations = 20000;

/// Many kinds of host operator in a row, a constant and a table among them.
Network many_operators() {
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

std::vector<uint8_t> container_of(const Network& network) {
    compile::Program program = test::host_program(network);
    // A table as well, and a run, which these tests never start.
    compile::HostOperator lookup = program.steps[3].host_operators[0];
    lookup.op.kind = AW_HOST_TABLE;
    lookup.table.assign(AW_TABLE_BYTES, 7);
    program.steps[3].host_operators.insert(program.steps[3].host_operators.begin(), lookup);
    return compile::write_container(program, network, "");
}

aw_result open_file(const std::vector<uint8_t>& file) {
    aw_program program;
    return aw_program_open(&program, file.data(), file.size());
}

/// Runs the host steps of a file that was accepted, on a memory of `bytes` bytes.
void run_accepted(const std::vector<uint8_t>& file, size_t bytes) {
    aw_program program;
    REQUIRE(aw_program_open(&program, file.data(), file.size()) == AW_OK);
    test::HostMemory memory(bytes);
    static_cast<void>(aw_load(memory.device(), &program));
    for (uint32_t i = 0; i < program.steps; ++i) {
        aw_step step;
        REQUIRE(aw_program_step(&program, i, &step) == AW_OK);
        aw_report report;
        if (step.kind == AW_STEP_HOST) {
            static_cast<void>(aw_run_step(memory.device(), &program, i, &report));
        }
    }
    for (uint32_t i = 0; i < program.tensors; ++i) {
        aw_tensor tensor;
        REQUIRE(aw_program_tensor(&program, i, &tensor) == AW_OK);
    }
}

void put_u32(std::vector<uint8_t>& file, size_t at, uint32_t value) {
    aw_store_u32(file.data() + at, value);
}

}  // namespace

TEST_CASE("container: tensors, steps and regions are read as they were written", "[runtime]") {
    const Network network = many_operators();
    const compile::Program written = test::host_program(network);
    const std::string sha(48, '0');
    const std::vector<uint8_t> file =
        compile::write_container(written, network, sha + "0123456789abcdef");
    aw_program program;
    REQUIRE(aw_program_open(&program, file.data(), file.size()) == AW_OK);
    CHECK(program.spec_hash == 0x0123456789abcdef);
    CHECK(program.memory_begin == test::HostMemory::kBase);
    CHECK(program.memory_end == written.end_address);
    CHECK(program.steps == written.steps.size());
    CHECK(program.regions == 1);
    aw_region region;
    REQUIRE(aw_program_region(&program, 0, &region) == AW_OK);
    CHECK(region.bytes == 3);
    CHECK(region.contents[2] == 0xf0);
    aw_tensor tensor;
    REQUIRE(aw_program_output(&program, 0, &tensor) == AW_OK);
    CHECK(tensor.type == AW_FLOAT32);
    CHECK(tensor.rank == 4);
    CHECK(tensor.shape[2] == 6);
    CHECK(tensor.bytes == 4 * 36);
    CHECK(tensor.scale == 0.5F);
    CHECK(tensor.zero_point == 3);
    CHECK(aw_program_output(&program, 1, &tensor) == AW_BAD_ARGUMENT);
    aw_step step;
    REQUIRE(aw_program_step(&program, 1, &step) == AW_OK);
    CHECK(step.kind == AW_STEP_HOST);
    CHECK(step.layer == 1);
    CHECK(step.operator_count == 2);
    aw_host_op op;
    REQUIRE(aw_host_op_read(&program, step.first_operator, &op) == AW_OK);
    const aw_host_op& expected = written.steps[1].host_operators[0].op;
    CHECK(op.kind == expected.kind);
    CHECK(op.out.address == expected.out.address);
    CHECK(op.maximum == expected.maximum);
}

TEST_CASE("container: every defect has its own answer", "[runtime][error]") {
    const std::vector<uint8_t> good = container_of(many_operators());
    REQUIRE(open_file(good) == AW_OK);
    const auto damaged = [&good](size_t at, uint32_t value) {
        std::vector<uint8_t> file = good;
        put_u32(file, at, value);
        return open_file(file);
    };
    const auto table = [&good](size_t field) { return size_t{aw_load_u32(good.data() + field)}; };
    CHECK(damaged(0, 0) == AW_FILE_MAGIC);
    CHECK(damaged(6, 0x0a0a) == AW_FILE_MAGIC);
    CHECK(damaged(8, 0x00020000) == AW_FILE_VERSION);
    CHECK(damaged(8, 0x00010007) == AW_OK);
    CHECK(damaged(16, 95) == AW_FILE_TRUNCATED);
    CHECK(damaged(48, 0xffffffff) == AW_FILE_HEADER);
    CHECK(damaged(76, 0x10000000) == AW_FILE_HEADER);
    CHECK(damaged(40, 0) == AW_FILE_HEADER);
    CHECK(damaged(table(48), 0) == AW_FILE_REGION);
    CHECK(damaged(table(48) + 16, 0xffff0000) == AW_FILE_REGION);
    CHECK(damaged(table(56), 0x00040900) == AW_FILE_TENSOR);
    CHECK(damaged(table(56) + 24, 0x7fffffff) == AW_FILE_TENSOR);
    CHECK(damaged(table(64), 2) == AW_FILE_STEP);
    CHECK(damaged(table(64) + 20, 1000) == AW_FILE_STEP);
    CHECK(damaged(table(72), AW_HOST_KINDS) == AW_FILE_OPERATOR);
    CHECK(damaged(table(72) + 24 + 8, 0) == AW_FILE_OPERATOR);
    CHECK(damaged(table(72) + 40, 0x7fffffff) == AW_FILE_OPERATOR);
    CHECK(damaged(table(72) + 168, 31) == AW_FILE_OPERATOR);
}

TEST_CASE("container: a truncated file is refused at every length", "[runtime][error]") {
    std::vector<uint8_t> file = container_of(many_operators());
    while (!file.empty()) {
        file.pop_back();
        // A copy of exact size, so that a sanitizer sees a read behind it.
        const std::vector<uint8_t> copy(file);
        REQUIRE(open_file(copy) != AW_OK);
        if (file.size() < 24) continue;
        // The same with a length that fits.
        std::vector<uint8_t> patched(file);
        put_u32(patched, 16, static_cast<uint32_t>(patched.size()));
        if (open_file(patched) == AW_OK) run_accepted(patched, 4096);
    }
}

TEST_CASE("container: mutated files never lead outside", "[runtime][error]") {
    const std::vector<uint8_t> good = container_of(many_operators());
    std::mt19937_64 random(11);
    constexpr uint32_t kWords[] = {0, 1, 2, 31, 0x7F, 0x80, 0xFFFF, 0x7FFFFFFF, 0x80000000, ~0U};
    int32_t accepted = 0;
    for (int32_t i = 0; i < kMutations; ++i) {
        std::vector<uint8_t> file = good;
        const uint64_t places = 1 + random() % 3;
        for (uint64_t place = 0; place < places; ++place) {
            const size_t at = random() % (file.size() - 3);
            if (random() % 2 == 0) {
                file[at] ^= static_cast<uint8_t>(1U << random() % 8);
            } else {
                put_u32(file, at / 4 * 4, kWords[random() % std::size(kWords)]);
            }
        }
        if (open_file(file) != AW_OK) continue;
        ++accepted;
        run_accepted(file, 4096);
    }
    CHECK(accepted > kMutations / 100);
    CHECK(accepted < kMutations);
}

TEST_CASE("runtime: the committed register header is the one that the table gives", "[runtime]") {
    CHECK(emit::runtime_source("aw_registers.h") == emit::emit_runtime_header().text);
}
