// The netlist of a design: what Yosys makes of its RTL for a target, and the same as gates that
// Verilator can run. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "generator/plan/plan.hpp"
#include "generator/synth/figures.hpp"

namespace arraywright::synth {

struct FlowOptions {
    spec::Target target = spec::Target::kGeneric;
    std::vector<std::filesystem::path> liberty;  ///< of an ASIC's cells
    double clock_ns = 5.0;                       ///< asked for; an ASIC is mapped for it
};

/// Files in the folder of a flow.
struct Netlist {
    std::filesystem::path verilog;
    /// What gives a netlist with pins the accelerator's own ports again; may be empty.
    std::filesystem::path board;
    /// RAMs that stay modules of their own (generic and ASIC), as behavioural Verilog; may be
    /// empty.
    std::filesystem::path rams;
    std::filesystem::path library;              ///< of an ASIC: one Liberty file for mapping
    std::vector<liberty::SramMacro> macros;     ///< in use
    std::vector<std::string> macro_libraries;   ///< names of files: Liberty of SRAM macros
    std::vector<std::filesystem::path> models;  ///< of SRAM macros, for simulation
};

/// Yosys' script: `folder`/rtl is read, `folder`/netlist.v and stat.txt are written.
std::string yosys_script(const plan::Plan& plan, const FlowOptions& options,
                         const std::vector<std::string>& macro_libraries);

/// Writes the RTL of `plan` into `folder`, makes the netlist and fills `figures`. Throws ToolError.
Netlist make_netlist(const plan::Plan& plan, const FlowOptions& options,
                     const std::filesystem::path& folder, Figures& figures);

/// The netlist with its cells replaced by their models, one flat module, and the RAMs: what
/// `simulate --netlist` takes. Models derive clocks from clocks, which Verilator does not take for
/// the same edge, and carries of one vector that depend on each other look like a loop to it.
std::vector<std::filesystem::path> gate_models(const plan::Plan& plan, const FlowOptions& options,
                                               const Netlist& netlist,
                                               const std::filesystem::path& folder);

}  // namespace arraywright::synth
