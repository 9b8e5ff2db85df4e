// Top module: buffers, array, vector unit. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "generator/emit/top.hpp"
#include "generator/emit/verilog.hpp"

namespace arraywright::emit {

namespace {

std::string number(int64_t value) {
    return std::to_string(value);
}

std::string low_bits(const std::string& name, int32_t bits) {
    return fmt::format("{}[{}:0]", name, bits - 1);
}

std::string activation_section(const plan::Plan& plan) {
    const int32_t bits = plan.activation_address_bits;
    std::string out = section("activation buffer");
    out += wires({{1, "array_request", ""},
                  {1, "array_grant", ""},
                  {bits, "array_addr", ""},
                  {1, "array_need_lo", ""},
                  {1, "array_need_hi", ""},
                  {2 * plan.word_bytes * 8, "array_words", ""},
                  {1, "vector_write_request", ""},
                  {1, "vector_write_grant", ""},
                  {bits, "vector_write_addr", ""},
                  {plan.vector_out_bytes, "vector_write_mask", ""},
                  {plan.vector_out_bytes * 8, "vector_write_data", ""},
                  {4, "activation_range_error", ""}});
    Instance buffer{
        because(plan, plan.spec.lines.activation_kib,
                fmt::format("buffers.activation_kib = {}", plan.spec.buffers.activation_kib)),
        "aw_activation_buffer",
        "u_activation_buffer",
        {{"WORD_BYTES", number(plan.word_bytes)},
         {"BUS_BYTES", number(plan.bus_bytes)},
         {"VECTOR_BYTES", number(plan.vector_out_bytes)},
         {"ADDR_BITS", number(bits)},
         {"GROUPS", number(plan.activation.groups)},
         {"GROUP_ROWS", number(plan.activation.group_rows)},
         {"LAST_ROWS", number(plan.activation.last_rows)}},
        {{"clk", "clk"},
         {"rst_n", "unit_rst_n"},
         {"array_request_i", "array_request"},
         {"array_grant_o", "array_grant"},
         {"array_addr_i", "array_addr"},
         {"array_need_lo_i", "array_need_lo"},
         {"array_need_hi_i", "array_need_hi"},
         {"array_data_o", "array_words"},
         {"load_request_i", "act_load_request"},
         {"load_grant_o", "act_load_grant"},
         {"load_addr_i", low_bits("load_write_addr", bits)},
         {"load_mask_i", "act_load_mask"},
         {"load_data_i", "load_write_data"},
         {"vector_request_i", "vector_write_request"},
         {"vector_grant_o", "vector_write_grant"},
         {"vector_addr_i", "vector_write_addr"},
         {"vector_mask_i", "vector_write_mask"},
         {"vector_data_i", "vector_write_data"},
         {"store_request_i", "act_store_request"},
         {"store_grant_o", "act_store_grant"},
         {"store_addr_i", low_bits("act_store_addr", bits)},
         {"store_data_o", "act_store_data"},
         {"range_error_o", "activation_range_error"}}};
    return out + buffer.text();
}

std::string weight_section(const plan::Plan& plan) {
    const int32_t bits = plan.weight_address_bits;
    std::string out = section("weight buffer");
    out += wires({{1, "weight_read", ""},
                  {bits, "weight_read_addr", ""},
                  {plan.rows * plan.cols * 8, "weight_tile", ""},
                  {1, "weight_starved", ""},
                  {1, "weight_range_error", ""}});
    out += Instance{because(plan, plan.spec.lines.weight_kib,
                            fmt::format("buffers.weight_kib = {}: {} tiles",
                                        plan.spec.buffers.weight_kib, plan.weight_tiles)),
                    "aw_weight_buffer",
                    "u_weight_buffer",
                    {{"ROWS", number(plan.rows)},
                     {"COLS", number(plan.cols)},
                     {"WRITE_COLS", number(plan.write_cols)},
                     {"ADDR_BITS", number(bits)},
                     {"GROUPS", number(plan.weight.groups)},
                     {"GROUP_TILES", number(plan.weight.group_rows)},
                     {"LAST_TILES", number(plan.weight.last_rows)},
                     {"SKEW", plan.weight_stationary ? "1" : "0"}},
                    {{"clk", "clk"},
                     {"rst_n", "unit_rst_n"},
                     {"read_i", "weight_read"},
                     {"read_addr_i", "weight_read_addr"},
                     {"read_data_o", "weight_tile"},
                     {"write_request_i", "weight_request"},
                     {"write_grant_o", "weight_grant"},
                     {"write_addr_i", low_bits("weight_write_addr", bits)},
                     {"write_cols_i", "weight_cols"},
                     {"write_data_i", "weight_write_data"},
                     {"starved_o", "weight_starved"},
                     {"write_range_error_o", "weight_range_error"}}}
               .text();
    return out;
}

std::string accumulator_section(const plan::Plan& plan) {
    const int32_t bits = plan.accumulator_address_bits;
    const int32_t word = plan.cols * plan.accumulator_bits;
    std::string out = section("accumulator buffer");
    out += wires({{1, "acc_read", ""},
                  {bits, "acc_read_addr", ""},
                  {word, "acc_read_data", ""},
                  {1, "acc_write", ""},
                  {bits, "acc_write_addr", ""},
                  {word, "acc_write_data", ""},
                  {1, "acc_vector_request", ""},
                  {1, "acc_vector_grant", ""},
                  {bits, "acc_vector_addr", ""},
                  {word, "acc_vector_data", ""},
                  {1, "acc_range_error", ""}});
    out += Instance{because(plan, plan.spec.lines.accumulator_kib,
                            fmt::format("buffers.accumulator_kib = {}: {} positions of {} sums",
                                        plan.spec.buffers.accumulator_kib, plan.accumulator_words,
                                        plan.cols)),
                    "aw_accumulator_buffer",
                    "u_accumulator_buffer",
                    {{"WORD_BITS", number(word)},
                     {"ADDR_BITS", number(bits)},
                     {"GROUPS", number(plan.accumulator.groups)},
                     {"GROUP_ROWS", number(plan.accumulator.group_rows)},
                     {"LAST_ROWS", number(plan.accumulator.last_rows)}},
                    {{"clk", "clk"},
                     {"array_read_i", "acc_read"},
                     {"array_read_addr_i", "acc_read_addr"},
                     {"array_data_o", "acc_read_data"},
                     {"array_write_i", "acc_write"},
                     {"array_write_addr_i", "acc_write_addr"},
                     {"array_write_data_i", "acc_write_data"},
                     {"vector_request_i", "acc_vector_request"},
                     {"vector_grant_o", "acc_vector_grant"},
                     {"vector_addr_i", "acc_vector_addr"},
                     {"vector_data_o", "acc_vector_data"},
                     {"vector_range_error_o", "acc_range_error"}}}
               .text();
    return out;
}

std::string parameter_section(const plan::Plan& plan) {
    const int32_t bits = plan.parameter_address_bits;
    std::string out = section("parameter tables");
    out += wires({{2, "parameter_read", ""},
                  {2, "parameter_read_grant", ""},
                  {bits, "bias_addr", ""},
                  {bits, "scale_addr", ""},
                  {plan.bias_row_bytes * 8, "bias_row_data", ""},
                  {plan.scale_row_bytes * 8, "scale_row_data", ""},
                  {2, "parameter_read_range_error", ""},
                  {2, "parameter_write_range_error", ""}});
    for (int32_t table = 0; table < 2; ++table) {
        const std::string name = table == 0 ? "bias" : "scale";
        const auto bit = [table](const char* wire) { return fmt::format("{}[{}]", wire, table); };
        out +=
            Instance{
                table == 0 ? "Bias: 32 bits a lane"
                           : "Scale: multiplier and exponent, 40 bits a lane",
                "aw_parameter_table",
                "u_" + name + "_table",
                {{"ROW_BYTES", number(table == 0 ? plan.bias_row_bytes : plan.scale_row_bytes)},
                 {"DEPTH", number(plan.parameter_rows)},
                 {"ADDR_BITS", number(bits)},
                 {"BUS_BYTES", number(plan.bus_bytes)},
                 {"BEAT_BITS", number(plan.parameter_beat_bits)}},
                {{"clk", "clk"},
                 {"rst_n", "unit_rst_n"},
                 {"read_request_i", bit("parameter_read")},
                 {"read_grant_o", bit("parameter_read_grant")},
                 {"read_addr_i", name + "_addr"},
                 {"read_data_o", name + "_row_data"},
                 {"write_request_i", bit("parameter_request")},
                 {"write_grant_o", bit("parameter_grant")},
                 {"write_addr_i", low_bits("load_write_addr", bits)},
                 {"write_beat_i", "parameter_beat"},
                 {"write_data_i", "load_write_data"},
                 {"read_range_error_o", bit("parameter_read_range_error")},
                 {"write_range_error_o", bit("parameter_write_range_error")}}}
                .text();
        if (table == 0) out += "\n";
    }
    return out;
}

std::string errors_section(const plan::Plan& plan) {
    std::string out = section("command errors: store, vector, compute, load");
    const auto entry = [&plan](int32_t index, const std::string& range, const std::string& field,
                               const std::string& command) {
        return fmt::format(
            "    assign command_error[{0}] = {1};\n    assign command_error_code[{2}:{3}] = {4};\n"
            "    assign command_error_index[{5}:{6}] = {7};\n",
            index, field.empty() ? range : range + " || " + field, index * 4 + 3, index * 4,
            field.empty() ? "4'd4" : fmt::format("({}) ? 4'd2 : 4'd4", field),
            (index + 1) * plan.index_bits - 1, index * plan.index_bits, command);
    };
    out += "    // BUFFER_RANGE, or BAD_FIELD where bus and buffer address disagree\n";
    out += wires(
        {{1, "load_range_error",
          "activation_range_error[1] || weight_range_error || (|parameter_write_range_error)"},
         {1, "vector_range_error",
          "activation_range_error[2] || acc_range_error || (|parameter_read_range_error)"},
         {1, "compute_range_error", "activation_range_error[0] || sequencer_range_error"}});
    out += entry(1, "load_range_error", "load_field_error",
                 "load_field_error ? load_index : load_write_index");
    out += entry(2, "compute_range_error", "", "array_index");
    out += entry(3, "vector_range_error", "", "vector_issue_index");
    out += entry(4, "activation_range_error[3]", "store_field_error",
                 "store_field_error ? store_index : store_read_index");
    return out;
}

std::string sequencer_section(const plan::Plan& plan) {
    std::string out = section("sequencer and window");
    int32_t offset_bits = 0;
    while ((1 << offset_bits) < plan.word_bytes) ++offset_bits;
    out += wires({{plan.index_bits, "array_index", ""},
                  {1, "sequencer_range_error", ""},
                  {1, "step_valid", ""},
                  {offset_bits, "step_offset", ""},
                  {plan.lane_count_bits, "step_first_lane", ""},
                  {plan.lane_count_bits, "step_end_lane", ""},
                  {8, "step_zero_point", ""},
                  {1, "step_first", ""},
                  {1, "step_init", ""},
                  {1, "step_last", ""},
                  {plan.accumulator_address_bits, "step_acc_addr", ""},
                  {1, "step_end", ""},
                  {4, "step_signal", ""},
                  {plan.column_count_bits, "step_cols", ""},
                  {80, "step_tag", ""},
                  {1, "retire", ""},
                  {plan.rows * 8, "activation_vector", ""},
                  {1, "compute_waiting", "compute_valid && !unit_start[1] && !compute_running"},
                  {1, "compute_running", ""}});
    Instance sequencer{because(plan, plan.spec.lines.dataflow,
                               std::string("array.dataflow = ") +
                                   (plan.weight_stationary ? "weight_stationary" : "broadcast")),
                       "aw_sequencer",
                       "u_sequencer",
                       {{"ROWS", number(plan.rows)},
                        {"COLS", number(plan.cols)},
                        {"WEIGHT_STATIONARY", plan.weight_stationary ? "1" : "0"},
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
    const std::vector<Connection> rest = {{"request_o", "array_request"},
                                          {"grant_i", "array_grant"},
                                          {"addr_o", "array_addr"},
                                          {"need_lo_o", "array_need_lo"},
                                          {"need_hi_o", "array_need_hi"},
                                          {"range_error_o", "sequencer_range_error"},
                                          {"request_index_o", "array_index"},
                                          {"weight_starved_i", "weight_starved"},
                                          {"step_valid_o", "step_valid"},
                                          {"step_offset_o", "step_offset"},
                                          {"step_first_lane_o", "step_first_lane"},
                                          {"step_end_lane_o", "step_end_lane"},
                                          {"step_zero_point_o", "step_zero_point"},
                                          {"weight_read_o", "weight_read"},
                                          {"weight_addr_o", "weight_read_addr"},
                                          {"step_first_o", "step_first"},
                                          {"step_init_o", "step_init"},
                                          {"step_last_o", "step_last"},
                                          {"step_acc_addr_o", "step_acc_addr"},
                                          {"step_end_o", "step_end"},
                                          {"step_signal_o", "step_signal"},
                                          {"step_tag_o", "step_tag"},
                                          {"step_cols_o", "step_cols"},
                                          {"retire_i", "retire"},
                                          {"running_o", "compute_running"},
                                          {"idle_o", "unit_idle[1]"},
                                          {"stepping_o", "stepping"}};
    sequencer.ports.insert(sequencer.ports.end(), rest.begin(), rest.end());
    out += sequencer.text() + "\n";
    out += Instance{"",
                    "aw_align",
                    "u_align",
                    {{"ROWS", number(plan.rows)},
                     {"WORD_BYTES", number(plan.word_bytes)},
                     {"LANE_BITS", number(plan.lane_count_bits)}},
                    {{"clk", "clk"},
                     {"words_i", "array_words"},
                     {"offset_i", "step_offset"},
                     {"first_i", "step_first_lane"},
                     {"end_i", "step_end_lane"},
                     {"zero_point_i", "step_zero_point"},
                     {"vector_o", "activation_vector"}}}
               .text();
    return out;
}

std::string array_section(const plan::Plan& plan) {
    std::string out = section("array");
    out += wires({{plan.cols * plan.sum_bits, "sums", ""}});
    const std::string why =
        because(plan, plan.spec.lines.rows, fmt::format("array = {} x {}", plan.rows, plan.cols));
    if (plan.weight_stationary) {
        out += wires({{1, "weight_load", ""}, {1, "weight_swap", ""}});
        const auto delay = [](const char* name, int32_t cycles, const char* target) {
            return Instance{"",
                            "aw_delay_reset",
                            name,
                            {{"CYCLES", number(cycles)}},
                            {{"clk", "clk"},
                             {"rst_n", "unit_rst_n"},
                             {"in_data", "weight_read"},
                             {"out_data", target}}}
                .text();
        };
        out += delay("u_weight_load", 1, "weight_load") + delay("u_weight_swap", 2, "weight_swap");
        out += Instance{why,
                        "aw_array_weight_stationary",
                        "u_array",
                        {{"ROWS", number(plan.rows)},
                         {"COLS", number(plan.cols)},
                         {"SUM_BITS", number(plan.sum_bits)}},
                        {{"clk", "clk"},
                         {"rst_n", "unit_rst_n"},
                         {"load_i", "weight_load"},
                         {"weights_i", "weight_tile"},
                         {"swap_i", "weight_swap"},
                         {"vector_i", "activation_vector"},
                         {"sums_o", "sums"}}}
                   .text();
    } else {
        out += Instance{why,
                        "aw_array_broadcast",
                        "u_array",
                        {{"ROWS", number(plan.rows)},
                         {"COLS", number(plan.cols)},
                         {"LEVELS", number(plan.tree_levels)},
                         {"SUM_BITS", number(plan.sum_bits)}},
                        {{"clk", "clk"},
                         {"vector_i", "activation_vector"},
                         {"weights_i", "weight_tile"},
                         {"sums_o", "sums"}}}
                   .text();
    }
    return out;
}

std::string accumulate_section(const plan::Plan& plan) {
    std::string out = section("accumulators");
    // The buffer is read ahead of the chunk: one cycle, or two when the data is registered.
    const int32_t ahead = plan.weight_stationary ? 2 : 1;
    const int32_t early = plan.sum_latency_cycles - ahead;
    const int32_t addr = plan.accumulator_address_bits;
    const int32_t early_bits = 2 + addr;
    const int32_t rest_bits = 1 + 1 + 4 + plan.column_count_bits + 80;
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
    const auto valid = [](const std::string& name, int32_t cycles, const std::string& in,
                          const std::string& to) {
        return Instance{
            "",
            "aw_delay_reset",
            name,
            {{"CYCLES", number(cycles)}},
            {{"clk", "clk"}, {"rst_n", "unit_rst_n"}, {"in_data", in}, {"out_data", to}}}
            .text();
    };
    const auto data = [](const std::string& name, int32_t width, int32_t cycles,
                         const std::string& in, const std::string& to) {
        return Instance{"",
                        "aw_delay",
                        name,
                        {{"WIDTH", number(width)}, {"CYCLES", number(cycles)}},
                        {{"clk", "clk"}, {"in_data", in}, {"out_data", to}}}
            .text();
    };
    out += valid("u_early_valid", early, "step_valid", "early_valid");
    out += data("u_early", early_bits, early, "{step_first, step_init, step_acc_addr}",
                "{early_first, early_init, early_acc_addr}");
    out += valid("u_chunk_valid", ahead, "early_valid", "chunk_valid");
    out += data("u_chunk_early", early_bits, ahead, "{early_first, early_init, early_acc_addr}",
                "{chunk_first, chunk_init, chunk_acc_addr}");
    out += data("u_chunk", rest_bits, plan.sum_latency_cycles,
                "{step_last, step_end, step_signal, step_cols, step_tag}",
                "{chunk_last, chunk_end, chunk_signal, chunk_cols, chunk_tag}");
    Instance accumulate{
        because(plan, plan.spec.lines.accumulator_bits,
                fmt::format("arithmetic.accumulator_bits = {}", plan.accumulator_bits)),
        plan.weight_stationary ? "aw_accumulate_weight_stationary" : "aw_accumulate_broadcast",
        "u_accumulate",
        {{"COLS", number(plan.cols)},
         {"SUM_BITS", number(plan.sum_bits)},
         {"ACC_BITS", number(plan.accumulator_bits)},
         {"SATURATE", plan.spec.arithmetic.on_overflow == spec::OnOverflow::kSaturate ? "1" : "0"},
         {"ADDR_BITS", number(addr)},
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
    out += accumulate.text();
    if (plan.weight_stationary) {
        out +=
            "    // Every chunk is written back, so the last one of a position needs no mark.\n"
            "    wire unused_last = &{1'b0, chunk_last};\n";
    }
    out += "    assign retire = chunk_valid;\n";
    // The last write may wait one cycle; only then may the vector unit read.
    out +=
        "    reg [3:0] compute_gives_q;\n    reg       chunk_done_q;\n"
        "    always @(posedge clk) begin\n"
        "        compute_gives_q <= chunk_signal;\n"
        "        chunk_done_q    <= unit_rst_n && chunk_valid && chunk_end;\n    end\n";
    out += valid("u_chunk_done", 1, "chunk_done_q", "chunk_done");
    out +=
        "    reg [3:0] compute_gives_qq;\n    always @(posedge clk) compute_gives_qq <= "
        "compute_gives_q;\n"
        "    assign compute_gives = chunk_done ? compute_gives_qq : 4'd0;\n";
    return out;
}

}  // namespace

std::string top_buffers(const plan::Plan& plan) {
    return activation_section(plan) + weight_section(plan) + accumulator_section(plan) +
           parameter_section(plan);
}

std::string top_array(const plan::Plan& plan) {
    return sequencer_section(plan) + array_section(plan) + accumulate_section(plan);
}

std::string top_vector(const plan::Plan& plan) {
    std::string out = section("vector unit");
    out += wires({{plan.lanes, "bias_overflow", ""},
                  {80, "bias_overflow_tag", ""},
                  {plan.index_bits, "vector_issue_index", ""}});
    Instance vector{
        because(plan, plan.spec.lines.lanes, fmt::format("vector.lanes = {}", plan.lanes)),
        "aw_vector",
        "u_vector",
        {{"COLS", number(plan.cols)},
         {"LANES", number(plan.lanes)},
         {"RAW_LANES", number(plan.raw_lanes)},
         {"OUT_BYTES", number(plan.vector_out_bytes)},
         {"ACC_BITS", number(plan.accumulator_bits)},
         {"SATURATE", plan.spec.arithmetic.on_overflow == spec::OnOverflow::kSaturate ? "1" : "0"},
         {"ACC_ADDR_BITS", number(plan.accumulator_address_bits)},
         {"ADDR_BITS", number(plan.activation_address_bits)},
         {"PARAM_BITS", number(plan.parameter_address_bits)},
         {"INDEX_BITS", number(plan.index_bits)},
         {"TAG_BITS", "80"}},
        {{"clk", "clk"},
         {"rst_n", "unit_rst_n"},
         {"halt_i", "halt"},
         {"command_valid", "vector_valid"},
         {"command_ready", "vector_ready"},
         {"tokens_ok_i", "tokens_ok[2]"},
         {"start_o", "unit_start[2]"}}};
    for (const char* field :
         {"signal",        "index",      "layer",    "acc_addr",    "count_x",   "count_y",
          "count_n",       "last_cols",  "use_bias", "per_channel", "raw",       "out_addr",
          "x_pitch",       "y_pitch",    "n_pitch",  "bias_row",    "scale_row", "multiplier",
          "exponent",      "zero_point", "minimum",  "maximum",     "pos_start", "pos_pitch",
          "channel_start", "step"}) {
        vector.ports.emplace_back(fmt::format("{}_i", field), fmt::format("vector_{}", field));
    }
    const std::vector<Connection> rest = {{"signal_o", "vector_gives"},
                                          {"idle_o", "unit_idle[2]"},
                                          {"acc_request_o", "acc_vector_request"},
                                          {"acc_grant_i", "acc_vector_grant"},
                                          {"acc_addr_o", "acc_vector_addr"},
                                          {"acc_data_i", "acc_vector_data"},
                                          {"bias_request_o", "parameter_read[0]"},
                                          {"bias_grant_i", "parameter_read_grant[0]"},
                                          {"bias_addr_o", "bias_addr"},
                                          {"bias_data_i", "bias_row_data"},
                                          {"scale_request_o", "parameter_read[1]"},
                                          {"scale_grant_i", "parameter_read_grant[1]"},
                                          {"scale_addr_o", "scale_addr"},
                                          {"scale_data_i", "scale_row_data"},
                                          {"write_request_o", "vector_write_request"},
                                          {"write_grant_i", "vector_write_grant"},
                                          {"write_addr_o", "vector_write_addr"},
                                          {"write_mask_o", "vector_write_mask"},
                                          {"write_data_o", "vector_write_data"},
                                          {"index_o", "vector_issue_index"},
                                          {"overflow_o", "bias_overflow"},
                                          {"overflow_tag_o", "bias_overflow_tag"},
                                          {"results_o", "results"}};
    vector.ports.insert(vector.ports.end(), rest.begin(), rest.end());
    out += vector.text();
    out += section("overflow monitor");
    out +=
        Instance{"",
                 "aw_overflow_monitor",
                 "u_overflow_monitor",
                 {{"COLS", number(plan.cols)}, {"LANES", number(plan.lanes)}, {"TAG_BITS", "80"}},
                 {{"clk", "clk"},
                  {"rst_n", "rst_n"},
                  {"clear_i", "run_clears"},
                  {"array_overflow_i", "array_overflow"},
                  {"array_tag_i", "array_overflow_tag"},
                  {"bias_overflow_i", "bias_overflow"},
                  {"bias_tag_i", "bias_overflow_tag"},
                  {"event_o", "overflow_event"},
                  {"sticky_o", "overflow_sticky"},
                  {"first_is_bias_o", "overflow_is_bias"},
                  {"count_o", "overflow_count"},
                  {"first_o", "overflow_first"}}}
            .text();
    return out + errors_section(plan);
}

}  // namespace arraywright::emit
