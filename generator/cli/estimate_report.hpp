// The cost model as the commands use it. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "generator/cli/command.hpp"
#include "generator/estimate/estimate.hpp"
#include "sim/memory_config.hpp"
#include "sim/result.hpp"

namespace arraywright::cli {

/// Timing for the cost model; absent when the memory is random (stall, reorder).
std::optional<estimate::MemoryTiming> memory_timing(const sim::MemoryConfig& memory);

/// Puts the estimate beside what a simulation measured.
void add_estimate(const estimate::Estimate& estimate, sim::SimulationResult& result);

/// Adds `estimated_cycles` to each of `layers`; null for a layer that ends with another one.
void add_estimated_cycles(const estimate::Estimate& estimate, Json& layers);

/// The layers of an estimate: name, op, block, cycles, traffic, bound.
Json layers_json(const estimate::Estimate& estimate);

}  // namespace arraywright::cli
