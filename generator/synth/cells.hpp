// Cells of a netlist, from Yosys' `stat`, and what they count as on a target.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "generator/spec/spec.hpp"
#include "generator/synth/figures.hpp"

namespace arraywright::synth {

/// What `stat` says of one module.
struct ModuleCells {
    CellCounts cells;  ///< modules among them
    int64_t memory_bits = 0;
};

/// Modules of a report by name. (Of modules with parameters Yosys 0.23 writes JSON that is none.)
std::map<std::string, ModuleCells> read_modules(const std::string& report);

/// All cells below `top`; a module counts as often as it occurs. Throws ToolError.
CellCounts read_cells(const std::string& report, const std::string& top);

/// The modules that `top` instantiates, by name, without areas.
std::vector<Unit> read_units(const std::string& report, const std::string& top);

/// Fills LUTs, flip-flops, DSP blocks and RAMs of an FPGA. Throws ToolError at a cell that is not
/// known: nothing may go uncounted.
void count_fpga_cells(spec::Target target, Figures& figures);

}  // namespace arraywright::synth
