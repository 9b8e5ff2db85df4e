// Weight stream. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/weight_stream.hpp"

#include <algorithm>
#include <utility>

namespace arraywright::compile {

namespace {

/// Codes of a header; a tile that comes fewer chunks later is its own code.
constexpr uint32_t kMoreChunks = 12, kNextRun = 13, kNextList = 14, kZeroTile = 15;

}  // namespace

void WeightStream::put(uint32_t nibble) {
    if (nibbles_ % 2 == 0) {
        bytes_.push_back(static_cast<uint8_t>(nibble));
    } else {
        bytes_.back() = static_cast<uint8_t>(bytes_.back() | (nibble << 4));
    }
    ++nibbles_;
}

std::vector<uint8_t> WeightStream::take() {
    return std::move(bytes_);
}

void WeightStream::add_weight(int8_t weight) {
    if (layer_.form.codes == 0) {
        put(static_cast<uint8_t>(weight) & 15U);
        put(static_cast<uint8_t>(weight) >> 4);
        return;
    }
    const std::vector<int8_t>& book = layer_.form.codebook;
    const auto code =
        static_cast<uint32_t>(std::find(book.begin(), book.end(), weight) - book.begin());
    put(code & 15U);
    if (layer_.form.codes == 2) put(code >> 4);
}

void WeightStream::add_column(const int8_t* weights) {
    if (layer_.form.bitmap) return add_bitmap_column(weights);
    if (layer_.form.codes == 0 && nibbles_ % 2 == 0) {
        bytes_.insert(bytes_.end(), weights, weights + plan_.rows);
        nibbles_ += 2 * int64_t{plan_.rows};
        return;
    }
    for (int32_t r = 0; r < plan_.rows; ++r) add_weight(weights[r]);
}

void WeightStream::add_bitmap_column(const int8_t* weights) {
    constexpr int32_t kLanes = 4;  // of a group
    const int32_t groups = (plan_.rows + kLanes - 1) / kLanes;
    std::vector<uint32_t> masks(static_cast<size_t>((groups + 3) / 4 * 4), 0);
    for (int32_t r = 0; r < plan_.rows; ++r) {
        if (weights[r] != 0) masks[static_cast<size_t>(r / kLanes)] |= 1U << (r % kLanes);
    }
    for (size_t first = 0; first < masks.size(); first += 4) {
        uint32_t nibble = 0;
        for (size_t g = 0; g < 4; ++g) nibble |= static_cast<uint32_t>(masks[first + g] != 0) << g;
        put(nibble);
    }
    for (const uint32_t mask : masks) {
        if (mask != 0) put(mask);
    }
    for (int32_t r = 0; r < plan_.rows; ++r) {
        if (weights[r] != 0) add_weight(weights[r]);
    }
}

void WeightStream::add_tile(const int8_t* weights, int32_t columns) {
    for (int32_t c = 0; c < columns; ++c) add_column(weights + c * plan_.rows);
    ++tiles_;
    cycles_ += column_cycles(columns);
}

/// The weights of a column that are not zero, n of each group of m, and their places.
void WeightStream::add_structured_column(const int8_t* run, int32_t first) {
    const int32_t n = plan_.group_n;
    const int32_t m = plan_.group_m;
    std::vector<uint32_t> places;
    for (int32_t group = 0; group < plan_.rows / n; ++group) {
        int32_t found = 0;
        const int32_t from = first + group * m;
        for (int32_t i = 0; i < m && from + i < layer_.run_bytes(); ++i) {
            if (run[from + i] == 0) continue;
            add_weight(run[from + i]);
            places.push_back(static_cast<uint32_t>(i));
            ++found;
        }
        for (; found < n; ++found) {
            add_weight(0);
            places.push_back(0);
        }
    }
    const int32_t bits = plan_.group_index_bits();
    uint32_t pending = 0;
    int32_t held = 0;
    for (const uint32_t place : places) {
        pending |= place << held;
        for (held += bits; held >= 4; held -= 4) {
            put(pending & 15U);
            pending >>= 4;
        }
    }
    if (held > 0) put(pending);
}

void WeightStream::add_chunk(int32_t tile, int32_t ky, int32_t kx, int32_t s, bool header) {
    const int32_t columns = tile_columns(layer_, tile);
    const int32_t first = s * layer_.chunk_bytes;
    const auto run = [&](int32_t c) {
        return layer_.weights + (tile_channel(layer_, tile) + c) * layer_.reduction() +
               (int64_t{ky} * layer_.runs_per_row() + kx) * layer_.run_bytes();
    };
    ++tiles_;
    if (layer_.form.structured) {
        cycles_ += column_cycles(columns);
        for (int32_t c = 0; c < columns; ++c) add_structured_column(run(c), first);
        return;
    }
    const int32_t rows = plan_.rows;
    std::vector<int8_t> weights(static_cast<size_t>(columns * rows), 0);
    for (int32_t c = 0; c < columns; ++c) {
        const int32_t last = std::min(layer_.run_bytes(), first + rows);
        std::copy(run(c) + first, run(c) + last, weights.begin() + c * rows);
    }
    const int32_t side_rows = plan_.block_rows();
    const int32_t side_cols = plan_.block_cols();
    const auto has_block = [&](int32_t c, int32_t b) {
        for (int32_t column = c / side_cols * side_cols;
             column < std::min(columns, (c / side_cols + 1) * side_cols); ++column) {
            const auto from = weights.begin() + column * rows + b * side_rows;
            if (std::any_of(from, from + side_rows, [](int8_t w) { return w != 0; })) return true;
        }
        return false;
    };
    const bool masked = header && plan_.blocks_per_tile() > 1 && !layer_.form.bitmap;
    if (masked) {
        uint32_t mask = 0;
        int32_t bit = 0;
        const auto add_bit = [&](bool set) {
            mask |= static_cast<uint32_t>(set) << (bit % 4);
            if (++bit % 4 == 0) put(std::exchange(mask, 0));
        };
        for (int32_t c = 0; c < plan_.cols; c += side_cols) {
            for (int32_t b = 0; b < rows / side_rows; ++b) add_bit(has_block(c, b));
        }
        while (bit % 4 != 0) add_bit(false);
    }
    int64_t cycles = masked ? 0 : column_cycles(columns);
    for (int32_t c = 0; masked && c < columns; c += side_cols) {
        int32_t present = 0;
        for (int32_t b = 0; b < rows / side_rows; ++b)
            present += static_cast<int32_t>(has_block(c, b));
        const int32_t here = std::min(side_cols, columns - c);
        // Columns with few blocks come in pairs, with some one by one, without any beside others.
        const int32_t all = rows / side_rows;
        const bool pairs = 2 * present <= all && plan_.code_cols % 2 == 0;
        cycles += present == 0     ? 0
                  : present == all ? column_cycles(here)
                  : pairs          ? (here + 1) / 2
                                   : here;
    }
    cycles_ += std::max<int64_t>(cycles, 1);
    for (int32_t c = 0; c < columns; ++c) {
        if (!masked) {
            add_column(weights.data() + c * rows);
            continue;
        }
        for (int32_t r = 0; r < rows; ++r) {
            if (has_block(c, r / side_rows)) add_weight(weights[static_cast<size_t>(c * rows + r)]);
        }
    }
}

void WeightStream::add_list(int32_t tile, const ReductionRange& range) {
    const auto put_code = [this](uint32_t code) {
        put(code);
        ++cycles_;
    };
    if (lists_++ > 0) put_code(kNextList);
    int32_t run = 0;
    int32_t next = 0;
    for (const ListEntry& entry : tile_list(layer_, tile, range)) {
        for (; run < entry.run; ++run, next = 0) put_code(kNextRun);
        if (entry.zero) {
            put_code(kZeroTile);
            ++tiles_;
            continue;
        }
        for (; entry.s - next >= static_cast<int32_t>(kMoreChunks);
             next += static_cast<int32_t>(kMoreChunks))
            put_code(kMoreChunks);
        put(static_cast<uint32_t>(entry.s - next));
        next = entry.s + 1;
        add_chunk(tile, range.ky + run / range.count_kx, range.kx + run % range.count_kx,
                  range.s + entry.s, true);
    }
}

void WeightStream::add_tiles(int32_t tile, const ReductionRange& range) {
    if (layer_.form.listed) return add_list(tile, range);
    for (int32_t ky = range.ky; ky < range.ky + range.count_ky; ++ky) {
        for (int32_t kx = range.kx; kx < range.kx + range.count_kx; ++kx) {
            for (int32_t s = range.s; s < range.s + range.count_s; ++s)
                add_chunk(tile, ky, kx, s, false);
        }
    }
}

int64_t WeightStream::column_cycles(int32_t columns) const {
    if (layer_.form.bitmap) return columns;
    const int32_t together = layer_.form.codes == 1 ? plan_.code_cols : plan_.write_cols;
    return (columns + together - 1) / together;
}

int64_t stored_weight_bytes(const Layer& layer, const plan::Plan& plan) {
    const std::vector<ReductionRange> whole = cut_reduction(layer, {int64_t{1} << 40});
    WeightStream stream(layer, plan);
    for (int32_t tile = 0; tile < tile_count(layer); ++tile) {
        for (const ReductionRange& range : whole) stream.add_tiles(tile, range);
    }
    return (stream.nibbles() + 1) / 2;
}

}  // namespace arraywright::compile
