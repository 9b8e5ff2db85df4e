// Figures as JSON and as a table. SPDX-License-Identifier: Apache-2.0
#include "generator/synth/figures.hpp"

#include <fmt/format.h>

namespace arraywright::synth {

namespace {

constexpr const char* kNotMeasured = "not measured";

template <typename Value>
nlohmann::json value_or_text(const std::optional<Value>& value) {
    return value ? nlohmann::json(*value) : nlohmann::json(kNotMeasured);
}

}  // namespace

bool is_listed(const Unit& unit, const Figures& figures) {
    return unit.area && figures.area && *unit.area * 100 >= *figures.area;
}

nlohmann::json to_json(const Figures& figures) {
    nlohmann::json units = nlohmann::json::array();
    for (const Unit& unit : figures.units)
        units.push_back({{"module", unit.module},
                         {"instances", unit.instances},
                         {"area_um2", value_or_text(unit.area)},
                         {"worst_slack_ns", value_or_text(unit.worst_slack_ns)}});
    return {{"top", figures.top},
            {"target", figures.target},
            {"flow", figures.flow},
            {"multipliers", figures.multipliers},
            {"luts", value_or_text(figures.luts)},
            {"lut_rams", value_or_text(figures.lut_rams)},
            {"flip_flops", value_or_text(figures.flip_flops)},
            {"dsps", value_or_text(figures.dsps)},
            {"block_rams", value_or_text(figures.block_rams)},
            {"area_um2", value_or_text(figures.area)},
            {"memory_area_um2", value_or_text(figures.memory_area)},
            {"units", units},
            {"clock_ns", value_or_text(figures.clock_ns)},
            {"worst_slack_ns", value_or_text(figures.worst_slack_ns)},
            {"fmax_mhz", value_or_text(figures.fmax_mhz)},
            {"placed_cells", value_or_text(figures.placed_cells)},
            {"device_cells", value_or_text(figures.device_cells)},
            {"cells", figures.cells},
            {"networks_at_gate_level", figures.networks},
            {"notes", figures.notes}};
}

std::string to_table(const Figures& figures) {
    std::string out = fmt::format("{}: {}\n", figures.top, figures.flow);
    const auto row = [&](const char* name, const std::string& value) {
        out += fmt::format("  {:<26}{}\n", name, value);
    };
    const auto count = [&](const char* name, const std::optional<int64_t>& value, bool per_mac) {
        if (!value) return;
        row(name, per_mac && figures.multipliers > 0
                      ? fmt::format(
                            "{}, {:.1f} a multiplier", *value,
                            static_cast<double>(*value) / static_cast<double>(figures.multipliers))
                      : fmt::format("{}", *value));
    };
    const auto number = [&](const char* name, const std::optional<double>& value,
                            const char* unit) {
        row(name, value ? fmt::format("{:.2f}{}", *value, unit) : kNotMeasured);
    };
    count("LUTs", figures.luts, true);
    count("  of these as RAM", figures.lut_rams, false);
    count("flip-flops", figures.flip_flops, true);
    count("DSP blocks", figures.dsps, true);
    if (figures.block_rams) row("block RAMs", fmt::format("{:g}", *figures.block_rams));
    if (figures.target == "asic") {
        number("area, RAMs aside", figures.area, " um2");
        number("area of SRAM macros", figures.memory_area, " um2");
        number("worst slack", figures.worst_slack_ns, " ns");
    }
    if (figures.clock_ns) row("clock asked for", fmt::format("{:.3f} ns", *figures.clock_ns));
    number("Fmax", figures.fmax_mhz, " MHz");
    if (figures.placed_cells && figures.device_cells)
        row("placed logic cells",
            fmt::format("{} of {}", *figures.placed_cells, *figures.device_cells));
    for (const Unit& unit : figures.units) {
        if (!is_listed(unit, figures)) continue;
        row("  of these",
            fmt::format("{} x {}, {:.0f} um2 each, worst slack {}", unit.instances, unit.module,
                        *unit.area,
                        unit.worst_slack_ns ? fmt::format("{:.2f} ns", *unit.worst_slack_ns)
                                            : kNotMeasured));
    }
    for (const std::string& network : figures.networks) row("gate level", network);
    for (const std::string& note : figures.notes) row("note", note);
    out += "  cells:";
    for (const auto& [cell, times] : figures.cells) out += fmt::format(" {} {}", times, cell);
    return out + "\n";
}

}  // namespace arraywright::synth
