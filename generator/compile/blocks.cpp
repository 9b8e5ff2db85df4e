// Blocks of output positions and channel tiles. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/blocks.hpp"

#include <algorithm>

#include "generator/compile/tiling.hpp"

namespace arraywright::compile {

namespace {

/// Row counts that sum to `rows`, about `wanted` each, ramped down to `least` at the ends.
std::vector<int32_t> cut_rows(int32_t rows, int32_t wanted, int32_t least, Ramp ramp) {
    std::vector<int32_t> head, tail;
    int32_t left = rows;
    if (ramp.up && ramp.steady > 0) {
        wanted = std::min(wanted, ramp.steady);
    } else {
        for (int32_t size = least; ramp.up && size < wanted && left > 2 * size; size *= 2) {
            head.push_back(size);
            left -= size;
        }
    }
    // From the end on, areas double, or less where the vector unit would not be done with one when
    // the next has been computed.
    const bool limited = ramp.vector_gain >= 1.5;
    const auto before = [&](int32_t size) {
        const double done = size * ramp.vector_gain - ramp.vector_lag;
        return limited ? std::min(2 * size, static_cast<int32_t>(done)) : 2 * size;
    };
    int32_t piece = least;
    while (ramp.down && piece < wanted && before(piece) <= piece) ++piece;
    for (; ramp.down && piece < wanted && left > 2 * piece; piece = before(piece)) {
        tail.push_back(piece);
        left -= piece;
    }
    for (int32_t parts = (left + wanted - 1) / wanted; parts > 0; --parts) {
        const int32_t size = (left + parts - 1) / parts;
        head.push_back(size);
        left -= size;
    }
    head.insert(head.end(), tail.rbegin(), tail.rend());
    return head;
}

}  // namespace

std::vector<Area> cut_positions(const Area& block, int32_t most, int32_t wanted, int32_t least,
                                Ramp ramp) {
    std::vector<Area> areas;
    const int32_t width = block.width();
    if (width > most || (block.height() == 1 && width > wanted)) {
        for (int32_t y = block.y0; y < block.y1; ++y) {
            int32_t x = block.x0;
            for (const int32_t size :
                 cut_rows(width, std::min(most, std::max(wanted, least)), least, ramp)) {
                areas.push_back({y, y + 1, x, x + size});
                x += size;
            }
        }
        return areas;
    }
    const int32_t most_rows = most / width;
    const int32_t wanted_rows = std::clamp(wanted / width, 1, most_rows);
    if (ramp.steady > 0) ramp.steady = std::clamp(ramp.steady / width, 1, most_rows);
    ramp.vector_lag /= width;
    int32_t y = block.y0;
    for (const int32_t size :
         cut_rows(block.height(), wanted_rows, std::max(1, least / width), ramp)) {
        areas.push_back({y, y + size, block.x0, block.x1});
        y += size;
    }
    return areas;
}

std::vector<TileGroup> cut_tiles(const Layer& layer, int32_t first, int32_t last, int32_t most,
                                 bool ramp_down) {
    std::vector<TileGroup> groups;
    const int32_t per_group = tiles_per_group(layer);
    for (int32_t tile = first; tile < last;) {
        const int32_t group_end = std::min(last, (tile / per_group + 1) * per_group);
        const bool narrow = tile_columns(layer, group_end - 1) < layer.tile_filters;
        const int32_t full_end = narrow ? std::max(tile, group_end - 1) : group_end;
        int32_t count = std::min(most, full_end - tile);
        if (ramp_down) count = std::min(count, (last - tile + 1) / 2);
        count = std::max(count, 1);
        groups.push_back({tile, count});
        tile += count;
    }
    return groups;
}

}  // namespace arraywright::compile
