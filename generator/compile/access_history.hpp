// Commands of one unit in order, to be searched for conflicts. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "generator/compile/item.hpp"

namespace arraywright::compile {

class AccessHistory {
public:
    size_t size() const { return positions_.size(); }
    /// List position of entry `k`.
    size_t position(size_t k) const { return positions_[k]; }
    void add(const std::vector<Item>& items, size_t position);
    /// One more than the latest entry at or behind `from` that conflicts with `item`, or 0.
    size_t latest_conflict(const std::vector<Item>& items, size_t from, const Item& item) const;

private:
    /// Lowest and highest address that a block of entries reads or writes, by resource.
    struct Summary {
        struct Span {
            int64_t low = 0, high = 0;
        };
        std::array<std::array<Span, 2>, kResources> spans{};
        void add(const Access& access);
        bool may_conflict(const Item& item) const;
    };
    static constexpr std::array<size_t, 2> kBlocks = {64, 4096};  // entries

    std::vector<size_t> positions_;
    std::array<std::vector<Summary>, kBlocks.size()> summaries_;
};

}  // namespace arraywright::compile
