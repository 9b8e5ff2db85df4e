// What a flow measured. A figure without a value was not measured.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace arraywright::synth {

/// Cells of a netlist by type, all levels of the hierarchy together.
using CellCounts = std::map<std::string, int64_t>;

/// A module below the top of an ASIC's netlist.
struct Unit {
    std::string module;  ///< in the netlist
    int64_t instances = 0;
    CellCounts cells;                      ///< of one instance
    std::optional<double> area;            ///< um2 of one instance
    std::optional<double> worst_slack_ns;  ///< between its own registers
};

struct Figures {
    std::string top, target;
    std::string flow;  ///< tools with versions and the command that made the netlist
    CellCounts cells;

    // FPGA: cells of the target
    std::optional<int64_t> luts;      ///< as logic, as RAM and as shift registers
    std::optional<int64_t> lut_rams;  ///< of these, as RAM
    std::optional<int64_t> flip_flops;
    std::optional<int64_t> dsps;
    std::optional<double> block_rams;  ///< of 36 kbit (Xilinx 7), 18 kbit (ECP5), 4 kbit (iCE40)

    // ASIC
    std::optional<double> area;         ///< um2 of the cells, RAMs aside
    std::optional<double> memory_area;  ///< um2 of the SRAM macros
    std::optional<double> worst_slack_ns;
    std::vector<Unit> units;  ///< the largest first

    // Place and route, or timing analysis
    std::optional<double> clock_ns;  ///< asked for
    std::optional<double> fmax_mhz;
    std::optional<int64_t> placed_cells;  ///< logic cells used ...
    std::optional<int64_t> device_cells;  ///< ... of the device's

    std::vector<std::string> notes;  ///< what the figures do not count
    std::vector<std::string>
        networks;  ///< that ran on the netlist, bit-exact and in the RTL's cycles
    int64_t multipliers = 0;
};

/// Large enough for a row of the table, and for a timing of its own: 1 % of the area.
bool is_listed(const Unit& unit, const Figures& figures);

nlohmann::json to_json(const Figures& figures);

/// One row a figure; "not measured" where there is none.
std::string to_table(const Figures& figures);

}  // namespace arraywright::synth
