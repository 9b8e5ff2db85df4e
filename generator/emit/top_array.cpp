// Top module: sequencer, window, array, accumulators. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/top.hpp"
#include "generator/emit/verilog.hpp"
#include "generator/plan/bits.hpp"

namespace arraywright::emit {

namespace {

std::string structured(const plan::Plan& plan) {
    return plan.structured() ? "compute_structured" : "1'b0";
}

/// Loads into a bank that the array reads ask for a gap.
std::string weight_starved(const plan::Plan& plan) {
    return plan.block > 0 ? "weight_starved || list_starved" : "weight_starved";
}

/// Lanes of the input vector that only structured weights use.
int32_t rest_bits(const plan::Plan& plan) {
    return (plan.wide_rows() - plan.rows) * plan.lane_value_bits();
}

std::string sequencer_section(const plan::Plan& plan) {
    std::string out = section("sequencer and input vector");
    const StepLayout step(plan);
    const int32_t offset_bits = plan::ceil_log2(plan.word_bytes);
    out += wires({{plan.index_bits, "array_index", ""},
                  {1, "sequencer_range_error", ""},
                  {1, "step_read", ""},
                  {plan.side_bits(), "step_side", ""},
                  {offset_bits + 1, "step_offset", ""},
                  {plan.lane_count_bits, "step_first_lane", ""},
                  {plan.lane_count_bits, "step_end_lane", ""},
                  {8, "step_zero_point", ""},
                  {nest_bits(plan), "nest", ""},
                  {step.bits(), "step", ""},
                  {1, "retire", ""},
                  {plan.wide_rows() * plan.lane_value_bits(), "activation_vector", ""},
                  {1, "step_structured", ""},
                  {1, "entry_read", ""},
                  {plan.weight_address_bits, "entry_addr", ""},
                  {16, "entry", ""},
                  {1, "compute_waiting", "compute_valid && !unit_start[1] && !compute_running"},
                  {1, "compute_running", ""},
                  {1, "array_held", ""}});
    if (!plan.counters || plan.queue_depth == 0)
        out += "    wire unused_waiting = &{1'b0, compute_waiting};   // for tokens\n";
    out += fmt::format("    assign weight_read = step[{}];\n    assign weight_read_addr = {};\n",
                       step.valid - 1, slice("step", step.weight, plan.weight_address_bits));
    return out;
}

std::string sequencer_instance(const plan::Plan& plan) {
    const StepLayout step(plan);
    Instance sequencer{because(plan, plan.spec.lines.dataflow,
                               std::string("array.dataflow = ") +
                                   (plan.weight_stationary ? "weight_stationary" : "broadcast")),
                       "aw_sequencer",
                       "u_sequencer",
                       {{"ROWS", number(plan.rows)},
                        {"WIDE", number(plan.wide_rows())},
                        {"COLS", number(plan.cols)},
                        {"WEIGHT_STATIONARY", plan.weight_stationary ? "1" : "0"},
                        {"STREAMS", plan.depthwise ? "1" : "0"},
                        {"TILE_GAP", number(plan.tile_gap_cycles)},
                        {"WORD_BYTES", number(plan.word_bytes)},
                        {"LANE_BITS", number(plan.lane_count_bits)},
                        {"COL_COUNT_BITS", number(plan.column_count_bits)},
                        {"ADDR_BITS", number(plan.activation_address_bits)},
                        {"WEIGHT_BITS", number(plan.weight_address_bits)},
                        {"ACC_ADDR_BITS", number(plan.accumulator_address_bits)},
                        {"TILES", number(plan.weight_tiles)},
                        {"ACC_WORDS", number(plan.accumulator_words)},
                        {"FLIGHT_BITS", number(plan.flight_bits)},
                        {"SIDE_BITS", number(plan.side_bits())},
                        {"NEST_BITS", number(nest_bits(plan))},
                        {"STEP_BITS", number(step.bits())},
                        {"INDEX_BITS", number(plan.index_bits)},
                        {"TAG_BITS", "80"}},
                       {{"clk", "clk"},
                        {"rst_n", "unit_rst_n"},
                        {"halt_i", "halt"},
                        {"command_valid", "compute_valid"},
                        {"command_ready", "compute_ready"},
                        {"tokens_ok_i", "tokens_ok[1]"},
                        {"start_o", "unit_start[1]"}}};
    for (const char* field :
         {"index",    "signal",    "layer",      "act_start",     "zero_point", "row_start",
          "rows",     "col_start", "accumulate", "row_bytes",     "tail",       "count_s",
          "count_n",  "count_x",   "count_y",    "kx_step",       "count_ky",   "ky_step",
          "ky_rows",  "x_step",    "y_rows",     "y_step",        "count_kx",   "weight_addr",
          "acc_addr", "pos_start", "pos_pitch",  "channel_start", "step_start", "cols"}) {
        sequencer.ports.emplace_back(fmt::format("{}_i", field), fmt::format("compute_{}", field));
    }
    // Window and packer take steps over: one cycle later they are those of the array.
    const bool late = plan.has_window_stage();
    const std::string pack = plan.tap_packing ? "read_" : "";
    const std::vector<Connection> rest = {{"structured_i", structured(plan)},
                                          {"listed_i", plan.block > 0 ? "compute_listed" : "1'b0"},
                                          {"entry_i", "entry"},
                                          {"entry_read_o", "entry_read"},
                                          {"entry_addr_o", "entry_addr"},
                                          {"mode_i", late ? "compute_mode" : "2'd0"},
                                          {"emit_i", plan.depthwise ? "window_emit" : "2'b11"},
                                          {"pack_i", plan.tap_packing ? "pack" : "4'd0"},
                                          {"side_i", late ? "side" : "1'b0"},
                                          {"nest_o", "nest"},
                                          {"request_o", "array_request"},
                                          {"grant_i", "array_grant"},
                                          {"addr_o", "array_addr"},
                                          {"need_lo_o", "array_need_lo"},
                                          {"need_hi_o", "array_need_hi"},
                                          {"range_error_o", pack + "sequencer_range_error"},
                                          {"request_index_o", pack + "array_index"},
                                          {"weight_starved_i", weight_starved(plan)},
                                          {"step_read_o", "step_read"},
                                          {"step_side_o", "step_side"},
                                          {"step_o", late ? "read_step" : "step"},
                                          {"step_offset_o", "step_offset"},
                                          {"step_first_lane_o", "step_first_lane"},
                                          {"step_end_lane_o", "step_end_lane"},
                                          {"step_zero_point_o", "step_zero_point"},
                                          {"step_structured_o", "step_structured"},
                                          {"retire_i", "retire"},
                                          {"running_o", "compute_running"},
                                          {"idle_o", "unit_idle[1]"},
                                          {"held_o", "array_held"},
                                          {"stepping_o", pack + "stepping"}};
    sequencer.ports.insert(sequencer.ports.end(), rest.begin(), rest.end());
    return sequencer.text() + "\n";
}

std::string align_instance(const plan::Plan& plan) {
    return Instance{"",
                    "aw_align",
                    "u_align",
                    {{"ROWS", number(plan.rows)},
                     {"WIDE", number(plan.wide_rows())},
                     {"GROUP_N", number(plan.group_n)},
                     {"GROUP_M", number(plan.group_m)},
                     {"WORD_BYTES", number(plan.word_bytes)},
                     {"LANE_BITS", number(plan.lane_count_bits)},
                     {"BITS", number(plan.lane_value_bits())}},
                    {{"clk", "clk"},
                     {"words_i", "array_words"},
                     {"offset_i", "step_offset"},
                     {"first_i", "step_first_lane"},
                     {"end_i", "step_end_lane"},
                     {"zero_point_i", "step_zero_point"},
                     {"structured_i", "step_structured"},
                     {"vector_o", "activation_vector"}}}
        .text();
}

/// What a gated array needs beside its operands, and what it tells.
std::string gating_section(const plan::Plan& plan) {
    const std::string unused = "    wire unused_live = &{1'b0, live};\n";
    if (!plan.zero_gating) {
        return "    // Multipliers always work.\n"
               "    assign lanes_valid = " +
               fmt::format("{{{}{{1'b1}}}}", plan.cols) + ";\n" +
               (plan.counters ? "    assign live_macs   = 48'd0;\n" : "") + unused;
    }
    const int32_t levels = plan::ceil_log2(plan.rows * plan.cols);
    // The vector comes two cycles after its step: align; window and packer move the step itself.
    // Columns beyond those in use hold old weights.
    const std::string all = fmt::format("{{{}{{1'b1}}}}", plan.cols);
    return wires(
               {{1, "step_arrives", ""},
                {plan.cols, "cols_in_use",
                 fmt::format("~({} << {})", all, slice("step", kTagBits, plan.column_count_bits))},
                {plan.cols, "cols_arrive", ""}}) +
           delay_reset_instance("u_step_arrives", 2,
                                fmt::format("step[{}]", StepLayout(plan).valid), "step_arrives") +
           delay_instance("u_cols_arrive", plan.cols, 2, "cols_in_use", "cols_arrive") +
           fmt::format("    assign lanes_valid = cols_arrive & {{{}{{step_arrives}}}};\n",
                       plan.cols) +
           (!plan.counters ? unused
                           : Instance{because(plan, plan.spec.lines.zero_gating,
                                              "sparsity.zero_gating = true"),
                                      "aw_live_count",
                                      "u_live_count",
                                      {{"MULTIPLIERS", number(plan.rows * plan.cols)},
                                       {"LEVELS", number(levels)},
                                       {"COUNTER_BITS", "48"}},
                                      {{"clk", "clk"},
                                       {"rst_n", "rst_n"},
                                       {"clear_i", "run_clears"},
                                       {"live_i", "live"},
                                       {"count_o", "live_macs"}}}
                                 .text());
}

std::string array_section(const plan::Plan& plan) {
    std::string out = section("array");
    out += wires({{plan.cols * plan.sum_bits, "sums", ""},
                  {plan.rows * plan.cols, "live", ""},
                  {plan.cols, "lanes_valid", ""}});
    if (plan.block == 0) {
        out +=
            "    assign entry = 16'd0;                    // no lists of weight tiles\n"
            "    wire unused_entry = &{1'b0, entry_read, entry_addr};\n";
    }
    const std::string why =
        because(plan, plan.spec.lines.rows, fmt::format("array = {} x {}", plan.rows, plan.cols));
    if (plan.weight_stationary) {
        out += wires({{1, "weight_load", ""}, {1, "weight_swap", ""}});
        out += delay_reset_instance("u_weight_load", 1, "weight_read", "weight_load");
        out += delay_reset_instance("u_weight_swap", 2, "weight_read", "weight_swap");
        out += Instance{why,
                        "aw_array_weight_stationary",
                        "u_array",
                        {{"ROWS", number(plan.rows)},
                         {"COLS", number(plan.cols)},
                         {"SUM_BITS", number(plan.sum_bits)},
                         {"WIDE", number(plan.wide_rows())},
                         {"GROUP_N", number(plan.group_n)},
                         {"GROUP_M", number(plan.group_m)},
                         {"COL_BITS", number(plan.weight_column_bits())},
                         {"BITS", number(plan.lane_value_bits())},
                         {"GATED", plan.zero_gating ? "1" : "0"},
                         {"PRODUCT_REGISTER", plan.product_register ? "1" : "0"}},
                        {{"clk", "clk"},
                         {"rst_n", "unit_rst_n"},
                         {"load_i", "weight_load"},
                         {"weights_i", "weight_tile"},
                         {"swap_i", "weight_swap"},
                         {"valid_i", "lanes_valid"},
                         {"vector_i", "activation_vector"},
                         {"sums_o", "sums"},
                         {"live_o", "live"}}}
                   .text();
    } else {
        if (plan.structured()) {
            out += wires({{rest_bits(plan), "rest_vector", ""}});
            const std::string rest =
                slice("activation_vector", plan.rows * plan.lane_value_bits(), rest_bits(plan));
            out += plan.has_window_stage()
                       ? delay_instance("u_rest_vector", rest_bits(plan), 1, rest, "rest_vector")
                       : fmt::format("    assign rest_vector = {};\n", rest);
        }
        out += Instance{why,
                        "aw_array_broadcast",
                        "u_array",
                        {{"ROWS", number(plan.rows)},
                         {"COLS", number(plan.cols)},
                         {"LEVELS", number(plan.tree_levels)},
                         {"SUM_BITS", number(plan.sum_bits)},
                         {"VECTORS", number(plan.depthwise ? plan.cols : 1)},
                         {"GROUP_N", number(plan.group_n)},
                         {"GROUP_M", number(plan.group_m)},
                         {"COL_BITS", number(plan.weight_column_bits())},
                         {"REST_BITS", number(std::max(8, rest_bits(plan)))},
                         {"BITS", number(plan.lane_value_bits())}},
                        {{"clk", "clk"},
                         {"valid_i", "lanes_valid"},
                         {"vector_i", plan.has_window_stage() ? "array_vector" : own_lanes(plan)},
                         {"rest_i", plan.structured() ? "rest_vector" : "8'd0"},
                         {"weights_i", "weight_tile"},
                         {"sums_o", "sums"},
                         {"live_o", "live"}}}
                   .text();
    }
    return out + gating_section(plan);
}

/// Delays what describes a step until its sums leave the array.
std::string chunk_section(const plan::Plan& plan) {
    std::string out = section("accumulators");
    // The buffer is read ahead of the chunk: one cycle, or two when the data is registered.
    const int32_t ahead = plan.weight_stationary ? 2 : 1;
    const int32_t early = plan.sum_latency_cycles - ahead;
    const int32_t addr = plan.accumulator_address_bits;
    const int32_t early_bits = 2 + addr;
    const StepLayout step(plan);
    out += wires({{1, "early_valid", ""},
                  {1, "early_first", ""},
                  {1, "early_init", ""},
                  {addr, "early_acc_addr", ""},
                  {1, "chunk_valid", ""},
                  {1, "chunk_first", ""},
                  {1, "chunk_init", ""},
                  {addr, "chunk_acc_addr", ""},
                  {1, "chunk_last", ""},
                  {1, "chunk_end", ""},
                  {4, "chunk_signal", ""},
                  {plan.column_count_bits, "chunk_cols", ""},
                  {80, "chunk_tag", ""},
                  {1, "chunk_done", ""},
                  {plan.cols, "array_overflow", ""},
                  {80, "array_overflow_tag", ""}});
    out += delay_reset_instance("u_early_valid", early, fmt::format("step[{}]", step.valid),
                                "early_valid");
    out += delay_instance("u_early", early_bits, early, slice("step", step.acc, early_bits),
                          "{early_first, early_init, early_acc_addr}");
    out += delay_reset_instance("u_chunk_valid", ahead, "early_valid", "chunk_valid");
    out += delay_instance("u_chunk_early", early_bits, ahead,
                          "{early_first, early_init, early_acc_addr}",
                          "{chunk_first, chunk_init, chunk_acc_addr}");
    out += delay_instance("u_chunk", step.acc, plan.sum_latency_cycles, low_bits("step", step.acc),
                          "{chunk_last, chunk_end, chunk_signal, chunk_cols, chunk_tag}");
    return out;
}

/// Ends a command: its tokens are given once its last sum can be read.
std::string chunk_done_section() {
    std::string out;
    out += "    assign retire = chunk_valid;\n";
    // The last write may wait one cycle; only then may the vector unit read.
    out +=
        "    reg [3:0] compute_gives_q;\n    reg       chunk_done_q;\n"
        "    always @(posedge clk) begin\n"
        "        compute_gives_q <= chunk_signal;\n"
        "        chunk_done_q    <= unit_rst_n && chunk_valid && chunk_end;\n    end\n";
    out += delay_reset_instance("u_chunk_done", 1, "chunk_done_q", "chunk_done");
    out +=
        "    reg [3:0] compute_gives_qq;\n    always @(posedge clk) compute_gives_qq <= "
        "compute_gives_q;\n"
        "    assign compute_gives = chunk_done ? compute_gives_qq : 4'd0;\n";
    return out;
}

std::string accumulate_instance(const plan::Plan& plan) {
    Instance accumulate{
        because(plan, plan.spec.lines.accumulator_bits,
                fmt::format("arithmetic.accumulator_bits = {}", plan.accumulator_bits)),
        plan.weight_stationary ? "aw_accumulate_weight_stationary" : "aw_accumulate_broadcast",
        "u_accumulate",
        {{"COLS", number(plan.cols)},
         {"SUM_BITS", number(plan.sum_bits)},
         {"ACC_BITS", number(plan.accumulator_bits)},
         {"SATURATE", plan.spec.arithmetic.on_overflow == spec::OnOverflow::kSaturate ? "1" : "0"},
         {"ADDR_BITS", number(plan.accumulator_address_bits)},
         {"COL_COUNT_BITS", number(plan.column_count_bits)},
         {"TAG_BITS", "80"}},
        {{"clk", "clk"},
         {"rst_n", "unit_rst_n"},
         {"early_valid_i", "early_valid"},
         {"early_first_i", "early_first"},
         {"early_init_i", "early_init"},
         {"early_addr_i", "early_acc_addr"},
         {"valid_i", "chunk_valid"},
         {"first_i", "chunk_first"},
         {"init_i", "chunk_init"}}};
    if (!plan.weight_stationary) accumulate.ports.emplace_back("last_i", "chunk_last");
    const std::vector<Connection> rest = {{"addr_i", "chunk_acc_addr"},
                                          {"sums_i", "sums"},
                                          {"cols_i", "chunk_cols"},
                                          {"tag_i", "chunk_tag"},
                                          {"read_o", "acc_read"},
                                          {"read_addr_o", "acc_read_addr"},
                                          {"read_data_i", "acc_read_data"},
                                          {"write_o", "acc_write"},
                                          {"write_addr_o", "acc_write_addr"},
                                          {"write_data_o", "acc_write_data"},
                                          {"overflow_o", "array_overflow"},
                                          {"overflow_tag_o", "array_overflow_tag"}};
    accumulate.ports.insert(accumulate.ports.end(), rest.begin(), rest.end());
    std::string out = accumulate.text();
    if (plan.weight_stationary) {
        out +=
            "    // Every chunk is written back, so the last one of a position needs no mark.\n"
            "    wire unused_last = &{1'b0, chunk_last};\n";
    }
    return out;
}
}  // namespace

std::string top_array(const plan::Plan& plan) {
    return sequencer_section(plan) + top_nest(plan) + sequencer_instance(plan) +
           align_instance(plan) + top_window(plan) + array_section(plan) + chunk_section(plan) +
           accumulate_instance(plan) + chunk_done_section();
}
}  // namespace arraywright::emit
