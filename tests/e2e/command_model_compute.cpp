// Compute commands in plain C++. SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/command_model.hpp"

namespace arraywright::e2e {

using isa::Command;

struct CommandModel::Compute {
    explicit Compute(const Command& c)
        : window(c.get("mode") == 1),
          packed(c.get("mode") == 2),
          layer(c.get("layer")),
          act_start(c.get("act_start")),
          row_start(c.get("row_start")),
          rows(c.get("rows")),
          col_start(c.get("col_start")),
          row_bytes(c.get("row_bytes")),
          tail(c.get("tail")),
          count_s(c.get("count_s")),
          count_n(c.get("count_n")),
          count_x(c.get("count_x")),
          count_y(c.get("count_y")),
          kx_step(packed ? 0 : c.get("kx_step")),
          ky_step(c.get("ky_step")),
          ky_rows(c.get("ky_rows")),
          count_ky(window ? 1 : c.get("count_ky")),
          count_kx(window   ? count_n
                   : packed ? 1
                            : c.get("count_kx")),
          x_step(c.get("x_step")),
          y_rows(c.get("y_rows")),
          y_step(c.get("y_step")),
          weight_addr(c.get("weight_addr")),
          acc_addr(c.get("acc_addr")),
          pos_start(c.get("pos_start")),
          pos_pitch(c.get("pos_pitch")),
          channel_start(c.get("channel_start")),
          step_start(c.get("step_start")),
          cols(c.get("cols")),
          zero_point(static_cast<int32_t>(c.get("zero_point"))),
          accumulate(c.get("accumulate") != 0),
          vectors(window   ? 1
                  : packed ? c.get("count_kx")
                           : reads()),
          tile_words(packed ? c.get("kx_step") : positions()) {}

    bool window, packed;
    int64_t layer, act_start, row_start, rows, col_start, row_bytes, tail;
    int64_t count_s, count_n, count_x, count_y;
    int64_t kx_step, ky_step, ky_rows, count_ky, count_kx, x_step, y_rows, y_step;
    int64_t weight_addr, acc_addr, pos_start, pos_pitch, channel_start, step_start, cols;
    int32_t zero_point;
    bool accumulate;
    int64_t vectors;     ///< steps of a position
    int64_t tile_words;  ///< accumulator words between tiles

    int64_t reads() const { return count_ky * count_kx * count_s; }
    int64_t positions() const { return count_y * count_x; }
    /// Lanes of read k, at most `all`.
    int64_t used(int64_t k, int64_t all) const {
        return k % count_s == count_s - 1 && tail != 0 ? tail : all;
    }
};

/// Windows of a command of mode 1.
struct CommandModel::Windows {
    explicit Windows(const Command& c)
        : rows(c.get("count_ky")),
          columns(c.get("count_kx")),
          stride_x(c.get("stride_x")),
          stride_y(c.get("stride_y")),
          prime(c.get("prime")),
          share(c.get("share")) {}

    int64_t rows, columns, stride_x, stride_y, prime, share;

