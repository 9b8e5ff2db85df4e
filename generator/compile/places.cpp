// Places of tiles. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/places.hpp"

namespace arraywright::compile {

namespace {

bool place(const std::vector<Piece>& pieces, const Room& room, int64_t align) {
    int64_t at = room.low;
    for (const auto& [address, bytes] : pieces) {
        at = (at + align - 1) / align * align;
        if (at + bytes > room.high) return false;
        *address = at;
        at += bytes;
    }
    return true;
}

}  // namespace

bool place_pieces(const std::vector<Piece>& pieces, const Room& room, int64_t bank_bytes) {
    return place(pieces, room, bank_bytes) || place(pieces, room, 1);
}

}  // namespace arraywright::compile
