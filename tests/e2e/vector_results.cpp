// Vector and combine commands of random programs.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "tests/e2e/vector_program.hpp"

namespace arraywright::e2e {

using isa::Command;
using isa::Opcode;
using isa::Unit;

namespace {

constexpr int64_t kMostTaps = 3000;  // of a command

int32_t bits_of(int64_t value) {
    return static_cast<int32_t>(std::bit_width(static_cast<uint64_t>(std::abs(value))));
}

}  // namespace

/// 0 or 2^30 to 2^31 - 1, often an end of it: the first makes ties. Or smaller, which no compiler
/// gives: then low bits of the product are in the result.
int64_t VectorProgram::multiplier() {
    const int64_t low = int64_t{1} << 30;
    switch (draw_.between(0, 9)) {
        case 0:
            return draw_.one_in(3) ? 0 : 2 * low - 1;
        case 1:
        case 2:
            return low;
        case 3:
            return low + draw_.spread(30);
        case 4:
        case 5:
            return 1 + draw_.spread(30);
        default:
            return low + draw_.bits(30);
    }
}

/// From sums of so many bits to bytes: often such that most of them are no end of the range.
void VectorProgram::set_result(Command& command, int32_t sum_bits) {
    const int64_t factor = multiplier();
    const int64_t bits =
        draw_.between(4, 10) - sum_bits + 31 - (factor == 0 ? 31 : bits_of(factor));
    const int64_t fitting = std::clamp<int64_t>(bits, -31, 30);
    command.set("multiplier", factor);
    command.set("exponent", draw_.one_in(4) ? draw_.between(-31, 30) : fitting);
    command.set("zero_point", draw_.one_in(3) ? draw_.int8() : draw_.between(-9, 9));
    const int64_t a = draw_.one_in(3) ? draw_.int8() : -128;
    const int64_t b = draw_.one_in(3) ? draw_.int8() : 127;
    command.set("minimum", std::min(a, b));
    command.set("maximum", std::max(a, b));
    if (plan_.tables) command.set("table", draw_.one_in(3) ? 1 : 0);
}

/// Addresses of results: loops nested in any order, gaps between them or none.
bool VectorProgram::set_places(Command& command, int64_t column_bytes) {
    struct Loop {
        const char* count;
        const char* pitch;
    };
    std::array<Loop, 3> loops = {
        {{"count_x", "x_pitch"}, {"count_y", "y_pitch"}, {"count_n", "n_pitch"}}};
    for (size_t i = 2; i > 0; --i) {
        std::swap(loops[i], loops[static_cast<size_t>(draw_.between(0, static_cast<int64_t>(i)))]);
    }
    // Only a single tile is narrower than the others.
    int64_t extent = column_bytes *
                     (command.get("count_n") == 1 ? command.get("last_cols") : int64_t{plan_.cols});
    const bool overlapping = draw_.one_in(10);
    for (const Loop& loop : loops) {
        const int64_t count = command.get(loop.count);
        if (count == 1) {
            command.set(loop.pitch, draw_.bits(plan_.activation_address_bits));
            continue;
        }
        const int64_t gap =
            draw_.of({0, 1, draw_.spread(4), draw_.spread(plan_.activation_address_bits - 1)});
        const int64_t pitch = overlapping ? draw_.spread(6) : extent + gap;
        extent += pitch * (count - 1);
        if (extent > plan_.activation_bytes) return false;
        command.set(loop.pitch, pitch);
    }
    const int64_t last = plan_.activation_bytes - extent;
    if (last < 0) return false;
    command.set("out_addr", draw_.of({0, last, draw_.between(0, last), draw_.between(0, last)}));
    return true;
}

/// With a bias that brings some sums to an end of their range, where it `overflows`.
void VectorProgram::add_vector(bool overflows) {
    for (int32_t tries = 0; tries < 50; ++tries) {
        Command command(Unit::kVector, layer());
        const Sums& sums = sums_[draw_.one_in(2) ? sums_.size() - 1
                                                 : static_cast<size_t>(draw_.between(
                                                       0, static_cast<int64_t>(sums_.size()) - 1))];
        const int64_t first = overflows || draw_.one_in(2) ? 0 : draw_.between(0, sums.count - 1);
        const int64_t words = sums.count - first;
        const int64_t count_n =
            draw_.between(1, std::min<int64_t>(words, overflows ? 2 : draw_.of({1, 2, 4})));
        const int64_t count_y =
            draw_.between(1, std::min(words / count_n, draw_.of({2, 6, words})));
        command.set("count_n", count_n);
        command.set("count_y", count_y);
        command.set("count_x", draw_.one_in(2) ? words / count_n / count_y
                                               : draw_.between(1, words / count_n / count_y));
        command.set("acc_addr", sums.first + first);
        const bool raw = draw_.one_in(4);
        command.set("last_cols", draw_.between(1, plan_.cols));
        if (!set_places(command, raw ? 4 : 1)) continue;
        set_result(command, bits_of(model_.sum(sums.first + first, 0)));
        command.set("raw", raw ? 1 : 0);
        // Nobody says what a table makes of a sum.
        if (raw) command.set("table", 0);
        command.set("use_bias", draw_.one_in(3) ? 0 : 1);
        command.set("per_channel", draw_.one_in(2) ? 1 : 0);
        const int64_t rows = plan_.parameter_rows - count_n * plan_.groups_per_tile();
        for (const char* row : {"bias_row", "scale_row"}) command.set(row, draw_.between(0, rows));
        command.set("pos_start", draw_.counter(24));
        command.set("pos_pitch", draw_.bits(16));
        command.set("channel_start", draw_.counter(16));
        command.set("step", draw_.bits(24));
        if (overflows || (!raw && draw_.one_in(3))) {
            command.set("use_bias", 1);
            command.set("per_channel", 1);
            command.set("minimum", -128);
            command.set("maximum", 127);
            add_sharp_rows(command, overflows);
        }
        if (add(command)) return;
    }
}

/// Operands of a combine command.
void VectorProgram::set_taps(Command& command) {
    const int32_t bits = plan_.activation_address_bits;
    const int64_t op = draw_.between(0, 3);
    const bool pair = op == 2 || draw_.one_in(3);
    command.set("op", op);
    command.set("two_operands", op == 1 || op == 2 || draw_.one_in(2) ? 1 : 0);
    command.set("count_kx", pair ? 2 : draw_.between(1, draw_.of({3, 5, 70, 255})));
    command.set("count_ky", pair ? 1 : draw_.between(1, draw_.of({3, 5, 70, 255})));
    const auto pitch = [&](const char* count) {
        return command.get(count) == 1 ? draw_.bits(bits)
                                       : draw_.spread(draw_.one_in(2) ? 5 : bits - 1);
    };
    const int64_t first = draw_.between(0, plan_.activation_bytes - 1);
    command.set("in_addr", draw_.above(first, bits));
    const int64_t away = draw_.between(0, plan_.activation_bytes - 1) - first;
    command.set("kx_pitch", draw_.above(draw_.one_in(2) ? away : pitch("count_kx"), bits));
    command.set("ky_pitch", pitch("count_ky"));
    command.set("in_x_pitch", pitch("count_x"));
    command.set("in_y_pitch", pitch("count_y"));
    for (const char* zero : {"zero_a", "zero_b"}) command.set(zero, draw_.int8());
    set_factors(command);
}

/// Multipliers and shifts of taps: powers of two make ties where the sum stays small.
void VectorProgram::set_factors(Command& command) {
    const bool ties = draw_.one_in(3);
    int64_t shift = draw_.between(0, draw_.of({3, 12, 31}));
    for (const char* factor : {"multiplier_a", "multiplier_b"}) {
        command.set(factor, draw_.one_in(3) ? draw_.spread(31) : draw_.bits(31));
        if (!ties) continue;
        const int64_t power = draw_.between(11, 30);
        command.set(factor, int64_t{1} << power);
        shift = power - 11 + draw_.between(1, 3);
    }
    command.set("shift_a", shift);
    command.set("shift_b", draw_.one_in(2) ? shift : draw_.between(0, 31));
    if (ties && draw_.one_in(2)) command.set("multiplier_a", command.get("multiplier_b"));
    // A product of two numbers of 9 bits, or one of them with a multiplier.
    int64_t tap_bits = bits_of(command.get("multiplier_a")) + 8 - 11 - shift;
    // Many taps add up to more, as far as they cancel.
    if (command.get("op") < 2) {
        tap_bits +=
            bits_of(command.get("count_kx") * command.get("count_ky")) / draw_.between(1, 2);
    }
    if (command.get("op") == 1 && draw_.one_in(2)) {
        // One byte twice, with two multipliers of which one bit differs.
        const int64_t bit = draw_.between(0, 30);
        command.set("count_kx", 2);
        command.set("count_ky", 1);
        command.set("kx_pitch", 0);
        command.set("zero_b", command.get("zero_a"));
        command.set("shift_b", shift);
        command.set("multiplier_b", command.get("multiplier_a") ^ int64_t{1} << bit);
        tap_bits = bit + 8 - 11 - shift;
    }
    set_result(command, command.get("op") == 2
                            ? 15
                            : static_cast<int32_t>(std::clamp<int64_t>(tap_bits, 1, 31)));
}

void VectorProgram::add_combine() {
    if (!plan_.elementwise) return;
    for (int32_t tries = 0; tries < 300; ++tries) {
        Command command(Opcode::kCombine, layer());
        command.set("count_x", draw_.between(1, draw_.of({1, 4, 50})));
        command.set("count_y", draw_.between(1, draw_.of({1, 4, 50})));
        command.set("count_n", draw_.between(1, draw_.of({1, 1, 3})));
        command.set("last_cols", draw_.between(1, plan_.cols));
        if (!set_places(command, 1)) continue;
        set_taps(command);
        const int64_t taps = command.get("count_kx") * command.get("count_ky") *
                             command.get("count_x") * command.get("count_y") *
                             command.get("count_n");
        if (taps <= kMostTaps && add(command)) return;
    }
}

/// Bytes as single taps, which a shift up to the longest often leaves at a tie; results show it.
void VectorProgram::add_ties() {
    if (!plan_.elementwise) return;
    constexpr int64_t kColumns = 16;
    const int64_t half = plan_.activation_bytes / 2;
    Command command(Opcode::kCombine, layer());
    for (const char* one : {"count_n", "count_kx", "count_ky", "in_x_pitch", "exponent"}) {
        command.set(one, 1);
    }
    command.set("count_x", kColumns);
    command.set("count_y", half / plan_.cols / kColumns);
    command.set("last_cols", plan_.cols);
    command.set("x_pitch", plan_.cols);
    command.set("y_pitch", kColumns * plan_.cols);
    command.set("out_addr", half);
    command.set("in_y_pitch", kColumns);
    command.set("zero_a", draw_.int8());
    const int64_t power = draw_.one_in(2) ? 30 : draw_.between(11, 30);
    command.set("multiplier_a", int64_t{1} << power);
    command.set("shift_a", power - 11 + draw_.between(1, 8));
    command.set("multiplier", int64_t{1} << 30);
    command.set("minimum", -128);
    command.set("maximum", 127);
    add(command);
}

}  // namespace arraywright::e2e
