// Command set table, encoder and listing. SPDX-License-Identifier: Apache-2.0
#include "generator/isa/commands.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace arraywright::isa {

namespace {

using enum Width;

std::vector<CommandField> transfer_fields(bool load) {
    std::vector<CommandField> fields = {
        {"address", 1, 0, 64, kBusAddress, false, false, "bus byte address of the first segment"},
        {"buffer", 4, 0, 24, kBuffer, false, false,
         "buffer address: activation byte, weight tile or parameter row"},
        {"run_bytes", 5, 0, 24, kField, true, false, "consecutive bytes of a segment"},
        {"count_x", 6, 0, 16, kField, true, false, "segments of a row"},
        {"count_y", 6, 16, 16, kField, true, false, "rows of segments"},
        {"stride_x", 7, 0, 32, kField, false, false, "bus bytes between segments"},
        {"stride_y", 8, 0, 32, kField, false, false, "bus bytes between rows"},
        {"buffer_stride_x", 9, 0, 24, kBuffer, false, false, "buffer bytes between segments"},
        {"buffer_stride_y", 10, 0, 24, kBuffer, false, false, "buffer bytes between rows"},
    };
    if (load) {
        fields.insert(fields.begin(),
                      {"target", 3, 0, 3, kTarget, false, false,
                       "0 activation, 1 weight, 2 bias table, 3 scale table, 4 lookup table, 5 "
                       "codebook"});
        const std::vector<CommandField> weights = {
            {"cols", 3, 8, 7, kColumns, true, false, "columns of a weight tile in the image"},
            {"listed", 3, 16, 1, kListed, false, false, "headers before tiles, which are a list"},
            {"structured", 3, 17, 1, kStructured, false, false, "weights with their indices"},
            {"bitmap", 3, 18, 1, kBitmap, false, false, "columns without their zeros"},
            {"codes", 3, 19, 2, kCodes, false, false,
             "0 weights, 1 codes of 4 bits, 2 codes of 8 bits"},
            {"tiles", 11, 0, 24, kTiles, false, false, "weight tiles of the load"},
            {"coded", 3, 21, 1, kCoded, false, false,
             "run_bytes activations from blocks of the tensor whose stream is at address"},
            {"slot", 12, 0, 16, kSlot, false, false, "entry of the first block in the block table"},
            {"blocks", 12, 16, 16, kSlot, false, false, "blocks of the load"},
            {"block_words", 13, 0, 16, kCodedField, false, false, "bus words of a block"},
            {"zero", 13, 16, 8, kCodedField, false, true, "value that the stream leaves out"},
            {"skip", 14, 0, 24, kCodedField, false, false, "bytes of the first block before them"}};
        fields.insert(fields.begin() + 1, weights.begin(), weights.end());
    } else {
        const std::vector<CommandField> coded = {
            {"coded", 3, 0, 1, kCoded, false, false,
             "the bytes go on with a tensor's stream; address is theirs if they were not coded"},
            {"begins", 3, 1, 1, kCodedField, false, false,
             "the stream begins, at address; the fields below are the tensor's"},
            {"slot", 12, 0, 16, kSlot, false, false, "entry of its first block in the block table"},
            {"block_words", 13, 0, 16, kCodedField, false, false, "bus words of a block"},
            {"zero", 13, 16, 8, kCodedField, false, true, "value that the stream leaves out"},
            {"bytes", 14, 0, 24, kCodedField, false, false, "bytes of the tensor"}};
        fields.insert(fields.begin(), coded.begin(), coded.end());
    }
    return fields;
}

std::vector<CommandField> compute_fields() {
    return {
        {"act_start", 1, 0, 24, kActivationModular, false, false,
         "activation byte address of row_start, col_start; may lie before the buffer (padding)"},
        {"zero_point", 1, 24, 8, kField, false, true, "value of the padding"},
        {"row_start", 2, 0, 16, kField, false, true, "input row of the first window"},
        {"rows", 2, 16, 16, kField, true, false, "input rows; rows outside are padding"},
        {"col_start", 3, 0, 24, kColumnModular, false, true, "byte in the row of the first window"},
        {"accumulate", 3, 24, 1, kField, false, false, "continue from the accumulator buffer"},
        {"mode", 3, 25, 2, kMode, false, false, "0 plain, 1 depthwise window, 2 packed taps"},
        {"line_start", 3, 27, 5, kWindow, false, false,
         "mode 1: first word of the rows in the line buffers, in units of 16"},
        {"row_bytes", 4, 0, 24, kActivation, true, false,
         "bytes of a row; bytes outside are padding"},
        {"tail", 4, 24, 8, kLane, false, false, "lanes of the last chunk of a run; 0: all"},
        {"count_s", 5, 0, 16, kField, true, false, "chunks of a run"},
        {"count_n", 5, 16, 16, kField, true, false, "tiles of output channels"},
        {"count_x", 6, 0, 16, kField, true, false,
         "output columns; mode 1: input columns to stream"},
        {"count_y", 6, 16, 16, kField, true, false, "output rows; mode 1: input rows to stream"},
        {"kx_step", 7, 0, 24, kActivation, false, false,
         "bytes between kernel columns; mode 1: bytes between channel tiles; mode 2: accumulator "
         "words between channel tiles"},
        {"count_ky", 7, 24, 8, kField, true, false, "kernel rows; mode 1: rows of the window"},
        {"ky_step", 8, 0, 24, kActivationModular, false, false,
         "bytes between kernel rows; more than the buffer holds where all but one are padding"},
        {"ky_rows", 8, 24, 8, kField, false, false, "input rows between kernel rows"},
        {"x_step", 9, 0, 24, kActivation, false, false,
         "bytes between output columns; mode 1: between streamed pixels"},
        {"y_rows", 9, 24, 8, kField, false, false,
         "input rows between output rows; mode 1: between streamed rows"},
        {"y_step", 10, 0, 24, kActivationModular, false, false,
         "bytes between output rows, as ky_step; mode 1: between streamed rows"},
        {"count_kx", 10, 24, 8, kField, true, false,
         "kernel columns, 1 when a kernel row is one run; mode 1: columns of the window; mode 2: "
         "vectors of a position"},
        {"weight_addr", 11, 0, 24, kWeight, false, false, "first weight tile"},
        {"share", 11, 24, 4, kWindow, false, false,
         "mode 1: column c reads channel c / share, 1 to 8"},
        {"structured", 11, 28, 1, kStructured, false, false,
         "a chunk is as wide as the groups of structured weights; mode 0: which these are"},
        {"listed", 11, 29, 1, kListed, false, false,
         "mode 0: the chunks of every tile are those of its list"},
        {"acc_addr", 12, 0, 24, kAccumulator, false, false, "first accumulator word"},
        {"stride_x", 12, 24, 3, kWindow, false, false, "mode 1: input columns between windows"},
        {"stride_y", 12, 27, 3, kWindow, false, false, "mode 1: streamed rows between windows"},
        {"pos_start", 13, 0, 24, kField, false, false, "output position of the first window"},
        {"prime", 13, 24, 4, kWindow, false, false,
         "mode 1: streamed rows before the first that completes windows"},
        {"pos_pitch", 14, 0, 16, kField, false, false, "output positions between output rows"},
        {"channel_start", 14, 16, 16, kField, false, false, "output channel of column 0"},
        {"step_start", 15, 0, 24, kField, false, false, "step of the reduction of the first chunk"},
        {"cols", 15, 24, 7, kColumns, true, false, "columns in use; others report no overflow"},
    };
}

std::vector<CommandField> vector_fields() {
    return {
        {"acc_addr", 1, 0, 24, kAccumulator, false, false, "first accumulator word"},
        {"raw", 1, 24, 1, kField, false, false, "write 32-bit sums instead of bytes"},
        {"use_bias", 1, 25, 1, kField, false, false, "add the bias table"},
        {"per_channel", 1, 26, 1, kField, false, false,
         "multiplier and exponent from the scale table"},
        {"table", 1, 27, 1, kTable, false, false, "results go through the lookup table"},
        {"empty", 1, 28, 1, kListed, false, false,
         "the sums are 0, whatever the accumulators hold"},
        {"count_x", 2, 0, 16, kField, true, false, "output columns"},
        {"count_y", 2, 16, 16, kField, true, false, "output rows"},
        {"count_n", 3, 0, 16, kField, true, false, "tiles of output channels"},
        {"last_cols", 3, 16, 8, kField, true, false, "channels of the last tile"},
        {"out_addr", 4, 0, 24, kActivation, false, false,
         "activation byte address of the first result"},
        {"x_pitch", 5, 0, 24, kActivation, false, false, "bytes between output columns"},
        {"y_pitch", 6, 0, 24, kActivation, false, false, "bytes between output rows"},
        {"n_pitch", 7, 0, 24, kActivation, false, false, "bytes between channel tiles"},
        {"bias_row", 8, 0, 16, kParameter, false, false, "first row of the bias table"},
        {"scale_row", 8, 16, 16, kParameter, false, false, "first row of the scale table"},
        {"multiplier", 9, 0, 31, kField, false, false, "0 or 2^30 .. 2^31 - 1"},
        {"exponent", 10, 0, 6, kField, false, true, "-31 to 30"},
        {"zero_point", 10, 8, 8, kField, false, true, "output zero point"},
        {"minimum", 10, 16, 8, kField, false, true, "lower clamp"},
        {"maximum", 10, 24, 8, kField, false, true, "upper clamp"},
        {"pos_start", 11, 0, 24, kField, false, false, "output position of the first result"},
        {"pos_pitch", 12, 0, 16, kField, false, false, "output positions between output rows"},
        {"channel_start", 12, 16, 16, kField, false, false, "output channel of the first result"},
        {"step", 13, 0, 24, kField, false, false, "step number of the bias addition"},
    };
}

std::vector<CommandField> combine_fields() {
    return {
        {"in_addr", 1, 0, 24, kActivationModular, false, false,
         "activation byte address of the first operand"},
        {"op", 1, 24, 2, kField, false, false,
         "0 sum of the taps, 1 even minus odd columns of taps of two operands (of one: their sum), "
         "2 product "
         "of two taps, 3 largest tap"},
        {"two_operands", 1, 26, 1, kField, false, false, "odd taps use the constants b, not a"},
        {"table", 1, 27, 1, kTable, false, false, "results go through the lookup table"},
        {"count_x", 2, 0, 16, kField, true, false, "output columns"},
        {"count_y", 2, 16, 16, kField, true, false, "output rows"},
        {"count_n", 3, 0, 16, kField, true, false, "tiles of channels"},
        {"last_cols", 3, 16, 8, kField, true, false, "channels of the last tile"},
        {"out_addr", 4, 0, 24, kActivation, false, false,
         "activation byte address of the first result"},
        {"x_pitch", 5, 0, 24, kActivation, false, false, "bytes between output columns"},
        {"shift_a", 5, 24, 5, kField, false, false, "right shift of taps"},
        {"y_pitch", 6, 0, 24, kActivation, false, false, "bytes between output rows"},
        {"shift_b", 6, 24, 5, kField, false, false, "right shift of odd taps of two operands"},
        {"n_pitch", 7, 0, 24, kActivation, false, false, "bytes between tiles, input and output"},
        {"in_x_pitch", 8, 0, 24, kActivation, false, false, "input bytes between output columns"},
        {"count_kx", 8, 24, 8, kField, true, false, "taps in x, 2 for two operands"},
        {"multiplier", 9, 0, 31, kField, false, false, "of the output, as in vector"},
        {"exponent", 10, 0, 6, kField, false, true, "-31 to 30"},
        {"zero_point", 10, 8, 8, kField, false, true, "output zero point"},
        {"minimum", 10, 16, 8, kField, false, true, "lower clamp"},
        {"maximum", 10, 24, 8, kField, false, true, "upper clamp"},
        {"in_y_pitch", 11, 0, 24, kActivation, false, false, "input bytes between output rows"},
        {"count_ky", 11, 24, 8, kField, true, false, "taps in y"},
        {"kx_pitch", 12, 0, 24, kActivationModular, false, false,
         "input bytes between taps in x; two operands: address of the second minus the first"},
        {"zero_a", 12, 24, 8, kField, false, true, "zero point of taps"},
        {"ky_pitch", 13, 0, 24, kActivation, false, false, "input bytes between taps in y"},
        {"zero_b", 13, 24, 8, kField, false, true, "zero point of odd taps of two operands"},
        {"multiplier_a", 14, 0, 31, kField, false, false,
         "a tap is ((x - zero) * multiplier + 2^10) >> 11, then shifted right, ties away from 0"},
        {"multiplier_b", 15, 0, 31, kField, false, false, "of odd taps of two operands"},
    };
}

const CommandField& find_field(Opcode opcode, std::string_view name) {
    for (const CommandField& field : header_fields()) {
        if (field.name == name) return field;
    }
    for (const CommandField& field : command_fields(opcode)) {
        if (field.name == name) return field;
    }
    throw std::out_of_range(fmt::format("a {} command has no field {}", opcode_name(opcode), name));
}

}  // namespace