    bool completed_by(int64_t y, int64_t x) const {
        return y >= prime && (y - prime) % stride_y == 0 && x >= columns - 1 &&
               (x - columns + 1) % stride_x == 0;
    }
};

/// Lanes of read k of a position; zero gating takes the zero point off.
std::vector<int32_t> CommandModel::vector_of(const Compute& c, int64_t position, int64_t k) const {
    const int64_t y = position / c.count_x, x = position % c.count_x;
    const int64_t s = k % c.count_s, kx = k / c.count_s % c.count_kx;
    const int64_t ky = k / c.count_s / c.count_kx;
    const int64_t run = x * c.x_step + kx * c.kx_step + s * plan_.rows;
    const int64_t row = (c.row_start + y * c.y_rows + ky * c.ky_rows) & 0xffff;
    const int64_t col = signed_bits(c.col_start + run, plan_.activation_address_bits + 2);
    const int64_t address = c.act_start + y * c.y_step + ky * c.ky_step + run;
    std::vector<int32_t> values(static_cast<size_t>(plan_.rows),
                                plan_.zero_gating ? 0 : c.zero_point);
    for (int64_t lane = 0; lane < c.used(k, plan_.rows); ++lane) {
        if (row >= c.rows || col + lane < 0 || col + lane >= c.row_bytes) continue;
        const int32_t byte =
            static_cast<int8_t>(read((address + lane) & (activation_modulus() - 1)));
        values[static_cast<size_t>(lane)] = plan_.zero_gating ? byte - c.zero_point : byte;
    }
    return values;
}

int64_t CommandModel::column_sum(int64_t tile, int32_t col,
                                 const std::vector<int32_t>& values) const {
    const size_t first = static_cast<size_t>(tile * plan_.cols + col) * values.size();
    int64_t sum = 0;
    for (size_t lane = 0; lane < values.size(); ++lane)
        sum += values[lane] * weights_[first + lane];
    return sum;
}

/// The bytes in use of all reads of a position, one behind the other.
std::vector<std::vector<int32_t>> CommandModel::packed_vectors(const Compute& c,
                                                               int64_t position) const {
    const auto rows = static_cast<size_t>(plan_.rows);
    std::vector<std::vector<int32_t>> vectors(static_cast<size_t>(c.vectors),
                                              std::vector<int32_t>(rows));
    size_t tap = 0;
    for (int64_t k = 0; k < c.reads(); ++k) {
        const std::vector<int32_t> values = vector_of(c, position, k);
        for (int64_t lane = 0; lane < c.used(k, plan_.rows); ++lane, ++tap)
            vectors.at(tap / rows).at(tap % rows) = values[static_cast<size_t>(lane)];
    }
    return vectors;
}

/// As many vectors as the taps need; lanes behind the last tap hold anything.
void CommandModel::check_packed(const Compute& c) const {
    const int64_t rows = plan_.rows;
    const int64_t taps = c.count_ky * ((c.count_s - 1) * rows + c.used(c.count_s - 1, rows));
    const int64_t needed = (taps + rows - 1) / rows;
    if (!plan_.tap_packing || needed > plan_.pack_vectors || c.vectors != needed) throw Undefined();
    // Nobody says which channel a tile begins with when the one before is narrower.
    if (c.count_n > 1 && c.cols != plan_.cols) throw Undefined();
    for (int64_t n = 0; n < c.count_n; ++n) {
        const int64_t tile = c.weight_addr + (n + 1) * c.vectors - 1;
        if (tile >= plan_.weight_tiles) return;  // a step says so
        for (int64_t i = 0; i < plan_.cols * rows; ++i) {
            const bool is_tap = (c.vectors - 1) * rows + i % rows < taps;
            if (!is_tap && weights_[static_cast<size_t>(tile * plan_.cols * rows + i)] != 0)
                throw Undefined();
        }
    }
}

void CommandModel::step(const Compute& c, int64_t n, int64_t position, int64_t k,
                        const std::vector<int32_t>& values) {
    step(c, n, c.acc_addr + n * c.tile_words + position,
         position / c.count_x * c.pos_pitch + position % c.count_x, k,
         [&](int32_t) -> const std::vector<int32_t>& { return values; });
}

/// `values` gives the lanes of a column; `place` is what is added to pos_start.
template <typename Values>
void CommandModel::step(const Compute& c, int64_t n, int64_t word, int64_t place, int64_t k,
                        Values values) {
    const int64_t tile = c.weight_addr + n * c.vectors + k;
    check_place(word, plan_.accumulator_words, plan_.accumulator_address_bits);
    check_place(tile, plan_.weight_tiles, plan_.weight_address_bits);
    if (!loaded_[static_cast<size_t>(tile)]) throw Undefined();
    if (k == 0 && c.accumulate && !has_sums(word)) throw Undefined();
    state_.summed[static_cast<size_t>(word)] = true;
    for (int32_t col = 0; col < plan_.cols; ++col) {
        int32_t& sum = state_.sums[static_cast<size_t>(word * plan_.cols + col)];
        bool overflows = false;
        const int32_t base = k == 0 && !c.accumulate ? 0 : sum;
        sum = add(base, column_sum(tile, col, values(col)), overflows);
        if (overflows && col < c.cols) {
            // A tile of a window has no more channels than columns in use.
            report(false, c.layer, c.channel_start + n * (c.window ? c.cols : plan_.cols) + col,
                   c.pos_start + place, c.step_start + k);
        }
    }
}

bool CommandModel::can_read(const Command& command) const {
    const Compute c(command);
    try {
        for (int64_t i = 0; i < c.reads() * c.positions(); ++i)
            vector_of(c, i / c.reads(), i % c.reads());
    } catch (const Undefined&) {
        return false;
    } catch (const Beyond&) {
        return false;
    }
    return true;
}

/// Lane age * rows + row of a column has the pixel so many columns and streamed rows ago.
std::vector<int32_t> CommandModel::window_of(const Compute& c, const Windows& w, int64_t n,
                                             int64_t y, int64_t x, int64_t channel) const {
    std::vector<int32_t> taps;
    for (int64_t lane = 0; lane < plan_.rows; ++lane) {
        const int64_t row = y - lane % w.rows, column = x - lane / w.rows;
        if (row < 0 || column < 0) throw Undefined();  // of the row or command before
        const std::vector<int32_t> pixel = vector_of(c, row * c.count_x + column, n);
        taps.push_back(pixel[static_cast<size_t>(channel)]);
    }
    return taps;
}

void CommandModel::compute_windows(const Compute& c, const Windows& w) {
    if (!plan_.depthwise || plan_.cols > w.share * plan_.rows) throw Undefined();
    int64_t word = c.acc_addr;
    for (int64_t n = 0; n < c.count_n; ++n) {
        int64_t place = 0;
        for (int64_t y = 0; y < c.count_y; ++y) {
            int64_t windows = 0;
            for (int64_t x = 0; x < c.count_x; ++x) {
                const bool is_last = n == c.count_n - 1 && y == c.count_y - 1 && x == c.count_x - 1;
                const bool completes = w.completed_by(y, x);
                // The last pixel makes a step anyway.
                if (is_last && !completes) throw Undefined();
                if (!completes) continue;
                step(c, n, word++, place + windows++, 0,
                     [&](int32_t col) { return window_of(c, w, n, y, x, col / w.share); });
            }
            if (windows > 0) place += c.pos_pitch;
        }
    }
}

void CommandModel::compute(const Command& command) {
    const Compute c(command);
    // Columns that are not in use rest in a gated array.
    if (plan_.zero_gating && c.cols != plan_.cols) throw Undefined();
    if (c.window) {
        compute_windows(c, Windows(command));
        return;
    }
    if (c.packed) {
        check_packed(c);
        for (int64_t position = 0; position < c.positions(); ++position) {
            const std::vector<std::vector<int32_t>> vectors = packed_vectors(c, position);
            for (int64_t n = 0; n < c.count_n; ++n) {
                for (int64_t k = 0; k < c.vectors; ++k)
                    step(c, n, position, k, vectors[static_cast<size_t>(k)]);
            }
        }
        return;
    }
    for (int64_t n = 0; n < c.count_n; ++n) {
        for (int64_t i = 0; i < c.vectors * c.positions(); ++i) {
            const bool by_tile = plan_.weight_stationary;
            const int64_t k = by_tile ? i / c.positions() : i % c.vectors;
            const int64_t position = by_tile ? i % c.positions() : i / c.vectors;
            step(c, n, position, k, vector_of(c, position, k));
        }
    }
}

}  // namespace arraywright::e2e
