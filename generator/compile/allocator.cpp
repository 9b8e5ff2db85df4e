// On-chip memory of the running program. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/allocator.hpp"

#include <algorithm>

namespace arraywright::compile {

namespace {

/// The bank boundary nearest to the middle, or the middle of a memory with one bank.
int32_t split_point(int32_t total, const plan::Banking& banking, int32_t rows_per_bank_row) {
    const int32_t bank = banking.group_rows * rows_per_bank_row;
    const int32_t at = std::max(1, (banking.groups + 1) / 2) * bank;
    // A last bank that is much smaller than the others would make the second area useless.
    return (banking.groups > 1 && total - at >= at / 2) ? at : (total + 1) / 2;
}

}  // namespace

PingPong::PingPong(int32_t total, int32_t first, int32_t most_pieces)
    : most_pieces_(most_pieces), low_{0, first}, high_{first, total}, next_{0, first} {}

PingPong::PingPong(int32_t total, const plan::Banking& banking, int32_t rows_per_bank_row,
                   int32_t most_pieces)
    : PingPong(total, split_point(total, banking, rows_per_bank_row), most_pieces) {}

int32_t PingPong::largest() const {
    // With a single word there is no second area to alternate with.
    return std::max(1, std::min(high_[0] - low_[0], high_[1] - low_[1]));
}

int32_t PingPong::widest() const {
    return std::max(high_[0] - low_[0], high_[1] - low_[1]);
}

int32_t PingPong::allocate(int32_t size) {
    if (high_[1] - low_[1] >= size) area_ = 1 - area_;
    const size_t area = high_[area_] - low_[area_] >= size ? area_ : 1 - area_;
    if (next_[area] + size > high_[area] || pieces_[area] == most_pieces_) {
        next_[area] = low_[area];
        pieces_[area] = 0;
    }
    const int32_t at = next_[area];
    next_[area] += size;
    ++pieces_[area];
    return at;
}

int32_t PingPong::allocate_behind(int32_t size) {
    return allocate_in(area_, size);
}

int32_t PingPong::allocate_in(size_t area, int32_t size) {
    area_ = 1 - area;
    return allocate(size);
}

std::optional<int32_t> PingPong::allocate_fresh(int32_t size) {
    area_ = 1 - area_;
    for (const size_t area : {area_, 1 - area_}) {
        if (next_[area] + size > high_[area]) continue;
        const int32_t at = next_[area];
        next_[area] += size;
        return at;
    }
    return std::nullopt;
}

std::pair<int32_t, int32_t> PingPong::area_of(int32_t address) const {
    const size_t area = area_index(address);
    return {low_[area], high_[area]};
}

void PingPong::reset() {
    next_ = low_;
    pieces_ = {};
    area_ = 1;
}

}  // namespace arraywright::compile