std::string_view unit_name(Unit unit) {
    constexpr std::array<std::string_view, kUnits> kNames = {"load", "compute", "vector", "store"};
    return kNames[static_cast<size_t>(unit)];
}

std::string_view opcode_name(Opcode opcode) {
    return opcode == Opcode::kCombine ? "combine" : unit_name(unit_of(opcode));
}

Unit unit_of(Opcode opcode) {
    return opcode == Opcode::kCombine ? Unit::kVector
                                      : static_cast<Unit>(static_cast<int>(opcode) - 1);
}

const std::vector<CommandField>& header_fields() {
    static const std::vector<CommandField> fields = {
        {"opcode", 0, 0, 8, kField, true, false, "1 load, 2 compute, 3 vector, 4 store, 5 combine"},
        {"wait", 0, 8, 4, kField, false, false, "units whose token the command takes at its start"},
        {"signal", 0, 12, 4, kField, false, false, "units that get a token at its end"},
        {"layer", 0, 16, 16, kField, false, false, "layer, for reports"},
    };
    return fields;
}

const std::vector<CommandField>& command_fields(Opcode opcode) {
    static const std::array<std::vector<CommandField>, kOpcodes> fields = {
        transfer_fields(true), compute_fields(), vector_fields(), transfer_fields(false),
        combine_fields()};
    return fields[static_cast<size_t>(opcode) - 1];
}

