// Ports of the generated top: one table for RTL, packaging and documents.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/plan/plan.hpp"

namespace arraywright::emit {

enum class PortGroup { kClock, kReset, kInterrupt, kRegisters, kMemory };

struct Port {
    PortGroup group;
    bool is_output;
    int32_t bits;  ///< 1: a scalar
    std::string name;
    std::string role;  ///< in its bus, as the AXI specification writes it: AWADDR; else empty
};

/// In the order of the module header.
std::vector<Port> top_port_list(const plan::Plan& plan);

/// The module header's lines.
std::string top_ports(const plan::Plan& plan);

}  // namespace arraywright::emit
