// Runs a program on a verilated design and checks everything. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/request.hpp"
#include "sim/result.hpp"

namespace arraywright::sim {

/// Runs the inputs one after the other on one instance of the model. Stops after a hang or a
/// protocol violation. Throws std::invalid_argument for a request that does not fit together and
/// std::runtime_error for a model that cannot be used or a trace that cannot be written.
SimulationResult simulate(const SimulationRequest& request);

}  // namespace arraywright::sim
