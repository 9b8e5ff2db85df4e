// Top module: activation, weight and accumulator buffers, tables. SPDX-License-Identifier:
// Apache-2.0
#include <fmt/format.h>

#include "generator/emit/top.hpp"
#include "generator/emit/verilog.hpp"

namespace arraywright::emit {

namespace {

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
                  {1, "operand_request", ""},
                  {1, "operand_grant", ""},
                  {bits, "operand_addr", ""},
                  {1, "operand_need_hi", ""},
                  {2 * plan.word_bytes * 8, "operand_words", ""},
                  {5, "activation_range_error", ""}});
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
         {"load_addr_i", low_bits(plan.codecs ? "act_load_addr" : "load_write_addr", bits)},
         {"load_mask_i", "act_load_mask"},
         {"load_data_i", plan.codecs ? "act_load_data" : "load_write_data"},
         {"vector_request_i", "vector_write_request"},
         {"vector_grant_o", "vector_write_grant"},
         {"vector_addr_i", "vector_write_addr"},
         {"vector_mask_i", "vector_write_mask"},
         {"vector_data_i", "vector_write_data"},
         {"store_request_i", "act_store_request"},
         {"store_grant_o", "act_store_grant"},
         {"store_addr_i", low_bits("act_store_addr", bits)},
         {"store_data_o", "act_store_data"},
         {"operand_request_i", "operand_request"},
         {"operand_grant_o", "operand_grant"},
         {"operand_addr_i", "operand_addr"},
         {"operand_need_hi_i", "operand_need_hi"},
         {"operand_data_o", "operand_words"},
         {"range_error_o", "activation_range_error"}}};
    return out + buffer.text();
}

/// How the RAMs of a weight buffer are split: by groups, or not at all where they have two ports.
std::vector<Connection> weight_rams(const plan::Plan& plan) {
    if (plan.two_port_rams) return {{"TILES", number(plan.weight_tiles)}};
    return {{"GROUPS", number(plan.weight.groups)},
            {"GROUP_TILES", number(plan.weight.group_rows)},
            {"LAST_TILES", number(plan.weight.last_rows)}};
}

Instance weight_buffer(const plan::Plan& plan, std::string why, std::string name,
                       std::vector<Connection> shape, bool skew, std::vector<Connection> ports) {
    const std::vector<Connection> rams = weight_rams(plan);
    shape.insert(shape.end(), rams.begin(), rams.end());
    shape.push_back({"SKEW", skew ? "1" : "0"});
    return {std::move(why), "aw_weight_buffer", std::move(name), std::move(shape),
            std::move(ports)};
}

std::string weight_section(const plan::Plan& plan) {
    const int32_t bits = plan.weight_address_bits;
    std::string out = section("weight buffer");
    out += wires({{1, "weight_read", ""},
                  {bits, "weight_read_addr", ""},
                  {plan.cols * plan.weight_column_bits(), "weight_tile", ""},
                  {1, "weight_starved", ""},
                  {1, "weight_range_error", ""}});
    out += weight_buffer(plan,
                         because(plan, plan.spec.lines.weight_kib,
                                 fmt::format("buffers.weight_kib = {}: {} tiles",
                                             plan.spec.buffers.weight_kib, plan.weight_tiles)),
                         "u_weight_buffer",
                         {{"COL_BITS", number(plan.weight_column_bits())},
                          {"COLS", number(plan.cols)},
                          {"WRITE_COLS", number(plan.written_cols())},
                          {"ADDR_BITS", number(bits)}},
                         plan.weight_stationary,
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
                          {"write_range_error_o", "weight_range_error"}})
               .text();
    return out;
}

/// For each weight tile of a list its chunk of the run, beside the weights.
std::string list_section(const plan::Plan& plan) {
    if (plan.block == 0) return "";
    const int32_t bits = plan.weight_address_bits;
    std::string out = section("tile lists");
    out += wires({{1, "list_starved", ""}, {1, "list_range_error", ""}});
    out +=
        weight_buffer(
            plan,
            because(plan, plan.spec.lines.block,
                    fmt::format("sparsity.block = {}", plan.spec.sparsity.block)),
            "u_tile_list",
            {{"COL_BITS", "16"}, {"COLS", "1"}, {"WRITE_COLS", "1"}, {"ADDR_BITS", number(bits)}},
            false,
            {{"clk", "clk"},
             {"rst_n", "unit_rst_n"},
             {"read_i", "entry_read"},
             {"read_addr_i", "entry_addr"},
             {"read_data_o", "entry"},
             {"write_request_i", "list_write"},
             {"write_grant_o", "list_write_grant"},
             {"write_addr_i", low_bits("list_write_addr", bits)},
             {"write_cols_i", "1'b1"},
             {"write_data_i", "list_write_data"},
             {"starved_o", "list_starved"},
             {"write_range_error_o", "list_range_error"}})
            .text();
    return out + "    wire unused_list = &{1'b0, list_write_addr};\n";
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
                     // Single-port RAMs come in pairs, of even and of odd words.
                     {plan.two_port_rams ? "GROUP_WORDS" : "GROUP_ROWS",
                      number(plan.accumulator.group_rows * (plan.two_port_rams ? 2 : 1))},
                     {plan.two_port_rams ? "LAST_WORDS" : "LAST_ROWS",
                      number(plan.accumulator.last_rows * (plan.two_port_rams ? 2 : 1))}},
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
}  // namespace

std::string top_buffers(const plan::Plan& plan) {
    return activation_section(plan) + weight_section(plan) + list_section(plan) +
           accumulator_section(plan) + parameter_section(plan);
}
}  // namespace arraywright::emit
