// Verilog printing. SPDX-License-Identifier: Apache-2.0
#include "generator/emit/verilog.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace arraywright::emit {

namespace {

/// As many as fit on each line.
std::string filled(const std::vector<Connection>& list, int32_t indent) {
    std::string out;
    std::string line(static_cast<size_t>(indent), ' ');
    for (size_t i = 0; i < list.size(); ++i) {
        const std::string item =
            fmt::format(".{}({}){}", list[i].first, list[i].second, i + 1 < list.size() ? "," : "");
        if (line.size() + item.size() + 1 > kLineColumns) {
            out += line + "\n";
            line = std::string(static_cast<size_t>(indent), ' ');
        } else if (i > 0) {
            line += ' ';
        }
        line += item;
    }
    return out + line + "\n";
}

}  // namespace

std::string range(int32_t bits) {
    return bits == 1 ? "" : fmt::format("[{}:0]", bits - 1);
}

std::string Instance::text() const {
    std::string out = why.empty() ? "" : fmt::format("    // {}\n", why);
    const auto joined = [](const std::vector<Connection>& list) {
        std::string text;
        for (const Connection& item : list) {
            if (!text.empty()) text += ", ";
            text += fmt::format(".{}({})", item.first, item.second);
        }
        return text;
    };
    std::string head = "    " + module;
    if (!parameters.empty()) {
        const std::string line = fmt::format("{} #({}) {} (", head, joined(parameters), name);
        head = line.size() <= kLineColumns
                   ? line
                   : fmt::format("{} #(\n{}    ) {} (", head, filled(parameters, 8), name);
    } else {
        head += " " + name + " (";
    }
    const std::string line = fmt::format("{}{});", head, joined(ports));
    if (line.size() <= kLineColumns && line.find('\n') == std::string::npos)
        return out + line + "\n";
    return fmt::format("{}{}\n{}    );\n", out, head, filled(ports, 8));
}

std::string wires(const std::vector<Wire>& list) {
    size_t width = 0;
    for (const Wire& wire : list) width = std::max(width, range(wire.bits).size());
    std::string out;
    std::vector<bool> declared(list.size(), false);
    for (size_t i = 0; i < list.size(); ++i) {
        if (declared[i]) continue;
        std::string line =
            fmt::format("    wire {:{}} {}", range(list[i].bits), width, list[i].name);
        if (!list[i].value.empty()) {
            out += line + " = " + list[i].value + ";\n";
            continue;
        }
        // What has the same width shares a line.
        for (size_t other = i + 1; other < list.size(); ++other) {
            if (declared[other] || list[other].bits != list[i].bits || !list[other].value.empty())
                continue;
            if (line.size() + list[other].name.size() + 3 > kLineColumns) break;
            line += ", " + list[other].name;
            declared[other] = true;
        }
        out += line + ";\n";
    }
    return out;
}

std::string unpack(const std::vector<Wire>& list, const std::string& word) {
    // Declared by width, so that many share a line.
    std::vector<Wire> sorted = list;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Wire& a, const Wire& b) { return a.bits < b.bits; });
    std::string out = wires(sorted);
    std::string line = "    assign {";
    for (size_t i = list.size(); i-- > 0;) {
        const std::string item = list[i].name + (i > 0 ? "," : "}");
        if (line.size() + item.size() + 1 > kLineColumns) {
            out += line + "\n";
            line = std::string(11, ' ');
        }
        line += " " + item;
    }
    out += line + " = " + word + ";\n";
    return out.replace(out.find("assign { "), 9, "assign {");
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
