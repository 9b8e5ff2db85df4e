// Places of tensors, and of tiles in the activation buffer. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "generator/compile/memory_map.hpp"

namespace arraywright::compile {

/// Where an activation is. Addresses of the first element, -1: not there.
struct TensorPlace {
    int64_t dram = -1;
    int64_t chip = -1;  ///< in the activation buffer
    int64_t pixel_bytes = 0, row_bytes = 0;

    bool exists() const { return dram >= 0 || chip >= 0; }
    /// The part that begins `bytes` further on.
    TensorPlace from(int64_t bytes) const {
        return {dram < 0 ? -1 : dram + bytes, chip < 0 ? -1 : chip + bytes, pixel_bytes, row_bytes};
    }
};

/// A tile to be placed: where its address goes, and its size.
using Piece = std::pair<int64_t*, int64_t>;

/// Puts the pieces one after the other into `room`, each on a bank of its own if possible
/// (`bank_bytes`), so that what is read, written, loaded and stored at the same time does not meet;
/// false if they do not fit.
bool place_pieces(const std::vector<Piece>& pieces, const Room& room, int64_t bank_bytes);

}  // namespace arraywright::compile
