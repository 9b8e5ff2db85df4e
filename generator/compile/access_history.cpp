// Blocks of commands that cannot conflict are skipped whole. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/access_history.hpp"

#include <algorithm>

namespace arraywright::compile {

void AccessHistory::Summary::add(const Access& access) {
    Span& span = spans[static_cast<size_t>(access.resource)][access.write ? 1 : 0];
    const bool is_empty = span.low == span.high;
    span.low = is_empty ? access.low : std::min(span.low, access.low);
    span.high = is_empty ? access.high : std::max(span.high, access.high);
}

bool AccessHistory::Summary::may_conflict(const Item& item) const {
    const auto meets = [&](const Access& access) {
        const auto& [reads, writes] = spans[static_cast<size_t>(access.resource)];
        const auto overlaps = [&](const Span& span) {
            return span.low < access.high && access.low < span.high;
        };
        return overlaps(writes) || (access.write && overlaps(reads));
    };
    return std::any_of(item.accesses.begin(), item.accesses.end(), meets);
}

void AccessHistory::add(const std::vector<Item>& items, size_t position) {
    for (size_t level = 0; level < kBlocks.size(); ++level) {
        summaries_[level].resize(positions_.size() / kBlocks[level] + 1);
        for (const Access& access : items[position].accesses) summaries_[level].back().add(access);
    }
    positions_.push_back(position);
}

size_t AccessHistory::latest_conflict(const std::vector<Item>& items, size_t from,
                                      const Item& item) const {
    size_t k = positions_.size();
    while (k > from) {
        bool skipped = false;
        for (size_t level = kBlocks.size(); level-- > 0 && !skipped;) {
            const size_t block = (k - 1) / kBlocks[level];
            skipped = !summaries_[level][block].may_conflict(item);
            if (skipped) k = block * kBlocks[level];
        }
        if (skipped) continue;
        // Of a block that may conflict, all entries are looked at.
        const size_t first = std::max(from, (k - 1) / kBlocks[0] * kBlocks[0]);
        for (; k > first; --k) {
            if (conflicts(items[positions_[k - 1]], item)) return k;
        }
    }
    return 0;
}

}  // namespace arraywright::compile
