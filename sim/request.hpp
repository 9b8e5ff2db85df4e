// What a simulation is asked to do. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "generator/compile/program.hpp"
#include "generator/network/network.hpp"
#include "sim/design_info.hpp"
#include "sim/memory_config.hpp"
#include "sim/memory_store.hpp"
#include "verif/golden/golden.hpp"

namespace arraywright::sim {

/// kBare drives the same components and model without SystemC: for comparison only.
enum class Engine { kSystemC, kBare };

/// One inference: raw bytes per network input, and what must come out.
struct RunInput {
    std::vector<std::vector<uint8_t>> inputs;
    const golden::Result* golden = nullptr;
};

/// A run that must end with this error instead of passing.
struct ExpectedError {
    int32_t run = 0;
    std::string name;  ///< of isa::error_codes
};

struct SimulationOptions {
    MemoryConfig memory;
    std::filesystem::path trace;   ///< FST file; empty: none. Needs a traced model
    uint64_t hang_cycles = 0;      ///< without handshake; 0: derived from program and memory
    uint64_t max_cycles = 0;       ///< of one run; 0: derived
    uint32_t watchdog_cycles = 0;  ///< WATCHDOG_CYCLES register; 0: half of hang_cycles
    bool keep_tensors = false;     ///< fill RunResult::tensors
    bool polled = false;           ///< the host polls STATUS: latency is not measured
    bool probes = false;           ///< the host also tries accesses that must be refused
    bool progress = true;          ///< a line on stderr if it is a terminal
    std::vector<FaultRange> faults;
    std::vector<ExpectedError> expected_errors;
    /// Called in every run when program and inputs lie in memory, before the start: tests change
    /// memory here.
    std::function<void(MemoryStore&)> after_load;
    Engine engine = Engine::kSystemC;
};

/// The pointers must outlive the simulation.
struct SimulationRequest {
    const compile::Program* program = nullptr;
    const network::Network* network = nullptr;
    DesignInfo design;
    std::filesystem::path model_library;
    std::vector<RunInput> runs;  ///< one after the other on the same model
    SimulationOptions options;
};

}  // namespace arraywright::sim
