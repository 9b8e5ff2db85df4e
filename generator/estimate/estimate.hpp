// Cost model: cycles and bus bytes of a program, without RTL. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generator/compile/program.hpp"
#include "generator/estimate/timing.hpp"
#include "generator/network/network.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::estimate {

struct LayerEstimate {
    std::string name;
    std::string op;
    std::string block;
    int64_t macs = 0;
    /// From the end of the layer before (or the doorbell) to its own; absent if it ended no later.
    std::optional<int64_t> cycles;
    int64_t dram_read_bytes = 0;  ///< whole bus words
    int64_t dram_write_bytes = 0;
    int64_t weight_bytes = 0;
    compile::WeightStorage storage;
    int64_t bound_cycles = 0;  ///< max(macs / multipliers, weight bytes / bus bytes)
};

struct Estimate {
    int64_t cycles = 0;  ///< CYCLES of the accelerator
    int64_t bound_cycles = 0;
    int64_t command_read_bytes = 0;
    int64_t read_beats = 0;
    std::vector<LayerEstimate> layers;
};

/// Runs `program`, compiled from `network`, through the event model of the design.
Estimate estimate_program(const compile::Program& program, const network::Network& network,
                          const plan::Plan& plan, const MemoryTiming& memory);

}  // namespace arraywright::estimate
