// Top module: coded activations. SPDX-License-Identifier: Apache-2.0
#include "generator/emit/top_codecs.hpp"

#include <fmt/format.h>

#include "generator/emit/top.hpp"
#include "generator/emit/verilog.hpp"

namespace arraywright::emit {

namespace {
constexpr int32_t kOffsetBits = 24;
}

std::string coded_load(const plan::Plan& plan) {
    const int32_t transfer = plan.address_bits + 3 * plan.buffer_bits + 24 + 96;
    std::string out = wires({{1, "ready_load_valid", ""},
                             {transfer, "ready_load_transfer", ""},
                             {8, "blocks_ended", ""},
                             {8, "blocks_stored", ""},
                             {1, "table_request", ""},
                             {1, "table_grant", ""},
                             {plan.block_slot_bits, "table_read_slot", ""},
                             {kOffsetBits, "table_read_offset", ""},
                             {plan.buffer_bits, "coded_buffer", ""},
                             {24, "coded_run_bytes", ""},
                             {24, "coded_skip", ""},
                             {16, "coded_block_words", ""},
                             {8, "coded_zero", ""},
                             {1, "coded_done", ""},
                             {1, "load_block_error", ""}});
    out += Instance{because(plan, plan.spec.lines.codecs, "sparsity.codecs = true"),
                    "aw_coded_load",
                    "u_coded_load",
                    {{"ADDRESS_BITS", number(plan.address_bits)},
                     {"BUS_BYTES", number(plan.bus_bytes)},
                     {"BUFFER_BITS", number(plan.buffer_bits)},
                     {"RUN_BITS", "24"},
                     {"SLOT_BITS", number(plan.block_slot_bits)},
                     {"OFFSET_BITS", number(kOffsetBits)}},
                    {{"clk", "clk"},
                     {"rst_n", "unit_rst_n"},
                     {"halt_i", "halt"},
                     {"in_valid", "load_valid"},
                     {"tokens_ok_i", "tokens_ok[0]"},
                     {"coded_i", "load_coded"},
                     {"slot_i", "load_slot"},
                     {"blocks_i", "load_blocks"},
                     {"block_words_i", "load_block_words"},
                     {"skip_i", "load_skip"},
                     {"zero_i", "load_zero"},
                     {"transfer_i", "load_transfer"},
                     {"out_valid", "ready_load_valid"},
                     {"out_start_i", "unit_start[0]"},
                     {"out_taken_i", "ready_load_valid && load_ready"},
                     {"transfer_o", "ready_load_transfer"},
                     {"ended_i", "blocks_ended"},
                     {"stored_i", "blocks_stored"},
                     {"table_request_o", "table_request"},
                     {"table_grant_i", "table_grant"},
                     {"table_slot_o", "table_read_slot"},
                     {"table_offset_i", "table_read_offset"},
                     {"buffer_o", "coded_buffer"},
                     {"run_bytes_o", "coded_run_bytes"},
                     {"skip_o", "coded_skip"},
                     {"block_words_o", "coded_block_words"},
                     {"zero_o", "coded_zero"},
                     {"done_i", "coded_done"},
                     {"error_o", "load_block_error"}}}
               .text();
    return out + "\n";
}

std::string activation_decoder_wires(const plan::Plan& plan) {
    const int32_t top = plan.weight_stream_bits() - 1;
    return wires({{1, "plain_load_request", ""},
                  {plan.bus_bytes, "plain_load_mask", ""},
                  {1, "coded_beat", fmt::format("weight_stream[{}]", top)},
                  {1, "coded_ready", ""},
                  {1, "coded_busy", ""},
                  {1, "coded_error", ""},
                  {1, "coded_request", ""},
                  {plan.buffer_bits, "coded_write_addr", ""},
                  {plan.bus_bytes, "coded_mask", ""},
                  {plan.bus_bytes * 8, "coded_data", ""},
                  {1, "weight_decoder_ready", ""},
                  {1, "weight_decoder_busy", ""},
                  {1, "weight_decoder_done", ""},
                  {1, "coded_data_error", "coded_error || load_block_error"}});
}

std::string activation_decoder(const plan::Plan& plan) {
    std::string out =
        "\n    // Coded or plain, a load writes the activation buffer through one port. A decoder "
        "gets the\n    // beats of a command when the other one is done with those of the command "
        "before.\n";
    out += wires(
        {{plan.buffer_bits, "act_load_addr", "coded_request ? coded_write_addr : load_write_addr"},
         {plan.bus_bytes * 8, "act_load_data", "coded_request ? coded_data : load_write_data"}});
    out +=
        "    assign act_load_request  = coded_request || plain_load_request;\n"
        "    assign act_load_mask     = coded_request ? coded_mask : plain_load_mask;\n"
        "    assign weight_beat_ready = coded_beat ? coded_ready : weight_decoder_ready;\n"
        "    assign weight_busy       = coded_busy || weight_decoder_busy;\n"
        "    assign weight_done       = coded_done || weight_decoder_done;\n\n";
    out += Instance{"",
                    "aw_activation_decoder",
                    "u_activation_decoder",
                    {{"BUS_BYTES", number(plan.bus_bytes)},
                     {"BUFFER_BITS", number(plan.buffer_bits)},
                     {"FRAME", number(plan.frame_words)}},
                    {{"clk", "clk"},
                     {"rst_n", "unit_rst_n"},
                     {"halt_i", "halt"},
                     {"in_valid", "weight_beat_valid && coded_beat && !weight_decoder_busy"},
                     {"in_ready", "coded_ready"},
                     {"in_data", "load_write_data"},
                     {"ends_i", "weight_ends"},
                     {"buffer_i", "coded_buffer"},
                     {"run_bytes_i", "coded_run_bytes"},
                     {"skip_i", "coded_skip"},
                     {"block_words_i", "coded_block_words"},
                     {"zero_i", "coded_zero"},
                     {"busy_o", "coded_busy"},
                     {"done_o", "coded_done"},
                     {"error_o", "coded_error"},
                     {"request_o", "coded_request"},
                     {"grant_i", "act_load_grant"},
                     {"addr_o", "coded_write_addr"},
                     {"mask_o", "coded_mask"},
                     {"data_o", "coded_data"}}}
               .text();
    return out;
}

std::string coded_store_wires(const plan::Plan& plan) {
    return wires({{1, "store_awvalid", ""},
                  {1, "store_awready", ""},
                  {plan.address_bits, "store_awaddr", ""},
                  {8, "store_awlen", ""},
                  {1, "store_wvalid", ""},
                  {1, "store_wready", ""},
                  {plan.bus_bytes * 8, "store_wdata", ""},
                  {plan.bus_bytes, "store_wstrb", ""},
                  {1, "store_wlast", ""},
                  {1, "store_bvalid", ""},
                  {1, "store_bready", ""},
                  {2, "store_bresp", ""},
                  {1, "store_drained", ""},
                  {1, "coded_drained", ""},
                  {1, "store_idle", ""},
                  {1, "coded_idle", ""},
                  {1, "store_bus_error", ""},
                  {4, "store_bus_error_code", ""},
                  {plan.address_bits, "store_bus_error_address", ""},
                  {1, "coded_bus_error", ""},
                  {4, "coded_bus_error_code", ""},
                  {plan.address_bits, "coded_bus_error_address", ""},
                  {1, "table_write", ""},
                  {plan.block_slot_bits, "table_write_slot", ""},
                  {kOffsetBits, "table_write_offset", ""}});
}

std::string coded_store(const plan::Plan& plan) {
    Instance store{"",
                   "aw_coded_store",
                   "u_coded_store",
                   {{"ADDRESS_BITS", number(plan.address_bits)},
                    {"BUS_BYTES", number(plan.bus_bytes)},
                    {"OUTSTANDING", number(plan.outstanding)},
                    {"SLOT_BITS", number(plan.block_slot_bits)},
                    {"OFFSET_BITS", number(kOffsetBits)},
                    {"FRAME", number(plan.frame_words)}},
                   {{"clk", "clk"},
                    {"rst_n", "unit_rst_n"},
                    {"halt_i", "halt"},
                    {"coded_i", "store_coded && store_valid"},
                    {"begins_i", "store_begins"},
                    {"command_taken_i", "store_valid && store_ready"},
                    {"slot_i", "store_slot"},
                    {"block_words_i", "store_block_words"},
                    {"bytes_i", "store_bytes"},
                    {"zero_i", "store_zero"}}};
    for (const char* side : {"s", "m"}) {
        for (const auto& [port, bus] : kWritePorts) {
            store.ports.emplace_back(fmt::format("{}_{}", side, port),
                                     (side[0] == 's' ? "store_" : "m_axi_") + bus);
        }
    }
    const std::vector<Connection> rest = {{"idle_o", "coded_idle"},
                                          {"drained_o", "coded_drained"},
                                          {"ended_o", "blocks_ended"},
                                          {"stored_o", "blocks_stored"},
                                          {"error_valid_o", "coded_bus_error"},
                                          {"error_code_o", "coded_bus_error_code"},
                                          {"error_address_o", "coded_bus_error_address"},
                                          {"table_write_o", "table_write"},
                                          {"table_slot_o", "table_write_slot"},
                                          {"table_offset_o", "table_write_offset"}};
    store.ports.insert(store.ports.end(), rest.begin(), rest.end());
    std::string out = fmt::format(
        "    assign unit_idle[3] = store_idle && coded_idle;\n"
        "    assign drained[2]   = store_drained && coded_drained;\n"
        "    // Both never have bursts on the bus at the same time.\n"
        "    assign bus_error[2] = store_bus_error || coded_bus_error;\n"
        "    assign bus_error_code[11:8] = coded_bus_error ? coded_bus_error_code : "
        "store_bus_error_code;\n"
        "    assign bus_error_address[{}:{}] =\n"
        "        coded_bus_error ? coded_bus_error_address : store_bus_error_address;\n\n",
        3 * plan.address_bits - 1, 2 * plan.address_bits);
    out += store.text();
    out += "\n" + Instance{"",
                           "aw_block_table",
                           "u_block_table",
                           {{"DEPTH", number(plan.block_slots)},
                            {"SLOT_BITS", number(plan.block_slot_bits)},
                            {"OFFSET_BITS", number(kOffsetBits)}},
                           {{"clk", "clk"},
                            {"write_i", "table_write"},
                            {"write_slot_i", "table_write_slot"},
                            {"write_offset_i", "table_write_offset"},
                            {"read_request_i", "table_request"},
                            {"read_grant_o", "table_grant"},
                            {"read_slot_i", "table_read_slot"},
                            {"read_offset_o", "table_read_offset"}}}
                      .text();
    return out;
}

}  // namespace arraywright::emit
