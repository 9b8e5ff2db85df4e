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
    // Address bits above those of a buffer: it would wrap.
    const auto beyond = [&](const std::string& request, const std::string& addr, int32_t bits) {
        if (plan.buffer_bits <= bits) return std::string();
        return fmt::format("\n        || ({} && (|{}))", request,
                           slice(addr, bits, plan.buffer_bits - bits));
    };
    std::string list = plan.block > 0 ? " || list_range_error" : "";
    const auto above = [&](const std::string& request, const std::string& addr, int32_t bits) {
        list += beyond(request, addr, bits);
    };
    above("act_load_request", plan.codecs ? "act_load_addr" : "load_write_addr",
          plan.activation_address_bits);
    above("weight_request", "weight_write_addr", plan.weight_address_bits);
    above("(|parameter_request[1:0])", "load_write_addr", plan.parameter_address_bits);
    if (plan.tables) {
        int32_t row_bits = 0;
        while ((256 / plan.bus_bytes) >> row_bits > 1) ++row_bits;
        above("parameter_request[2]", "load_write_addr", row_bits);
    }
    out += wires(
        {{1, "load_range_error",
          "activation_range_error[1] || weight_range_error || (|parameter_write_range_error)" +
              list},
         {1, "vector_range_error",
          std::string(plan.serial ? "activation_range_error[2]"
                                  : "vector_write_beyond || activation_range_error[4]") +
              " || acc_range_error || (|parameter_read_range_error)"},
         {1, "compute_range_error", "activation_range_error[0] || sequencer_range_error"}});
    out += plan.serial
               ? "    // The vector unit has the command of its writes, and reads no operands.\n"
                 "    wire unused_range = &{1'b0, activation_range_error[4]};\n"
               : "    // The vector unit tells of its writes when it issues them, while it has "
                 "their command.\n"
                 "    wire unused_range = &{1'b0, activation_range_error[2]};\n";
    if (plan.decodes_weights()) {
        out += std::string(
                   "    assign command_error[1] = load_range_error || load_field_error || "
                   "weight_data_error") +
               (plan.codecs ? " || coded_data_error" : "") +
               ";  // BAD_DATA\n"
               "    assign command_error_code[7:4] = load_field_error ? 4'd2 : load_range_error ? "
               "4'd4 : 4'd14;\n";
        out += fmt::format(
            "    assign command_error_index[{}:{}] = {} ? load_index : load_write_index;\n",
            2 * plan.index_bits - 1, plan.index_bits,
            plan.codecs ? "load_field_error || load_block_error" : "load_field_error");
    } else {
        out += entry(1, "load_range_error", "load_field_error",
                     "load_field_error ? load_index : load_write_index");
    }
    out += entry(2, "compute_range_error", "", "array_index");
    out += entry(3, "vector_range_error", "", "vector_issue_index");
    out += entry(4,
                 "activation_range_error[3]" +
                     beyond("act_store_request", "act_store_addr", plan.activation_address_bits),
                 "store_field_error", "store_field_error ? store_index : store_read_index");
    return out;
}
/// The command at the head of the queue.
std::vector<Connection> command_ports() {
    std::vector<Connection> ports = {{"command_valid", "vector_valid"},
                                     {"command_ready", "vector_ready"},
                                     {"tokens_ok_i", "tokens_ok[2]"},
                                     {"start_o", "unit_start[2]"}};
    for (const char* field :
         {"signal",        "index",      "layer",    "acc_addr",    "count_x",   "count_y",
          "count_n",       "last_cols",  "use_bias", "per_channel", "raw",       "out_addr",
          "x_pitch",       "y_pitch",    "n_pitch",  "bias_row",    "scale_row", "multiplier",
          "exponent",      "zero_point", "minimum",  "maximum",     "pos_start", "pos_pitch",
          "channel_start", "step"}) {
        ports.emplace_back(fmt::format("{}_i", field), fmt::format("vector_{}", field));
    }
    return ports;
}

