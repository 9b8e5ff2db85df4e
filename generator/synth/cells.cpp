// Cells of a netlist. SPDX-License-Identifier: Apache-2.0
#include "generator/synth/cells.hpp"

#include <fmt/format.h>

#include <functional>
#include <regex>
#include <sstream>

#include "generator/synth/tool.hpp"

namespace arraywright::synth {

namespace {

/// What one cell of a kind counts as.
struct Weight {
    int64_t luts = 0, lut_rams = 0, flip_flops = 0, dsps = 0;
    double block_rams = 0;
};

constexpr Weight lut(int64_t n) {
    return {.luts = n};
}
constexpr Weight lut_ram(int64_t n) {
    return {.luts = n, .lut_rams = n};
}
constexpr Weight flip_flop() {
    return {.flip_flops = 1};
}

const std::map<std::string, Weight>& xilinx7() {
    static const std::map<std::string, Weight> cells = {
        {"LUT1", lut(1)},
        {"LUT2", lut(1)},
        {"LUT3", lut(1)},
        {"LUT4", lut(1)},
        {"LUT5", lut(1)},
        {"LUT6", lut(1)},
        {"SRL16E", lut(1)},
        {"SRLC32E", lut(1)},
        {"RAM32M", lut_ram(4)},
        {"RAM64M", lut_ram(4)},
        {"RAM32X1D", lut_ram(2)},
        {"RAM64X1D", lut_ram(2)},
        {"RAM32X1S", lut_ram(1)},
        {"RAM64X1S", lut_ram(1)},
        {"RAM128X1S", lut_ram(2)},
        {"RAM128X1D", lut_ram(4)},
        {"RAM256X1S", lut_ram(4)},
        {"FDRE", flip_flop()},
        {"FDSE", flip_flop()},
        {"DSP48E1", {.dsps = 1}},
        {"RAMB36E1", {.block_rams = 1}},
        {"RAMB18E1", {.block_rams = 0.5}},
        // An inverter goes into the LUT or pin behind it.
        {"CARRY4", {}},
        {"MUXF7", {}},
        {"MUXF8", {}},
        {"INV", {}},
        {"BUFG", {}}};
    return cells;
}

const std::map<std::string, Weight>& ecp5() {
    static const std::map<std::string, Weight> cells = {{"LUT4", lut(1)},
                                                        {"CCU2C", lut(2)},
                                                        {"PFUMX", {}},
                                                        {"L6MUX21", {}},
                                                        {"TRELLIS_FF", flip_flop()},
                                                        {"TRELLIS_DPR16X4", lut_ram(4)},
                                                        {"MULT18X18D", {.dsps = 1}},
                                                        {"DP16KD", {.block_rams = 1}},
                                                        {"PDPW16KD", {.block_rams = 1}}};
    return cells;
}

const std::map<std::string, Weight>& ice40() {
    static const std::map<std::string, Weight> cells = {
        {"SB_LUT4", lut(1)},       {"SB_CARRY", {}},
        {"SB_MAC16", {.dsps = 1}}, {"SB_RAM40_4K", {.block_rams = 1}},
        {"SB_DFF", flip_flop()},   {"SB_DFFE", flip_flop()},
        {"SB_DFFSR", flip_flop()}, {"SB_DFFESR", flip_flop()},
        {"SB_DFFSS", flip_flop()}, {"SB_DFFESS", flip_flop()}};
    return cells;
}

}  // namespace

std::map<std::string, ModuleCells> read_modules(const std::string& report) {
    std::map<std::string, ModuleCells> modules;
    ModuleCells* module = nullptr;
    std::istringstream lines(report);
    for (std::string line; std::getline(lines, line);) {
        static const std::regex title(R"(=== (.*) ===)"),
            memory(R"( +Number of memory bits: +(\d+))"), cell(R"( {5,}(\S+) +(\d+))");
        std::smatch found;
        if (std::regex_match(line, found, title)) {
            // The sum over the hierarchy comes last; it has no cells of modules.
            module = found[1] == "design hierarchy" ? nullptr : &modules[found[1]];
        } else if (module != nullptr && std::regex_match(line, found, memory)) {
            module->memory_bits = std::stoll(found[1]);
        } else if (module != nullptr && std::regex_match(line, found, cell)) {
            module->cells[found[1]] = std::stoll(found[2]);
        }
    }
    return modules;
}

std::vector<Unit> read_units(const std::string& report, const std::string& top) {
    std::vector<Unit> units;
    const std::map<std::string, ModuleCells> modules = read_modules(report);
    if (!modules.contains(top)) throw ToolError("yosys: its cell counts cannot be read");
    for (const auto& [module, instances] : modules.at(top).cells) {
        if (modules.contains(module))
            units.push_back({module, instances, read_cells(report, module), {}, {}});
    }
    return units;
}

CellCounts read_cells(const std::string& report, const std::string& top) {
    const std::map<std::string, ModuleCells> modules = read_modules(report);
    if (!modules.contains(top)) throw ToolError("yosys: its cell counts cannot be read");
    CellCounts counts;
    const std::function<void(const std::string&, int64_t)> add = [&](const std::string& module,
                                                                     int64_t times) {
        for (const auto& [cell, number] : modules.at(module).cells) {
            if (modules.contains(cell)) {
                add(cell, times * number);
            } else {
                counts[cell] += times * number;
            }
        }
    };
    add(top, 1);
    return counts;
}

void count_fpga_cells(spec::Target target, Figures& figures) {
    const std::map<std::string, Weight>& known = target == spec::Target::kXilinx7 ? xilinx7()
                                                 : target == spec::Target::kEcp5  ? ecp5()
                                                                                  : ice40();
    Weight all;
    for (const auto& [cell, number] : figures.cells) {
        const auto found = known.find(cell);
        if (found == known.end())
            throw ToolError(fmt::format("yosys left a cell that this target does not have: {} x {}",
                                        number, cell));
        const Weight& one = found->second;
        all.luts += number * one.luts;
        all.lut_rams += number * one.lut_rams;
        all.flip_flops += number * one.flip_flops;
        all.dsps += number * one.dsps;
        all.block_rams += static_cast<double>(number) * one.block_rams;
    }
    figures.luts = all.luts;
    figures.lut_rams = all.lut_rams;
    figures.flip_flops = all.flip_flops;
    figures.dsps = all.dsps;
    figures.block_rams = all.block_rams;
}

}  // namespace arraywright::synth
