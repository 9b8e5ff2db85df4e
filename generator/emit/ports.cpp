// Ports of the generated top. SPDX-License-Identifier: Apache-2.0
#include "generator/emit/ports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace arraywright::emit {

namespace {

struct Signal {
    const char* name;
    bool is_output;
    int32_t bits;
};

void add_bus(std::vector<Port>& ports, PortGroup group, const std::string& prefix,
             const std::vector<Signal>& signals) {
    for (const Signal& signal : signals) {
        std::string role = signal.name;
        std::transform(role.begin(), role.end(), role.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        ports.push_back({group, signal.is_output, signal.bits, prefix + signal.name, role});
    }
}

}  // namespace

std::vector<Port> top_port_list(const plan::Plan& plan) {
    const int32_t address = plan.address_bits;
    const int32_t data = plan.bus_bytes * 8;
    std::vector<Port> ports = {{PortGroup::kClock, false, 1, "clk", ""},
                               {PortGroup::kReset, false, 1, "rst_n", ""},
                               {PortGroup::kInterrupt, true, 1, "irq_o", ""}};
    add_bus(ports, PortGroup::kRegisters, "s_axil_",
            {{"awaddr", false, 12},
             {"awvalid", false, 1},
             {"awready", true, 1},
             {"wdata", false, 32},
             {"wstrb", false, 4},
             {"wvalid", false, 1},
             {"wready", true, 1},
             {"bresp", true, 2},
             {"bvalid", true, 1},
             {"bready", false, 1},
             {"araddr", false, 12},
             {"arvalid", false, 1},
             {"arready", true, 1},
             {"rdata", true, 32},
             {"rresp", true, 2},
             {"rvalid", true, 1},
             {"rready", false, 1}});
    add_bus(ports, PortGroup::kMemory, "m_axi_",
            {{"arid", true, 2},         {"araddr", true, address},
             {"arlen", true, 8},        {"arsize", true, 3},
             {"arburst", true, 2},      {"arcache", true, 4},
             {"arprot", true, 3},       {"arvalid", true, 1},
             {"arready", false, 1},     {"rid", false, 2},
             {"rdata", false, data},    {"rresp", false, 2},
             {"rlast", false, 1},       {"rvalid", false, 1},
             {"rready", true, 1},       {"awid", true, 2},
             {"awaddr", true, address}, {"awlen", true, 8},
             {"awsize", true, 3},       {"awburst", true, 2},
             {"awcache", true, 4},      {"awprot", true, 3},
             {"awvalid", true, 1},      {"awready", false, 1},
             {"wdata", true, data},     {"wstrb", true, plan.bus_bytes},
             {"wlast", true, 1},        {"wvalid", true, 1},
             {"wready", false, 1},      {"bid", false, 2},
             {"bresp", false, 2},       {"bvalid", false, 1},
             {"bready", true, 1}});
    return ports;
}

std::string top_ports(const plan::Plan& plan) {
    const std::vector<Port> ports = top_port_list(plan);
    std::string out;
    PortGroup group = PortGroup::kClock;
    for (const Port& port : ports) {
        if (port.group != group && port.group == PortGroup::kRegisters)
            out += "    // AXI4-Lite: registers\n";
        if (port.group != group && port.group == PortGroup::kMemory) out += "    // AXI4: memory\n";
        group = port.group;
        const std::string bits = port.bits > 1 ? fmt::format("[{}:0]", port.bits - 1) : "";
        out += fmt::format("    {:6} wire {:8}{}{}\n", port.is_output ? "output" : "input", bits,
                           port.name, port.name == ports.back().name ? "" : ",");
    }
    return out;
}

}  // namespace arraywright::emit
