// Weight words. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/gearbox.hpp"

#include <algorithm>

namespace arraywright::estimate {

Gearbox::Gearbox(const plan::Plan& plan)
    : wire_(plan.bus_bytes == plan.rows && plan.write_cols == 1 && !plan.decodes_weights()),
      rows_(plan.rows),
      write_cols_(plan.write_cols),
      most_(rows_ * write_cols_) {
    if (!plan.decodes_weights()) return;
    // MOST of aw_weight_decoder: columns with indices, or one with its bitmap, behind a header.
    const int64_t column = (plan.weight_column_bits() + 7) / 8;
    const int64_t bitmap = plan.codecs ? rows_ + (rows_ + 3) / 4 : 0;
    most_ = std::max(write_cols_ * column, bitmap) + (plan.block > 0 ? 1 : 0);
}

void Gearbox::flush(int32_t cols, int64_t tile) {
    cols_ = cols;
    col_ = 0;
    tile_ = tile;
    count_ = 0;
    words_ = 0;
}

void Gearbox::flush_coded(int64_t tile, int64_t tiles, int64_t bytes, int64_t words) {
    flush(1, tile);
    words_ = words;
    word_ = 0;
    coded_bytes_ = bytes;
    coded_tiles_ = tiles;
    first_tile_ = tile;
}

int64_t Gearbox::word_bytes() const {
    if (words_ == 0) return rows_ * columns();
    if (word_ == words_) return coded_bytes_ + 1;  // no more
    return (word_ + 1) * coded_bytes_ / words_ - word_ * coded_bytes_ / words_;
}

/// The last columns of a tile may be fewer.
int64_t Gearbox::columns() const {
    return std::min(write_cols_, cols_ - col_);
}

bool Gearbox::has_room(bool word_leaves) const {
    return count_ - (word_leaves ? word_bytes() : 0) <= most_;
}

void Gearbox::pop() {
    if (!wire_) count_ -= word_bytes();
    if (words_ > 0) {
        ++word_;
        tile_ = first_tile_ + std::min(word_ * coded_tiles_ / words_, coded_tiles_ - 1);
        return;
    }
    col_ += columns();
    if (col_ == cols_) {
        col_ = 0;
        ++tile_;
    }
}

}  // namespace arraywright::estimate
