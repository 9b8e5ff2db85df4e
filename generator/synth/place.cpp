// nextpnr, icepack, OpenSTA. SPDX-License-Identifier: Apache-2.0
#include "generator/synth/place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <regex>

#include "generator/liberty/liberty.hpp"
#include "generator/synth/pins.hpp"
#include "generator/synth/tool.hpp"

namespace arraywright::synth {

namespace fs = std::filesystem;

namespace {

const Tool kYosys{"yosys", "yosys"};
const Tool kNextpnr{"nextpnr-ice40", "nextpnr-ice40"};
const Tool kIcepack{"icepack", "fpga-icestorm"};
const Tool kSta{"sta", "opensta"};

std::smatch last_match(const std::string& text, const std::regex& pattern) {
    std::smatch found;
    for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match)
        found = *match;
    return found;
}

}  // namespace

void join_pins(const plan::Plan& plan, const fs::path& folder, Netlist& netlist) {
    write_text(folder / "pins.v", pins_module(plan));
    write_text(folder / "board.v", board_module(plan));
    // Only wires and the drivers of the pins come to the netlist.
    write_text(folder / "pins.ys",
               fmt::format("read_json netlist.json\nread_verilog pins.v\n"
                           "hierarchy -top {}_pins\nproc\nflatten\ntribuf\nopt_clean -purge\n"
                           "check -assert\nwrite_verilog -noattr placed.v\n"
                           "simplemap t:$tribuf\nwrite_json placed.json\n",
                           plan.spec.name));
    run_tool(kYosys, {"-q", "-s", "pins.ys"}, folder, "pins.log");
    netlist.verilog = folder / "placed.v";
    netlist.board = folder / "board.v";
}

void place_ice40(const fs::path& folder, const std::string& device, const std::string& package,
                 double clock_ns, Figures& figures) {
    const std::string log =
        run_tool(kNextpnr,
                 {"--" + device, "--package", package, "--json", "placed.json", "--asc",
                  "placed.asc", "--freq", fmt::format("{:.3f}", 1000.0 / clock_ns), "--seed", "1",
                  // A slower clock than asked for is a figure, not an error.
                  "--timing-allow-fail"},
                 folder, "nextpnr.log");
    static const std::regex fmax(R"(Max frequency for clock[^\n]*?: ([0-9.]+) MHz)");
    static const std::regex cells(R"(ICESTORM_LC: +(\d+)/ *(\d+))");
    const std::smatch frequency = last_match(log, fmax);
    const std::smatch used = last_match(log, cells);
    if (frequency.empty() || used.empty())
        throw ToolError("nextpnr-ice40: its log has no Fmax or no cells");
    figures.clock_ns = clock_ns;
    figures.fmax_mhz = std::stod(frequency[1]);
    figures.placed_cells = std::stoll(used[1]);
    figures.device_cells = std::stoll(used[2]);
    run_tool(kIcepack, {"placed.asc", "placed.bin"}, folder, "icepack.log");
    figures.flow += fmt::format("; nextpnr-ice40 --{} --package {}", device, package);
}

namespace {

using Areas = std::map<std::string, double>;

Areas cell_areas(const fs::path& library) {
    Areas areas;
    for (const liberty::Group& cell : liberty::read_liberty(library).groups) {
        if (cell.name == "cell") areas[cell.title()] = std::atof(cell.attribute("area").c_str());
    }
    return areas;
}

/// An inferred RAM, for which no macros were given.
bool is_ram(const std::string& cell) {
    return cell.find("aw_ram") != std::string::npos;
}

/// um2, RAMs and macros aside.
double area_of(const CellCounts& cells, const Areas& areas, const Areas& macros) {
    double area = 0;
    for (const auto& [cell, number] : cells) {
        if (is_ram(cell) || macros.contains(cell)) continue;
        const auto found = areas.find(cell);
        if (found == areas.end())
            throw ToolError(fmt::format("yosys left a cell that the library does not have: {} x {}",
                                        number, cell));
        area += static_cast<double>(number) * found->second;
    }
    return area;
}

/// Worst slacks of the top and then of its units: each is linked alone.
std::string timing_script(const Netlist& netlist, const Figures& figures, double clock_ns) {
    std::string script = "read_liberty cells.lib\n";
    for (const std::string& library : netlist.macro_libraries)
        script += fmt::format("read_liberty {}\n", library);
    const auto module = [&](const std::string& name, const char* report) {
        // Linking forgets the modules that it does not need.
        script += fmt::format("read_verilog netlist.v\nlink_design {}\n", name);
        // Else the units of the first Liberty file.
        script += "set_cmd_units -time ns\n";
        // Modules without a clock have no paths between registers.
        script += fmt::format(
            "if {{![catch {{create_clock -name clk -period {} [get_ports clk]}}]}} {{\n"
            "    puts \"module {}\"\n{}    report_worst_slack\n}}\n",
            clock_ns, name, report);
    };
    module(figures.top, "    report_checks -path_delay max -format full\n");
    for (const Unit& unit : figures.units) {
        if (is_listed(unit, figures)) module(unit.module, "");
    }
    return script + "exit\n";
}

}  // namespace

void analyse_asic(const Netlist& netlist, const fs::path& folder, double clock_ns,
                  Figures& figures) {
    const Areas areas = cell_areas(netlist.library);
    Areas macros;
    for (const std::string& library : netlist.macro_libraries)
        macros.merge(cell_areas(folder / library));
    figures.area = area_of(figures.cells, areas, macros);
    int64_t rams = 0;
    double memory_area = 0;
    for (const auto& [cell, number] : figures.cells) {
        if (macros.contains(cell))
            memory_area += static_cast<double>(number) * macros.at(cell);
        else if (is_ram(cell))
            rams += number;
    }
    if (!macros.empty()) figures.memory_area = memory_area;
    if (rams > 0)
        figures.notes.push_back(fmt::format(
            "{} RAMs are neither in the area nor in the timing: no SRAM macros were given", rams));
    std::erase_if(figures.units, [](const Unit& unit) { return is_ram(unit.module); });
    for (Unit& unit : figures.units) unit.area = area_of(unit.cells, areas, macros);
    std::stable_sort(figures.units.begin(), figures.units.end(),
                     [](const Unit& a, const Unit& b) { return *a.area > *b.area; });
    write_text(folder / "timing.tcl", timing_script(netlist, figures, clock_ns));
    const std::string log = run_tool(kSta, {"-exit", "timing.tcl"}, folder, "timing.log");
    const auto slack_of = [&](const std::string& module) -> std::optional<double> {
        const size_t begin = log.find("module " + module + "\n");
        if (begin == std::string::npos) return std::nullopt;
        const std::string text = log.substr(begin, log.find("\nmodule ", begin) - begin);
        static const std::regex slack(R"(worst slack (-?[0-9.]+))");
        const std::smatch worst = last_match(text, slack);
        if (worst.empty()) return std::nullopt;
        return std::stod(worst[1]);
    };
    figures.clock_ns = clock_ns;
    figures.worst_slack_ns = slack_of(figures.top);
    if (!figures.worst_slack_ns) throw ToolError("sta: its log has no worst slack");
    figures.fmax_mhz = 1000.0 / (clock_ns - *figures.worst_slack_ns);
    for (Unit& unit : figures.units) unit.worst_slack_ns = slack_of(unit.module);
    figures.notes.emplace_back("timing without wires, from register to register");
}

}  // namespace arraywright::synth
