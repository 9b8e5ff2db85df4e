// What a simulation exercised, as the bins of verif/testplan.md. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include <set>
#include <string>

#include "generator/compile/program.hpp"
#include "generator/network/network.hpp"
#include "generator/plan/plan.hpp"
#include "sim/memory_config.hpp"
#include "sim/result.hpp"

namespace arraywright::e2e {

/// Bins "cross: value, value" of one simulation.
std::set<std::string> functional_bins(const network::Network& network,
                                      const compile::Program& program, const plan::Plan& plan,
                                      const sim::MemoryConfig& memory,
                                      const sim::SimulationResult& result);

/// Appends the bins to the file that ARRAYWRIGHT_BINS names; nothing without it.
void record_bins(const std::set<std::string>& bins);

}  // namespace arraywright::e2e
