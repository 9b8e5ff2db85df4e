// Vector and combine commands in plain C++. SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/e2e/command_model.hpp"
#include "verif/golden/fixed_point.hpp"

namespace arraywright::e2e {

using isa::Command;

CommandModel::Output::Output(const Command& command)
    : count_x(command.get("count_x")),
      count_y(command.get("count_y")),
      count_n(command.get("count_n")),
      last_cols(command.get("last_cols")),
      address(command.get("out_addr")),
      x_pitch(command.get("x_pitch")),
      y_pitch(command.get("y_pitch")),
      n_pitch(command.get("n_pitch")),
      scale{static_cast<int32_t>(command.get("multiplier")),
            static_cast<int32_t>(command.get("exponent"))},
      zero_point(static_cast<int32_t>(command.get("zero_point"))),
      minimum(static_cast<int32_t>(command.get("minimum"))),
      maximum(static_cast<int32_t>(command.get("maximum"))),
      table(command.get("table") != 0) {}

int8_t CommandModel::result(const Output& output, golden::Requantizer scale, int32_t sum) const {
    const int8_t byte =
        golden::requantize_to_int8(sum, scale, output.zero_point, {output.minimum, output.maximum});
    return output.table ? static_cast<int8_t>(table_[static_cast<size_t>(byte + 128)]) : byte;
}

void CommandModel::vector(const Command& command) {
    const Output output(command);
    const bool raw = command.get("raw") != 0, use_bias = command.get("use_bias") != 0;
    const bool per_channel = command.get("per_channel") != 0;
    const int64_t groups = plan_.groups_per_tile();
    int64_t word = command.get("acc_addr");
    for (int64_t n = 0; n < output.count_n; ++n) {
        const int64_t cols = n == output.count_n - 1 ? output.last_cols : plan_.cols;
        for (int64_t i = 0; i < output.count_y * output.count_x; ++i, ++word) {
            const int64_t y = i / output.count_x, x = i % output.count_x;
            check_place(word, plan_.accumulator_words, plan_.accumulator_address_bits);
            if (!has_sums(word)) throw Undefined();
            for (int64_t c = 0; c < cols; ++c) {
                const int64_t row = n * groups + c / plan_.lanes, lane = c % plan_.lanes;
                int32_t value = sum(word, static_cast<int32_t>(c));
                if (use_bias) {
                    bool overflows = false;
                    value = add(value, biases_[parameter(command.get("bias_row") + row, lane)],
                                overflows);
                    if (overflows) {
                        report(true, command.get("layer"),
                               command.get("channel_start") + n * plan_.cols + c,
                               command.get("pos_start") + y * command.get("pos_pitch") + x,
                               command.get("step"));
                    }
                }
                golden::Requantizer scale = output.scale;
                if (per_channel) scale = scales_[parameter(command.get("scale_row") + row, lane)];
                const int64_t first = output.first(n, y, x);
                for (int64_t b = 0; raw && b < 4; ++b) {
                    write(first + 4 * c + b,
                          static_cast<uint8_t>(static_cast<uint32_t>(value) >> (8 * b)));
                }
                if (!raw) write(first + c, static_cast<uint8_t>(result(output, scale, value)));
                ++state_.results;
            }
        }
    }
}

struct CommandModel::Combine {
    explicit Combine(const Command& c)
        : op(c.get("op")),
          two_operands(c.get("two_operands") != 0),
          address(c.get("in_addr")),
          x_pitch(c.get("in_x_pitch")),
          y_pitch(c.get("in_y_pitch")),
          count_kx(c.get("count_kx")),
          count_ky(c.get("count_ky")),
          kx_pitch(c.get("kx_pitch")),
          ky_pitch(c.get("ky_pitch")),
          zero{c.get("zero_a"), c.get("zero_b")},
          multiplier{c.get("multiplier_a"), c.get("multiplier_b")},
          shift{c.get("shift_a"), c.get("shift_b")} {}

    int64_t op;
    bool two_operands;
    int64_t address, x_pitch, y_pitch, count_kx, count_ky, kx_pitch, ky_pitch;
    int64_t zero[2], multiplier[2], shift[2];

    int64_t tap(int64_t kx, int64_t byte) const {
        const size_t set = two_operands ? static_cast<size_t>(kx % 2) : 0;
        const int64_t scaled = ((byte - zero[set]) * multiplier[set] + (1 << 10)) >> 11;
        return golden::divide_by_power_of_two(scaled, static_cast<int32_t>(shift[set]));
    }
};

/// Of the taps of one channel, the first of which is `first_byte`.
int32_t CommandModel::combined(const Combine& c, int64_t first_byte) const {
    const auto byte_of = [&](int64_t ky, int64_t kx) {
        const int64_t address = first_byte + ky * c.ky_pitch + kx * c.kx_pitch;
        return int64_t{static_cast<int8_t>(read(address & (activation_modulus() - 1)))};
    };
    if (c.op == 2) {
        if (!c.two_operands || c.count_kx != 2 || c.count_ky != 1) throw Undefined();
        return static_cast<int32_t>((byte_of(0, 0) - c.zero[0]) * (byte_of(0, 1) - c.zero[1]));
    }
    // The unit subtracts the taps of set b, which the guide does not say of one operand.
    if (c.op == 1 && !c.two_operands) throw Undefined();
    int64_t sum = 0;
    for (int64_t ky = 0; ky < c.count_ky; ++ky) {
        for (int64_t kx = 0; kx < c.count_kx; ++kx) {
            const int64_t value = c.tap(kx, byte_of(ky, kx));
            if (c.op == 3) {
                sum = ky == 0 && kx == 0 ? value : std::max(sum, value);
            } else {
                sum += c.op == 1 && kx % 2 == 1 ? -value : value;
            }
        }
    }
    return static_cast<int32_t>(static_cast<uint32_t>(sum));
}

void CommandModel::combine(const Command& command) {
    if (!plan_.elementwise) throw Undefined();
    const Output output(command);
    const Combine c(command);
    // Nobody says when a result is written: operands are not among them.
    const auto bytes = static_cast<size_t>(plan_.activation_bytes);
    std::vector<bool> operands(bytes), results(bytes);
    for (int64_t n = 0; n < output.count_n; ++n) {
        const int64_t cols = n == output.count_n - 1 ? output.last_cols : plan_.cols;
        for (int64_t i = 0; i < output.count_y * output.count_x * cols; ++i) {
            const int64_t channel = i % cols, y = i / cols / output.count_x;
            const int64_t x = i / cols % output.count_x;
            const int64_t first =
                c.address + n * output.n_pitch + y * c.y_pitch + x * c.x_pitch + channel;
            const int32_t sum = combined(c, first);
            for (int64_t tap = 0; tap < c.count_ky * c.count_kx; ++tap) {
                const int64_t address =
                    first + tap / c.count_kx * c.ky_pitch + tap % c.count_kx * c.kx_pitch;
                operands[static_cast<size_t>(address & (activation_modulus() - 1))] = true;
            }
            const int64_t place = output.first(n, y, x) + channel;
            write(place, static_cast<uint8_t>(result(output, output.scale, sum)));
            results[static_cast<size_t>(place)] = true;
            ++state_.results;
        }
    }
    for (size_t i = 0; i < bytes; ++i) {
        if (operands[i] && results[i]) throw Undefined();
    }
}

}  // namespace arraywright::e2e
