// nextpnr, icepack, OpenSTA. SPDX-License-Identifier: Apache-2.0
#include "generator/synth/place.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <regex>

#include "generator/synth/liberty.hpp"
#include "generator/synth/tool.hpp"

namespace arraywright::synth {

namespace fs = std::filesystem;

namespace {

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

void place_ice40(const fs::path& folder, const std::string& device, const std::string& package,
                 double clock_ns, Figures& figures) {
    const std::string log =
        run_tool(kNextpnr,
                 {"--" + device, "--package", package, "--json", "netlist.json", "--asc",
                  "netlist.asc", "--freq", fmt::format("{:.3f}", 1000.0 / clock_ns), "--seed", "1",
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
    run_tool(kIcepack, {"netlist.asc", "netlist.bin"}, folder, "icepack.log");
    figures.flow += fmt::format("; nextpnr-ice40 --{} --package {}", device, package);
}

void analyse_asic(const Netlist& netlist, const fs::path& folder, double clock_ns,
                  Figures& figures) {
    std::map<std::string, double> areas;
    for (const LibertyGroup& cell : read_liberty(netlist.library).groups) {
        if (cell.name == "cell") areas[cell.title()] = std::atof(cell.attribute("area").c_str());
    }
    double area = 0;
    int64_t rams = 0;
    for (const auto& [cell, number] : figures.cells) {
        const auto found = areas.find(cell);
        if (found != areas.end()) {
            area += static_cast<double>(number) * found->second;
        } else if (cell.find("aw_ram") != std::string::npos) {
            rams += number;
        } else {
            throw ToolError(fmt::format("yosys left a cell that the library does not have: {} x {}",
                                        number, cell));
        }
    }
    figures.area = area;
    if (rams > 0)
        figures.notes.push_back(fmt::format(
            "{} RAMs are neither in the area nor in the timing: no SRAM macros were given", rams));
    std::string script = "read_liberty cells.lib\nread_verilog netlist.v\n";
    script += fmt::format("link_design {}\n", figures.top);
    // Else the units of the first Liberty file.
    script += "set_cmd_units -time ns\n";
    script += fmt::format("create_clock -name clk -period {} [get_ports clk]\n", clock_ns);
    script += "report_checks -path_delay max -format full\nreport_worst_slack -max\nexit\n";
    write_text(folder / "timing.tcl", script);
    const std::string log = run_tool(kSta, {"-exit", "timing.tcl"}, folder, "timing.log");
    static const std::regex slack(R"(worst slack (-?[0-9.]+))");
    const std::smatch worst = last_match(log, slack);
    if (worst.empty()) throw ToolError("sta: its log has no worst slack");
    figures.clock_ns = clock_ns;
    figures.worst_slack_ns = std::stod(worst[1]);
    figures.fmax_mhz = 1000.0 / (clock_ns - *figures.worst_slack_ns);
    figures.notes.emplace_back("timing without wires, from register to register");
}

}  // namespace arraywright::synth
