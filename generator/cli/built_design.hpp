// A planned design, verilated and ready to run. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "generator/compile/program.hpp"
#include "generator/network/network.hpp"
#include "generator/plan/plan.hpp"
#include "sim/design_info.hpp"
#include "sim/request.hpp"
#include "sim/result.hpp"
#include "verif/golden/golden.hpp"

namespace arraywright::cli {

struct BuiltDesign {
    sim::DesignInfo info;
    std::filesystem::path model;
};

/// Writes the RTL of `plan` to a staging folder and verilates it, unless the cache has it. With
/// `netlist`, these files are verilated instead: what a synthesis tool made of the RTL, and its
/// cells.
BuiltDesign build_design(const plan::Plan& plan, bool traced,
                         const std::vector<std::filesystem::path>& netlist = {});

/// The accumulators of the design, for the golden kernel.
golden::AccumulatorModel accumulator_of(const plan::Plan& plan);

/// Input tensors of one inference, one per network input.
using Inputs = std::vector<std::vector<uint8_t>>;

/// The golden kernel's results of every inference.
std::vector<golden::Result> golden_results(const network::Network& network,
                                           const std::vector<Inputs>& inputs,
                                           const plan::Plan& plan);

/// Runs the inputs one after the other and compares each with its golden result.
sim::SimulationResult run_design(const BuiltDesign& design, const network::Network& network,
                                 const compile::Program& program, const std::vector<Inputs>& inputs,
                                 const std::vector<golden::Result>& expected,
                                 const sim::SimulationOptions& options);

}  // namespace arraywright::cli
