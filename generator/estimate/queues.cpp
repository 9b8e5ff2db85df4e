// Tokens and queues. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/queues.hpp"

#include <algorithm>

namespace arraywright::estimate {

Cycle Tokens::available(isa::Unit unit, uint32_t wait) const {
    Cycle when = 0;
    for (size_t from = 0; from < isa::kUnits; ++from) {
        if ((wait >> from & 1) == 0) continue;
        const Counter& counter = counters_[from][static_cast<size_t>(unit)];
        if (counter.empty()) return kNever;
        when = std::max(when, counter.front());
    }
    return when;
}

void Tokens::take(isa::Unit unit, uint32_t wait) {
    for (size_t from = 0; from < isa::kUnits; ++from) {
        if ((wait >> from & 1) != 0) counters_[from][static_cast<size_t>(unit)].pop_front();
    }
}

void Tokens::give(isa::Unit from, uint32_t signal, Cycle now) {
    for (size_t to = 0; to < isa::kUnits; ++to) {
        if ((signal >> to & 1) != 0) {
            counters_[static_cast<size_t>(from)][to].push_back(now + kVisible);
        }
    }
}

void UnitQueue::pop(Cycle now) {
    // Full, the queue takes a command again the cycle after; else this never decides.
    if (entries_.size() == depth_) room_ = now + kVisible;
    entries_.pop_front();
    empty_from_ = now + kVisible;
    if (!entries_.empty()) {
        Entry& head = entries_.front();
        head.visible = std::max(head.visible, now + kVisible);
    }
}

}  // namespace arraywright::estimate
