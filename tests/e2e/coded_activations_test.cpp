// Coded activations: what crosses the bus, and streams that are no streams.
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <catch2/catch.hpp>
#include <random>

#include "tests/e2e/damaged_program.hpp"

using namespace arraywright;
using namespace arraywright::e2e;
using compile::Program;
using isa::Command;
using isa::Unit;

namespace {

std::string coded_spec(int32_t bus_bits, const std::string& dataflow = "broadcast",
                       int32_t activation_kib = 4) {
    return fmt::format(
        "name: coded\narray: {{rows: 8, cols: 8, dataflow: {}}}\n"
        "buffers: {{activation_kib: {}, weight_kib: 8, accumulator_kib: 4}}\n"
        "bus: {{data_bits: {}}}\n"
        "sparsity: {{codecs: true}}\n",
        dataflow, activation_kib, bus_bits);
}

constexpr int32_t kHeight = 24, kWidth = 16, kChannels = 64;

/// A feature map with so many zeros, stored by a vector layer and loaded by the next.
std::string zeros(double density, const std::string& second, int32_t channels = kChannels) {
    const std::string input = fmt::format("input: [{}, {}, {}]", kHeight, kWidth, channels);
    return fmt::format(
        "name: zeros\nchain: true\nlayers:\n"
        "  - {{op: relu, {0}, activation_density: {1}}}\n  - {{{2}, {0}}}\n",
        input, density, second);
}

const char* const kConvolution = "op: conv2d, filters: 8, kernel: [3, 3], padding: same";
const char* const kPool = "op: max_pool2d, kernel: [2, 2], padding: valid";

bool is_coded(const Command& command) {
    return command.get("coded") == 1;
}

Bench bench_of(const std::string& spec, const std::string& workload) {
    Bench bench(spec, workload);
    bench.program = bench.design.compile(bench.network, {.coding = {.most_growth = 10000}});
    REQUIRE(bench.program.coded.size() == 1);
    return bench;
}

}  // namespace

TEST_CASE("coded activations: any density, any bus, both dataflows", "[coded]") {
    const int32_t bus = GENERATE(32, 128, 512);
    const std::string dataflow = bus == 32 ? "weight_stationary" : "broadcast";
    const Design design(coded_spec(bus, dataflow));
    for (const double density : {0.0, 0.02, 0.2, 0.6, 1.0}) {
        for (const char* second : {kConvolution, kPool}) {
            const network::Network network = network_of(zeros(density, second, kChannels / 2));
            const Program program = design.compile(network, {.coding = {.most_growth = 10000}});
            CAPTURE(bus, density, second);
            REQUIRE(program.coded.size() == 1);
            for (const char* memory : {"latency=20", "latency=20,bandwidth=0.1",
                                       "latency=100,stall=0.4,reorder=1,seed=9"}) {
                sim::SimulationOptions options;
                options.memory = std::get<sim::MemoryConfig>(sim::parse_memory_config(memory));
                const sim::SimulationResult result =
                    design.run(network, program, {network.synthetic_inputs}, options);
                INFO(failures(result));
                CHECK(failures(result).empty());
            }
        }
    }
}

TEST_CASE("coded activations: rows that end within a word, any zero point", "[coded]") {
    const int32_t bus = GENERATE(128, 512);
    const Design design(coded_spec(bus));
    for (const int32_t zero_point : {-128, -5, 64}) {
        for (const int32_t width : {15, 16}) {
            for (const int32_t channels : {12, 20}) {
                const network::Network network = network_of(
                    fmt::format("name: rows\nchain: true\nlayers:\n"
                                "  - {{op: conv2d, input: [24, {0}, 8], filters: {1}, kernel: [1, "
                                "1], padding: same, "
                                "bias: true, activation: relu, output_zero_point: {2}}}\n"
                                "  - {{{3}, input: [24, {0}, {1}]}}\n",
                                width, channels, zero_point, kConvolution));
                const Program program = design.compile(network, {.coding = {.most_growth = 10000}});
                CAPTURE(bus, zero_point, width, channels);
                REQUIRE(program.coded.size() == 1);
                const sim::SimulationResult result =
                    design.run(network, program, {network.synthetic_inputs});
                INFO(failures(result));
                CHECK(failures(result).empty());
            }
        }
    }
}

