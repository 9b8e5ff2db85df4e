// Scheduler: channels without weights, slices with few. SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "generator/compile/scheduler.hpp"
#include "generator/compile/slice_order.hpp"

namespace arraywright::compile {

/// Steps of a position with weights, of the tiles of `group` together.
int64_t Scheduler::nonzero_steps(const TileGroup& group) const {
    const std::vector<bool>& nonzero = layer_->form.nonzero;
    const int64_t steps = static_cast<int64_t>(nonzero.size()) / tiles_;
    const auto first = nonzero.begin() + group.first * steps;
    return std::count(first, first + group.count * steps, true);
}

bool Scheduler::is_empty(const TileGroup& group) const {
    return layer_->form.listed && nonzero_steps(group) == 0;
}

std::vector<int32_t> Scheduler::slice_starts() const {
    std::vector<int32_t> starts;
    for (int32_t tile = 0; tile < tiles_; tile += tiling_.slice_tiles) starts.push_back(tile);
    // The parameter tables are filled in the order of the tiles.
    const int32_t together = parameter_tiles() / tiling_.slice_tiles;
    if (!layer_->form.listed || parameter_tiles() % tiling_.slice_tiles != 0) return starts;
    std::vector<int32_t> result;
    for (size_t begin = 0; begin < starts.size(); begin += static_cast<size_t>(together)) {
        const size_t end = std::min(starts.size(), begin + static_cast<size_t>(together));
        std::vector<int64_t> work;
        for (size_t i = begin; i < end; ++i) {
            const int32_t count = std::min(tiling_.slice_tiles, tiles_ - starts[i]);
            work.push_back(nonzero_steps({starts[i], count}));
        }
        for (const size_t place : even_order(work)) result.push_back(starts[begin + place]);
    }
    return result;
}

std::vector<TileGroup> Scheduler::split_empty(const std::vector<TileGroup>& groups,
                                              int32_t positions) const {
    // Where a step a position costs less than the commands that save it, groups stay as they are.
    constexpr int32_t kLeastPositions = 32;
    if (!layer_->form.listed || positions < kLeastPositions) return groups;
    std::vector<TileGroup> result;
    for (const TileGroup& group : groups) {
        for (int32_t tile = group.first; tile < group.first + group.count;) {
            int32_t end = tile + 1;
            while (end < group.first + group.count && is_empty({end, 1}) == is_empty({tile, 1}))
                ++end;
            result.push_back({tile, end - tile});
            tile = end;
        }
    }
    return result;
}

void Scheduler::add_empty_group(const Area& block, const TileGroup& group, const OutputTile& out,
                                bool stores) {
    empty_ = true;
    finish(block, block, group, out, 0, stores);
    empty_ = false;
}

}  // namespace arraywright::compile