Command::Command(Opcode opcode, int32_t layer) {
    set("opcode", static_cast<int64_t>(opcode));
    set("layer", layer & 0xffff);
}

Command::Command(const uint8_t* bytes) {
    for (size_t i = 0; i < words_.size(); ++i) {
        for (size_t b = 0; b < 4; ++b) words_[i] |= uint32_t{bytes[4 * i + b]} << (8 * b);
    }
}

Opcode Command::opcode() const {
    const uint32_t value = words_[0] & 0xff;
    if (value < 1 || value > kOpcodes) throw std::out_of_range("unknown opcode");
    return static_cast<Opcode>(value);
}

void Command::set(std::string_view name, int64_t value) {
    const Opcode of = name == "opcode" ? static_cast<Opcode>(value) : opcode();
    const CommandField& field = find_field(of, name);
    // Modular fields accept negative addresses; they wrap in the design as well.
    const bool wraps = field.is_signed || field.width == Width::kActivationModular;
    const int64_t limit = field.bits >= 63 ? INT64_MAX : (int64_t{1} << field.bits) - 1;
    const int64_t lowest = field.bits == 64 ? INT64_MIN : wraps ? -(limit / 2) - 1 : 0;
    const int64_t highest = field.is_signed ? limit / 2 : limit;
    if (value < lowest || value > highest) {
        throw FieldOverflow(
            fmt::format("{} does not fit field {} of {} bits", value, name, field.bits));
    }
    for (int32_t bit = 0; bit < field.bits; ++bit) {
        const int32_t at = field.word * 32 + field.lsb + bit;
        const uint32_t mask = uint32_t{1} << (at % 32);
        uint32_t& word = words_[static_cast<size_t>(at / 32)];
        word = (value >> std::min(bit, 63)) & 1 ? word | mask : word & ~mask;
    }
}

