// SRAM macros behind aw_ram. SPDX-License-Identifier: Apache-2.0
#include "generator/emit/ram_macros.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "generator/emit/verilog.hpp"
#include "generator/plan/ram_macros.hpp"

namespace arraywright::emit {

namespace {

using liberty::SramMacro;
using plan::MacroPart;
using plan::MacroTiling;
using plan::Ram;

bool holds(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

int32_t lanes_of(const Ram& ram) {
    return ram.bits / ram.write_bits;
}

int32_t bits_of(int64_t values) {
    int32_t bits = 0;
    while ((int64_t{1} << bits) < values) ++bits;
    return bits;
}

std::string ones(int32_t bits) {
    return bits == 1 ? "1'b1" : fmt::format("{{{}{{1'b1}}}}", bits);
}

/// Connections, as many as fit on a line.
std::string wrapped(const std::vector<Connection>& connections, const std::string& indent) {
    std::string out, line = indent;
    for (size_t i = 0; i < connections.size(); ++i) {
        std::string one = fmt::format(".{}({})", connections[i].first, connections[i].second);
        if (i + 1 < connections.size()) one += ", ";
        if (line.size() > indent.size() && line.size() + one.size() > kLineColumns) {
            out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
            line = indent;
        }
        line += one;
    }
    return out + line + "\n";
}

class MacroRam {
public:
    MacroRam(const Ram& ram, const spec::MemorySpec& memories)
        : ram_(ram),
          memories_(memories),
          tiling_(plan::tile_macros(ram, memories.macros)),
          macro_(*tiling_.macro),
          address_bits_(std::max(1, bits_of(ram.words))) {}

    std::string text() const {
        std::string out = fmt::format(
            "// {} words of {} bits{}: {} x {} macros {}.\n//\n// Latency: one cycle; read data "
            "holds until the next read.\n`default_nettype none\n\nmodule {} (\n",
            ram_.words, ram_.bits,
            lanes_of(ram_) > 1 ? fmt::format(", written by {}", ram_.write_bits) : "", tiling_.rows,
            tiling_.parts.size(), macro_.cell, plan::macro_module(ram_));
        const auto port = [&](const char* direction, int32_t bits, const std::string& name,
                              const char* end) {
            out += fmt::format("    {} wire {:<9} {}{}\n", direction,
                               fmt::format("[{}:0]", bits - 1), name, end);
        };
        out += "    input  wire           clk,\n    input  wire           en_i,\n";
        port("input ", lanes_of(ram_), "we_i,", "");
        port("input ", address_bits_, "addr_i,", "");
        port("input ", ram_.bits, "wdata_i,", "");
        port("output", ram_.bits, "rdata_o", "");
        out += ");\n    wire write = |we_i;\n";
        if (!macro_.mask.empty() && lanes_of(ram_) > 1) out += mask_wire();
        for (int32_t row = 0; row < tiling_.rows; ++row) out += row_text(row);
        return out + read_data() + "endmodule\n\n`default_nettype wire\n";
    }

private:
    bool is_low(const std::string& pin) const { return holds(memories_.active_low, pin); }
    std::string given(const std::string& pin, const std::string& value) const {
        if (!is_low(pin)) return value;
        const bool is_name = value.find(' ') == std::string::npos && value.front() != '!';
        return is_name ? "!" + value : fmt::format("!({})", value);
    }
    int32_t row_bits() const { return address_bits_ - macro_.address_bits; }

    std::string mask_wire() const {
        std::string out = fmt::format("    wire [{}:0] mask;\n", ram_.bits - 1);
        return out + fmt::format(
                         "    genvar lane;\n    generate\n        for (lane = 0; lane < {}; lane = "
                         "lane + 1) begin : g_mask\n            assign mask[{}*lane +: {}] = "
                         "{{{}{{we_i[lane]}}}};\n        end\n    endgenerate\n",
                         lanes_of(ram_), ram_.write_bits, ram_.write_bits, ram_.write_bits);
    }

    std::string row_text(int32_t row) const {
        std::string out = fmt::format("\n    wire [{}:0] rdata_{};\n", ram_.bits - 1, row);
        std::string enable = "en_i";
        if (tiling_.rows > 1)
            enable = fmt::format("en_i && {} == {}'d{}",
                                 slice("addr_i", macro_.address_bits, row_bits()), row_bits(), row);
        for (size_t i = 0; i < tiling_.parts.size(); ++i)
            out += part_text(row, i, tiling_.parts[i], enable);
        return out;
    }

    std::string part_text(int32_t row, size_t index, const MacroPart& part,
                          const std::string& enable) const {
        const int32_t spare = macro_.bits - part.bits;
        const std::string name = fmt::format("{}_{}", row, index);
        const auto padded = [&](const std::string& value, int32_t bits) {
            return bits > 0 ? fmt::format("{{{}'d0, {}}}", bits, value) : value;
        };
        const std::string data = slice("wdata_i", part.first, part.bits);
        std::vector<Connection> ports = {{macro_.clock, "clk"}};
        const bool is_always_on = macro_.enable.empty();
        if (!is_always_on)
            ports.emplace_back(macro_.enable, given(macro_.enable, enable_of(part, enable)));
        const std::string with = is_always_on ? enable + " && " : "";
        ports.emplace_back(macro_.write_enable, given(macro_.write_enable, with + write_of(part)));
        if (!macro_.read_enable.empty())
            ports.emplace_back(macro_.read_enable, given(macro_.read_enable, with + "!write"));
        ports.emplace_back(macro_.address,
                           padded(low_bits("addr_i", std::min(address_bits_, macro_.address_bits)),
                                  macro_.address_bits - address_bits_));
        ports.emplace_back(macro_.write_data, padded(data, spare));
        if (!macro_.mask.empty()) ports.emplace_back(macro_.mask, mask_of(part, spare));
        for (const auto& [pin, bits] : macro_.idle_inputs)
            ports.emplace_back(
                pin, holds(memories_.tie_high, pin) ? ones(bits) : fmt::format("{}'d0", bits));
        std::string out;
        std::string read = slice("rdata_" + std::to_string(row), part.first, part.bits);
        if (spare > 0) {
            out = fmt::format("    wire [{}:0] spare_{};\n", spare - 1, name);
            read = fmt::format("{{spare_{}, {}}}", name, read);
        }
        ports.emplace_back(macro_.read_data, read);
        out +=
            fmt::format("    {} u_{} (\n{}    );\n", macro_.cell, name, wrapped(ports, "        "));
        if (spare > 0) out += fmt::format("    wire unused_{0} = &{{1'b0, spare_{0}}};\n", name);
        return out;
    }

    /// Without a mask a part is written for its own lane alone.
    std::string write_of(const MacroPart& part) const {
        if (!macro_.mask.empty() || lanes_of(ram_) == 1) return "write";
        return fmt::format("we_i[{}]", part.first / ram_.write_bits);
    }

    /// A macro that reads whenever it does not write keeps still while others of its word write.
    std::string enable_of(const MacroPart& part, const std::string& enable) const {
        const std::string write = write_of(part);
        if (write == "write" || !macro_.read_enable.empty()) return enable;
        return fmt::format("{} && (!write || {})", enable, write);
    }

    std::string mask_of(const MacroPart& part, int32_t spare) const {
        std::string mask =
            lanes_of(ram_) > 1 ? slice("mask", part.first, part.bits) : ones(part.bits);
        if (spare > 0) mask = fmt::format("{{{}'d0, {}}}", spare, mask);
        return is_low(macro_.mask) ? "~" + mask : mask;
    }

    std::string read_data() const {
        if (tiling_.rows == 1) return "\n    assign rdata_o = rdata_0;\n";
        std::string out = fmt::format(
            "\n    reg [{}:0] row_q;  // of the last read\n    always @(posedge clk) if (en_i && "
            "!write) row_q <= {};\n    reg [{}:0] rdata;\n    always @* begin\n        case "
            "(row_q)\n",
            row_bits() - 1, slice("addr_i", macro_.address_bits, row_bits()), ram_.bits - 1);
        for (int32_t row = 0; row + 1 < tiling_.rows; ++row)
            out += fmt::format("            {}'d{}: rdata = rdata_{};\n", row_bits(), row, row);
        return out + fmt::format(
                         "            default: rdata = rdata_{};\n        endcase\n    end\n    "
                         "assign rdata_o = rdata;\n",
                         tiling_.rows - 1);
    }

    const Ram& ram_;
    const spec::MemorySpec& memories_;
    const MacroTiling tiling_;
    const SramMacro& macro_;
    const int32_t address_bits_;
};

std::string dispatch(const std::vector<Ram>& sizes, const std::string& banner) {
    std::string out =
        banner +
        R"(// Single-port RAM (1RW): the one wrapper behind every buffer, here of SRAM macros. Every size that
// the design has is a module of its own.
//
// Behaviour: with en_i, a cycle either writes (any bit of we_i) or reads; read data appears in the
// next cycle and holds until the next read. Contents are undefined at power-up.
//
//   LANES      write-enable lanes
//   LANE_BITS  bits of a lane
//   DEPTH      words; ADDR_BITS may exceed what it needs, the rest is ignored
`default_nettype none

module aw_ram #(
    parameter LANES     = 4,
    parameter LANE_BITS = 8,
    parameter DEPTH     = 16,
    parameter ADDR_BITS = 4
) (
    input  wire                       clk,
    input  wire                       en_i,
    input  wire [LANES-1:0]           we_i,
    input  wire [ADDR_BITS-1:0]       addr_i,
    input  wire [LANES*LANE_BITS-1:0] wdata_i,
    output wire [LANES*LANE_BITS-1:0] rdata_o
);
    generate
)";
    bool is_first = true;
    for (const Ram& ram : sizes) {
        out += fmt::format(
            "{}if (LANES == {} && LANE_BITS == {} && DEPTH == {}) begin : g_{}\n"
            "            {} u_macros (\n"
            "                .clk(clk), .en_i(en_i), .we_i(we_i), .addr_i({}),\n"
            "                .wdata_i(wdata_i), .rdata_o(rdata_o)\n            );\n        end",
            is_first ? "        " : " else ", lanes_of(ram), ram.write_bits, ram.words,
            plan::macro_module(ram).substr(std::string("aw_ram_").size()), plan::macro_module(ram),
            low_bits("addr_i", std::max(1, bits_of(ram.words))));
        is_first = false;
    }
    return out +
           "\n    endgenerate\n\n    wire unused_ok = &{1'b0, addr_i};\nendmodule\n\n"
           "`default_nettype wire\n";
}

std::string model(const SramMacro& macro, const spec::MemorySpec& memories) {
    std::string out =
        "// Behaviour of one macro for simulation: synthesis takes the library's own.\n"
        "`default_nettype none\n\n";
    out += fmt::format("module {} (\n", macro.cell);
    const auto input = [&](const std::string& name, int32_t bits) {
        if (!name.empty()) out += fmt::format("    input  wire [{}:0] {},\n", bits - 1, name);
    };
    out += fmt::format("    input  wire {},\n", macro.clock);
    for (const std::string& pin : {macro.enable, macro.write_enable, macro.read_enable}) {
        if (!pin.empty()) out += fmt::format("    input  wire {},\n", pin);
    }
    input(macro.address, macro.address_bits);
    input(macro.write_data, macro.bits);
    input(macro.mask, macro.bits);
    for (const auto& [pin, bits] : macro.idle_inputs) {
        if (bits == 1)
            out += fmt::format("    input  wire {},\n", pin);
        else
            input(pin, bits);
    }
    out += fmt::format("    output wire [{}:0] {}\n);\n", macro.bits - 1, macro.read_data);
    const auto value = [&](const std::string& pin, const std::string& without) {
        if (pin.empty()) return without;
        return holds(memories.active_low, pin) ? "~" + pin : pin;
    };
    out += fmt::format(
        "    wire enable = {};\n    wire write  = {};\n    wire read   = {};\n"
        "    wire [{}:0] mask = {};\n",
        value(macro.enable, "1'b1"), value(macro.write_enable, "1'b0"),
        value(macro.read_enable, "!write"), macro.bits - 1, value(macro.mask, ones(macro.bits)));
    out += fmt::format(
        "    reg [{0}:0] words_q [0:{1}];\n    reg [{0}:0] read_q;\n"
        "    always @(posedge {2}) begin\n"
        "        if (enable && write) words_q[{3}] <= ({4} & mask) | (words_q[{3}] & ~mask);\n"
        "        if (enable && read && !write) read_q <= words_q[{3}];\n    end\n"
        "    assign {5} = read_q;\n",
        macro.bits - 1, macro.words - 1, macro.clock, macro.address, macro.write_data,
        macro.read_data);
    std::string idle;
    for (const auto& [pin, bits] : macro.idle_inputs) idle += ", " + pin;
    return out + fmt::format("    wire unused_ok = &{{1'b0{}}};\nendmodule\n\n", idle) +
           "`default_nettype wire\n";
}

}  // namespace

std::vector<File> emit_macro_rams(const plan::Plan& plan, const std::string& banner) {
    const std::vector<Ram> sizes = plan::ram_sizes(plan::ram_list(plan));
    std::vector<File> files;
    for (const Ram& ram : sizes)
        files.push_back({fmt::format("rtl/{}.v", plan::macro_module(ram)),
                         banner + MacroRam(ram, plan.spec.memories).text()});
    files.push_back({"rtl/aw_ram.v", dispatch(sizes, banner)});
    return files;
}

std::vector<File> emit_macro_models(const plan::Plan& plan, const std::string& banner) {
    std::map<std::string, const SramMacro*> used;
    for (const Ram& ram : plan::ram_list(plan)) {
        const MacroTiling tiling = plan::tile_macros(ram, plan.spec.memories.macros);
        used.emplace(tiling.macro->cell, tiling.macro);
    }
    std::vector<File> files;
    for (const auto& [cell, macro] : used)
        files.push_back(
            {fmt::format("models/{}.v", cell), banner + model(*macro, plan.spec.memories)});
    return files;
}

}  // namespace arraywright::emit