TEST_CASE("coded activations: bytes follow the zeros, and grow by two hundredths at most",
          "[coded]") {
    const Design design(coded_spec(128, "broadcast", 16));
    const auto stored = [&](double density) {
        const network::Network network = network_of(zeros(density, kConvolution));
        const Program program = design.compile(network);
        REQUIRE(program.coded.size() == 1);
        const sim::SimulationResult result =
            design.run(network, program, {network.synthetic_inputs});
        INFO(failures(result));
        CHECK(failures(result).empty());
        return static_cast<double>(result.runs.at(0).layers.at(0).dram_write_bytes.value_or(0));
    };
    const double raw = kHeight * kWidth * kChannels;
    CHECK(stored(1.0) <= 1.02 * raw);
    CHECK(stored(0.6) <= 0.80 * raw);
    CHECK(stored(0.3) <= 0.46 * raw);
    CHECK(stored(0.1) <= 0.20 * raw);
    CHECK(stored(0.0) <= 0.02 * raw);
}

TEST_CASE("coded activations: a load waits for the block that the store before it ended",
          "[coded]") {
    // One block: its last words are still in the encoder when the store is done.
    const Design design(coded_spec(128, "broadcast", 1));
    const network::Network network = network_of(
        "name: one\nchain: true\nlayers:\n"
        "  - {op: relu, input: [4, 8, 64], activation_density: 0.7}\n"
        "  - {op: relu, input: [4, 8, 64]}\n  - {op: relu, input: [4, 8, 64]}\n");
    const Program program =
        design.compile(network, {.coding = {.most_growth = 10000, .block_words = 1000}});
    REQUIRE(program.coded.size() == 2);
    for (const char* memory :
         {"latency=1", "latency=1,write_latency=200", "latency=60,stall=0.5"}) {
        sim::SimulationOptions options;
        options.memory = std::get<sim::MemoryConfig>(sim::parse_memory_config(memory));
        const sim::SimulationResult result =
            design.run(network, program, {network.synthetic_inputs}, options);
        INFO(memory << ": " << failures(result));
        CHECK(failures(result).empty());
    }
}

TEST_CASE("coded activations: blocks that are not there are refused with the load's address",
          "[coded][error]") {
    const Bench bench = bench_of(coded_spec(128), zeros(0.4, kConvolution));
    const size_t load = find_command(bench.program, Unit::kLoad, is_coded);
    const Command good = read_commands(bench.program)[load];
    const auto refused = [&](const char* field, int64_t value) {
        Program program = bench.program;
        Command command = good;
        command.set(field, value);
        put_command(program, load, command);
        const sim::RunResult run = bench.expect_error(program, "BAD_DATA");
        CHECK(run.host.error_address == address_of(bench.program, load));
    };
    refused("blocks", 0);
    // More bytes than its blocks have.
    refused("run_bytes", kHeight * kWidth * kChannels);
    refused("skip", kHeight * kWidth * kChannels);
    // Not where the stream's words would lie.
    refused("skip", good.get("skip") + 3);
}

TEST_CASE("coded activations: a frame of no type is refused with the load's address",
          "[coded][error]") {
    const Bench bench = bench_of(coded_spec(128), zeros(1.0, kConvolution));
    const size_t load = find_command(bench.program, Unit::kLoad, is_coded);
    // The network's input is no stream: a bus word of it that would be raw, were it not for the
    // upper bits of its first nibble.
    const std::vector<uint8_t>& input = bench.network.synthetic_inputs.front();
    const compile::Region* region = bench.program.region_of_tensor(bench.network.inputs.front());
    REQUIRE(region != nullptr);
    size_t at = 0;
    while (at < input.size() && ((input[at] & 15) == 0 || (input[at] & 3) != 0)) at += 16;
    REQUIRE(at < input.size());
    Program program = bench.program;
    Command command = read_commands(program)[load];
    command.set("address", static_cast<int64_t>(region->address + at));
    command.set("blocks", 1);
    command.set("run_bytes", 16);
    put_command(program, load, command);
    const sim::RunResult run = bench.expect_error(program, "BAD_DATA");
    CHECK(run.host.error_address == address_of(bench.program, load));
}

