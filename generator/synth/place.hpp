// What follows a netlist: place and route on iCE40, timing analysis of an ASIC's.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "generator/synth/netlist.hpp"

namespace arraywright::synth {

/// Joins the netlist with the pins of pins.hpp: placed.json, and placed.v with a board around it
/// takes the place of netlist.v, so that what is placed is what is simulated. Throws ToolError.
void join_pins(const plan::Plan& plan, const std::filesystem::path& folder, Netlist& netlist);

/// Places and routes placed.json with nextpnr and packs placed.bin; fills Fmax and logic cells.
/// `device`: hx1k, hx8k, lp8k, up5k ...; `package` of nextpnr-ice40. Throws ToolError.
void place_ice40(const std::filesystem::path& folder, const std::string& device,
                 const std::string& package, double clock_ns, Figures& figures);

/// OpenSTA on the netlist: worst slack in ns at `clock_ns`, without wires; fills area and slack.
void analyse_asic(const Netlist& netlist, const std::filesystem::path& folder, double clock_ns,
                  Figures& figures);

}  // namespace arraywright::synth
