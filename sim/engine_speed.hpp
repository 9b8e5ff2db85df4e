// What SystemC costs: the same simulation with and without it. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/request.hpp"

namespace arraywright::sim {

struct EngineSpeed {
    double systemc_cycles_per_second = 0;  ///< best of the repetitions
    double bare_cycles_per_second = 0;     ///< best of the repetitions
    uint64_t cycles = 0;                   ///< of one repetition, the same for both
    /// Time under SystemC over time of the bare loop.
    double cost() const { return bare_cycles_per_second / systemc_cycles_per_second; }
};

/// Runs `request` in turn under SystemC and in a bare loop around the same model, with the same
/// stimulus and checks. Throws std::runtime_error if a run does not pass or the cycles differ.
EngineSpeed measure_engines(SimulationRequest request, int32_t repetitions);

}  // namespace arraywright::sim
