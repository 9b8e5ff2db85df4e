// Execution of commands and examples. SPDX-License-Identifier: Apache-2.0
#include "generator/emit/command_guide.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "generator/isa/commands.hpp"

namespace arraywright::emit {

namespace {

using isa::Command;
using isa::Unit;
using Fields = std::vector<std::pair<const char*, int64_t>>;

Command make(Unit unit, const Fields& fields) {
    Command command(unit, 0);
    for (const auto& [name, value] : fields) command.set(name, value);
    return command;
}

constexpr int64_t mask(Unit unit) {
    return int64_t{1} << static_cast<int32_t>(unit);
}

std::string execution(const plan::Plan& plan) {
    const std::string order = plan.weight_stationary ? "n | ky kx s | y x" : "n y x | ky kx s";
    return fmt::format(
        "\n## Execution\n\n"
        "`load` and `store` move `count_y` rows of `count_x` segments of `run_bytes` bytes: "
        "segment "
        "(x, y) lies at bus address `address + y * stride_y + x * stride_x` and buffer address "
        "`buffer + y * buffer_stride_y + x * buffer_stride_x`. Activations are never shifted: bus "
        "and buffer address agree modulo {0} (a bus word), else BAD_FIELD.\n\n"
        "`compute` walks the loops `{1}`, the last one fastest, one array step each:\n\n"
        "| | value at (n, y, x, ky, kx, s) |\n|---|---|\n"
        "| activation byte of lane 0 | act_start + y * y_step + x * x_step + ky * ky_step + kx * "
        "kx_step + s * {2} |\n"
        "| input row | row_start + y * y_rows + ky * ky_rows, 16 bits; lanes of a row outside [0, "
        "rows) are zero_point |\n"
        "| byte in the row of lane 0 | col_start + x * x_step + kx * kx_step + s * {2}; lanes "
        "outside [0, row_bytes) are zero_point |\n"
        "| lanes in use | {2}, tail where s = count_s - 1 and tail is not 0 |\n"
        "| weight tile | weight_addr + n * V + v, with v = (ky * count_kx + kx) * count_s + s and "
        "V "
        "the number of v |\n"
        "| accumulator word | acc_addr + (n * count_y + y) * count_x + x; every sum starts from 0, "
        "or with `accumulate` from the word |\n\n"
        "`vector` walks n, y, x and groups of {3} channels: it reads the accumulator words in the "
        "order in which `compute` wrote them, adds the bias, requantizes (q = multiplier, e = "
        "exponent: `h = (sum * 2^max(e, 0) * q + 2^30) >> 31`, divided by `2^max(-e, 0)` with ties "
        "away from zero, plus zero_point), clamps, and writes the bytes of a group from `out_addr "
        "+ n "
        "* n_pitch + y * y_pitch + x * x_pitch` + channel in the tile on. The bias table has a row "
        "of 4 bytes a lane for each group of a tile, tile after tile, from bias_row on, the same "
        "for all positions; the scale table one of 5 bytes a lane, multiplier and exponent. `raw` "
        "writes 32-bit sums instead.\n",
        plan.bus_bytes, order, plan.rows, plan.lanes);
}

/// Modes 1 and 2 of a compute command, of the options that the design has.
std::string modes(const plan::Plan& plan) {
    std::string out;
    if (plan.depthwise) {
        out += fmt::format(
            "\n`compute` with `mode` 1 streams n, y, x: pixel (n, y, x) has `tail` bytes from "
            "act_start + y * y_step + x * x_step + n * kx_step on, with the bounds above. Each "
            "pixel shifts the window of every column c on by count_ky taps of channel c / share; "
            "tap `age * count_ky + row` is the pixel `age` columns and `row` streamed rows behind "
            "the newest; taps from {0} on are dropped, count_ky <= {1}. A "
            "step is made where y >= prime, (y - prime) % stride_y = 0, x >= count_kx - 1 and (x - "
            "count_kx + 1) % stride_x = 0, and for the last pixel of the command in any case; it "
            "uses weight tile weight_addr + n and the next accumulator word. Rows stay in the line "
            "buffers from word 16 * line_start on, 16 * line_start + count_x <= {2}: a command "
            "with "
            "prime = stride_y - 1 goes on where the last one with rows of this length at this "
            "place "
            "ended. Rows of odd length lie at line_start 0.\n",
            plan.rows, plan.window_lines + 1, plan.line_words);
    }
    if (plan.tap_packing) {
        out += fmt::format(
            "\n`compute` with `mode` 2 walks y, x | ky, s and counts the bytes in use of these "
            "chunks as taps: tap t is lane t % {0} of vector t / {0}, lanes behind the last tap "
            "hold anything. With V = count_kx = the number of vectors, at most {1}, vector v meets "
            "weight tile weight_addr + n * V + v, and the sums of tile n go to word acc_addr + y * "
            "count_x + x + n * kx_step.\n",
            plan.rows, plan.pack_vectors);
    }
    return out;
}

/// How weights may be stored, of the options that the design has.
std::string weight_forms(const plan::Plan& plan) {
    if (!plan.decodes_weights()) return "";
    std::string out = fmt::format(
        "\n### Stored weights\n\n"
        "A weight load writes `tiles` tiles of `cols` columns from tile `buffer` on. It is a "
        "stream "
        "of nibbles, the low half of a byte first; what is left of the last byte is ignored, "
        "anything more, or less, is BAD_DATA. A column is {} weights of a byte, low nibble first",
        plan.rows);
    if (plan.codebook > 0) {
        out += fmt::format(
            ", or with `codes` 1 as many codes of a nibble, with 2 of a byte: places in the "
            "codebook, which a load with target 5 fills from value 0 on, at most {} INT8 values",
            plan.codebook);
    }
    out += ".\n";
    if (plan.structured()) {
        const int32_t bits = plan.group_index_bits();
        out += fmt::format(
            "\nWith `structured` the {0} weights of a column are {1} for each {2} bytes of a chunk "
            "of {3}; {0} places of {4} bits, of the bytes within their groups, follow them, low "
            "bits first, padded to a nibble. A `compute` with `structured` takes such chunks: {3} "
            "takes the place of {0} in the table above.\n",
            plan.rows, plan.group_n, plan.group_m, plan.wide_rows(), bits);
        if (plan.tap_packing) {
            out += fmt::format(
                "\nIn `mode` 2 `structured` only widens the chunks, to at most {1} bytes in use; "
                "the "
                "tiles are dense. A chunk may complete two vectors, of {0} taps each, only where "
                "nothing of its position follows them.\n",
                plan.rows, 2 * plan.rows);
        }
    }
    if (plan.codecs) {
        out += fmt::format(
            "\nWith `bitmap` a column is a bit for each of its {} groups of four lanes, padded to "
            "a nibble; for each group whose bit is 1 a nibble with a bit for each lane; and the "
            "weights or codes of the lanes whose bit is 1. All others are 0.\n",
            (plan.rows + 3) / 4);
    }
    if (plan.block > 0) {
        const int32_t blocks = plan.blocks_per_tile();
        out +=
            "\nWith `listed` only tiles that are not zero are stored, each behind a header: a "
            "nibble of 0 to 11, the number of chunks of the run that were left out before it. 12 "
            "adds twelve and another nibble follows; 13 goes to the next run (kx, ky), 14 to the "
            "list of the next n, and another nibble follows; 15 is a tile of zeros without any "
            "columns, for a run that has no other.";
        if (blocks > 1) {
            out += fmt::format(
                " Then, unless `bitmap` or `structured`, a bit for each of the {} blocks of {} "
                "rows "
                "and {} columns, rows of a column of blocks first, padded to a nibble: blocks "
                "whose "
                "bit is 0 are zero, and columns leave their rows out.",
                blocks, plan.block_rows(), plan.block_cols());
        }
        out +=
            " A load ends a list. A `compute` with `listed` walks for every n the tiles of one "
            "list, in the place of v; a chunk of count_s or beyond is BUFFER_RANGE.\n";
    }
    return out;
}

/// How activations may cross the bus.
std::string coded_tensors(const plan::Plan& plan) {
    if (!plan.codecs) return "";
    const int32_t groups = plan.bus_bytes / 4;
    return fmt::format(
        "\n### Coded tensors\n\n"
        "Stores with `coded` write the bytes of a tensor, in order, each command where the one "
        "before it ended, as a stream in which the value `zero` is left out; loads with `coded` "
        "read it. The first of the stores says `begins`: the stream lies from its `address` on, in "
        "blocks of `block_words` bus words of the tensor, and where each block begins in it, in "
        "bus words, goes into the block table from entry `slot` on, with the stream's end behind "
        "the last: blocks + 1 of {0} entries. The `address` of a later store is that of its bytes "
        "in a tensor that is not coded; it must agree with `buffer` modulo {1}. A store signals "
        "its tokens when its bytes are read; a load waits for the blocks to be in memory.\n\n"
        "A coded load names the stream (`address`), its first block and entry (`slot`) and its "
        "`blocks`, and writes `run_bytes` bytes from byte `skip` of these blocks on to `buffer`; "
        "`buffer` and `skip` agree modulo {1}. Both move one segment (count_x = count_y = 1). A "
        "stream that ends before these bytes, that is no stream, or blocks that end before they "
        "begin are BAD_DATA.\n\n"
        "A stream is read in nibbles, the low half of a byte first. A block begins on a bus word; "
        "it is frames of {2} words of the tensor, the last one of what is left. A frame begins "
        "with a nibble, its type, and holds for each word\n\n"
        "| type | name | a word |\n|---|---|---|\n"
        "| 0 | raw | its {1} bytes |\n"
        "| 1 | bitmap | a bit a byte, then the bytes whose bit is 1 |\n"
        "| 2 | grouped | a bit for each of the {3} groups of four bytes, padded to a nibble; for "
        "each group whose bit is 1 a nibble with a bit a byte; the bytes whose bit is 1 |\n"
        "| 3 | run-length | as grouped; a word without any group is followed by a nibble: as many "
        "words like it come, and nothing is stored for them |\n\n"
        "The store unit takes the type that is smallest, frame by frame.\n",
        plan.block_slots, plan.bus_bytes, plan.frame_words, groups);
}

/// What a combine command computes and where its taps lie.
std::string combining(const plan::Plan& plan) {
    if (!plan.elementwise) return "";
    return fmt::format(
        "\n`combine` walks n, y, x and groups of {} channels like `vector`, and for each group "
        "count_ky * count_kx taps, kx fastest: the bytes of tap (ky, kx) lie from in_addr + n * "
        "n_pitch + y * in_y_pitch + x * in_x_pitch + ky * ky_pitch + kx * kx_pitch + channel on. "
        "With `x` a byte and z, m, s the zero point, multiplier and shift of its set (set b for "
        "odd "
        "taps where two operands are asked for, else set a), a tap counts `v = ((x - z) * m + "
        "2^10) "
        ">> 11`, divided by `2^s` with ties away from zero. Op 0 sums v, op 1 subtracts the odd "
        "from the even taps, op 3 keeps the largest v, op 2 is `(x0 - z_a) * (x1 - z_b)`. The sum "
        "is "
        "requantized, clamped and written as by `vector`.\n",
        plan.lanes);
}

/// A matrix-vector product: what every program is made of, tokens included.
std::vector<Command> product(const plan::Plan& plan) {
    const int64_t rows = plan.rows, cols = plan.cols;
    return {
        make(Unit::kLoad, {{"address", 0x1000},
                           {"target", 0},
                           {"cols", 1},
                           {"run_bytes", rows},
                           {"count_x", 1},
                           {"count_y", 1}}),
        make(Unit::kLoad, {{"signal", mask(Unit::kCompute)},
                           {"address", 0x2000},
                           {"target", 1},
                           {"cols", cols},
                           {"run_bytes", rows * cols},
                           {"count_x", 1},
                           {"count_y", 1}}),
        make(Unit::kCompute, {{"wait", mask(Unit::kLoad)},
                              {"signal", mask(Unit::kVector)},
                              {"rows", 1},
                              {"row_bytes", rows},
                              {"tail", rows},
                              {"count_s", 1},
                              {"count_n", 1},
                              {"count_x", 1},
                              {"count_y", 1},
                              {"count_kx", 1},
                              {"count_ky", 1},
                              {"cols", cols}}),
        make(Unit::kVector, {{"wait", mask(Unit::kCompute)},
                             {"signal", mask(Unit::kStore)},
                             {"count_x", 1},
                             {"count_y", 1},
                             {"count_n", 1},
                             {"last_cols", cols},
                             {"out_addr", 4 * plan.bus_bytes},
                             {"multiplier", int64_t{1} << 30},
                             {"exponent", -6},
                             {"minimum", -128},
                             {"maximum", 127}}),
        make(Unit::kStore, {{"wait", mask(Unit::kVector)},
                            {"address", 0x3000},
                            {"buffer", 4 * plan.bus_bytes},
                            {"run_bytes", cols},
                            {"count_x", 1},
                            {"count_y", 1}}),
    };
}

/// 3x3 convolution of an 8 x 8 x 4 picture with padding 1: rows and columns start outside.
Command convolution(const plan::Plan& plan) {
    constexpr int64_t kSize = 8, kChannels = 4, kRow = kSize * kChannels, kRun = 3 * kChannels;
    const int64_t chunks = (kRun + plan.rows - 1) / plan.rows;
    return make(Unit::kCompute, {{"act_start", -kRow - kChannels},
                                 {"row_start", -1},
                                 {"rows", kSize},
                                 {"col_start", -kChannels},
                                 {"row_bytes", kRow},
                                 {"tail", kRun - (chunks - 1) * plan.rows},
                                 {"count_s", chunks},
                                 {"count_n", 1},
                                 {"count_x", kSize},
                                 {"count_y", kSize},
                                 {"count_ky", 3},
                                 {"count_kx", 1},
                                 {"ky_step", kRow},
                                 {"ky_rows", 1},
                                 {"x_step", kChannels},
                                 {"y_rows", 1},
                                 {"y_step", kRow},
                                 {"pos_pitch", kSize},
                                 {"cols", plan.cols}});
}

std::string word_lines(const Command& command) {
    std::string text;
    for (size_t i = 0; i < command.words().size(); ++i) {
        text += fmt::format("{:08x}{}", command.words()[i], i % 8 == 7 ? '\n' : ' ');
    }
    return text;
}

}  // namespace

std::string command_guide(const plan::Plan& plan) {
    const std::vector<Command> commands = product(plan);
    std::string out =
        execution(plan) + modes(plan) + combining(plan) + weight_forms(plan) + coded_tensors(plan);
    out += fmt::format(
        "\n## Examples\n\n"
        "As `arraywright compile --listing` prints them; fields that are 0 are left out.\n\n"
        "A vector of {} bytes times one weight tile, scaled by 2^-7. A token joins each unit to "
        "the "
        "next; the load unit executes in order, so only its second command signals.\n\n```\n",
        plan.rows);
    for (const Command& command : commands) out += command.text() + "\n";
    out += "```\n\nThe words of the `compute` command, word 0 first:\n\n```\n" +
           word_lines(commands[2]) + "```\n\n";
    out +=
        "3x3 convolution of a picture of 8 x 8 pixels of 4 bytes with a border of one pixel: it "
        "starts one row and one pixel before the picture. The three taps of a kernel row are one "
        "run of 12 bytes.\n\n```\n" +
        convolution(plan).text() + "\n```\n";
    return out;
}

}  // namespace arraywright::emit
