// When a run counts as hung. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/request.hpp"

namespace arraywright::sim {

struct RunLimits {
    uint64_t hang_cycles = 0;      ///< without any handshake or interrupt
    uint64_t max_cycles = 0;       ///< of one run
    uint32_t watchdog_cycles = 0;  ///< of the accelerator itself
};

/// The options, where 0 is replaced by a bound far above what the program can need with this
/// memory: a working design never meets it.
RunLimits run_limits(const SimulationRequest& request);

}  // namespace arraywright::sim
