// Top module: load unit, store unit, AXI read arbiter. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "generator/emit/top.hpp"
#include "generator/emit/top_codecs.hpp"
#include "generator/emit/verilog.hpp"
#include "generator/plan/bits.hpp"

namespace arraywright::emit {

namespace {

/// Connections of the command at a transfer unit's queue head.
std::vector<Connection> command_ports(const plan::Plan& plan, const std::string& unit) {
    const bool looked_up = plan.codecs && unit == "load";
    std::vector<Connection> ports = {
        {"command_valid", looked_up ? "ready_load_valid" : unit + "_valid"},
        {"running_i", unit + "_running"}};
    if (unit == "load") ports.emplace_back("start_i", "unit_start[0]");
    for (const char* field : {"signal", "index"}) {
        ports.emplace_back(fmt::format("{}_i", field), fmt::format("{}_{}", unit, field));
    }
    for (const char* field : {"valid", "ready", "address", "buffer", "end", "len", "last"})
        ports.emplace_back(fmt::format("burst_{}", field), fmt::format("{}_burst_{}", unit, field));
    return ports;
}

/// Wires between a transfer unit and its burst cutter.
std::string burst_wires(const plan::Plan& plan, const std::string& unit) {
    const int32_t offset_bits = plan::ceil_log2(plan.bus_bytes);
    return wires({{1, unit + "_running", ""},
                  {1, unit + "_burst_valid", ""},
                  {1, unit + "_burst_ready", ""},
                  {plan.address_bits, unit + "_burst_address", ""},
                  {plan.buffer_bits, unit + "_burst_buffer", ""},
                  {offset_bits, unit + "_burst_end", ""},
                  {8, unit + "_burst_len", ""},
                  {1, unit + "_burst_last", ""}});
}

/// Burst cutter of `unit`; of both transfer units for "transfer".
std::string segments_instance(const plan::Plan& plan, const std::string& unit,
                              const std::vector<Connection>& command) {
    Instance segments{"",
                      "aw_segments",
                      "u_" + unit + "_segments",
                      {{"BUS_BYTES", number(plan.bus_bytes)},
                       {"BURST_BYTES", number(plan.burst_bytes)},
                       {"ADDRESS_BITS", number(plan.address_bits)},
                       {"BUFFER_BITS", number(plan.buffer_bits)},
                       {"RUN_BITS", "24"}},
                      {{"clk", "clk"}, {"rst_n", "unit_rst_n"}, {"halt_i", "halt"}}};
    segments.ports.insert(segments.ports.end(), command.begin(), command.end());
    segments.ports.emplace_back("running_o", unit + "_running");
    for (const char* field : {"valid", "ready", "address", "buffer", "end", "len", "last"})
        segments.ports.emplace_back(fmt::format("burst_{}", field),
                                    fmt::format("{}_burst_{}", unit, field));
    return segments.text();
}

/// Transfers to bursts: a cutter for each transfer unit, or one where commands come one at a time.
std::string segments_section(const plan::Plan& plan) {
    std::string out = section("transfers to bursts");
    out += burst_wires(plan, "load") + burst_wires(plan, "store");
    if (plan.queue_depth > 0) {
        return out +
               segments_instance(
                   plan, "load",
                   {{"command_valid", plan.codecs ? "ready_load_valid" : "load_valid"},
                    {"command_ready", "load_ready"},
                    {"tokens_ok_i", "tokens_ok[0]"},
                    {"start_o", "unit_start[0]"},
                    {"transfer_i", plan.codecs ? "ready_load_transfer" : "load_transfer"}}) +
               segments_instance(plan, "store",
                                 {{"command_valid", "store_valid"},
                                  {"command_ready", "store_ready"},
                                  {"tokens_ok_i", "tokens_ok[3]"},
                                  {"start_o", "unit_start[3]"},
                                  {"transfer_i", "store_transfer"}});
    }
    out += burst_wires(plan, "transfer");
    out += wires({{1, "transfer_start", ""}, {1, "transfer_ready", ""}});
    out += segments_instance(plan, "transfer",
                             {{"command_valid", "load_valid || store_valid"},
                              {"command_ready", "transfer_ready"},
                              {"tokens_ok_i", "tokens_ok[0] && tokens_ok[3]"},
                              {"start_o", "transfer_start"},
                              // Both commands have these fields in the same place.
                              {"transfer_i", "load_transfer"}});
    out +=
        "    // Whose it is says the command, which stays when the units are halted: an offered "
        "burst stays, too.\n"
        "    assign {load_running, load_burst_valid}   = {2{command_unit[0]}} & {transfer_running, "
        "transfer_burst_valid};\n"
        "    assign {store_running, store_burst_valid} = {2{command_unit[3]}} & {transfer_running, "
        "transfer_burst_valid};\n"
        "    assign transfer_burst_ready = command_unit[0] ? load_burst_ready : "
        "store_burst_ready;\n"
        "    assign {load_ready, store_ready}          = {2{transfer_ready}};\n"
        "    assign {unit_start[3], unit_start[0]}     = {command_unit[3], command_unit[0]} & "
        "{2{transfer_start}};\n";
    for (const char* field : {"address", "buffer", "end", "len", "last"}) {
        out += fmt::format(
            "    assign {{load_burst_{0}, store_burst_{0}}} = {{2{{transfer_burst_{0}}}}};\n",
            field);
    }
    return out + "    wire unused_store_transfer = &{1'b0, store_transfer};\n";
}

/// Parameters that load and store share.
std::vector<Connection> transfer_parameters(const plan::Plan& plan) {
    return {{"ADDRESS_BITS", number(plan.address_bits)},
            {"BUS_BYTES", number(plan.bus_bytes)},
            {"OUTSTANDING", number(plan.outstanding)},
            {"BUFFER_BITS", number(plan.buffer_bits)},
            {"INDEX_BITS", number(plan.index_bits)}};
}

/// Slices of the error vectors for bus error `bus` and command error `command`.
std::vector<Connection> error_ports(const plan::Plan& plan, int32_t bus) {
    return {{"error_valid_o", fmt::format("bus_error[{}]", bus)},
            {"error_code_o", fmt::format("bus_error_code[{}:{}]", bus * 4 + 3, bus * 4)},
            {"error_address_o",
             fmt::format("bus_error_address[{}:{}]", (bus + 1) * plan.address_bits - 1,
                         bus * plan.address_bits)}};
}

/// What describes weights to their writer, from the command; absent fields are 0.
std::string weight_stream(const plan::Plan& plan) {
    if (!plan.decodes_weights()) return "load_cols";
    return fmt::format(
        "{{{}load_tiles, {}, {}, {}, {}, load_cols}}", plan.codecs ? "load_coded, " : "",
        plan.codebook > 0 ? "load_codes" : "2'd0", plan.codecs ? "load_bitmap" : "1'b0",
        plan.structured() ? "load_structured" : "1'b0", plan.block > 0 ? "load_listed" : "1'b0");
}

/// From beats to columns of the weight buffer: byte by byte, or in any stored form.
std::string weight_writer(const plan::Plan& plan) {
    const int32_t count = plan.column_count_bits;
    std::vector<Connection> parameters = {{"ROWS", number(plan.rows)},
                                          {"COLS", number(plan.cols)},
                                          {"WRITE_COLS", number(plan.write_cols)},
                                          {"BUS_BYTES", number(plan.bus_bytes)},
                                          {"BUFFER_BITS", number(plan.buffer_bits)}};
    std::vector<Connection> ports = {
        {"clk", "clk"},
        {"rst_n", "unit_rst_n"},
        {"halt_i", "halt"},
        {"in_valid",
         plan.codecs ? "weight_beat_valid && !coded_beat && !coded_busy" : "weight_beat_valid"},
        {"in_ready", plan.codecs ? "weight_decoder_ready" : "weight_beat_ready"},
        {"in_data", "load_write_data"},
        {"ends_i", "weight_ends"},
        {"bytes_i", "weight_bytes"},
        {"tile_i", "weight_tile_start"},
        {"cols_i",
         plan.weight_stream_bits() == 1 ? "weight_stream" : low_bits("weight_stream", count)},
        {"busy_o", plan.codecs ? "weight_decoder_busy" : "weight_busy"},
        {"done_o", plan.codecs ? "weight_decoder_done" : "weight_done"},
        {"request_o", "weight_request"},
        {"grant_i", "weight_grant"},
        {"addr_o", "weight_write_addr"},
        {"cols_o", "weight_cols"},
        {"data_o", "weight_write_data"}};
    if (!plan.decodes_weights()) {
        parameters.emplace_back("COL_BITS", number(count));
        return Instance{"", "aw_weight_writer", "u_weight_writer", parameters, ports}.text() +
               "    wire unused_codebook = &{1'b0, weight_codebook};   // nothing but weights\n";
    }
    const std::vector<Connection> more = {
        {"CODE_COLS", number(plan.code_cols)},    {"COUNT_BITS", number(count)},
        {"GROUP_N", number(plan.group_n)},        {"INDEX_BITS", number(plan.group_index_bits())},
        {"LISTED", plan.block > 0 ? "1" : "0"},   {"SIDE_ROWS", number(plan.block_rows())},
        {"SIDE_COLS", number(plan.block_cols())}, {"BITMAP", plan.codecs ? "1" : "0"},
        {"CODEBOOK", number(plan.codebook)}};
    parameters.insert(parameters.end(), more.begin(), more.end());
    const std::string tiles = slice("weight_stream", count + 5, plan.weight_address_bits);
    const int32_t above = plan.buffer_bits - plan.weight_address_bits;
    const std::vector<Connection> rest = {
        {"tiles_i", above > 0 ? fmt::format("{{{}'d0, {}}}", above, tiles) : tiles},
        {"format_i", slice("weight_stream", count, 5)},
        {"codebook_i", "weight_codebook"},
        {"error_o", "weight_data_error"},
        {"entry_request_o", "list_write"},
        {"entry_grant_i", "list_write_grant"},
        {"entry_addr_o", "list_write_addr"},
        {"entry_o", "list_write_data"}};
    ports.insert(ports.end(), rest.begin(), rest.end());
    std::string out = wires({{1, "weight_data_error", ""},
                             {1, "list_write", ""},
                             {1, "list_write_grant", ""},
                             {plan.buffer_bits, "list_write_addr", ""},
                             {16, "list_write_data", ""}});
    out += Instance{"Weights in the stored forms of the sparsity section", "aw_weight_decoder",
                    "u_weight_decoder", parameters, ports}
               .text();
    if (plan.block == 0) {
        out +=
            "    // No lists of weight tiles.\n    assign list_write_grant = 1'b1;\n"
            "    wire unused_list = &{1'b0, list_write, list_write_addr, list_write_data};\n";
    }
    return out;
}

std::string load_section(const plan::Plan& plan) {
    std::string out = section("load unit");
    const int32_t bus_bits = plan.bus_bytes * 8;
    const int32_t offset_bits = plan::ceil_log2(plan.bus_bytes);
    if (plan.codecs) out += coded_load(plan);
    out += wires({{1, "load_ar_valid", ""},
                  {1, "load_ar_ready", ""},
                  {plan.address_bits, "load_ar_address", ""},
                  {8, "load_ar_len", ""},
                  {1, "load_r_valid", ""},
                  {1, "load_r_ready", ""},
                  {1, "act_load_request", ""},
                  {1, "act_load_grant", ""},
                  {plan.buffer_bits, "load_write_addr", ""},
                  {plan.bus_bytes, "act_load_mask", ""},
                  {bus_bits, "load_write_data", ""},
                  {1, "weight_beat_valid", ""},
                  {1, "weight_beat_ready", ""},
                  {1, "weight_codebook", ""},
                  {2, "weight_ends", ""},
                  {offset_bits + 1, "weight_bytes", ""},
                  {plan.buffer_bits, "weight_tile_start", ""},
                  {plan.weight_stream_bits(), "weight_stream", ""},
                  {1, "weight_busy", ""},
                  {1, "weight_done", ""},
                  {1, "weight_request", ""},
                  {1, "weight_grant", ""},
                  {plan.buffer_bits, "weight_write_addr", ""},
                  {plan.cols, "weight_cols", ""},
                  {plan.written_cols() * plan.weight_column_bits(), "weight_write_data", ""},
                  {3, "parameter_request", ""},
                  {3, "parameter_grant", ""},
                  {plan.parameter_beat_bits, "parameter_beat", ""},
                  {1, "load_field_error", ""},
                  {plan.index_bits, "load_write_index", ""}});
    Instance load{because(plan, plan.spec.lines.data_bits, "bus.data_bits = " + number(bus_bits)),
                  "aw_load",
                  "u_load",
                  transfer_parameters(plan),
                  {{"clk", "clk"}, {"rst_n", "unit_rst_n"}, {"halt_i", "halt"}}};
    const std::vector<Connection> parameters = {{"STREAM_BITS", number(plan.weight_stream_bits())},
                                                {"BIAS_BYTES", number(plan.bias_row_bytes)},
                                                {"SCALE_BYTES", number(plan.scale_row_bytes)},
                                                {"BEAT_BITS", number(plan.parameter_beat_bits)}};
    load.parameters.insert(load.parameters.end(), parameters.begin(), parameters.end());
    const std::vector<Connection> command = command_ports(plan, "load");
    load.ports.insert(load.ports.end(), command.begin(), command.end());
    const std::string target =
        plan.tables || plan.codebook > 0 ? "load_target" : "{1'b0, load_target}";
    const std::vector<Connection> rest = {
        // Streams of activations take the way of weights, to a decoder of their own.
        {"target_i", plan.codecs ? "load_coded ? 3'd5 : " + target : target},
        {"stream_i", weight_stream(plan)},
        {"signal_o", "load_gives"},
        {"idle_o", "unit_idle[0]"},
        {"drained_o", "drained[1]"},
        {"weights_o", "loads_weights"},
        {"ar_valid", "load_ar_valid"},
        {"ar_ready", "load_ar_ready"},
        {"ar_address", "load_ar_address"},
        {"ar_len", "load_ar_len"},
        {"r_valid", "load_r_valid"},
        {"r_ready", "load_r_ready"},
        {"r_data", "m_axi_rdata"},
        {"r_resp", "m_axi_rresp"},
        {"r_last", "m_axi_rlast"},
        {"activation_request_o", plan.codecs ? "plain_load_request" : "act_load_request"},
        {"activation_grant_i", "act_load_grant"},
        {"write_addr_o", "load_write_addr"},
        {"activation_mask_o", plan.codecs ? "plain_load_mask" : "act_load_mask"},
        {"write_data_o", "load_write_data"},
        {"weight_valid_o", "weight_beat_valid"},
        {"weight_ready_i", "weight_beat_ready"},
        {"weight_codebook_o", "weight_codebook"},
        {"weight_ends_o", "weight_ends"},
        {"weight_bytes_o", "weight_bytes"},
        {"weight_tile_o", "weight_tile_start"},
        {"weight_stream_o", "weight_stream"},
        {"weight_busy_i", "weight_busy"},
        {"weight_done_i", "weight_done"},
        {"parameter_request_o", "parameter_request"},
        {"parameter_grant_i", "parameter_grant"},
        {"parameter_beat_o", "parameter_beat"},
        {"field_error_o", "load_field_error"},
        {"write_index_o", "load_write_index"}};
    load.ports.insert(load.ports.end(), rest.begin(), rest.end());
    const std::vector<Connection> errors = error_ports(plan, 1);
    load.ports.insert(load.ports.end(), errors.begin(), errors.end());
    if (plan.codecs) out += activation_decoder_wires(plan);
    return out + load.text() + weight_writer(plan) + (plan.codecs ? activation_decoder(plan) : "");
}

std::string store_section(const plan::Plan& plan) {
    std::string out = section("store unit");
    out += wires({{1, "act_store_request", ""},
                  {1, "act_store_grant", ""},
                  {plan.buffer_bits, "act_store_addr", ""},
                  {plan.bus_bytes * 8, "act_store_data", ""},
                  {1, "store_field_error", ""},
                  {plan.index_bits, "store_read_index", ""}});
    if (plan.codecs) out += coded_store_wires(plan);
    Instance store{"",
                   "aw_store",
                   "u_store",
                   transfer_parameters(plan),
                   {{"clk", "clk"}, {"rst_n", "unit_rst_n"}, {"halt_i", "halt"}}};
    const std::vector<Connection> command = command_ports(plan, "store");
    store.ports.insert(store.ports.end(), command.begin(), command.end());
    const std::vector<Connection> rest = {
        {"signal_o", "store_gives"},
        {"idle_o", plan.codecs ? "store_idle" : "unit_idle[3]"},
        {"drained_o", plan.codecs ? "store_drained" : "drained[2]"}};
    store.ports.insert(store.ports.end(), rest.begin(), rest.end());
    for (const auto& [port, bus] : kWritePorts)
        store.ports.emplace_back(port, (plan.codecs ? "store_" : "m_axi_") + bus);
    const std::vector<Connection> buffer = {
        {"read_request_o", "act_store_request"}, {"read_grant_i", "act_store_grant"},
        {"read_addr_o", "act_store_addr"},       {"read_data_i", "act_store_data"},
        {"field_error_o", "store_field_error"},  {"read_index_o", "store_read_index"}};
    store.ports.insert(store.ports.end(), buffer.begin(), buffer.end());
    const std::vector<Connection> coded_errors = {{"error_valid_o", "store_bus_error"},
                                                  {"error_code_o", "store_bus_error_code"},
                                                  {"error_address_o", "store_bus_error_address"}};
    const std::vector<Connection> errors = plan.codecs ? coded_errors : error_ports(plan, 2);
    store.ports.insert(store.ports.end(), errors.begin(), errors.end());
    return out + store.text() + (plan.codecs ? coded_store(plan) : "");
}

}  // namespace

std::string top_dma(const plan::Plan& plan) {
    std::string out =
        segments_section(plan) + load_section(plan) + store_section(plan) + section("AXI");
    Instance read{"",
                  "aw_axi_read",
                  "u_axi_read",
                  {{"ADDRESS_BITS", number(plan.address_bits)}},
                  {{"clk", "clk"}, {"rst_n", "rst_n"}}};
    for (const char* unit : {"fetch", "load"}) {
        for (const char* port :
             {"ar_valid", "ar_ready", "ar_address", "ar_len", "r_valid", "r_ready"}) {
            const std::string name = fmt::format("{}_{}", unit, port);
            read.ports.emplace_back(name, name);
        }
    }
    for (const char* name :
         {"arid", "araddr", "arlen", "arvalid", "arready", "rid", "rvalid", "rready"}) {
        const std::string port = std::string("m_axi_") + name;
        read.ports.emplace_back(port, port);
    }
    out += read.text();
    const int32_t size = plan::ceil_log2(plan.bus_bytes);
    out += fmt::format(
        "    // Whole bus words, incrementing, modifiable and bufferable, unprivileged secure "
        "data.\n"
        "    assign {{m_axi_arsize, m_axi_arburst, m_axi_arcache, m_axi_arprot}} = {{3'd{0}, "
        "2'b01, "
        "4'b0011, 3'b000}};\n"
        "    assign {{m_axi_awsize, m_axi_awburst, m_axi_awcache, m_axi_awprot}} = {{3'd{0}, "
        "2'b01, "
        "4'b0011, 3'b000}};\n"
        "    assign m_axi_awid = 2'b00;\n",
        size);
    return out;
}

}  // namespace arraywright::emit
