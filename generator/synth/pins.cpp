// Pins of a placed design. SPDX-License-Identifier: Apache-2.0
#include "generator/synth/pins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "generator/emit/ports.hpp"
#include "generator/plan/bits.hpp"

namespace arraywright::synth {

namespace {

/// A port of the accelerator of `bits` bits, of which the lowest `pins` have pins.
struct Port {
    std::string_view name;
    bool is_output;
    int32_t bits;
    int32_t pins;
};

std::string range(int32_t bits) {
    return bits == 1 ? "       " : fmt::format("[{:>2}:0] ", bits - 1);
}

/// The memory bus, without what is constant.
std::vector<Port> memory_ports(const plan::Plan& plan) {
    const int32_t data = plan.bus_bytes * 8, address = plan.address_bits;
    const int32_t lines = std::min(address, kAddressPins);
    // Of the longest burst: 32 beats of a transfer, or four commands.
    const int32_t beats = std::max(plan.burst_bytes, 4 * isa::kCommandBytes) / plan.bus_bytes;
    const int32_t length = plan::ceil_log2(beats);
    return {Port{"m_axi_arid", true, 2, 1},
            Port{"m_axi_araddr", true, address, lines},
            Port{"m_axi_arlen", true, 8, length},
            Port{"m_axi_arvalid", true, 1, 1},
            Port{"m_axi_arready", false, 1, 1},
            Port{"m_axi_rid", false, 2, 1},
            Port{"m_axi_rdata", false, data, data},
            Port{"m_axi_rresp", false, 2, 2},
            Port{"m_axi_rlast", false, 1, 1},
            Port{"m_axi_rvalid", false, 1, 1},
            Port{"m_axi_rready", true, 1, 1},
            Port{"m_axi_awaddr", true, address, lines},
            Port{"m_axi_awlen", true, 8, length},
            Port{"m_axi_awvalid", true, 1, 1},
            Port{"m_axi_awready", false, 1, 1},
            Port{"m_axi_wdata", true, data, data},
            Port{"m_axi_wstrb", true, plan.bus_bytes, plan.bus_bytes},
            Port{"m_axi_wlast", true, 1, 1},
            Port{"m_axi_wvalid", true, 1, 1},
            Port{"m_axi_wready", false, 1, 1},
            Port{"m_axi_bid", false, 2, 0},
            Port{"m_axi_bresp", false, 2, 2},
            Port{"m_axi_bvalid", false, 1, 1},
            Port{"m_axi_bready", true, 1, 1}};
}

}  // namespace

std::string pins_module(const plan::Plan& plan) {
    const std::vector<Port> ports = memory_ports(plan);
    const int32_t lines = std::min(plan.address_bits, kAddressPins);
    std::string out = fmt::format(
        "// Pins of {0}: what never changes has none, addresses have {1} lines, and the host "
        "reads\n"
        "// and writes registers over one set of address and data lines.\n"
        "`default_nettype none\n\nmodule {0}_pins (\n"
        "    input  wire        clk, rst_n,\n    output wire        irq_o,\n"
        "    input  wire [11:2] host_address,\n    inout  wire [31:0] host_data,\n"
        "    input  wire        host_awvalid, host_wvalid, host_bready, host_arvalid, "
        "host_rready,\n"
        "    output wire        host_awready, host_wready, host_bvalid, host_bresp,\n"
        "    output wire        host_arready, host_rvalid, host_rresp",
        plan.spec.name, lines);
    std::string wires, connections;
    for (const Port& port : ports) {
        const std::string_view direction = port.is_output ? "output" : "input ";
        if (port.pins > 0)
            out += fmt::format(",\n    {} wire {}{}", direction, range(port.pins), port.name);
        std::string value(port.name);
        if (port.pins < port.bits && port.is_output) {
            value += "_whole";
            wires += fmt::format("    wire {}{};\n    assign {} = {}[{}:0];\n", range(port.bits),
                                 value, port.name, value, port.pins - 1);
        } else if (port.pins == 0) {
            value = fmt::format("{}'d0", port.bits);
        } else if (port.pins < port.bits) {
            value = fmt::format("{{{}'d0, {}}}", port.bits - port.pins, port.name);
        }
        connections += fmt::format(",\n        .{}({})", port.name, value);
    }
    out += ");\n" + wires;
    out += fmt::format(
        "    wire [31:0] read_data;\n    wire [1:0]  write_answer, read_answer;\n"
        "    assign host_data  = host_rvalid ? read_data : 32'bz;\n"
        "    assign host_bresp = write_answer[1];\n    assign host_rresp = read_answer[1];\n\n"
        "    {} u_accelerator (\n        .clk(clk), .rst_n(rst_n), .irq_o(irq_o),\n"
        "        .s_axil_awaddr({{host_address, 2'b00}}), .s_axil_awvalid(host_awvalid),\n"
        "        .s_axil_awready(host_awready), .s_axil_wdata(host_data), .s_axil_wstrb(4'b1111),\n"
        "        .s_axil_wvalid(host_wvalid), .s_axil_wready(host_wready), "
        ".s_axil_bresp(write_answer),\n"
        "        .s_axil_bvalid(host_bvalid), .s_axil_bready(host_bready),\n"
        "        .s_axil_araddr({{host_address, 2'b00}}), .s_axil_arvalid(host_arvalid),\n"
        "        .s_axil_arready(host_arready), .s_axil_rdata(read_data), "
        ".s_axil_rresp(read_answer),\n"
        "        .s_axil_rvalid(host_rvalid), .s_axil_rready(host_rready){}\n    );\nendmodule\n\n"
        "`default_nettype wire\n",
        plan.spec.name, connections);
    return out;
}

std::string board_module(const plan::Plan& plan) {
    std::string out = fmt::format(
        "// What a board does around {0}_pins: host and memory see the accelerator's ports.\n"
        "`default_nettype none\n\nmodule {0} (\n{1});\n",
        plan.spec.name, emit::top_ports(plan));
    const int32_t size = plan::ceil_log2(plan.bus_bytes);
    std::string connections;
    for (const Port& port : memory_ports(plan)) {
        if (port.pins == 0) continue;
        connections +=
            fmt::format(",\n        .{0}({0}{1})", port.name,
                        port.pins < port.bits ? fmt::format("[{}:0]", port.pins - 1) : "");
        if (port.pins < port.bits && port.is_output)
            out += fmt::format("    assign {}[{}:{}] = {}'d0;\n", port.name, port.bits - 1,
                               port.pins, port.bits - port.pins);
    }
    for (const char* channel : {"ar", "aw"})
        out += fmt::format(
            "    assign {{m_axi_{0}size, m_axi_{0}burst, m_axi_{0}cache, m_axi_{0}prot}} = "
            "{{3'd{1}, 2'b01, 4'b0011, 3'b000}};\n",
            channel, size);
    out += fmt::format(
        "    assign m_axi_awid   = 2'b00;\n"
        "    assign s_axil_bresp[0] = 1'b0;\n    assign s_axil_rresp[0] = 1'b0;\n"
        "    wire [31:0] host_data = (s_axil_wvalid && !s_axil_rvalid) ? s_axil_wdata : 32'bz;\n"
        "    assign s_axil_rdata = host_data;\n\n"
        "    {}_pins u_pins (\n        .clk(clk), .rst_n(rst_n), .irq_o(irq_o),\n"
        "        .host_address(s_axil_arvalid ? s_axil_araddr[11:2] : s_axil_awaddr[11:2]),\n"
        "        .host_data(host_data), .host_awvalid(s_axil_awvalid), "
        ".host_wvalid(s_axil_wvalid),\n"
        "        .host_bready(s_axil_bready), .host_arvalid(s_axil_arvalid), "
        ".host_rready(s_axil_rready),\n"
        "        .host_awready(s_axil_awready), .host_wready(s_axil_wready), "
        ".host_bvalid(s_axil_bvalid),\n"
        "        .host_bresp(s_axil_bresp[1]), .host_arready(s_axil_arready), "
        ".host_rvalid(s_axil_rvalid),\n"
        "        .host_rresp(s_axil_rresp[1]){}\n    );\nendmodule\n\n`default_nettype wire\n",
        plan.spec.name, connections);
    return out;
}

}  // namespace arraywright::synth
