// Netlists by Yosys. SPDX-License-Identifier: Apache-2.0
#include "generator/synth/netlist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "generator/emit/design.hpp"
#include "generator/liberty/liberty.hpp"
#include "generator/spec/spec_names.hpp"
#include "generator/synth/cells.hpp"
#include "generator/synth/tool.hpp"

namespace arraywright::emit {
const std::string& cell_model(const std::string& path);
}

namespace arraywright::synth {

namespace fs = std::filesystem;
using spec::Target;

namespace {

const Tool kYosys{"yosys", "yosys"};

/// For the least delay, then smaller where the clock allows. Yosys' own script maps for area, and
/// its SAT sweep (&fraig -x) takes minutes for one multiplier of 32 bits.
constexpr const char* kMapping =
    "+strash;dch,-f;map,-B,0.9;topo;buffer,-c;topo;upsize,{D};dnsize,{D};stime,-p";

/// The mapping command of a target.
std::string mapping(const plan::Plan& plan, Target target) {
    const std::string& top = plan.spec.name;
    switch (target) {
        case Target::kXilinx7:
            return fmt::format(
                "synth_xilinx -family xc7 -flatten -nowidelut -noiopad -noclkbuf -top {}", top);
        case Target::kEcp5:
            return fmt::format("synth_ecp5 -top {}", top);
        case Target::kIce40:
            return fmt::format("synth_ice40 -top {}", top);
        case Target::kGeneric:
        case Target::kAsic:
            // By module: a large array takes a thirtieth of the time, for 4 % more area.
            return fmt::format("synth -top {}", top);
    }
    return "";
}

/// A name of a derived module, as people would write it: aw_fifo_3.
std::string readable_names(const std::string& verilog, std::map<std::string, std::string>& names) {
    static const std::regex derived(R"(\\\$paramod(?:\$[0-9a-f]+)?\\(\w+)[^\s]* )");
    std::string out;
    auto at = verilog.cbegin();
    for (std::sregex_iterator match(verilog.begin(), verilog.end(), derived), end; match != end;
         ++match) {
        const std::string whole = match->str();
        auto [name, is_new] = names.try_emplace(whole, "");
        if (is_new) {
            int32_t number = 0;
            const std::string base = (*match)[1];
            for (const auto& [other, given] : names)
                number += other != whole && given.starts_with(base + "_") ? 1 : 0;
            name->second = fmt::format("{}_{} ", base, number);
        }
        out.append(at, verilog.cbegin() + match->position());
        out += name->second;
        at = verilog.cbegin() + match->position() + match->length();
    }
    out.append(at, verilog.cend());
    return out;
}

/// As black boxes.
std::string read_macros(const std::vector<std::string>& libraries) {
    std::string script;
    for (const std::string& library : libraries)
        script += fmt::format("read_liberty -lib -ignore_miss_func {}\n", library);
    return script;
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

}  // namespace

std::string yosys_script(const plan::Plan& plan, const FlowOptions& options,
                         const std::vector<std::string>& macro_libraries) {
    const std::string& top = plan.spec.name;
    std::string script = read_macros(macro_libraries) + "read_verilog rtl/*.v\n";
    const bool keeps_rams = macro_libraries.empty() &&
                            (options.target == Target::kGeneric || options.target == Target::kAsic);
    if (keeps_rams) {
        script += fmt::format("hierarchy -check -top {}\nproc\nopt_clean\n", top);
        script +=
            "# RAMs stay modules of their own: SRAM macros take their place.\n"
            "select *aw_ram*\nwrite_verilog -noattr -selected rams.v\nsetattr -mod -set blackbox "
            "1\n"
            "select -clear\n";
    }
    script += mapping(plan, options.target) + "\n";
    if (options.target == Target::kAsic) {
        script += "dfflibmap -liberty cells.lib\n" +
                  fmt::format("abc -liberty cells.lib -D {:.0f} -constr drive.sdc -script {}\n",
                              1000 * options.clock_ns, kMapping) +
                  "opt_clean -purge\n";
    }
    // What the library's cells drive.
    if (options.target == Target::kAsic)
        script += "read_liberty -lib -ignore_miss_func cells.lib\n";
    script += "check -assert\ntee -q -o stat.txt stat\n";
    script += options.target == Target::kAsic
                  ? "write_verilog -noattr -noexpr -nohex -nodec -simple-lhs netlist.v\n"
                  : "write_verilog -noattr netlist.v\n";
    if (options.target == Target::kIce40) script += "write_json netlist.json\n";
    return script;
}

Netlist make_netlist(const plan::Plan& plan, const FlowOptions& options, const fs::path& folder,
                     Figures& figures) {
    Netlist netlist;
    netlist.verilog = folder / "netlist.v";
    for (const emit::File& file : emit::rtl_files(emit::emit_design(plan))) {
        fs::create_directories((folder / file.path).parent_path());
        write_text(folder / file.path, file.text);
        if (file.path.starts_with("models/")) netlist.models.push_back(folder / file.path);
    }
    std::set<std::string> libraries;
    for (const liberty::SramMacro& macro : plan.spec.memories.macros) {
        if (!fs::exists(folder / "models" / (macro.cell + ".v"))) continue;
        netlist.macros.push_back(macro);
        if (!libraries.insert(macro.file).second) continue;
        netlist.macro_libraries.push_back(fmt::format("macros_{}.lib", libraries.size() - 1));
        write_text(folder / netlist.macro_libraries.back(), read_text(macro.file));
    }
    if (options.target == Target::kAsic) {
        netlist.library = folder / "cells.lib";
        write_text(netlist.library, liberty::merged_liberty(options.liberty));
        const std::string buffer = liberty::smallest_buffer(liberty::read_liberty(netlist.library));
        if (buffer.empty()) throw ToolError("the Liberty file has no buffer");
        write_text(folder / "drive.sdc",
                   fmt::format("set_driving_cell {}\nset_load 10.0 [all_outputs]\n", buffer));
    }
    write_text(folder / "synth.ys", yosys_script(plan, options, netlist.macro_libraries));
    const std::string version = first_line(run_tool(kYosys, {"-V"}, folder, "version.log"));
    run_tool(kYosys, {"-q", "-s", "synth.ys"}, folder, "yosys.log");
    figures.top = plan.spec.name;
    figures.target = spec::name_of(options.target);
    figures.multipliers = int64_t{plan.rows} * plan.cols;
    figures.flow =
        fmt::format("{}, {}", version.substr(0, version.find(" (")), mapping(plan, options.target));
    if (options.target == Target::kAsic) {
        figures.flow += fmt::format(", dfflibmap, abc for {} ns", options.clock_ns);
    }
    figures.cells = read_cells(read_text(folder / "stat.txt"), plan.spec.name);
    if (options.target == Target::kAsic)
        figures.units = read_units(read_text(folder / "stat.txt"), plan.spec.name);
    if (options.target == Target::kGeneric || options.target == Target::kAsic) {
        if (netlist.macro_libraries.empty()) netlist.rams = folder / "rams.v";
        std::map<std::string, std::string> names;
        std::vector<fs::path> files = {netlist.verilog};
        if (!netlist.rams.empty()) files.push_back(netlist.rams);
        for (const fs::path& file : files) write_text(file, readable_names(read_text(file), names));
        for (Unit& unit : figures.units) {
            const auto renamed = names.find("\\" + unit.module + " ");
            if (renamed != names.end())
                unit.module = renamed->second.substr(0, renamed->second.size() - 1);
        }
    }
    return netlist;
}

namespace {

/// Models of block RAMs that hold data; and of what else Yosys has no models of.
void write_block_rams(const char* models, const fs::path& folder) {
    write_text(folder / "block_rams.v", emit::cell_model("block_ram.v") + emit::cell_model(models));
}

/// Reads the models of a target's cells.
std::string read_cell_models(const FlowOptions& options, const fs::path& folder) {
    switch (options.target) {
        case Target::kXilinx7: {
            write_block_rams("xilinx7.v", folder);
            std::string contents;
            for (int32_t i = 0; i < 128; ++i) contents += fmt::format(" -unset INIT_{:02X}", i);
            for (int32_t i = 0; i < 16; ++i) contents += fmt::format(" -unset INITP_{:02X}", i);
            return "read_verilog +/xilinx/cells_sim.v\n"
                   "delete RAMB36E1 RAMB18E1\n"
                   "read_verilog -lib block_rams.v\n"
                   "setparam" +
                   contents +
                   " -unset INIT_A -unset INIT_B -unset SRVAL_A -unset SRVAL_B -unset DOA_REG "
                   "-unset DOB_REG -unset RAM_EXTENSION_A -unset RAM_EXTENSION_B "
                   "t:RAMB36E1 t:RAMB18E1\n";
        }
        case Target::kEcp5: {
            write_block_rams("ecp5.v", folder);
            std::string contents;
            for (int32_t i = 0; i < 64; ++i) contents += fmt::format(" -unset INITVAL_{:02X}", i);
            return "read_verilog +/ecp5/cells_sim.v\n"
                   "delete DP16KD\n"
                   "read_verilog -lib block_rams.v\n"
                   "setparam" +
                   contents +
                   " -unset REGMODE_A -unset REGMODE_B -unset RESETMODE -unset ASYNC_RESET_RELEASE "
                   "-unset CSDECODE_A -unset CSDECODE_B -unset CLKAMUX -unset CLKBMUX -unset GSR "
                   "t:DP16KD\n";
        }
        case Target::kIce40:
            return "read_verilog -D NO_ICE40_DEFAULT_ASSIGNMENTS +/ice40/cells_sim.v\n";
        case Target::kAsic:
            return "read_liberty -ignore_miss_func cells.lib\n";
        case Target::kGeneric:
            return "";
    }
    return "";
}

}  // namespace

std::vector<fs::path> gate_models(const plan::Plan& plan, const FlowOptions& options,
                                  const Netlist& netlist, const fs::path& folder) {
    std::string script;
    std::vector<fs::path> files = {folder / "gates.v"};
    if (!netlist.rams.empty()) {
        script += "read_verilog -lib rams.v\n";
        files.push_back(netlist.rams);
    }
    script += read_macros(netlist.macro_libraries);
    files.insert(files.end(), netlist.models.begin(), netlist.models.end());
    script += fmt::format("read_verilog {}\n", netlist.verilog.filename().string());
    if (!netlist.board.empty())
        script += fmt::format("read_verilog {}\n", netlist.board.filename().string());
    script += read_cell_models(options, folder);
    script += fmt::format(
        "hierarchy -top {}\nproc\nflatten\n{}splitnets w:*.CO\n{}opt_clean\nwrite_verilog -noattr "
        "gates.v\n",
        plan.spec.name, netlist.board.empty() ? "" : "tribuf -logic\n",
        // Its models choose the edge of a clock by a parameter: one clock, not two.
        options.target == Target::kEcp5 ? "opt_expr\n" : "");
    write_text(folder / "gates.ys", script);
    run_tool(kYosys, {"-q", "-s", "gates.ys"}, folder, "gates.log");
    if (options.target == Target::kXilinx7 || options.target == Target::kEcp5)
        files.push_back(folder / "block_rams.v");
    return files;
}

}  // namespace arraywright::synth
