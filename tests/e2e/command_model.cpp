// Transfers and compute commands in plain C++. SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/command_model.hpp"

#include <algorithm>
#include <utility>

namespace arraywright::e2e {

using isa::Command;

namespace {

uint32_t word_at(const uint8_t* bytes) {
    uint32_t word = 0;
    for (size_t b = 0; b < 4; ++b) word |= uint32_t{bytes[b]} << (8 * b);
    return word;
}

/// The low bits of `value`, the highest of them a sign.
int64_t signed_bits(int64_t value, int32_t bits) {
    const int64_t modulus = int64_t{1} << bits;
    const int64_t low = value & (modulus - 1);
    return low < modulus / 2 ? low : low - modulus;
}

}  // namespace

CommandModel::CommandModel(const plan::Plan& plan, sim::MemoryStore& memory)
    : plan_(plan), memory_(memory) {
    const auto words = static_cast<size_t>(plan.accumulator_words);
    const auto tiles = static_cast<size_t>(plan.weight_tiles);
    const auto parameters = static_cast<size_t>(plan.parameter_rows * plan.lanes);
    state_.activations.resize(static_cast<size_t>(plan.activation_bytes));
    state_.sums.resize(words * static_cast<size_t>(plan.cols));
    state_.summed.resize(words);
    weights_.resize(tiles * static_cast<size_t>(plan.rows * plan.cols));
    loaded_.resize(tiles);
    biases_.resize(parameters);
    scales_.resize(parameters);
    table_.resize(256);
}

Outcome CommandModel::execute(const Command& command) {
    const State before = state_;
    try {
        switch (command.opcode()) {
            case isa::Opcode::kLoad:
                load(command);
                break;
            case isa::Opcode::kCompute:
                compute(command);
                break;
            case isa::Opcode::kVector:
                vector(command);
                break;
            case isa::Opcode::kStore:
                store(command);
                break;
            case isa::Opcode::kCombine:
                combine(command);
                break;
        }
    } catch (const Undefined&) {
        state_ = before;
        return Outcome::kUndefined;
    } catch (const Beyond&) {
        state_ = before;
        return Outcome::kBeyond;
    }
    return Outcome::kDone;
}

/// Addresses of a buffer have one bit more than its places need: only what they can name is seen.
void CommandModel::check_place(int64_t place, int64_t size, int32_t address_bits) {
    if (place < 0 || place >= int64_t{1} << address_bits) throw Undefined();
    if (place >= size) throw Beyond();
}

int32_t CommandModel::sum(int64_t word, int32_t col) const {
    return state_.sums.at(static_cast<size_t>(word * plan_.cols + col));
}

uint8_t CommandModel::read(int64_t address) const {
    check_place(address, plan_.activation_bytes, plan_.activation_address_bits);
    return state_.activations[static_cast<size_t>(address)];
}

void CommandModel::write(int64_t address, uint8_t byte) {
    check_place(address, plan_.activation_bytes, plan_.activation_address_bits);
    state_.activations[static_cast<size_t>(address)] = byte;
}

size_t CommandModel::parameter(int64_t row, int64_t lane) const {
    check_place(row, plan_.parameter_rows, plan_.parameter_address_bits);
    return static_cast<size_t>(row * plan_.lanes + lane);
}

// ---- transfers ----

/// `visit` gets bus and buffer address of every segment.
template <typename Visit>
void CommandModel::for_each_segment(const Command& command, Visit visit) const {
    for (int64_t y = 0; y < command.get("count_y"); ++y) {
        for (int64_t x = 0; x < command.get("count_x"); ++x) {
            const auto offset =
                static_cast<uint64_t>(y * command.get("stride_y") + x * command.get("stride_x"));
            const uint64_t address = static_cast<uint64_t>(command.get("address")) + offset;
            const int64_t buffer = command.get("buffer") + y * command.get("buffer_stride_y") +
                                   x * command.get("buffer_stride_x");
            const auto bus_bytes = static_cast<uint64_t>(plan_.bus_bytes);
            if (address % bus_bytes != static_cast<uint64_t>(buffer) % bus_bytes) throw Undefined();
            visit(address, buffer);
        }
    }
}

void CommandModel::load(const Command& command) {
    switch (command.get("target")) {
        case 0:
            load_activations(command);
            break;
        case 1:
            load_weights(command);
            break;
        default:
            load_rows(command);
    }
}

void CommandModel::load_activations(const Command& command) {
    const int64_t bytes = command.get("run_bytes");
    for_each_segment(command, [&](uint64_t address, int64_t buffer) {
        const std::vector<uint8_t> data = memory_.peek(address, static_cast<uint64_t>(bytes));
        for (int64_t i = 0; i < bytes; ++i) write(buffer + i, data[static_cast<size_t>(i)]);
    });
}

/// What a load of one segment reads, from a bus word on.
std::vector<uint8_t> CommandModel::stream(const Command& command) const {
    const auto address = static_cast<uint64_t>(command.get("address"));
    if (command.get("count_x") != 1 || command.get("count_y") != 1 ||
        address % static_cast<uint64_t>(plan_.bus_bytes) != 0) {
        throw Undefined();
    }
    return memory_.peek(address, static_cast<uint64_t>(command.get("run_bytes")));
}

void CommandModel::load_weights(const Command& command) {
    const std::vector<uint8_t> bytes = stream(command);
    const auto tile_bytes = static_cast<size_t>(plan_.rows * plan_.cols);
    const auto first = static_cast<size_t>(command.get("buffer"));
    const size_t tiles = bytes.size() / tile_bytes;
    if (command.get("cols") != plan_.cols) throw Undefined();
    check_place(static_cast<int64_t>(first + tiles) - 1, plan_.weight_tiles,
                plan_.weight_address_bits);
    std::copy_n(bytes.begin(), tiles * tile_bytes,
                weights_.begin() + static_cast<std::ptrdiff_t>(first * tile_bytes));
    std::fill_n(loaded_.begin() + static_cast<std::ptrdiff_t>(first), tiles, true);
}

/// Rows of the bias, scale or lookup table; each takes whole bus words.
void CommandModel::load_rows(const Command& command) {
    const std::vector<uint8_t> bytes = stream(command);
    const int64_t target = command.get("target");
    const auto bus_bytes = static_cast<size_t>(plan_.bus_bytes);
    const auto beats = static_cast<size_t>(target == 2   ? plan_.bias_row_beats()
                                           : target == 3 ? plan_.scale_row_beats()
                                                         : 1);
    for (size_t i = 0; i < bytes.size() / (beats * bus_bytes); ++i) {
        const uint8_t* row_bytes = &bytes[i * beats * bus_bytes];
        const int64_t row = command.get("buffer") + static_cast<int64_t>(i);
        if (target == 4) {
            const size_t at = static_cast<size_t>(row) * bus_bytes;
            if (at + bus_bytes > table_.size()) throw Undefined();
            std::copy_n(row_bytes, bus_bytes, &table_[at]);
            continue;
        }
        for (size_t lane = 0; lane < static_cast<size_t>(plan_.lanes); ++lane) {
            const size_t at = parameter(row, static_cast<int64_t>(lane));
            if (target == 2) {
                biases_[at] = static_cast<int32_t>(word_at(row_bytes + 4 * lane));
            } else {
                scales_[at] = {static_cast<int32_t>(word_at(row_bytes + 5 * lane)),
                               static_cast<int8_t>(row_bytes[5 * lane + 4])};
            }
        }
    }
}

void CommandModel::store(const Command& command) {
    const int64_t bytes = command.get("run_bytes");
    for_each_segment(command, [&](uint64_t, int64_t buffer) {
        read(buffer);
        read(buffer + bytes - 1);
    });
    for_each_segment(command, [&](uint64_t address, int64_t buffer) {
        for (int64_t i = 0; i < bytes; ++i) {
            stored_[address + static_cast<uint64_t>(i)] = read(buffer + i);
        }
    });
}

// ---- compute ----

struct CommandModel::Compute {
    explicit Compute(const Command& c)
        : packed(c.get("mode") == 2),
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
          count_ky(c.get("count_ky")),
          count_kx(packed ? 1 : c.get("count_kx")),
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
          vectors(packed ? c.get("count_kx") : reads()),
          tile_words(packed ? c.get("kx_step") : positions()) {}

