// Data sheet. SPDX-License-Identifier: Apache-2.0
#include "generator/emit/data_sheet.hpp"

#include <fmt/format.h>

#include "generator/emit/ports.hpp"
#include "generator/plan/ram_macros.hpp"
#include "generator/plan/rams.hpp"

namespace arraywright::emit {

namespace {

std::string_view group_name(PortGroup group) {
    switch (group) {
        case PortGroup::kClock:
            return "clock, rising edge";
        case PortGroup::kReset:
            return "reset, active low, synchronous";
        case PortGroup::kInterrupt:
            return "interrupt, level";
        case PortGroup::kRegisters:
            return "AXI4-Lite target: registers.md";
        case PortGroup::kMemory:
            return "AXI4 initiator: program, tensors";
    }
    return "";
}

}  // namespace

File emit_data_sheet(const plan::Plan& plan,
                     const std::vector<std::pair<std::string, std::string>>& configuration) {
    std::string out = fmt::format(
        "# {}\n\nINT8 inference accelerator: INT8 operands, {}-bit sums. Inference only. Spec {}, "
        "SHA-256 {}.\n\n## Configuration\n\n| | |\n|---|---|\n",
        plan.spec.name, plan.accumulator_bits, plan.spec.file, plan.spec.sha256);
    for (const auto& [key, value] : configuration) out += fmt::format("| {} | {} |\n", key, value);

    out += "\n## Ports\n\n| port | direction | bits | |\n|---|---|--:|---|\n";
    for (const Port& port : top_port_list(plan)) {
        out += fmt::format("| {} | {} | {} | {} |\n", port.name, port.is_output ? "out" : "in",
                           port.bits, group_name(port.group));
    }

    out +=
        "\n## Memories\n\nRead data is there one cycle after the read and holds until the next "
        "one; "
        "contents are undefined at power-up.\n\n| memory | RAMs | words | bits | write mask, bits "
        "| "
        "ports | KiB | instance |\n|---|--:|--:|--:|--:|---|--:|---|\n";
    int64_t all = 0;
    double area = 0;
    std::string macros;
    for (const plan::Ram& ram : plan::ram_list(plan)) {
        const int64_t bits = ram.count * ram.words * ram.bits;
        all += bits;
        out += fmt::format(
            "| {} | {} | {} | {} | {} | {} | {:.2f} | `{}` |\n", ram.purpose, ram.count, ram.words,
            ram.bits, ram.write_bits == ram.bits ? "whole word" : std::to_string(ram.write_bits),
            ram.two_ports ? "1R1W" : "1RW", static_cast<double>(bits) / 8192, ram.instance);
        if (plan.spec.memories.macros.empty()) continue;
        const plan::MacroTiling tiling = plan::tile_macros(ram, plan.spec.memories.macros);
        const double all_of_them = static_cast<double>(ram.count) * tiling.area();
        area += all_of_them;
        macros += fmt::format("| {} | `{}` | {} x {} | {} | {} | {:.0f} |\n", ram.purpose,
                              plan::macro_module(ram), tiling.rows, tiling.parts.size(),
                              tiling.macro->cell, ram.count * tiling.count(), all_of_them);
    }
    out += fmt::format("| all | | | | | | {:.2f} | |\n", static_cast<double>(all) / 8192);
    if (!macros.empty())
        out +=
            "\n| memory | module of a RAM | macros of it, rows x parts | macro | macros | um2 "
            "|\n|---|---|---|---|--:|--:|\n" +
            macros + fmt::format("| all | | | | | {:.0f} |\n", area);

    out += fmt::format(
        "\n## Latency, in cycles\n\n| from | to | cycles |\n|---|---|--:|\n"
        "| step of the array | its sums | {} |\n"
        "| {} by the vector unit | its write | {} |\n\n"
        "Of a whole network: `arraywright estimate` and `arraywright simulate`.\n",
        plan.sum_latency_cycles + (plan.has_window_stage() ? 1 : 0),
        plan.serial ? "sum read" : "result issued",
        plan.serial ? "73, 2 when raw" : std::to_string(11 + (plan.tables ? 1 : 0)));
    out +=
        "\n## Files\n\n| file | |\n|---|---|\n| rtl.f | Verilog files, one a line |\n"
        "| registers.md | registers, errors |\n| commands.md | command set |\n";
    out += fmt::format(
        "| {0}_registers.h | registers for C |\n| {0}.sdc, {0}.xdc | constraints |\n"
        "| {0}.core, {0}.xml, vivado.tcl | FuseSoC, IP-XACT, Vivado |\n| software/ | C runtime |\n",
        plan.spec.name);
    return {"DATASHEET.md", out};
}

}  // namespace arraywright::emit
