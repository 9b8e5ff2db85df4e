// Transfers in plain C++. SPDX-License-Identifier: Apache-2.0
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

// ---- sums ----

/// The low bits of `value`, the highest of them a sign.
int64_t CommandModel::signed_bits(int64_t value, int32_t bits) {
    const int64_t modulus = int64_t{1} << bits;
    const int64_t low = value & (modulus - 1);
    return low < modulus / 2 ? low : low - modulus;
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
