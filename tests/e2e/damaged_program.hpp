// A compiled program to damage: what it must end with is an error, never a hang.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "generator/isa/commands.hpp"
#include "generator/isa/registers.hpp"
#include "tests/e2e/simulate_run.hpp"

namespace arraywright::e2e {

/// A design and the workload's program, which tests damage.
struct Bench {
    Bench(const std::string& spec, const std::string& workload)
        : design(spec), network(network_of(workload)), program(design.compile(network)) {}

    sim::SimulationResult run(const compile::Program& with, size_t runs,
                              const sim::SimulationOptions& options) const {
        return design.run(network, with, std::vector<Inputs>(runs, network.synthetic_inputs),
                          options);
    }

    /// Runs `damaged` twice, so that the soft reset in between matters; both must end with
    /// `error`. Returns the second run.
    sim::RunResult expect_error(const compile::Program& damaged, const std::string& error) const {
        sim::SimulationOptions options;
        options.expected_errors = {{0, error}, {1, error}};
        options.watchdog_cycles = 3000;
        const sim::SimulationResult result = run(damaged, 2, options);
        INFO(failures(result));
        CHECK(failures(result).empty());
        REQUIRE(result.runs.size() == 2);
        CHECK(result.runs[0].host.error_address == result.runs[1].host.error_address);
        return result.runs[1];
    }

    Design design;
    network::Network network;
    compile::Program program;
};

inline compile::Region& commands_of(compile::Program& program) {
    return *std::find_if(
        program.regions.begin(), program.regions.end(),
        [](const compile::Region& r) { return r.kind == compile::RegionKind::kCommands; });
}

inline std::vector<isa::Command> read_commands(compile::Program program) {
    std::vector<isa::Command> commands;
    const std::vector<uint8_t>& image = commands_of(program).image;
    for (uint32_t i = 0; i < program.command_count; ++i) {
        commands.emplace_back(image.data() + size_t{i} * isa::kCommandBytes);
    }
    return commands;
}

inline void put_word(compile::Program& program, size_t command, size_t word, uint32_t value) {
    uint8_t* bytes = commands_of(program).image.data() + command * isa::kCommandBytes + 4 * word;
    for (size_t b = 0; b < 4; ++b) bytes[b] = static_cast<uint8_t>(value >> (8 * b));
}

inline void put_command(compile::Program& program, size_t index, const isa::Command& command) {
    for (size_t w = 0; w < isa::kCommandWords; ++w) {
        put_word(program, index, w, command.words()[w]);
    }
}

inline uint64_t address_of(const compile::Program& program, size_t command) {
    return program.command_address + command * isa::kCommandBytes;
}

/// The first command of `unit` for which `wanted` holds.
inline size_t find_command(const compile::Program& program, isa::Unit unit,
                           const std::function<bool(const isa::Command&)>& wanted = nullptr) {
    const std::vector<isa::Command> commands = read_commands(program);
    const auto found = std::find_if(commands.begin(), commands.end(), [&](const isa::Command& c) {
        return c.unit() == unit && (!wanted || wanted(c));
    });
    REQUIRE(found != commands.end());
    return static_cast<size_t>(found - commands.begin());
}

/// A run with damaged data ends, and leaves all memory but the outputs alone.
inline void check_contained(const Bench& bench, const compile::Program& damaged) {
    sim::SimulationOptions options;
    options.watchdog_cycles = 3000;
    const sim::SimulationResult result = bench.run(damaged, 1, options);
    REQUIRE(result.runs.size() == 1);
    const sim::RunResult& run = result.runs[0];
    CHECK(run.outcome != sim::Outcome::kHang);
    CHECK(run.violations.empty());
    INFO(failures(result));
    CHECK(run.host.error_code != isa::error_value("WATCHDOG"));
    for (const std::string& failure : run.failures) {
        INFO(failure);
        CHECK(failure.find("written outside") == std::string::npos);
    }
}

}  // namespace arraywright::e2e
