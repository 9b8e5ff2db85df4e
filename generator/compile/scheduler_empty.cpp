// Scheduler: channels without weights. SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "generator/compile/scheduler.hpp"

namespace arraywright::compile {

bool Scheduler::is_empty(const TileGroup& group) const {
    if (!layer_->form.listed) return false;
    const std::vector<bool>& nonzero = layer_->form.nonzero;
    const int64_t steps = static_cast<int64_t>(nonzero.size()) / tiles_;
    const auto first = nonzero.begin() + group.first * steps;
    return std::find(first, first + group.count * steps, true) == first + group.count * steps;
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
    const int32_t most = std::max(1, accumulators_.largest() / group.count);
    for (const Area& area : cut_positions(block, most, most, 1, {}))
        finish(area, block, group, out, 0, stores);
    empty_ = false;
}

}  // namespace arraywright::compile
