// Beats to weight words (aw_gearbox), cycle by cycle. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "generator/plan/plan.hpp"

namespace arraywright::estimate {

class Gearbox {
public:
    explicit Gearbox(const plan::Plan& plan);
    /// A beat is a word: nothing is stored.
    bool is_wire() const { return wire_; }
    /// Empty, at column 0 of tile `tile`, whose tiles have `cols` columns.
    void flush(int32_t cols, int64_t tile);
    /// The same of a decoder: `words` cycles that take `bytes` and write `tiles`, evenly.
    void flush_coded(int64_t tile, int64_t tiles, int64_t bytes, int64_t words);
    bool has_word() const { return count_ >= word_bytes(); }
    /// Whether a beat fits behind what is left when a word leaves, or does not, in this cycle.
    bool has_room(bool word_leaves) const;
    /// A word leaves; column and tile move on.
    void pop();
    void push(int64_t bytes) { count_ += bytes; }

    /// Place of the next word.
    int64_t tile() const { return tile_; }
    int64_t first_column() const { return col_; }
    int64_t columns() const;

private:
    int64_t word_bytes() const;

    bool wire_;
    int64_t rows_, write_cols_;
    int64_t most_;  ///< bytes beyond which no beat is taken
    int64_t cols_ = 1, col_ = 0, tile_ = 0;
    int64_t count_ = 0;  ///< bytes stored
    // Of a decoder
    int64_t words_ = 0, word_ = 0, coded_bytes_ = 0, coded_tiles_ = 0, first_tile_ = 0;
};

}  // namespace arraywright::estimate