    bool packed;
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
    const int64_t word = c.acc_addr + n * c.tile_words + position;
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
        sum = add(base, column_sum(tile, col, values), overflows);
        if (overflows && col < c.cols) {
            report(false, c.layer, c.channel_start + n * plan_.cols + col,
                   c.pos_start + position / c.count_x * c.pos_pitch + position % c.count_x,
                   c.step_start + k);
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

void CommandModel::compute(const Command& command) {
    const Compute c(command);
    if (command.get("mode") == 1) throw Undefined();
    // Columns that are not in use rest in a gated array.
    if (plan_.zero_gating && c.cols != plan_.cols) throw Undefined();
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

int32_t CommandModel::add(int64_t a, int64_t b, bool& overflows) const {
    const int64_t limit = int64_t{1} << (plan_.accumulator_bits - 1);
    const int64_t sum = a + b;
    overflows = sum < -limit || sum >= limit;
    if (!overflows) return static_cast<int32_t>(sum);
    if (plan_.spec.arithmetic.on_overflow == spec::OnOverflow::kSaturate) {
        return static_cast<int32_t>(sum < 0 ? -limit : limit - 1);
    }
    return static_cast<int32_t>(signed_bits(sum, plan_.accumulator_bits));
}

void CommandModel::report(bool is_bias, int64_t layer, int64_t channel, int64_t position,
                          int64_t step) {
    OverflowRecord& record = state_.overflow;
    if (record.count++ != 0) return;
    record.is_bias = is_bias;
    record.layer = static_cast<uint32_t>(layer);
    record.channel = static_cast<uint32_t>(channel & 0xffff);
    record.position = static_cast<uint32_t>(position & 0xffffff);
    record.step = static_cast<uint32_t>(step & 0xffffff);
}

}  // namespace arraywright::e2e
