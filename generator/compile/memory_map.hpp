// Memory map: which tensors live in the activation buffer, where, and what room an operator has
// for tiles of the others. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/compile/graph.hpp"
#include "generator/network/network.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::compile {

/// Bytes [low, high) of the activation buffer.
struct Room {
    int64_t low = 0, high = 0;
    int64_t bytes() const { return high - low; }
};

struct MemoryMap {
    /// By tensor: address of the owner in the activation buffer, -1: only in DRAM.
    std::vector<int64_t> on_chip;
    /// By tensor: the owner has a place in DRAM too: inputs, outputs, what the host reads or
    /// writes, what does not fit.
    std::vector<bool> in_dram;
    /// By work of the graph: the largest part of the buffer that no tensor on chip needs.
    std::vector<Room> room;
};

/// Tensors stay on chip from the operator that makes them to the last that reads them, when they
/// fit beside each other and leave room for tiles. With `keep_all_tensors` all are in DRAM as well.
/// Work marked in `crowded` gets the whole buffer for its tiles.
MemoryMap map_memory(const network::Network& network, const Graph& graph, const plan::Plan& plan,
                     GraphOptions options, const std::vector<bool>& crowded);

}  // namespace arraywright::compile