/// The constants of COMBINE, tied low without it.
std::vector<Connection> combine_ports(const plan::Plan& plan) {
    const int32_t address = plan.activation_address_bits;
    const std::vector<std::pair<const char*, int32_t>> combine = {
        {"combine", 1},          {"op", 2},
        {"two_operands", 1},     {"in_addr", address},
        {"in_x_pitch", address}, {"in_y_pitch", address},
        {"count_kx", 8},         {"count_ky", 8},
        {"kx_pitch", address},   {"ky_pitch", address},
        {"zero_a", 8},           {"zero_b", 8},
        {"multiplier_a", 31},    {"multiplier_b", 31},
        {"shift_a", 5},          {"shift_b", 5}};
    std::vector<Connection> ports;
    for (const auto& [field, bits] : combine) {
        ports.emplace_back(fmt::format("{}_i", field), plan.elementwise
                                                           ? fmt::format("vector_{}", field)
                                                           : fmt::format("{}'d0", bits));
    }
    return ports;
}

/// Operands and lookup table.
std::vector<Connection> operand_ports() {
    return {{"operand_request_o", "operand_request"}, {"operand_grant_i", "operand_grant"},
            {"operand_addr_o", "operand_addr"},       {"operand_need_hi_o", "operand_need_hi"},
            {"operand_data_i", "operand_words"},      {"table_write_i", "parameter_request[2]"},
            {"table_grant_o", "parameter_grant[2]"},  {"table_addr_i", "load_write_addr[7:0]"},
            {"table_data_i", "load_write_data"}};
}

