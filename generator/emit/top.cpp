// Top module: ports, section order, provenance comments. SPDX-License-Identifier: Apache-2.0
#include "generator/emit/top.hpp"

#include <fmt/format.h>

#include "generator/emit/verilog.hpp"

namespace arraywright::emit {

std::string because(const plan::Plan& plan, int32_t line, const std::string& field) {
    return line > 0 ? fmt::format("{}:{} {}", plan.spec.file, line, field)
                    : fmt::format("default {}", field);
}

std::string top_ports(const plan::Plan& plan) {
    const std::string address = fmt::format("[{}:0]", plan.address_bits - 1);
    const std::string data = fmt::format("[{}:0]", plan.bus_bytes * 8 - 1);
    const std::string strobe = fmt::format("[{}:0]", plan.bus_bytes - 1);
    std::string out;
    const auto port = [&out](const char* direction, const std::string& bits, const char* name) {
        out += fmt::format("    {:6} wire {:8}{},\n", direction, bits, name);
    };
    port("input", "", "clk");
    port("input", "", "rst_n");
    port("output", "", "irq_o");
    out += "    // AXI4-Lite: registers\n";
    port("input", "[11:0]", "s_axil_awaddr");
    port("input", "", "s_axil_awvalid");
    port("output", "", "s_axil_awready");
    port("input", "[31:0]", "s_axil_wdata");
    port("input", "[3:0]", "s_axil_wstrb");
    port("input", "", "s_axil_wvalid");
    port("output", "", "s_axil_wready");
    port("output", "[1:0]", "s_axil_bresp");
    port("output", "", "s_axil_bvalid");
    port("input", "", "s_axil_bready");
    port("input", "[11:0]", "s_axil_araddr");
    port("input", "", "s_axil_arvalid");
    port("output", "", "s_axil_arready");
    port("output", "[31:0]", "s_axil_rdata");
    port("output", "[1:0]", "s_axil_rresp");
    port("output", "", "s_axil_rvalid");
    port("input", "", "s_axil_rready");
    out += "    // AXI4: memory\n";
    for (const char* channel : {"ar", "aw"}) {
        const auto name = [&](const char* signal) {
            return fmt::format("m_axi_{}{}", channel, signal);
        };
        port("output", "[1:0]", name("id").c_str());
        port("output", address, name("addr").c_str());
        port("output", "[7:0]", name("len").c_str());
        port("output", "[2:0]", name("size").c_str());
        port("output", "[1:0]", name("burst").c_str());
        port("output", "[3:0]", name("cache").c_str());
        port("output", "[2:0]", name("prot").c_str());
        port("output", "", name("valid").c_str());
        port("input", "", name("ready").c_str());
        if (channel[1] == 'r') {
            port("input", "[1:0]", "m_axi_rid");
            port("input", data, "m_axi_rdata");
            port("input", "[1:0]", "m_axi_rresp");
            port("input", "", "m_axi_rlast");
            port("input", "", "m_axi_rvalid");
            port("output", "", "m_axi_rready");
        }
    }
    port("output", data, "m_axi_wdata");
    port("output", strobe, "m_axi_wstrb");
    port("output", "", "m_axi_wlast");
    port("output", "", "m_axi_wvalid");
    port("input", "", "m_axi_wready");
    port("input", "[1:0]", "m_axi_bid");
    port("input", "[1:0]", "m_axi_bresp");
    port("input", "", "m_axi_bvalid");
    out += fmt::format("    {:6} wire {:8}{}\n", "output", "", "m_axi_bready");
    return out;
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
