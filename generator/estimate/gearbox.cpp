// Weight words. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/gearbox.hpp"

#include <algorithm>

namespace arraywright::estimate {

Gearbox::Gearbox(const plan::Plan& plan)
    : wire_(plan.bus_bytes == plan.rows && plan.write_cols == 1),
      rows_(plan.rows),
      write_cols_(plan.write_cols) {}

void Gearbox::flush(int32_t cols, int64_t tile) {
    cols_ = cols;
    col_ = 0;
    tile_ = tile;
    count_ = 0;
}

/// The last columns of a tile may be fewer.
int64_t Gearbox::columns() const {
    return std::min(write_cols_, cols_ - col_);
}

bool Gearbox::has_room(bool word_leaves) const {
    return count_ - (word_leaves ? word_bytes() : 0) <= rows_ * write_cols_;
}

void Gearbox::pop() {
    if (!wire_) count_ -= word_bytes();
    col_ += columns();
    if (col_ == cols_) {
        col_ = 0;
        ++tile_;
    }
}

}  // namespace arraywright::estimate
