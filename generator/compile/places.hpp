// Places of tensors, and of tiles in the activation buffer. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "generator/compile/memory_map.hpp"

namespace arraywright::compile {

/// A bus address that does not exist: bus addresses use all 64 bits, but not their end.
constexpr int64_t kNoAddress = -1;

/// Where an activation is. Addresses of the first element.
struct TensorPlace {
    int64_t dram = kNoAddress;  ///< bus address
    int64_t chip = -1;          ///< in the activation buffer; -1: not there
    int64_t pixel_bytes = 0, row_bytes = 0;

    bool in_dram() const { return dram != kNoAddress; }
    bool exists() const { return in_dram() || chip >= 0; }
    /// The part that begins `bytes` further on.
    TensorPlace from(int64_t bytes) const {
        return {in_dram() ? dram + bytes : kNoAddress, chip < 0 ? -1 : chip + bytes, pixel_bytes,
                row_bytes};
    }
};

/// A tile to be placed: where its address goes, and its size.
using Piece = std::pair<int64_t*, int64_t>;

/// Puts the pieces one after the other into `room`, each on a bank of its own if possible
/// (`bank_bytes`), so that what is read, written, loaded and stored at the same time does not meet;
/// false if they do not fit.
bool place_pieces(const std::vector<Piece>& pieces, const Room& room, int64_t bank_bytes);

}  // namespace arraywright::compile
