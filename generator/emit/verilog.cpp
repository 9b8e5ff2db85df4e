// Verilog printing. SPDX-License-Identifier: Apache-2.0
#include "generator/emit/verilog.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace arraywright::emit {

namespace {

std::string connections(const std::vector<Connection>& list, int32_t indent) {
    size_t width = 0;
    for (const Connection& item : list) width = std::max(width, item.first.size());
    std::string out;
    for (size_t i = 0; i < list.size(); ++i) {
        out += fmt::format("{:{}}.{:{}}({}){}\n", "", indent, list[i].first, width, list[i].second,
                           i + 1 < list.size() ? "," : "");
    }
    return out;
}

}  // namespace

std::string range(int32_t bits) {
    return bits == 1 ? "" : fmt::format("[{}:0]", bits - 1);
}

std::string Instance::text() const {
    std::string out = why.empty() ? "" : fmt::format("    // {}\n", why);
    out += fmt::format("    {}", module);
    if (!parameters.empty()) out += fmt::format(" #(\n{}    )", connections(parameters, 8));
    out += fmt::format(" {} (\n{}    );\n", name, connections(ports, 8));
    return out;
}

std::string wires(const std::vector<Wire>& list) {
    size_t width = 0;
    for (const Wire& wire : list) width = std::max(width, range(wire.bits).size());
    std::string out;
    for (const Wire& wire : list) {
        out += fmt::format("    wire {:{}} {}", range(wire.bits), width, wire.name);
        if (!wire.value.empty()) out += " = " + wire.value;
        out += ";\n";
    }
    return out;
}

std::string section(const std::string& title) {
    return fmt::format("\n    // ---- {} ----\n", title);
}

std::string number(int64_t value) {
    return std::to_string(value);
}

std::string low_bits(const std::string& name, int32_t bits) {
    return fmt::format("{}[{}:0]", name, bits - 1);
}

std::string slice(const std::string& name, int32_t lsb, int32_t bits) {
    return fmt::format("{}[{}:{}]", name, lsb + bits - 1, lsb);
}

std::string delay_instance(const std::string& name, int32_t width, int32_t cycles,
                           const std::string& in, const std::string& to) {
    return Instance{"",
                    "aw_delay",
                    name,
                    {{"WIDTH", number(width)}, {"CYCLES", number(cycles)}},
                    {{"clk", "clk"}, {"in_data", in}, {"out_data", to}}}
        .text();
}

std::string delay_reset_instance(const std::string& name, int32_t cycles, const std::string& in,
                                 const std::string& to) {
    return Instance{"",
                    "aw_delay_reset",
                    name,
                    {{"CYCLES", number(cycles)}},
                    {{"clk", "clk"}, {"rst_n", "unit_rst_n"}, {"in_data", in}, {"out_data", to}}}
        .text();
}

}  // namespace arraywright::emit
