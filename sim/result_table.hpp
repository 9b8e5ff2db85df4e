// The result of a simulation as text. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/result.hpp"

namespace arraywright::sim {

/// Rows of text as columns: the first three to the left, numbers to the right.
std::string aligned_columns(const std::vector<std::vector<std::string>>& rows);

/// Verdict, layers, cycle breakdown and overflow of the first inference, then the others' cycles.
std::string to_table(const SimulationResult& result);

}  // namespace arraywright::sim
