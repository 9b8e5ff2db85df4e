// On-chip memory of the running program: rings and ping-pong areas.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "generator/plan/plan.hpp"

namespace arraywright::compile {

/// A memory of two areas in different single-port banks; allocations alternate between them, so
/// that one area is filled while the other is read. Areas are rings: what was written first is
/// overwritten first; the token pass keeps readers safe.
class PingPong {
public:
    /// `first` is the size of the first area; the rest of `total` is the second.
    /// An area holds at most `most_pieces` allocations, which bounds the tokens on their way.
    PingPong(int32_t total, int32_t first, int32_t most_pieces);
    PingPong(int32_t total, const plan::Banking& banking, int32_t rows_per_bank_row,
             int32_t most_pieces);

    /// The largest allocation that leaves the other area free.
    int32_t largest() const;
    /// The largest allocation at all.
    int32_t widest() const;
    /// Next area, `size` <= largest().
    int32_t allocate(int32_t size);
    /// In the same area as the last one, if that is large enough.
    int32_t allocate_behind(int32_t size);
    /// In area 0 or 1, if that is large enough.
    int32_t allocate_in(size_t area, int32_t size);
    size_t area_index(int32_t address) const { return address < high_[0] ? 0 : 1; }
    /// Without overwriting anything since `reset`: whichever area still has room.
    std::optional<int32_t> allocate_fresh(int32_t size);
    /// Everything is free again.
    void reset();
    /// Low and high end of the area that `address` lies in.
    std::pair<int32_t, int32_t> area_of(int32_t address) const;

private:
    int32_t most_pieces_;
    std::array<int32_t, 2> low_{}, high_{}, next_{}, pieces_{};
    size_t area_ = 0;
};

}  // namespace arraywright::compile
