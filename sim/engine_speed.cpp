// Cost of SystemC. SPDX-License-Identifier: Apache-2.0
#include "sim/engine_speed.hpp"

#include <algorithm>
#include <stdexcept>

#include "sim/simulate.hpp"

namespace arraywright::sim {

EngineSpeed measure_engines(SimulationRequest request, int32_t repetitions) {
    EngineSpeed speed;
    const auto run = [&](Engine engine, double& best) {
        request.options.engine = engine;
        const SimulationResult result = simulate(request);
        if (!result.passed()) throw std::runtime_error("a measured simulation did not pass");
        if (speed.cycles != 0 && speed.cycles != result.simulated_cycles) {
            throw std::runtime_error("SystemC and the bare loop differ in cycles");
        }
        speed.cycles = result.simulated_cycles;
        best = std::max(best, static_cast<double>(result.simulated_cycles) / result.wall_seconds);
    };
    for (int32_t i = 0; i < repetitions; ++i) {
        run(Engine::kSystemC, speed.systemc_cycles_per_second);
        run(Engine::kBare, speed.bare_cycles_per_second);
    }
    return speed;
}

}  // namespace arraywright::sim
