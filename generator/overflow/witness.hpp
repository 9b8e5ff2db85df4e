// An input that makes one sum of a layer as extreme as it can be. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/network/network.hpp"
#include "generator/overflow/analysis.hpp"

namespace arraywright::overflow {

/// One output position of a layer as a network of its own, so that any layer runs in moments.
struct Witness {
    network::Network network;    ///< the one operator, with all its output channels
    std::vector<uint8_t> input;  ///< values that the layers before can write, channel by channel
    int32_t channel = 0;         ///< whose sum the input drives
    int64_t position = 0;        ///< in `network`; 0 unless all taps of an axis lie in padding
    int64_t step = -1;           ///< first that leaves the range; -1: none does
};

/// Of `layer.worst`, with the ranges of `analysis`.
Witness make_witness(const network::Network& network, const NetworkOverflow& analysis,
                     const LayerOverflow& layer, const Arithmetic& arithmetic);

}  // namespace arraywright::overflow