TEST_CASE("coded activations: bytes around those that a load wants are not written", "[coded]") {
    const Bench bench = bench_of(coded_spec(128), zeros(1.0, kConvolution));
    const size_t load = find_command(bench.program, Unit::kLoad, is_coded);
    const Command good = read_commands(bench.program)[load];
    const auto outcome = [&](int64_t front, int64_t back) {
        Program program = bench.program;
        Command command = good;
        command.set("skip", good.get("skip") + front);
        command.set("buffer", good.get("buffer") + front);
        command.set("run_bytes", good.get("run_bytes") - front - back);
        put_command(program, load, command);
        return bench.run(program, 1, {}).outcome();
    };
    // Without them the convolution meets what was in the buffer before.
    CHECK(outcome(0, 0) == sim::Outcome::kPassed);
    CHECK(outcome(3, 0) == sim::Outcome::kMismatch);
    CHECK(outcome(0, 3) == sim::Outcome::kMismatch);
}

TEST_CASE("coded activations: bus errors stop with the address of the burst", "[coded][error]") {
    const Bench bench = bench_of(coded_spec(128), zeros(0.4, kConvolution));
    sim::SimulationOptions options;
    options.memory.stall = 0.3;
    // The first and a later burst of the stream.
    const uint64_t start = bench.program.coded.front().low;
    const std::vector<uint64_t> places = {start, start + 16 * 16 * 4};
    std::vector<uint64_t> expected;
    for (const uint64_t place : places) {
        for (const bool write : {true, false}) {
            for (const sim::Response response : {sim::kSlaveError, sim::kDecodeError}) {
                const auto run = static_cast<int32_t>(expected.size());
                options.faults.push_back({place, place + 1, response, !write, write, run});
                options.expected_errors.push_back(
                    {run, fmt::format("{}_{}", write ? "STORE" : "LOAD",
                                      response == sim::kSlaveError ? "SLVERR" : "DECERR")});
                expected.push_back(place);
            }
        }
    }
    const sim::SimulationResult result = bench.run(bench.program, expected.size() + 1, options);
    INFO(failures(result));
    CHECK(failures(result).empty());
    REQUIRE(result.runs.size() == expected.size() + 1);
    for (size_t i = 0; i < expected.size(); ++i) {
        CAPTURE(i);
        // Bursts begin where loads and stores want: the address lies within the burst's 512 bytes.
        CHECK(result.runs[i].host.error_address <= expected[i]);
        CHECK(result.runs[i].host.error_address + 512 > expected[i]);
    }
    CHECK(result.runs.back().outcome == sim::Outcome::kPassed);
}

TEST_CASE("coded activations: fields beyond the block table are refused", "[coded][error]") {
    const Bench bench = bench_of(coded_spec(128), zeros(0.4, kConvolution));
    for (const Unit unit : {Unit::kLoad, Unit::kStore}) {
        const size_t index = find_command(bench.program, unit, is_coded);
        Program program = bench.program;
        Command command = read_commands(program)[index];
        command.set("slot", 512);
        put_command(program, index, command);
        const sim::RunResult run = bench.expect_error(program, "BAD_FIELD");
        CHECK(run.host.error_address == address_of(bench.program, index));
    }
}

TEST_CASE("coded activations: random damage ends, and stays within the tensors", "[coded][error]") {
    const Bench bench = bench_of(coded_spec(128), zeros(0.4, kConvolution));
    std::mt19937 dice(5);
    std::vector<size_t> coded;
    const std::vector<Command> commands = read_commands(bench.program);
    for (size_t i = 0; i < commands.size(); ++i) {
        const bool moves = commands[i].unit() == Unit::kLoad || commands[i].unit() == Unit::kStore;
        if (moves && is_coded(commands[i])) coded.push_back(i);
    }
    for (int32_t i = 0; i < 60; ++i) {
        Program program = bench.program;
        std::string changes;
        for (uint64_t n = 0; n <= dice() % 3; ++n) {
            const size_t at = coded[dice() % coded.size()];
            Command command = commands[at];
            if (command.unit() == Unit::kLoad) {
                // What is at another address is no stream.
                const char* field = std::array{"skip",        "slot", "blocks",
                                               "block_words", "zero", "address"}[dice() % 6];
                const bool is_address = std::string(field) == "address";
                command.set(field, is_address ? command.get(field) -
                                                    16 * static_cast<int64_t>(1 + dice() % 200)
                                              : static_cast<int64_t>(dice() % 100));
            } else {
                const char* field =
                    std::array{"block_words", "zero", "begins", "bytes"}[dice() % 4];
                command.set(field, static_cast<int64_t>(
                                       dice() % (std::string(field) == "begins" ? 2 : 100)));
            }
            put_command(program, at, command);
            changes += command.text() + "\n";
        }
        CAPTURE(i, changes);
        check_contained(bench, program);
    }
}
