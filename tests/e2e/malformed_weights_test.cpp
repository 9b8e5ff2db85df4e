// Malformed weight streams: an error with its address, no hang, nothing written outside.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <random>

#include "generator/isa/registers.hpp"
#include "tests/e2e/damaged_program.hpp"

using namespace arraywright;
using namespace arraywright::e2e;
using compile::Program;
using compile::Region;
using compile::RegionKind;
using isa::Command;
using isa::Unit;

namespace {

std::string sparse_spec(const std::string& dataflow) {
    return fmt::format(
        "name: malformed\narray: {{rows: 16, cols: 8, dataflow: {}}}\n"
        "buffers: {{activation_kib: 16, weight_kib: 8, accumulator_kib: 4}}\n"
        "sparsity: {{structured: \"2:4\", block: 8, codebook: 16, codecs: true}}\n",
        dataflow);
}

/// Structured lists, blocks within tiles, bitmaps, codes.
const char* const kWorkload =
    "name: malformed\nlayers:\n"
    "  - {op: gemm, m: 5, k: 200, n: 20, weight_pattern: \"2:4\", weight_blocks: {size: 32, "
    "density: "
    "0.4}}\n"
    "  - {op: gemm, m: 5, k: 200, n: 20, weight_blocks: {size: 8, density: 0.4}}\n"
    "  - {op: gemm, m: 5, k: 90, n: 20, weight_density: 0.2, weight_values: 12}\n"
    "  - {op: conv2d, input: [5, 5, 30], filters: 20, kernel: [3, 3], padding: same, "
    "weight_density: "
    "0.3}\n";

bool loads_listed(const Command& command) {
    return command.get("target") == 1 && command.get("listed") == 1;
}

}  // namespace

TEST_CASE("malformed weights: what is not damaged passes", "[sparse]") {
    const std::string dataflow = GENERATE("broadcast", "weight_stationary");
    const Bench bench(sparse_spec(dataflow), kWorkload);
    const sim::SimulationResult result = bench.run(bench.program, 1, {});
    INFO(failures(result));
    CHECK(failures(result).empty());
}

TEST_CASE("malformed weights: a stream that ends early or goes on is refused with its address",
          "[sparse][error]") {
    const std::string dataflow = GENERATE("broadcast", "weight_stationary");
    const Bench bench(sparse_spec(dataflow), kWorkload);
    const size_t load = find_command(bench.program, Unit::kLoad, loads_listed);
    const Command good = read_commands(bench.program)[load];
    const auto damaged = [&](const char* field, int64_t by) {
        Program program = bench.program;
        Command command = good;
        command.set(field, command.get(field) + by);
        put_command(program, load, command);
        return program;
    };
    for (const auto& [field, by] : std::vector<std::pair<const char*, int64_t>>{
             {"run_bytes", -17}, {"run_bytes", 40}, {"tiles", -1}, {"tiles", 1}}) {
        CAPTURE(field, by);
        const sim::RunResult run = bench.expect_error(damaged(field, by), "BAD_DATA");
        CHECK(run.host.error_address == address_of(bench.program, load));
    }
}

TEST_CASE("malformed weights: a list that leaves its run is refused with its address",
          "[sparse][error]") {
    const std::string dataflow = GENERATE("broadcast", "weight_stationary");
    const Bench bench(sparse_spec(dataflow), kWorkload);
    const size_t load = find_command(bench.program, Unit::kLoad, loads_listed);
    const Command command = read_commands(bench.program)[load];
    Program program = bench.program;
    const auto address = static_cast<uint64_t>(command.get("address"));
    for (Region& region : program.regions) {
        if (address < region.address || address >= region.address + region.bytes) continue;
        // The first tile comes eleven chunks later: the run has fewer.
        uint8_t& byte = region.image[address - region.address];
        byte = static_cast<uint8_t>((byte & 0xf0) | 11);
    }
    const sim::RunResult run = bench.expect_error(program, "BUFFER_RANGE");
    const std::vector<Command> commands = read_commands(program);
    const size_t index = (run.host.error_address - program.command_address) / isa::kCommandBytes;
    REQUIRE(index < commands.size());
    CHECK(commands[index].unit() == Unit::kCompute);
    CHECK(commands[index].get("listed") == 1);
}

TEST_CASE("malformed weights: random damage stays within the layer", "[sparse][error]") {
    const std::string dataflow = GENERATE("broadcast", "weight_stationary");
    const Bench bench(sparse_spec(dataflow), kWorkload);
    std::mt19937 dice(11);
    for (int32_t i = 0; i < 40; ++i) {
        Program program = bench.program;
        const uint64_t flips = 1 + dice() % (1 + dice() % 200);
        for (Region& region : program.regions) {
            if (region.kind != RegionKind::kWeights || region.image.empty()) continue;
            for (uint64_t flip = 0; flip < flips; ++flip) {
                const size_t at = dice() % region.image.size();
                region.image[at] = static_cast<uint8_t>(dice());
            }
        }
        CAPTURE(dataflow, i);
        check_contained(bench, program);
    }
}
