// Verilog printing: aligned declarations and instances. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace arraywright::emit {

/// `[7:0] `, padded; empty range for one bit.
std::string range(int32_t bits);

/// A named connection or parameter and its expression.
using Connection = std::pair<std::string, std::string>;

/// One instance: a comment that says why it exists, parameters, one connection a line.
struct Instance {
    std::string why;
    std::string module;
    std::string name;
    std::vector<Connection> parameters;
    std::vector<Connection> ports;

    std::string text() const;
};

/// Declares wires of equal kind, aligned: {bits, name, expression or empty}.
struct Wire {
    int32_t bits;
    std::string name;
    std::string value;
};
std::string wires(const std::vector<Wire>& list);

/// `// ---- title ----` between blank lines.
std::string section(const std::string& title);

}  // namespace arraywright::emit
