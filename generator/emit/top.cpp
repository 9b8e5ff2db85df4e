// Top module: ports, section order, provenance comments. SPDX-License-Identifier: Apache-2.0
#include "generator/emit/top.hpp"

#include <fmt/format.h>

#include "generator/emit/ports.hpp"
#include "generator/emit/verilog.hpp"

namespace arraywright::emit {

std::string because(const plan::Plan& plan, int32_t line, const std::string& field) {
    return line > 0 ? fmt::format("{}:{} {}", plan.spec.file, line, field)
                    : fmt::format("default {}", field);
}

File emit_top(const plan::Plan& plan, const std::string& banner) {
    std::string out = banner;
    out += fmt::format("`default_nettype none\n\nmodule {} (\n", plan.spec.name);
    out += top_ports(plan);
    out += ");\n";
    out += top_control(plan);
    out += top_queues(plan);
    out += top_dma(plan);
    out += top_buffers(plan);
    out += top_array(plan);
    out += top_vector(plan);
    out +=
        "\n    // One write ID is in use, so answers need not be told apart; addresses are cut to "
        "each buffer's.\n"
        "    wire unused_ok = &{1'b0, m_axi_bid, load_wait, compute_wait, vector_wait, "
        "store_wait,\n"
        "                       program_addr_hi, program_commands, load_write_addr, "
        "weight_write_addr,\n"
        "                       act_store_addr, overflow_event};\n";
    out += "endmodule\n\n`default_nettype wire\n";
    return {"rtl/" + plan.spec.name + ".v", out};
}

}  // namespace arraywright::emit
