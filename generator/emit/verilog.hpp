// Verilog printing: aligned declarations and instances. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace arraywright::emit {

/// Of a line of generated Verilog.
constexpr size_t kLineColumns = 120;

/// `[7:0] `, padded; empty range for one bit.
std::string range(int32_t bits);

/// A decimal constant.
std::string number(int64_t value);

/// The low `bits` of a wire: `name[bits - 1:0]`.
std::string low_bits(const std::string& name, int32_t bits);

/// `bits` of a wire from `lsb` on.
std::string slice(const std::string& name, int32_t lsb, int32_t bits);

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

/// A shift register of `cycles`; `aw_delay_reset` is one bit of control, cleared by `unit_rst_n`.
std::string delay_instance(const std::string& name, int32_t width, int32_t cycles,
                           const std::string& in, const std::string& to);
std::string delay_reset_instance(const std::string& name, int32_t cycles, const std::string& in,
                                 const std::string& to);

/// Declares wires of equal kind, aligned: {bits, name, expression or empty}.
struct Wire {
    int32_t bits;
    std::string name;
    std::string value;
};
std::string wires(const std::vector<Wire>& list);

/// Declares `list`, lowest bits first, and cuts `word` into it.
std::string unpack(const std::vector<Wire>& list, const std::string& word);

/// `// ---- title ----` between blank lines.
std::string section(const std::string& title);

}  // namespace arraywright::emit