/// Sums, their parameters, and the results of them.
std::vector<Connection> result_ports(const plan::Plan& plan) {
    return {{"acc_request_o", plan.block > 0 ? "sums_request" : "acc_vector_request"},
            {"acc_grant_i", plan.block > 0 ? "sums_grant" : "acc_vector_grant"},
            {"acc_addr_o", "acc_vector_addr"},
            {"acc_data_i", plan.block > 0 ? "vector_sums" : "acc_vector_data"},
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
}

void append(std::vector<Connection>& ports, const std::vector<Connection>& more) {
    ports.insert(ports.end(), more.begin(), more.end());
}

/// Of every vector unit.
std::vector<Connection> sum_parameters(const plan::Plan& plan) {
    return {
        {"ACC_BITS", number(plan.accumulator_bits)},
        {"SATURATE", plan.spec.arithmetic.on_overflow == spec::OnOverflow::kSaturate ? "1" : "0"},
        {"ACC_ADDR_BITS", number(plan.accumulator_address_bits)},
        {"ADDR_BITS", number(plan.activation_address_bits)},
        {"PARAM_BITS", number(plan.parameter_address_bits)},
        {"INDEX_BITS", number(plan.index_bits)},
        {"TAG_BITS", "80"}};
}

Instance serial_unit(const plan::Plan& plan) {
    Instance vector{because(plan, plan.spec.lines.serial, "vector.serial = true"),
                    "aw_vector",
                    "u_vector",
                    {{"COLS", number(plan.cols)}},
                    {{"clk", "clk"}, {"rst_n", "unit_rst_n"}, {"halt_i", "halt"}}};
    append(vector.parameters, sum_parameters(plan));
    append(vector.ports, command_ports());
    append(vector.ports, {{"signal_o", "vector_gives"},
                          {"done_o", "vector_done"},
                          {"done_layer_o", "vector_done_layer"},
                          {"idle_o", "unit_idle[2]"}});
    append(vector.ports, result_ports(plan));
    return vector;
}

Instance unit_of_lanes(const plan::Plan& plan) {
    Instance vector{
        because(plan, plan.spec.lines.lanes, fmt::format("vector.lanes = {}", plan.lanes)),
        "aw_vector",
        "u_vector",
        {{"COLS", number(plan.cols)},
         {"LANES", number(plan.lanes)},
         {"RAW_LANES", number(plan.raw_lanes)},
         {"OUT_BYTES", number(plan.vector_out_bytes)},
         {"WORD_BYTES", number(plan.word_bytes)},
         {"BUS_BYTES", number(plan.bus_bytes)},
         {"ELEMENTWISE", plan.elementwise ? "1" : "0"},
         {"TABLES", plan.tables ? "1" : "0"}},
        {{"clk", "clk"},
         {"rst_n", "unit_rst_n"},
         {"halt_i", "halt"},
         {"write_beyond_o", "vector_write_beyond"}}};
    append(vector.parameters, sum_parameters(plan));
    append(vector.parameters, {{"BYTES", number(plan.activation_bytes)}});
    append(vector.ports, command_ports());
    append(vector.ports, {{"table_i", plan.tables ? "vector_table" : "1'b0"}});
    append(vector.ports, combine_ports(plan));
    append(vector.ports, {{"signal_o", "vector_gives"},
                          {"done_o", "vector_done"},
                          {"done_layer_o", "vector_done_layer"}});
    append(vector.ports, operand_ports());
    append(vector.ports, {{"idle_o", "unit_idle[2]"}});
    append(vector.ports, result_ports(plan));
    return vector;
}

std::string vector_section(const plan::Plan& plan) {
    std::string out = section("vector unit");
    std::vector<Wire> outputs = {{plan.lanes, "bias_overflow", ""},
                                 {1, "vector_write_beyond", ""},
                                 {1, "vector_done", ""},
                                 {16, "vector_done_layer", ""},
                                 {80, "bias_overflow_tag", ""},
                                 {plan.index_bits, "vector_issue_index", ""}};
    if (plan.serial) outputs.erase(outputs.begin() + 1);
    out += wires(outputs);
    if (plan.block > 0) {
        const int32_t bits = plan.cols * plan.accumulator_bits;
        out += fmt::format(
            "    // Channels without weights: nothing was added up for them, no sum is read.\n"
            "    reg  vector_empty_q;\n"
            "    always @(posedge clk) if (unit_start[2]) vector_empty_q <= vector_empty;\n"
            "    wire sums_request;\n"
            "    wire sums_grant = acc_vector_grant || vector_empty_q;\n"
            "    assign acc_vector_request = sums_request && !vector_empty_q;\n"
            "    wire [{0}:0] vector_sums = vector_empty_q ? {{{1}{{1'b0}}}} : "
            "acc_vector_data;\n\n",
            bits - 1, bits);
    }
    if (!plan.serial) return out + unit_of_lanes(plan).text();
    return out + serial_unit(plan).text() +
           fmt::format(
               "    // No operands and no lookup table.\n"
               "    assign operand_request    = 1'b0;\n"
               "    assign operand_need_hi    = 1'b0;\n"
               "    assign operand_addr       = {}'d0;\n"
               "    assign parameter_grant[2] = 1'b0;\n"
               "    wire unused_operand = &{{1'b0, operand_grant, operand_words, "
               "parameter_request[2]}};\n",
               plan.activation_address_bits);
}

std::string overflow_section(const plan::Plan& plan) {
    std::string out = section("overflow monitor");
    if (!plan.counters) {
        return out +
               Instance{because(plan, plan.spec.lines.counters, "control.counters = false"),
                        "aw_overflow_flag",
                        "u_overflow_flag",
                        {{"COLS", number(plan.cols)}, {"LANES", number(plan.lanes)}},
                        {{"clk", "clk"},
                         {"rst_n", "rst_n"},
                         {"clear_i", "run_clears"},
                         {"array_overflow_i", "array_overflow"},
                         {"bias_overflow_i", "bias_overflow"},
                         {"event_o", "overflow_event"},
                         {"sticky_o", "overflow_sticky"},
                         {"first_is_bias_o", "overflow_is_bias"}}}
                   .text() +
               "    wire unused_places = &{1'b0, array_overflow_tag, bias_overflow_tag, "
               "vector_done, vector_done_layer, array_held, loads_weights};\n";
    }
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

std::string log_section(const plan::Plan& plan) {
    if (!plan.counters) return "";
    std::string out = section("layer log");
    out += Instance{"",
                    "aw_layer_log",
                    "u_layer_log",
                    {{"DEPTH", number(plan.layer_log)}},
                    {{"clk", "clk"},
                     {"done_i", "vector_done"},
                     {"layer_i", "vector_done_layer"},
                     {"cycle_i", "cycles[31:0]"},
                     {"read_layer_i", "log_layer"},
                     {"read_cycle_o", "log_cycle"}}}
               .text();
    return out;
}

}  // namespace

std::string top_vector(const plan::Plan& plan) {
    return vector_section(plan) + overflow_section(plan) + log_section(plan) + errors_section(plan);
}

}  // namespace arraywright::emit
