// Cells of a netlist, from Yosys' `stat -json`, and what they count as on a target.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "generator/spec/spec.hpp"
#include "generator/synth/figures.hpp"

namespace arraywright::synth {

/// All cells below `top`; a module counts as often as it occurs. Throws ToolError.
CellCounts read_cells(const std::string& stat_json, const std::string& top);

/// Fills LUTs, flip-flops, DSP blocks and RAMs of an FPGA. Throws ToolError at a cell that is not
/// known: nothing may go uncounted.
void count_fpga_cells(spec::Target target, Figures& figures);

}  // namespace arraywright::synth
