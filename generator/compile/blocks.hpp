// Blocks of output positions and channel tiles, and the order in which they are computed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/compile/layer.hpp"

namespace arraywright::compile {

/// Output rows [y0, y1), columns [x0, x1).
struct Area {
    int32_t y0 = 0, y1 = 0, x0 = 0, x1 = 0;
    int32_t height() const { return y1 - y0; }
    int32_t width() const { return x1 - x0; }
    int32_t positions() const { return height() * width(); }
};

/// Channel tiles [first, first + count) of equal width that one command computes.
struct TileGroup {
    int32_t first = 0;
    int32_t count = 1;
};

/// How the areas of a block are sized: small ones at the start of a layer, so that computing
/// starts before all data is there, and at its end, so that little is left to store.
struct Ramp {
    bool up = false;
    bool down = false;
    /// With `up`, when input comes no faster than it is used: all areas have this many positions.
    int32_t steady = 0;
    /// With `down`: an area of n positions gives the vector unit time for n * vector_gain -
    /// vector_lag positions.
    double vector_gain = 0, vector_lag = 0;
};

/// Cuts `block` into areas of at most `most` positions and about `wanted` positions.
std::vector<Area> cut_positions(const Area& block, int32_t most, int32_t wanted, int32_t least,
                                Ramp ramp);

/// Cuts the tiles [first, last) into groups of at most `most` tiles of one conv group and equal
/// width; the last groups shrink when `ramp_down`.
std::vector<TileGroup> cut_tiles(const Layer& layer, int32_t first, int32_t last, int32_t most,
                                 bool ramp_down);

}  // namespace arraywright::compile
