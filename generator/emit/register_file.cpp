// Register file from the register table. SPDX-License-Identifier: Apache-2.0
#include "generator/emit/register_file.hpp"

#include <fmt/format.h>

#include <sstream>

#include <algorithm>
#include <cctype>
#include <stdexcept>

#include "generator/emit/verilog.hpp"

namespace arraywright::emit {

namespace {

using isa::Access;
using isa::Register;

/// Bits that the register really has: its fields, or all 32.
int32_t used_bits(const Register& reg) {
    int32_t bits = reg.fields.empty() ? 32 : 0;
    for (const isa::RegisterField& field : reg.fields)
        bits = std::max(bits, field.lsb + field.bits);
    return bits;
}

std::string ports(const Register& reg) {
    const std::string name = lower_case(reg.name);
    const std::string bits = range(used_bits(reg));
    switch (reg.access) {
        case Access::kReadOnly:
            return is_constant_register(reg)
                       ? ""
                       : fmt::format("    input  wire {} {}_i,\n", bits, name);
        case Access::kReadWrite:
            return fmt::format("    output wire {} {}_o,\n", bits, name);
        case Access::kWriteOnly:
            return fmt::format("    output wire {} {}_o,\n", bits, name);
        case Access::kWriteOneToClear:
            return fmt::format("    input  wire {} {}_i,\n    output wire {} {}_clear_o,\n", bits,
                               name, bits, name);
    }
    return "";
}

/// Ports of neighbouring registers of one kind share a line.
std::string port_list(const plan::Plan& plan) {
    constexpr size_t kNameColumn = 23;
    std::string out;
    std::string line;
    for (const Register& reg : isa::registers()) {
        if (!has_register(plan, reg)) continue;
        std::istringstream one(ports(reg));
        for (std::string port; std::getline(one, port);) {
            const size_t name = port.rfind(' ') + 1;
            const bool same = line.compare(0, name, port, 0, name) == 0 && name <= kNameColumn;
            if (same && line.size() + port.size() - name + 1 <= kLineColumns) {
                line += " " + port.substr(name);
                continue;
            }
            if (!line.empty()) out += line + "\n";
            line = port;
        }
    }
    return out + line + "\n";
}

std::string write_side(const Register& reg) {
    const std::string name = lower_case(reg.name);
    const int32_t bits = used_bits(reg);
    const std::string hit = fmt::format("write_i && write_addr_i == 12'h{:03x}", reg.offset);
    const std::string data = fmt::format("write_data_i[{}:0]", bits - 1);
    switch (reg.access) {
        case Access::kReadOnly:
            return "";
        case Access::kReadWrite:
            return fmt::format(
                "\n    reg {0} {1}_q;\n    assign {1}_o = {1}_q;\n    always @(posedge clk)\n"
                "        if (!rst_n) {1}_q <= {2}'d0; else if ({3}) {1}_q <= {4};\n",
                range(bits), name, bits, hit, data);
        case Access::kWriteOnly:
            return fmt::format("\n    assign {}_o = ({}) ? {} : {}'d0;\n", name, hit, data, bits);
        case Access::kWriteOneToClear:
            return fmt::format("\n    assign {}_clear_o = ({}) ? {} : {}'d0;\n", name, hit, data,
                               bits);
    }
    return "";
}

std::string read_value(const plan::Plan& plan, const Register& reg) {
    const std::string name = lower_case(reg.name);
    if (!has_register(plan, reg)) return "32'd0";
    if (is_constant_register(reg)) {
        return fmt::format("32'h{:08x}", constant_register_value(plan, reg));
    }
    const std::string source = name + (reg.access == Access::kReadWrite ? "_q" : "_i");
    const int32_t bits = used_bits(reg);
    return bits == 32 ? source : fmt::format("{{{}'d0, {}}}", 32 - bits, source);
}

}  // namespace

std::string lower_case(std::string_view name) {
    std::string out(name);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

bool is_constant_register(const Register& reg) {
    return reg.name == "ID" || reg.name == "VERSION" || reg.name.starts_with("CAP_") ||
           reg.name.starts_with("SPEC_HASH_");
}

bool has_register(const plan::Plan& plan, const Register& reg) {
    return plan.counters || !isa::is_counter(reg);
}

uint32_t constant_register_value(const plan::Plan& plan, const Register& reg) {
    const spec::Spec& spec = plan.spec;
    const auto field = [&reg](std::string_view name, int64_t value) {
        for (const isa::RegisterField& f : reg.fields) {
            if (f.name == name) return static_cast<uint32_t>(value) << f.lsb;
        }
        throw std::out_of_range("no such register field");
    };
    if (reg.name == "ID") return isa::kIdValue;
    if (reg.name == "VERSION") return isa::kVersionValue;
    if (reg.name == "CAP_ARRAY") {
        return field("ROWS", plan.rows) | field("COLS", plan.cols) |
               field("WEIGHT_STATIONARY", plan.weight_stationary) |
               field("ON_OVERFLOW", static_cast<int64_t>(spec.arithmetic.on_overflow)) |
               field("ACCUMULATOR_BITS", plan.accumulator_bits) | field("LANES", plan.lanes - 1);
    }
    if (reg.name == "CAP_BUFFERS") {
        return field("ACTIVATION_KIB", spec.buffers.activation_kib) |
               field("WEIGHT_KIB", spec.buffers.weight_kib);
    }
    if (reg.name == "CAP_MEMORY") {
        return field("ACCUMULATOR_KIB", spec.buffers.accumulator_kib) |
               field("BUS_BYTES", plan.bus_bytes) | field("NO_COUNTERS", plan.counters ? 0 : 1);
    }
    // The hash as a big-endian number: SPEC_HASH_LO holds its last eight hex digits.
    const std::string digits = spec.sha256.size() == 64 ? spec.sha256 : std::string(64, '0');
    const size_t at = reg.name == "SPEC_HASH_LO" ? 56 : 48;
    return static_cast<uint32_t>(std::stoul(digits.substr(at, 8), nullptr, 16));
}

File emit_register_file(const plan::Plan& plan, const std::string& banner) {
    std::string out = banner;
    out +=
        "// Register file: decodes AXI4-Lite accesses. Reads are combinational; unmapped offsets "
        "and\n"
        "// writes to read-only registers are refused. Registers are described in registers.md.\n"
        "`default_nettype none\n\nmodule aw_registers (\n"
        "    input  wire        clk,\n    input  wire        rst_n,\n"
        "    input  wire        write_i,\n    input  wire [11:0] write_addr_i,\n"
        "    input  wire [31:0] write_data_i,\n    output reg         write_ok_o,\n"
        "    input  wire [11:0] read_addr_i,\n    output reg  [31:0] read_data_o,\n";
    out += port_list(plan);
    out += "    output reg         read_ok_o\n);\n";
    for (const Register& reg : isa::registers())
        if (has_register(plan, reg)) out += write_side(reg);

    out += "\n    always @* begin\n        case (write_addr_i)\n";
    for (const Register& reg : isa::registers()) {
        if (reg.access == Access::kReadOnly || !has_register(plan, reg)) continue;
        out += fmt::format("            12'h{:03x}: write_ok_o = 1'b1;  // {}\n", reg.offset,
                           reg.name);
    }
    out += "            default: write_ok_o = 1'b0;\n        endcase\n    end\n";

    out += "\n    always @* begin\n        read_ok_o = 1'b1;\n        case (read_addr_i)\n";
    for (const Register& reg : isa::registers()) {
        if (reg.access == Access::kWriteOnly) continue;
        out += fmt::format("            12'h{:03x}: read_data_o = {};  // {}\n", reg.offset,
                           read_value(plan, reg), reg.name);
    }
    out +=
        "            default: begin\n                read_ok_o   = 1'b0;\n"
        "                read_data_o = 32'd0;\n            end\n        endcase\n    end\n\n"
        "    wire unused_ok = &{1'b0, write_data_i};\nendmodule\n\n`default_nettype wire\n";
    return {"rtl/aw_registers.v", out};
}

}  // namespace arraywright::emit
