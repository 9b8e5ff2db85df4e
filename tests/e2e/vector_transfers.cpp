// Loads and stores of random programs. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cstdlib>

#include "tests/e2e/vector_program.hpp"

namespace arraywright::e2e {

using isa::Command;
using isa::Unit;

namespace {

constexpr uint64_t kPage = 4096;
constexpr int64_t kMostRun = 700;  // bytes of a segment, usually

void append(std::vector<uint8_t>& bytes, int64_t value, size_t count) {
    for (size_t b = 0; b < count; ++b) {
        bytes.push_back(static_cast<uint8_t>(static_cast<uint64_t>(value) >> (8 * b)));
    }
}

}  // namespace

/// Whether no other place lies there; bytes of another that is loaded must not be stored to.
bool VectorProgram::reserve(uint64_t address, uint64_t bytes) {
    const uint64_t end = address + bytes;
    // The memory maps whole words of the widest bus: nothing within a page of either end.
    const uint64_t top =
        (plan_.address_bits == 64 ? ~uint64_t{0} : (uint64_t{1} << plan_.address_bits) - 1) - kPage;
    if (address > end || end > top) return false;
    for (const auto& [low, high] : reserved_) {
        if (address < high && low < end) return false;
    }
    reserved_.emplace_back(address, end);
    bench_.store().map(address, end);
    return true;
}

/// A place of its own anywhere in the address space, often at the end of a page; it lies
/// `offset` behind a multiple of `alignment`.
uint64_t VectorProgram::place(uint64_t bytes, uint64_t alignment, uint64_t offset) {
    while (true) {
        uint64_t address = draw_.word() >> (64 - draw_.between(16, plan_.address_bits));
        if (draw_.one_in(2)) {
            // Often the end of a larger one: what is added carries into a high bit.
            const uint64_t block = kPage << (draw_.one_in(2) ? draw_.between(0, 40) : 0);
            address = address / block * block - static_cast<uint64_t>(draw_.spread(9)) % kPage;
            address &=
                plan_.address_bits == 64 ? ~uint64_t{0} : (uint64_t{1} << plan_.address_bits) - 1;
        }
        address = address / alignment * alignment + offset;
        if (reserve(address, bytes)) return address;
    }
}

/// One segment.
Command VectorProgram::transfer(Unit unit, uint64_t address, int64_t buffer, int64_t bytes) {
    Command command(unit, layer());
    command.set("address", static_cast<int64_t>(address));
    command.set("buffer", buffer);
    command.set("run_bytes", bytes);
    command.set("count_x", 1);
    command.set("count_y", 1);
    if (unit == Unit::kLoad) command.set("cols", plan_.cols);
    set_strides(command);
    return command;
}

/// Anything where there is no second segment.
void VectorProgram::set_strides(Command& command) {
    command.set("stride_x", draw_.bits(32));
    command.set("stride_y", draw_.bits(32));
    command.set("buffer_stride_x", draw_.bits(plan_.buffer_bits));
    command.set("buffer_stride_y", draw_.bits(plan_.buffer_bits));
}

/// A load of `bytes`, which come to lie on a bus word.
Command VectorProgram::load(int64_t target, const std::vector<uint8_t>& bytes, int64_t buffer) {
    const auto bus_bytes = static_cast<uint64_t>(plan_.bus_bytes);
    const auto offset = target == 0 ? static_cast<uint64_t>(buffer) % bus_bytes : 0;
    const uint64_t address = place(bytes.size(), bus_bytes, offset);
    bench_.store().initialize(address, bytes);
    Command command = transfer(Unit::kLoad, address, buffer, static_cast<int64_t>(bytes.size()));
    command.set("target", target);
    return command;
}

/// Segments anywhere in the buffer, far from each other in memory.
void VectorProgram::add_transfer(Unit unit) {
    const int64_t bus = plan_.bus_bytes;
    for (int32_t tries = 0; tries < 50; ++tries) {
        const int64_t count_x = draw_.between(1, draw_.of({1, 2, 9}));
        const int64_t count_y = draw_.between(1, draw_.of({1, 2, 5}));
        const int64_t run = draw_.between(
            1, draw_.one_in(8) ? plan_.activation_bytes : draw_.of({9, 100, kMostRun}));
        const int64_t buffer = draw_.between(0, plan_.activation_bytes - 1);
        const int64_t step_x = draw_.spread(plan_.activation_address_bits - 1);
        const int64_t step_y = draw_.spread(plan_.activation_address_bits - 1);
        const int64_t end = buffer + (count_x - 1) * step_x + (count_y - 1) * step_y + run;
        if (end > plan_.activation_bytes || count_x * count_y * run > 6000) continue;
        // Strides agree with those of the buffer modulo a bus word.
        const auto stride = [&](int64_t step) {
            const int64_t any = draw_.one_in(2) ? draw_.bits(32) : draw_.spread(32);
            const int64_t wide = any / bus * bus + step % bus;
            return std::min(wide, ((int64_t{1} << 32) - 1) / bus * bus - bus + step % bus);
        };
        const int64_t stride_x = stride(step_x), stride_y = stride(step_y);
        const size_t before = reserved_.size();
        const uint64_t address = place(static_cast<uint64_t>(run), static_cast<uint64_t>(bus),
                                       static_cast<uint64_t>(buffer % bus));
        bool free = true;
        for (int64_t i = 1; i < count_x * count_y && free; ++i) {
            const auto at = static_cast<uint64_t>(i / count_x * stride_y + i % count_x * stride_x);
            free = address + at >= address && reserve(address + at, static_cast<uint64_t>(run));
        }
        if (!free) {
            reserved_.resize(before);
            continue;
        }
        Command command = transfer(unit, address, buffer, run);
        command.set("count_x", count_x);
        command.set("count_y", count_y);
        if (count_x > 1) command.set("stride_x", stride_x);
        if (count_y > 1) command.set("stride_y", stride_y);
        if (count_x > 1) command.set("buffer_stride_x", step_x);
        if (count_y > 1) command.set("buffer_stride_y", step_y);
        if (add(command)) return;
    }
}

/// Rows of the bias (2), scale (3) or lookup table (4).
void VectorProgram::add_rows(int64_t target, int64_t first, int64_t count) {
    std::vector<uint8_t> bytes;
    const auto bus = static_cast<size_t>(plan_.bus_bytes);
    for (int64_t row = 0; row < count; ++row) {
        if (target == 4) {
            for (size_t i = 0; i < bus; ++i) append(bytes, draw_.bits(8), 1);
            continue;
        }
        for (int32_t lane = 0; lane < plan_.lanes; ++lane) {
            if (target == 3) {
                append(bytes, multiplier(), 4);
                append(bytes, draw_.one_in(2) ? draw_.between(-31, 30) : draw_.between(-22, -2), 1);
            } else if (draw_.one_in(bias_extremes_)) {
                const int64_t from_end = draw_.spread(28);
                append(bytes, draw_.one_in(2) ? INT32_MAX - from_end : INT32_MIN + from_end, 4);
            } else {
                append(bytes, draw_.spread(28) - draw_.spread(28), 4);
            }
        }
        while (bytes.size() % bus != 0) append(bytes, draw_.bits(8), 1);
    }
    add(load(target, bytes, first));
}

void VectorProgram::add_some_rows() {
    const int64_t target = draw_.between(2, plan_.tables ? 4 : 3);
    const int64_t rows = target == 4 ? 256 / plan_.bus_bytes : plan_.parameter_rows;
    const int64_t first = draw_.between(0, rows - 1);
    add_rows(target, first, draw_.between(1, std::min<int64_t>(rows - first, 20)));
}

/// Scale and bias of a result at a rounding: sum or multiplier one less or more would often give
/// another byte.
int64_t VectorProgram::sharp_bias(int64_t sum, std::vector<uint8_t>& scales) {
    const int64_t factor = std::max<int64_t>(multiplier(), 1);
    const int64_t exponent =
        draw_.between(-24, 0) + 31 - std::bit_width(static_cast<uint64_t>(factor));
    append(scales, factor, 4);
    append(scales, exponent, 1);
    // (byte + 1/2) * 2^(31 - exponent) / factor, rounded down or up.
    const auto half = static_cast<__int128>(2 * draw_.int8() + 1) << (30 - exponent);
    return static_cast<int64_t>(half / factor) + draw_.between(-1, 1) - sum;
}

/// Bias and scale rows of a vector command: each bias is chosen for the sum of one position, which
/// comes to lie at a rounding, or at an end of the accumulator's range where `overflows`.
void VectorProgram::add_sharp_rows(const Command& command, bool overflows) {
    std::vector<uint8_t> biases, scales;
    const int64_t limit = int64_t{1} << (plan_.accumulator_bits - 1);
    const int64_t positions = command.get("count_x") * command.get("count_y");
    const int64_t quiet = draw_.of({1, plan_.cols, 2 * plan_.cols});
    for (int64_t row = 0; row < command.get("count_n") * plan_.groups_per_tile(); ++row) {
        for (int32_t lane = 0; lane < plan_.lanes; ++lane) {
            const int64_t n = row / plan_.groups_per_tile();
            const auto group = static_cast<int32_t>(row % plan_.groups_per_tile());
            const int32_t col = std::min(group * plan_.lanes + lane, plan_.cols - 1);
            // Of a few positions the largest: the first one seldom overflows.
            int64_t sum = 0;
            for (int64_t tries = draw_.between(1, overflows ? 12 : 1); tries > 0; --tries) {
                const int64_t word =
                    command.get("acc_addr") + n * positions + draw_.between(0, positions - 1);
                const int64_t other = model_.sum(word, col);
                if (std::abs(other) >= std::abs(sum)) sum = other;
            }
            int64_t bias = sharp_bias(sum, scales);
            if (overflows) {
                const int64_t within = draw_.one_in(4) ? 1 : 0;
                bias = sum > 0 ? limit - sum - within : -limit - sum - 1 + within;
                if (!draw_.one_in(quiet)) bias = 0;
            }
            append(biases, std::clamp<int64_t>(bias, INT32_MIN, INT32_MAX), 4);
        }
        for (std::vector<uint8_t>* bytes : {&biases, &scales}) {
            while (bytes->size() % static_cast<size_t>(plan_.bus_bytes) != 0) append(*bytes, 0, 1);
        }
    }
    add(load(2, biases, command.get("bias_row")));
    add(load(3, scales, command.get("scale_row")));
}

/// Every row, in two parts.
void VectorProgram::add_tables() {
    for (int64_t target = 2; target <= (plan_.tables ? 4 : 3); ++target) {
        const int64_t rows = target == 4 ? 256 / plan_.bus_bytes : plan_.parameter_rows;
        const int64_t part = draw_.between(1, rows - 1);
        add_rows(target, part, rows - part);
        add_rows(target, 0, part);
    }
}

}  // namespace arraywright::e2e
