// Compute commands of random programs: sums for the vector unit. SPDX-License-Identifier:
// Apache-2.0
#include <algorithm>

#include "tests/e2e/vector_program.hpp"

namespace arraywright::e2e {

using isa::Command;
using isa::Unit;

namespace {

constexpr int64_t kMostSteps = 3000;  // of a command that is no chain

}  // namespace

/// What only shows in an overflow report, and one step.
Command VectorProgram::compute_base() {
    Command command(Unit::kCompute, layer());
    for (const char* count : {"count_s", "count_n", "count_x", "count_y", "count_kx", "count_ky"}) {
        command.set(count, 1);
    }
    command.set("pos_start", draw_.counter(24));
    command.set("pos_pitch", draw_.bits(16));
    command.set("channel_start", draw_.counter(16));
    command.set("step_start", draw_.counter(24));
    command.set("cols",
                plan_.zero_gating || draw_.one_in(2) ? plan_.cols : draw_.between(1, plan_.cols));
    command.set("zero_point", draw_.int8());
    return command;
}

/// Tiles of one kind: any bytes, few that are not zero, or the ends of the range. Weights of lanes
/// that are no taps are zero.
void VectorProgram::add_weights(int64_t first, int64_t tiles, const Steps& steps) {
    const int64_t kind = draw_.between(0, 3);
    std::vector<uint8_t> bytes;
    for (int64_t i = 0; i < tiles * plan_.rows * plan_.cols; ++i) {
        const int64_t value = kind == 0   ? draw_.of({-128, 127})
                              : kind == 1 ? (draw_.one_in(20) ? draw_.int8() : 0)
                                          : draw_.int8();
        const bool is_last = i / (plan_.rows * plan_.cols) % steps.count == steps.count - 1;
        const bool is_tap = !is_last || i % plan_.rows < steps.last_lanes;
        bytes.push_back(is_tap ? static_cast<uint8_t>(value) : uint8_t{0});
    }
    Command command = load(1, bytes, first);
    if (plan_.decodes_weights()) command.set("tiles", tiles);
    add(command);
}

/// Counts of the loops, one of them perhaps large.
void VectorProgram::set_loops(Command& command) {
    for (const char* count : {"count_s", "count_n", "count_x", "count_y", "count_kx", "count_ky"}) {
        command.set(count, draw_.between(1, 3));
    }
    if (draw_.one_in(2)) return;
    switch (draw_.between(0, 3)) {
        case 0:
            command.set("count_x", draw_.between(1, plan_.accumulator_words));
            break;
        case 1:
            command.set("count_y", draw_.between(1, plan_.accumulator_words));
            break;
        case 2:
            command.set(draw_.one_in(2) ? "count_kx" : "count_ky", draw_.between(1, 255));
            break;
        default:
            command.set("count_s", draw_.between(1, plan_.weight_tiles));
    }
}

/// Steps of a position; where the program packs, most commands get packed taps.
VectorProgram::Steps VectorProgram::set_steps(Command& command) {
    const int64_t rows = plan_.rows, count_s = command.get("count_s");
    const Steps plain = {count_s * command.get("count_kx") * command.get("count_ky"), rows};
    if (!packs() || draw_.one_in(4)) return plain;
    const int64_t tail = command.get("tail") == 0 ? rows : command.get("tail");
    const int64_t taps = command.get("count_ky") * ((count_s - 1) * rows + tail);
    const int64_t vectors = (taps + rows - 1) / rows;
    if (vectors > plan_.pack_vectors) return plain;
    command.set("mode", 2);
    command.set("count_kx", vectors);
    // The words of the tiles follow one another, as in other modes.
    const int64_t positions = command.get("count_x") * command.get("count_y");
    command.set("kx_step",
                command.get("count_n") > 1 ? positions : draw_.bits(plan_.activation_address_bits));
    if (command.get("count_n") > 1) command.set("cols", plan_.cols);
    return {vectors, taps - (vectors - 1) * rows};
}

/// Where the bytes come from and what of it is padding.
void VectorProgram::set_window(Command& command) {
    const int32_t bits = plan_.activation_address_bits;
    const int64_t limit = int64_t{1} << bits;
    const bool mostly_inside = draw_.one_in(2);
    command.set("act_start", draw_.above(draw_.between(0, plan_.activation_bytes - 1), bits));
    command.set("row_start", mostly_inside ? 0 : draw_.spread(16) - (1 << 15));
    if (!mostly_inside && draw_.one_in(2)) command.set("row_start", -draw_.between(0, 6));
    command.set("rows", mostly_inside ? 1 + draw_.bits(15) : 1 + draw_.spread(15));
    const int64_t col = mostly_inside ? 0 : draw_.spread(bits + 1) - draw_.spread(bits + 1);
    const int64_t wide_col = draw_.above(col, bits + 2);
    command.set("col_start", wide_col < 1 << 23 ? wide_col : wide_col - (1 << 24));
    command.set("row_bytes", mostly_inside ? limit - 1 : std::max<int64_t>(1, draw_.spread(bits)));
    const auto step = [&] { return draw_.spread(draw_.one_in(3) ? bits - 1 : 5); };
    command.set("kx_step", command.get("count_kx") == 1 ? draw_.spread(bits) : step());
    command.set("x_step", command.get("count_x") == 1 ? draw_.spread(bits) : step());
    command.set("ky_step", draw_.above(mostly_inside ? step() : draw_.spread(24), bits));
    command.set("y_step", draw_.above(mostly_inside ? step() : draw_.spread(24), bits));
    command.set("ky_rows", draw_.spread(8));
    command.set("y_rows", draw_.spread(8));
    command.set("tail", draw_.between(0, plan_.rows));
    if (is_rare_) set_end(command);
}

/// A window over the end of the last row, however many there are, and of a row of any length.
void VectorProgram::set_end(Command& command) {
    if (!draw_.one_in(4)) {
        const int64_t rows = 1 + draw_.spread(15);
        command.set("rows", rows);
        command.set("row_start", rows - draw_.between(1, 6));
    }
    if (draw_.one_in(2)) {
        const int64_t bytes = 1 + draw_.spread(plan_.activation_address_bits - 1);
        command.set("row_bytes", bytes);
        command.set("col_start", bytes - draw_.between(1, 20));
    }
}

void VectorProgram::add_compute() {
    for (int32_t tries = 0; tries < 200; ++tries) {
        Command command = compute_base();
        set_loops(command);
        set_window(command);
        const int64_t words =
            command.get("count_n") * command.get("count_y") * command.get("count_x");
        const Steps steps = set_steps(command);
        const int64_t tiles = steps.count * command.get("count_n");
        if (words > plan_.accumulator_words || tiles > plan_.weight_tiles) continue;
        if (words * steps.count > kMostSteps || tiles * plan_.rows * plan_.cols > 8192) continue;
        const int64_t weights = draw_.between(0, plan_.weight_tiles - tiles);
        const int64_t first = draw_.between(0, plan_.accumulator_words - words);
        command.set("weight_addr", weights);
        command.set("acc_addr", first);
        command.set("accumulate", draw_.one_in(3) ? 1 : 0);
        // Weights are of use only if the command is.
        if (!model_.can_read(command)) continue;
        add_weights(weights, tiles, steps);
        if (!add(command)) {
            command.set("accumulate", 0);
            if (!add(command)) continue;
        }
        sums_.push_back({first, words});
        return;
    }
}

/// Sums next to both ends of their range, and perhaps beyond: commands with the largest products
/// go on with the sums of the one before.
void VectorProgram::add_chain() {
    const int64_t words = is_rare_ ? draw_.of({2, 4}) : draw_.of({1, 1, 1, 2, 4});
    const int64_t steps = std::min<int64_t>({plan_.weight_tiles, 255, 8192 / plan_.rows});
    std::vector<uint8_t> values;
    for (int64_t i = 0; i < plan_.rows + words; ++i)
        values.push_back(draw_.one_in(3) ? 0x81 : 0x80);
    const auto bytes = static_cast<int64_t>(values.size());
    add(load(0, values, draw_.between(0, plan_.activation_bytes - bytes)));
    const int64_t place = commands_.back().get("buffer");
    std::vector<uint8_t> weights;
    const int64_t signs = draw_.bits(62);
    for (int64_t i = 0; i < steps * plan_.cols * plan_.rows; ++i) {
        const bool rises = (signs >> (i / plan_.rows % plan_.cols) & 1) != 0;
        weights.push_back(static_cast<uint8_t>(rises ? -128 : 127));
    }
    Command tiles = load(1, weights, draw_.between(0, plan_.weight_tiles - steps));
    if (plan_.decodes_weights()) tiles.set("tiles", steps);
    add(tiles);
    Command command = compute_base();
    command.set("count_x", words);
    command.set("x_step", 1);
    command.set("act_start", place);
    command.set("rows", 1);
    command.set("row_bytes", bytes);
    command.set("weight_addr", tiles.get("buffer"));
    command.set("acc_addr", draw_.between(0, plan_.accumulator_words - words));
    const Sums all = is_rare_ ? add_neighbours(command) : Sums{command.get("acc_addr"), words};
    const int64_t reach = int64_t{1} << (plan_.accumulator_bits - 1);
    for (int64_t left = reach / (plan_.rows * 128 * 128); left > 0; left -= steps) {
        command.set("count_kx", std::min(left, steps));
        command.set("step_start", draw_.counter(24));
        add(command);
        command.set("accumulate", 1);
    }
    const Sums sums = {command.get("acc_addr"), words};
    sums_.push_back(sums);
    if (!packs() && draw_.one_in(4)) add_vector();
    const uint64_t before = model_.overflow().count;
    const bool windows = is_rare_ && plan_.depthwise && draw_.one_in(2);
    if (windows) approach(command, steps);
    for (int32_t tries = 0; tries < 12 && model_.overflow().count == before; ++tries) {
        if (windows) {
            add_window_steps(command, all);
        } else if (packs()) {
            add_packed_steps(command, steps, all);
        } else {
            add_more(sums);
        }
    }
    add_vector();
}

/// Small sums on both sides of those of a chain: a command that goes on with all of them has the
/// first overflow far from its start.
VectorProgram::Sums VectorProgram::add_neighbours(const Command& chain) {
    const int64_t most = draw_.of({0, 3, 30}), address = chain.get("acc_addr");
    const int64_t first = std::max<int64_t>(address - draw_.between(0, most), 0);
    const int64_t end = std::min<int64_t>(address + chain.get("count_x") + draw_.between(0, most),
                                          plan_.accumulator_words);
    const int64_t tiles = std::min<int64_t>({plan_.weight_tiles, 255, 8192 / plan_.rows});
    const Sums all = {first, std::min(end - first, tiles)};
    Command command = chain;
    command.set("acc_addr", first);
    command.set("count_x", all.count);
    command.set("x_step", 0);
    add(command);
    return first + all.count >= address + chain.get("count_x")
               ? all
               : Sums{address, chain.get("count_x")};
}

/// Goes on with a chain until one more step would overflow.
void VectorProgram::approach(Command command, int64_t steps) {
    const uint64_t before = model_.overflow().count;
    while (steps > 0 && model_.overflow().count == before) {
        command.set("count_kx", steps);
        CommandModel tried = model_;
        if (tried.execute(command) == Outcome::kDone && tried.overflow().count == before) {
            add(command);
        } else {
            steps /= 2;
        }
    }
}

/// A window of the largest products for each sum of a chain.
void VectorProgram::add_window_steps(const Command& chain, const Sums& sums) {
    const int64_t words = sums.count, rows = plan_.rows;
    Command command = compute_base();
    for (const char* same : {"act_start", "rows", "row_bytes", "weight_addr", "accumulate"}) {
        command.set(same, chain.get(same));
    }
    command.set("acc_addr", sums.first);
    const int64_t least = (plan_.cols + rows - 1) / rows;
    const int64_t lines = draw_.between(1, std::min<int64_t>(plan_.window_lines + 1, rows));
    const int64_t columns = (rows + lines - 1) / lines;
    const int64_t tiles = draw_.one_in(2) ? words : 1;
    const int64_t high = draw_.one_in(2) ? words / tiles : 1;
    const int64_t stride_x = draw_.between(1, 4), stride_y = draw_.between(1, 4);
    command.set("mode", 1);
    command.set("share", draw_.between(least, 8));
    command.set("tail", (plan_.cols + command.get("share") - 1) / command.get("share"));
    command.set("count_n", tiles);
    command.set("count_ky", lines);
    command.set("count_kx", columns);
    command.set("prime", lines - 1);
    command.set("stride_x", stride_x);
    command.set("stride_y", stride_y);
    command.set("count_y", lines + (high - 1) * stride_y);
    command.set("count_x", columns + (words / tiles / high - 1) * stride_x);
    add(command);
}

/// As many of the largest products as a position may have, for the sums of a chain.
void VectorProgram::add_packed_steps(const Command& chain, int64_t tiles, const Sums& sums) {
    const int64_t words = sums.count;
    Command command = compute_base();
    for (const char* same : {"act_start", "rows", "row_bytes", "weight_addr", "accumulate"}) {
        command.set(same, chain.get(same));
    }
    command.set("acc_addr", sums.first);
    command.set("count_x", words);
    int64_t vectors = std::min<int64_t>(tiles / words, plan_.pack_vectors);
    if (draw_.one_in(2)) {
        const bool by_tile = draw_.one_in(2);
        command.set(by_tile ? "count_n" : "count_y", words);
        command.set("count_x", 1);
        command.set("kx_step", 1);
        if (by_tile) command.set("cols", plan_.cols);
    }
    if (draw_.one_in(4)) vectors = draw_.between(1, vectors);
    command.set("mode", 2);
    command.set("count_ky", vectors);
    command.set("count_kx", vectors);
    add(command);
}

/// Any few products for sums that are there.
void VectorProgram::add_more(const Sums& sums) {
    for (int32_t tries = 0; tries < 100; ++tries) {
        Command command = compute_base();
        set_loops(command);
        const int64_t count_n = draw_.between(1, sums.count);
        const int64_t count_y = draw_.between(1, sums.count / count_n);
        command.set("count_n", count_n);
        command.set("count_y", count_y);
        command.set("count_x", sums.count / count_n / count_y);
        set_window(command);
        const Steps steps = set_steps(command);
        const int64_t tiles = count_n * steps.count;
        if (tiles > std::min<int64_t>(plan_.weight_tiles, 300) || !model_.can_read(command))
            continue;
        command.set("weight_addr", draw_.between(0, plan_.weight_tiles - tiles));
        command.set("acc_addr", sums.first);
        command.set("accumulate", 1);
        add_weights(command.get("weight_addr"), tiles, steps);
        if (add(command)) return;
    }
}

}  // namespace arraywright::e2e
