// Top module: vector unit, overflow monitor, command errors. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "generator/emit/top.hpp"
#include "generator/emit/verilog.hpp"

namespace arraywright::emit {

namespace {

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
std::string vector_section(const plan::Plan& plan) {
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
    return out + vector.text();
}

std::string overflow_section(const plan::Plan& plan) {
    std::string out = section("overflow monitor");
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
    return out;
}

}  // namespace

std::string top_vector(const plan::Plan& plan) {
    return vector_section(plan) + overflow_section(plan) + errors_section(plan);
}

}  // namespace arraywright::emit
