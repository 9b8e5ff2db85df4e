// Simulated cycles a second of one design and workload, under SystemC and in a bare C++ loop around
// the same model with the same stimulus and checks; JSON on standard output.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "tests/e2e/simulate_run.hpp"

namespace arraywright {
namespace {

constexpr int kRepetitions = 3;

std::string text_of(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    if (!file) throw std::runtime_error(name + ": cannot be read");
    return {std::istreambuf_iterator<char>(file), {}};
}

struct Speed {
    double cycles_per_second = 0;  ///< best of the repetitions: others had less of the processor
    uint64_t cycles = 0;
};

void measure(const e2e::Design& design, const std::string& workload, sim::Engine engine,
             Speed& best) {
    sim::SimulationOptions options;
    options.engine = engine;
    options.progress = false;
    const sim::SimulationResult result = design.run(workload, options);
    if (!result.passed()) throw std::runtime_error("failed: " + e2e::failures(result));
    best.cycles = result.simulated_cycles;
    best.cycles_per_second = std::max(
        best.cycles_per_second, static_cast<double>(result.simulated_cycles) / result.wall_seconds);
}

void run(const std::string& spec_file, const std::string& network_file) {
    const e2e::Design design(text_of(spec_file));
    const std::string workload = text_of(network_file);
    Speed systemc, bare;
    // In turn, so that a change of the machine's load meets both.
    for (int i = 0; i < kRepetitions; ++i) {
        measure(design, workload, sim::Engine::kSystemC, systemc);
        measure(design, workload, sim::Engine::kBare, bare);
    }
    if (systemc.cycles != bare.cycles) throw std::runtime_error("the engines differ in cycles");
    fmt::print(
        "{{\"cycles\": {}, \"systemc_cycles_per_second\": {:.0f}, "
        "\"bare_cycles_per_second\": {:.0f}, \"cost\": {:.3f}}}\n",
        systemc.cycles, systemc.cycles_per_second, bare.cycles_per_second,
        bare.cycles_per_second / systemc.cycles_per_second);
}

}  // namespace
}  // namespace arraywright

int main(int argc, char** argv) {
    if (argc != 3) {
        fmt::print(stderr, "usage: sim_speed SPEC WORKLOAD\n");
        return 2;
    }
    try {
        arraywright::run(argv[1], argv[2]);
    } catch (const std::exception& error) {
        fmt::print(stderr, "sim_speed: {}\n", error.what());
        return 2;
    }
    return 0;
}