int64_t Command::get(std::string_view name) const {
    const CommandField& field = find_field(opcode(), name);
    uint64_t value = 0;
    for (int32_t bit = 0; bit < field.bits; ++bit) {
        const int32_t at = field.word * 32 + field.lsb + bit;
        value |= uint64_t{(words_[static_cast<size_t>(at / 32)] >> (at % 32)) & 1} << bit;
    }
    if (field.is_signed && (value >> (field.bits - 1)) & 1) value |= ~uint64_t{0} << field.bits;
    return static_cast<int64_t>(value);
}

std::string Command::text() const {
    std::string line = fmt::format("{:<8}layer={}", opcode_name(opcode()), get("layer"));
    const auto units = [](int64_t mask) {
        std::string names;
        for (int32_t u = 0; u < kUnits; ++u) {
            if ((mask >> u) & 1) {
                if (!names.empty()) names += '+';
                names += unit_name(static_cast<Unit>(u));
            }
        }
        return names;
    };
    if (get("wait") != 0) line += " wait=" + units(get("wait"));
    if (get("signal") != 0) line += " signal=" + units(get("signal"));
    for (const CommandField& field : command_fields(opcode())) {
        const int64_t value = get(field.name);
        if (value == 0) continue;
        if (field.width == Width::kBusAddress) {
            line += fmt::format(" {}=0x{:x}", field.name, value);
        } else {
            line += fmt::format(" {}={}", field.name, value);
        }
    }
    return line;
}

}  // namespace arraywright::isa
