// The pins of a placed design: fewer than the accelerator's ports.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "generator/plan/plan.hpp"

namespace arraywright::synth {

/// Address lines of each channel of the memory bus: 16 MiB.
constexpr int32_t kAddressPins = 24;

/// Verilog of the module "NAME_pins": wires between the accelerator and the pins of a package, no
/// logic but the direction of the host's data lines. Ports whose value never changes have no pins;
/// the host reads and writes registers over the same lines, one access at a time.
std::string pins_module(const plan::Plan& plan);

/// Verilog of a board around "NAME_pins": a module NAME with the accelerator's own ports, which the
/// testbench can drive. Addresses beyond the lines are 0.
std::string board_module(const plan::Plan& plan);

}  // namespace arraywright::synth
