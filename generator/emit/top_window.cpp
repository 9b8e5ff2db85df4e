// Top module: depthwise window and tap packer. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/top.hpp"
#include "generator/emit/verilog.hpp"

namespace arraywright::emit {

namespace {

/// A command as the packer keeps it.
std::string packed_command(const plan::Plan& plan) {
    const int32_t pitch = std::min(plan.accumulator_address_bits, plan.activation_address_bits);
    std::string words = low_bits("compute_kx_step", pitch);
    if (pitch < plan.accumulator_address_bits) {
        words = fmt::format("{}'d0, {}", plan.accumulator_address_bits - pitch, words);
    }
    return "{compute_index, compute_signal, compute_layer, compute_channel_start,\n"
           "                           compute_step_start, compute_cols, compute_accumulate, "
           "compute_count_n,\n                           compute_weight_addr, " +
           words + ", compute_count_kx}";
}

std::string packer_instance(const plan::Plan& plan) {
    // What travels for the window lies below.
    const int32_t from = plan.window_side_bits();
    const int32_t bits = plan.lane_count_bits + 2;
    return Instance{because(plan, plan.spec.lines.tap_packing, "array.tap_packing = true"),
                    "aw_packer",
                    "u_packer",
                    {{"ROWS", number(plan.rows)},
                     {"WIDE", number(plan.wide_rows())},
                     {"GROUP_N", number(plan.group_n)},
                     {"GROUP_M", number(plan.group_m)},
                     {"LANE_BITS", number(plan.lane_count_bits)},
                     {"COL_COUNT_BITS", number(plan.column_count_bits)},
                     {"WEIGHT_BITS", number(plan.weight_address_bits)},
                     {"ACC_ADDR_BITS", number(plan.accumulator_address_bits)},
                     {"TILES", number(plan.weight_tiles)},
                     {"ACC_WORDS", number(plan.accumulator_words)},
                     {"VECTORS", number(plan.pack_vectors)},
                     {"INDEX_BITS", number(plan.index_bits)},
                     {"NEST_BITS", number(nest_bits(plan))},
                     {"STEP_BITS", number(StepLayout(plan).bits())},
                     {"BITS", number(plan.lane_value_bits())}},
                    {{"clk", "clk"},
                     {"rst_n", "unit_rst_n"},
                     {"halt_i", "halt"},
                     {"weight_starved_i", "weight_starved"},
                     {"start_i", "unit_start[1]"},
                     {"gather_i", "compute_mode == 2'd2"},
                     {"command_i", packed_command(plan)},
                     {"nest_i", "nest"},
                     {"pack_o", "pack"},
                     {"side_o", slice("side", from, bits)},
                     {"range_error_o", "pack_range_error"},
                     {"index_o", "pack_index"},
                     {"read_i", "step_read"},
                     {"side_i", slice("step_side", from, bits)},
                     {"step_i", "late_step"},
                     {"step_o", "step"},
                     {"vector_i", "activation_vector"},
                     {"vector_o", "packed_vector"}}}
        .text();
}

std::string window_instance(const plan::Plan& plan) {
    const int32_t bits = plan.window_side_bits();
    const int32_t advance = nest_bits(plan) - 1;
    return Instance{because(plan, plan.spec.lines.depthwise, "array.depthwise = true"),
                    "aw_window",
                    "u_window",
                    {{"ROWS", number(plan.rows)},
                     {"COLS", number(plan.cols)},
                     {"LINES", number(plan.window_lines)},
                     {"LINE_WORDS", number(plan.line_words)},
                     {"START_BITS", number(plan.line_start_bits())},
                     {"COUNT_BITS", number(plan.window_row_bits())},
                     {"BITS", number(plan.lane_value_bits())}},
                    {{"clk", "clk"},
                     {"rst_n", "unit_rst_n"},
                     {"stream_i", "compute_mode == 2'd1"},
                     {"columns_i", "compute_count_kx"},
                     {"rows_i", "compute_count_ky"},
                     {"share_i", "compute_share"},
                     {"prime_i", "compute_prime"},
                     {"stride_x_i", "compute_stride_x"},
                     {"stride_y_i", "compute_stride_y"},
                     {"line_start_i", "compute_line_start"},
                     {"odd_i", "compute_count_x[0]"},
                     {"start_i", "unit_start[1]"},
                     {"advance_i", fmt::format("nest[{}]", advance)},
                     {"ends_i", slice("nest", advance - 3, 3)},
                     {"emit_o", "window_emit"},
                     {"side_o", low_bits("side", bits)},
                     {"read_i", "step_read"},
                     {"side_i", low_bits("step_side", bits)},
                     {"step_valid_i", fmt::format("step[{}]", StepLayout(plan).valid)},
                     {"vector_i", plan.tap_packing ? "packed_vector" : own_lanes(plan)},
                     {"vectors_o", "array_vector"}}}
        .text();
}
}  // namespace

std::string own_lanes(const plan::Plan& plan) {
    return plan.structured() ? low_bits("activation_vector", plan.rows * plan.lane_value_bits())
                             : "activation_vector";
}

StepLayout::StepLayout(const plan::Plan& plan)
    : acc(6 + plan.column_count_bits + kTagBits),
      weight(acc + plan.accumulator_address_bits + 2),
      valid(weight + plan.weight_address_bits + 1) {}

int32_t nest_bits(const plan::Plan& plan) {
    return 5 + plan.lane_count_bits + plan.accumulator_address_bits + 24;
}

std::string top_nest(const plan::Plan& plan) {
    if (!plan.has_window_stage()) {
        return "    // Neither window nor packer follow the sequencer's nest.\n"
               "    wire unused_nest = &{1'b0, nest, step_read, step_side};\n";
    }
    std::string out =
        wires({{plan.side_bits(), "side", ""}, {StepLayout(plan).bits(), "read_step", ""}});
    if (plan.depthwise) out += wires({{2, "window_emit", ""}});
    if (!plan.tap_packing) return out + "    wire unused_nest = &{1'b0, nest};\n";
    out += wires({{4, "pack", ""},
                  {1, "pack_range_error", ""},
                  {plan.index_bits, "pack_index", ""},
                  {1, "read_sequencer_range_error", ""},
                  {plan.index_bits, "read_array_index", ""},
                  {1, "read_stepping", ""}});
    return out +
           "    assign stepping = read_stepping || pack[3];\n"
           "    assign sequencer_range_error = read_sequencer_range_error || pack_range_error;\n"
           "    assign array_index = pack_range_error ? pack_index : read_array_index;\n";
}

std::string top_window(const plan::Plan& plan) {
    if (!plan.has_window_stage()) return "";
    const int32_t bits = StepLayout(plan).bits();
    std::string out = section("window and packer");
    out += wires({{(plan.depthwise ? plan.cols : 1) * plan.rows * plan.lane_value_bits(),
                   "array_vector", ""}});
    if (plan.tap_packing) {
        out += wires(
            {{bits, "late_step", ""}, {plan.rows * plan.lane_value_bits(), "packed_vector", ""}});
    }
    out += delay_instance("u_late_step", bits, 1, "read_step",
                          plan.tap_packing ? "late_step" : "step");
    if (plan.tap_packing) out += packer_instance(plan);
    if (plan.depthwise) return out + window_instance(plan);
    return out + delay_instance("u_array_vector", plan.rows * plan.lane_value_bits(), 1,
                                "packed_vector", "array_vector");
}
}  // namespace arraywright::emit
