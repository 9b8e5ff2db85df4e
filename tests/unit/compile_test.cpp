// Compiler: token assignment, the program check, what is refused. SPDX-License-Identifier:
// Apache-2.0
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "generator/cli/inputs.hpp"
#include "generator/compile/compile.hpp"
#include "generator/compile/dependencies.hpp"
#include "generator/network/workload_reader.hpp"
#include "generator/spec/spec_reader.hpp"

using namespace arraywright;
using compile::check_program;
using isa::Command;
using isa::Unit;

namespace {

constexpr int64_t kLoadBit = 1, kComputeBit = 2;

Command command(Unit unit, int64_t wait, int64_t signal) {
    Command result(unit, 0);
    result.set("wait", wait);
    result.set("signal", signal);
    return result;
}

plan::Plan plan_of(const std::string& yaml) {
    const spec::SpecResult result = spec::parse_spec("spec.yaml", yaml);
    REQUIRE(result.spec.has_value());
    return plan::make_plan(*result.spec);
}

network::Network network_of(const std::string& yaml) {
    network::WorkloadResult result = network::parse_workload("workload.yaml", yaml);
    REQUIRE(result.network.has_value());
    return std::move(*result.network);
}

}  // namespace

TEST_CASE("check_program: a token that is given before it is taken passes", "[compile]") {
    CHECK(check_program(
              {command(Unit::kLoad, 0, kComputeBit), command(Unit::kCompute, kLoadBit, 0)}, 2, 3)
              .empty());
}

TEST_CASE("check_program: a token that never comes is a deadlock", "[compile]") {
    CHECK(check_program({command(Unit::kCompute, kLoadBit, 0)}, 2, 3) ==
          "deadlock: the compute unit waits at command 0");
}

TEST_CASE("check_program: waiting for a later command behind a full queue is a deadlock",
          "[compile]") {
    const std::vector<Command> program = {command(Unit::kLoad, kComputeBit, 0),
                                          command(Unit::kLoad, 0, 0), command(Unit::kLoad, 0, 0),
                                          command(Unit::kCompute, 0, kLoadBit)};
    CHECK(check_program(program, 8, 3).empty());
    CHECK(check_program(program, 2, 3) == "deadlock: the load unit waits at command 0");
}

TEST_CASE("check_program: without queues no command waits for a later one", "[compile]") {
    const Command waits = command(Unit::kLoad, kComputeBit, 0);
    const Command gives = command(Unit::kCompute, 0, kLoadBit);
    CHECK(check_program({gives, waits}, 0, 3).empty());
    CHECK(check_program({waits, gives}, 1, 3).empty());
    CHECK(check_program({waits, gives}, 0, 3) == "deadlock: the load unit waits at command 0");
}

TEST_CASE("check_program: a token left over is reported", "[compile]") {
    CHECK(check_program({command(Unit::kLoad, 0, kComputeBit)}, 2, 3) ==
          "tokens are left over at the end of the program");
}

TEST_CASE("check_program: a full token counter is reported", "[compile]") {
    std::vector<Command> program;
    for (int i = 0; i < 4; ++i) program.push_back(command(Unit::kLoad, 0, kComputeBit));
    for (int i = 0; i < 4; ++i) program.push_back(command(Unit::kCompute, kLoadBit, 0));
    CHECK(check_program(program, 8, 4).empty());
    CHECK(check_program(program, 8, 3) == "command 3 fills the token counter load to compute");
}

TEST_CASE("command: fields survive encoding, values out of range are refused", "[isa]") {
    Command compute(Unit::kCompute, 7);
    compute.set("col_start", -5);
    compute.set("zero_point", -128);
    compute.set("count_s", 65535);
    CHECK(compute.get("layer") == 7);
    CHECK(compute.get("col_start") == -5);
    CHECK(compute.get("zero_point") == -128);
    CHECK(compute.get("count_s") == 65535);
    CHECK_THROWS_AS(compute.set("count_s", 65536), std::out_of_range);
    CHECK_THROWS_AS(compute.set("no_such_field", 1), std::out_of_range);
}

TEST_CASE("compile: more channels than a command addresses are refused", "[compile][error]") {
    const plan::Plan plan = plan_of("name: narrow\narray: {rows: 4, cols: 4}\n");
    const auto errors = [&](int32_t outputs) {
        return compile::compile_network(
                   network_of(fmt::format("name: wide\nlayers:\n  - {{op: fully_connected, batch: "
                                          "1, inputs: 3, outputs: {}}}\n",
                                          outputs)),
                   plan)
            .errors;
    };
    CHECK(errors(65536).empty());
    REQUIRE(errors(65537).size() == 1);
    CHECK(errors(65537)[0].message == "65537 output channels; a command addresses at most 65536");
}

TEST_CASE("compile: a program of too many commands is refused once", "[compile][error]") {
    const plan::Plan plan = plan_of("name: narrow\narray: {rows: 4, cols: 4}\n");
    const network::Network network = network_of(
        "name: long\nlayers:\n  - {op: gemm, m: 64, k: 64, n: 64}\n"
        "  - {op: gemm, m: 64, k: 64, n: 64}\n");
    const compile::CompileResult whole = compile::compile_network(network, plan);
    REQUIRE(whole.errors.empty());
    const auto commands = static_cast<int64_t>(whole.program.commands.size());
    const auto errors = [&](int64_t most) {
        compile::CompileOptions options;
        options.most_commands = most;
        return compile::compile_network(network, plan, options).errors;
    };
    CHECK(errors(commands).empty());
    REQUIRE(errors(10).size() == 1);
    CHECK(errors(10)[0].message ==
          "the program takes more than 10 commands up to here: the array or the buffers are too "
          "small for this layer");
}

TEST_CASE("compile: a narrow accumulator is refused for weights that may overflow it",
          "[compile][error]") {
    const network::Network network = network_of(
        "name: wide\nvalues: {activation: 127, weight: 127}\nlayers:\n  - {op: gemm, m: 2, k: 256, "
        "n: 2}\n");
    const plan::Plan plan =
        plan_of("name: narrow\narray: {rows: 4, cols: 4}\narithmetic: {accumulator_bits: 20}\n");
    const compile::CompileResult result = compile::compile_network(network, plan);
    REQUIRE(result.errors.size() == 1);
    CHECK(result.errors[0].message ==
          "can overflow accumulators of 20 bits; 23 are needed ('overflow' shows the input that "
          "does it)");

    cli::Json json;
    CHECK_FALSE(cli::compile_program(network, "wide.yaml", plan, json).has_value());
    CHECK(json["errors"][0]["id"] == "cannot-compile");
}

TEST_CASE("compile: a narrow accumulator is accepted when no input can overflow it", "[compile]") {
    const network::Network network = network_of(
        "name: small\nvalues: {activation: 127, weight: 1}\nlayers:\n  - {op: gemm, m: 2, k: 16, "
        "n: 2}\n");
    const plan::Plan plan =
        plan_of("name: narrow\narray: {rows: 4, cols: 4}\narithmetic: {accumulator_bits: 20}\n");
    const compile::CompileResult result = compile::compile_network(network, plan);
    CHECK(result.errors.empty());
    CHECK(result.program.layers[0].proven_safe);
}
