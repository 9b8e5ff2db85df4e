// Parts of the top module that only a design with codecs has. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "generator/plan/plan.hpp"

namespace arraywright::emit {

/// Write channels of the store unit: its port, and the name behind m_axi_ or store_.
inline const std::pair<std::string, std::string> kWritePorts[] = {
    {"aw_valid", "awvalid"}, {"aw_ready", "awready"}, {"aw_address", "awaddr"},
    {"aw_len", "awlen"},     {"w_valid", "wvalid"},   {"w_ready", "wready"},
    {"w_data", "wdata"},     {"w_strb", "wstrb"},     {"w_last", "wlast"},
    {"b_valid", "bvalid"},   {"b_ready", "bready"},   {"b_resp", "bresp"}};

/// Before the load unit: the command that it is given.
std::string coded_load(const plan::Plan& plan);
/// What the load unit shares with the decoder of activations, and that decoder.
std::string activation_decoder_wires(const plan::Plan& plan);
std::string activation_decoder(const plan::Plan& plan);
/// Between the store unit and the bus, with the block table.
std::string coded_store_wires(const plan::Plan& plan);
std::string coded_store(const plan::Plan& plan);

}  // namespace arraywright::emit
