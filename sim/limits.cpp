// Bounds on the length of a run. SPDX-License-Identifier: Apache-2.0
#include "sim/limits.hpp"

#include <algorithm>
#include <limits>

namespace arraywright::sim {

RunLimits run_limits(const SimulationRequest& request) {
    const MemoryConfig& memory = request.options.memory;
    double longest_layer = 0;
    double work = 0;
    double bytes = 64.0 * request.program->command_count;
    for (const compile::LayerInfo& layer : request.program->layers) {
        const auto cycles = static_cast<double>(
            layer.array_steps + layer.vector_results * request.design.result_cycles);
        longest_layer = std::max(longest_layer, cycles);
        work += cycles;
        bytes += static_cast<double>(layer.loaded_bytes + layer.stored_bytes);
    }
    // Every beat may be a burst of its own that waits for the full latency and stalls.
    const double slowdown = 1.0 / ((1.0 - memory.stall) * (1.0 - memory.stall) * memory.bandwidth);
    const double latency = memory.latency_cycles + memory.write_latency_cycles;
    const double hang = 20000 + 4 * longest_layer + 100 * latency * slowdown;
    const double total = 1e6 + 20 * work + bytes * (latency + 20) * slowdown + 2 * hang;

    RunLimits limits;
    const SimulationOptions& options = request.options;
    limits.hang_cycles =
        options.hang_cycles != 0 ? options.hang_cycles : static_cast<uint64_t>(hang);
    limits.max_cycles =
        options.max_cycles != 0 ? options.max_cycles : static_cast<uint64_t>(std::min(total, 1e18));
    const uint64_t half =
        std::min<uint64_t>(limits.hang_cycles / 2, std::numeric_limits<uint32_t>::max());
    limits.watchdog_cycles =
        options.watchdog_cycles != 0 ? options.watchdog_cycles : static_cast<uint32_t>(half);
    return limits;
}

}  // namespace arraywright::sim
