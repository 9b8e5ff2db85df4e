// The result of a simulation as text. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/result.hpp"

namespace arraywright::sim {

/// Verdict, layers, cycle breakdown and overflow of the first inference, then the others' cycles.
std::string to_table(const SimulationResult& result);

}  // namespace arraywright::sim
