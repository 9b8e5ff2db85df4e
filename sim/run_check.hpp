// Recomputes counters and overflow from the data and judges a run. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "generator/compile/program.hpp"
#include "sim/design_info.hpp"
#include "sim/result.hpp"
#include "verif/golden/golden.hpp"

namespace arraywright::sim {

/// CYCLES of the register block + this = cycles from the handshake of the START write to the
/// first cycle in which irq_o is seen high, both at the pins, for each run of an inference.
constexpr uint64_t kPinCyclesOffset = 1;

/// Everything known of one ended run.
struct RunEvidence {
    const compile::Program& program;
    const DesignInfo& design;
    const golden::Result& golden;
    const Traffic& traffic;
    std::string expected_error;  ///< name; empty: the run must pass
    bool polled = false;         ///< the interrupt was not used
};

/// Judges a run whose interrupt came: status, error, counters, overflow. Uses result.host and adds
/// failures; true if the program ran to its end, so that the memory is to be compared.
bool check_run(const RunEvidence& evidence, RunResult& result);

/// Fills result.layers from the traffic.
void report_layers(const RunEvidence& evidence, RunResult& result);

}  // namespace arraywright::sim
