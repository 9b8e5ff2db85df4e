// Container of a program: what the writer writes the runtime reads; whatever else a file holds, it
// is refused or harmless. Worth most under the sanitizers (ARRAYWRIGHT_SANITIZE).
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <random>

#include "generator/emit/companions.hpp"
#include "generator/emit/design.hpp"
#include "tests/unit/container_subject.hpp"

using namespace arraywright;
using namespace arraywright::test;
using network::Network;

namespace {

constexpr int32_t kMutations = 20000;

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
        run_if_accepted(patched, 4096);
    }
}

TEST_CASE("container: mutated files never lead outside", "[runtime][error]") {
    const std::vector<uint8_t> good = container_of(many_operators());
    std::mt19937_64 random(11);
    int32_t accepted = 0;
    for (int32_t i = 0; i < kMutations; ++i) {
        std::vector<uint8_t> file = good;
        mutate(file, random);
        accepted += run_if_accepted(file, 4096) ? 1 : 0;
    }
    CHECK(accepted > kMutations / 100);
    CHECK(accepted < kMutations);
}

TEST_CASE("runtime: the committed register header is the one that the table gives", "[runtime]") {
    CHECK(emit::runtime_source("aw_registers.h") == emit::emit_runtime_header().text);
}
