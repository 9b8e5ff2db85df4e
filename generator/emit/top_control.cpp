// Top module: registers, run control, fetch, decode, queues, tokens, counters.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "generator/emit/command_layout.hpp"
#include "generator/emit/register_file.hpp"
#include "generator/emit/top.hpp"
#include "generator/emit/verilog.hpp"

namespace arraywright::emit {

namespace {

/// Wires that only counters and the layer log drive or read.
constexpr std::array kCounted = {"log_layer", "log_cycle",      "counters",      "cycles",
                                 "live_macs", "overflow_count", "overflow_first"};

/// Whether `port` of the register file belongs to a register that the design does not have.
bool is_absent(const plan::Plan& plan, const std::string& port) {
    return std::any_of(
        isa::registers().begin(), isa::registers().end(), [&](const isa::Register& reg) {
            const std::string name = lower_case(reg.name);
            return !has_register(plan, reg) && (port == name + "_i" || port == name + "_o");
        });
}

std::string registers_section(const plan::Plan& plan) {
    std::string out = section("registers");
    std::vector<Wire> list = {{1, "write", ""},
                              {12, "write_addr", ""},
                              {32, "write_data", ""},
                              {1, "write_ok", ""},
                              {12, "read_addr", ""},
                              {32, "read_data", ""},
                              {1, "read_ok", ""},
                              {2, "control", ""},
                              {2, "irq_enable", ""},
                              {2, "irq_status", ""},
                              {2, "irq_clear", ""},
                              {32, "program_addr_lo", ""},
                              {32, "program_addr_hi", ""},
                              {32, "program_commands", ""},
                              {32, "watchdog_cycles", ""},
                              {32, "log_layer", ""},
                              {32, "log_cycle", ""},
                              {4, "status", ""},
                              {4, "error_code", ""},
                              {64, "error_address", ""},
                              {21, "unit_state", ""},
                              {11 * 48, "counters", ""},
                              {48, "cycles", ""},
                              {48, "live_macs", ""},
                              {1, "overflow_sticky", ""},
                              {1, "overflow_is_bias", ""},
                              {32, "overflow_count", ""},
                              {80, "overflow_first", ""}};
    if (!plan.counters)
        std::erase_if(list, [](const Wire& wire) {
            return std::find(kCounted.begin(), kCounted.end(), wire.name) != kCounted.end();
        });
    out += wires(list);
    out += fmt::format(
        "    // A start is refused unless the accelerator is idle.\n"
        "    wire start_refused = control[0] && (status[0] || status[2] || status[3]);\n"
        "    wire [{}:0] program_address = {};\n\n",
        plan.address_bits - 1,
        plan.address_bits > 32
            ? fmt::format("{{program_addr_hi[{}:0], program_addr_lo}}", plan.address_bits - 33)
            : "program_addr_lo");

    Instance axil{"AXI4-Lite to register accesses", "aw_axil", "u_axil", {{"ADDR_BITS", "12"}}, {}};
    axil.ports = {{"clk", "clk"}, {"rst_n", "rst_n"}};
    for (const char* name :
         {"awaddr", "awvalid", "awready", "wdata", "wstrb", "wvalid", "wready", "bresp", "bvalid",
          "bready", "araddr", "arvalid", "arready", "rdata", "rresp", "rvalid", "rready"}) {
        const std::string port = std::string("s_axil_") + name;
        axil.ports.emplace_back(port, port);
    }
    axil.ports.insert(axil.ports.end(), {{"write_o", "write"},
                                         {"write_addr_o", "write_addr"},
                                         {"write_data_o", "write_data"},
                                         {"write_ok_i", "write_ok && !start_refused"},
                                         {"read_addr_o", "read_addr"},
                                         {"read_data_i", "read_data"},
                                         {"read_ok_i", "read_ok"}});
    out += axil.text() + "\n";

    Instance regs{"registers.md", "aw_registers", "u_registers", {}, {}};
    regs.ports = {{"clk", "clk"},
                  {"rst_n", "rst_n"},
                  {"write_i", "write"},
                  {"write_addr_i", "write_addr"},
                  {"write_data_i", "write_data"},
                  {"write_ok_o", "write_ok"},
                  {"read_addr_i", "read_addr"},
                  {"read_data_o", "read_data"},
                  {"read_ok_o", "read_ok"},
                  {"control_o", "control"},
                  {"status_i", "{overflow_sticky, status}"},
                  {"irq_enable_o", "irq_enable"},
                  {"irq_status_i", "irq_status"},
                  {"irq_status_clear_o", "irq_clear"},
                  {"program_addr_lo_o", "program_addr_lo"},
                  {"program_addr_hi_o", "program_addr_hi"},
                  {"program_commands_o", "program_commands"},
                  {"watchdog_cycles_o", "watchdog_cycles"},
                  {"log_layer_o", "log_layer"},
                  {"log_cycle_i", "log_cycle"},
                  {"error_code_i", "{28'd0, error_code}"},
                  {"error_addr_lo_i", "error_address[31:0]"},
                  {"error_addr_hi_i", "error_address[63:32]"},
                  {"unit_state_i", "unit_state"},
                  {"overflow_status_i", "{overflow_is_bias, overflow_sticky}"},
                  {"overflow_count_i", "overflow_count"},
                  {"overflow_layer_i", "{16'd0, overflow_first[79:64]}"},
                  {"overflow_channel_i", "{16'd0, overflow_first[63:48]}"},
                  {"overflow_position_i", "{8'd0, overflow_first[47:24]}"},
                  {"overflow_step_i", "{8'd0, overflow_first[23:0]}"},
                  {"cycles_lo_i", "cycles[31:0]"},
                  {"cycles_hi_i", "{16'd0, cycles[47:32]}"}};
    const char* counters[] = {"compute_cycles",     "wait_load_cycles", "wait_store_cycles",
                              "command_cycles",     "other_cycles",     "read_beats",
                              "write_beats",        "vector_results",   "weight_wait_cycles",
                              "result_wait_cycles", "held_cycles"};
    regs.ports.insert(regs.ports.end(), {{"live_macs_lo_i", "live_macs[31:0]"},
                                         {"live_macs_hi_i", "{16'd0, live_macs[47:32]}"}});
    for (int32_t i = 0; i < 11; ++i) {
        regs.ports.emplace_back(fmt::format("{}_lo_i", counters[i]),
                                fmt::format("counters[{}:{}]", i * 48 + 31, i * 48));
        regs.ports.emplace_back(
            fmt::format("{}_hi_i", counters[i]),
            fmt::format("{{16'd0, counters[{}:{}]}}", i * 48 + 47, i * 48 + 32));
    }
    std::erase_if(regs.ports, [&](const Connection& port) { return is_absent(plan, port.first); });
    return out + regs.text();
}

std::string run_section(const plan::Plan& plan) {
    std::string out = section("run control");
    out +=
        wires({{1, "unit_rst_n", ""},
               {1, "halt", ""},
               {1, "run", ""},
               {1, "run_begins", ""},
               {1, "run_clears", ""},
               {4, "unit_idle", ""},
               {3, "drained", ""},
               {1, "fetch_done", ""},
               {16, "lacking", ""},
               {1, "token_overflow", ""},
               {1, "overflow_event", ""},
               {3, "bus_error", ""},
               {12, "bus_error_code", ""},
               {3 * plan.address_bits, "bus_error_address", ""},
               {5, "command_error", ""},
               {20, "command_error_code", ""},
               {5 * plan.index_bits, "command_error_index", ""},
               {1, "stepping", ""},
               {8, "results", ""},
               {4, "unit_start", ""},
               {1, "read_beat", "m_axi_rvalid && m_axi_rready"},
               {1, "write_beat", "m_axi_wvalid && m_axi_wready"},
               {1, "progress",
                "stepping || read_beat || write_beat || (|results) || (|unit_start)\n"
                "        || (m_axi_arvalid && m_axi_arready) || (m_axi_bvalid && m_axi_bready)"}});
    const bool trap = plan.spec.arithmetic.on_overflow == spec::OnOverflow::kTrap;
    Instance instance{
        "",
        "aw_run",
        "u_run",
        {{"ADDRESS_BITS", number(plan.address_bits)}, {"INDEX_BITS", number(plan.index_bits)}},
        {{"clk", "clk"},
         {"rst_n", "rst_n"},
         {"start_i", "control[0]"},
         {"soft_reset_i", "control[1]"},
         {"program_address_i", "program_address"},
         {"no_commands_i", "program_commands == 32'd0"},
         {"watchdog_cycles_i", "watchdog_cycles"},
         {"irq_enable_i", "irq_enable"},
         {"irq_clear_i", "irq_clear"},
         {"irq_status_o", "irq_status"},
         {"status_o", "status"},
         {"error_code_o", "error_code"},
         {"error_address_o", "error_address"},
         {"unit_state_o", "unit_state"},
         {"irq_o", "irq_o"},
         {"unit_rst_n_o", "unit_rst_n"},
         {"halt_o", "halt"},
         {"run_o", "run"},
         {"begin_o", "run_begins"},
         {"clear_o", "run_clears"},
         {"units_idle_i", "fetch_done && (&unit_idle)"},
         {"drained_i", "&drained"},
         {"progress_i", "progress"},
         {"unit_state_i", "{!fetch_done, ~unit_idle, lacking}"},
         {"bus_error_i", "bus_error"},
         {"bus_error_code_i", "bus_error_code"},
         {"bus_error_address_i", "bus_error_address"},
         {"command_error_i", "command_error"},
         {"command_error_code_i", "command_error_code"},
         {"command_error_index_i", "command_error_index"},
         {"token_overflow_i", "token_overflow"},
         {"trap_i", trap ? "overflow_event" : "1'b0"}}};
    instance.why = because(plan, plan.spec.lines.on_overflow,
                           std::string("arithmetic.on_overflow = ") +
                               (trap ? "trap: the first overflow stops the program"
                                     : "wrap or saturate: an overflow is only reported"));
    return out + instance.text();
}

std::string fetch_section(const plan::Plan& plan) {
    std::string out = section("command fetch and decode");
    out += wires({{1, "fetch_ar_valid", ""},
                  {1, "fetch_ar_ready", ""},
                  {plan.address_bits, "fetch_ar_address", ""},
                  {8, "fetch_ar_len", ""},
                  {1, "fetch_r_valid", ""},
                  {1, "fetch_r_ready", ""},
                  {1, "command_valid", ""},
                  {1, "command_ready", ""},
                  {512, "command", ""},
                  {plan.index_bits, "command_index", ""},
                  {4, "command_unit", ""},
                  {1, "bad_opcode", ""},
                  {1, "bad_field", ""},
                  {4, "queue_ready", ""}});
    out +=
        Instance{
            "",
            "aw_fetch",
            "u_fetch",
            {{"ADDRESS_BITS", number(plan.address_bits)},
             {"BUS_BYTES", number(plan.bus_bytes)},
             {"DEPTH", number(plan.fetch_depth)},
             {"BLOCK_RAM", plan.fetch_in_ram ? "1" : "0"},
             {"INDEX_BITS", number(plan.index_bits)}},
            {{"clk", "clk"},
             {"rst_n", "unit_rst_n"},
             {"halt_i", "halt"},
             {"start_i", "run_begins"},
             {"address_i", "program_address"},
             {"commands_i", fmt::format("program_commands[{}:0]", plan.index_bits - 1)},
             {"load_valid_i", "load_valid"},
             {"load_burst_i", "load_ar_valid && load_ar_ready"},
             {"load_taken_i", "load_valid && load_ready"},
             {"done_o", "fetch_done"},
             {"drained_o", "drained[0]"},
             {"ar_valid", "fetch_ar_valid"},
             {"ar_ready", "fetch_ar_ready"},
             {"ar_address", "fetch_ar_address"},
             {"ar_len", "fetch_ar_len"},
             {"r_valid", "fetch_r_valid"},
             {"r_ready", "fetch_r_ready"},
             {"r_data", "m_axi_rdata"},
             {"r_resp", "m_axi_rresp"},
             {"command_valid", "command_valid"},
             {"command_ready", "command_ready"},
             {"command_data", "command"},
             {"command_index", "command_index"},
             {"error_valid_o", "bus_error[0]"},
             {"error_code_o", "bus_error_code[3:0]"},
             {"error_address_o", fmt::format("bus_error_address[{}:0]", plan.address_bits - 1)}}}
            .text();
    out += "\n";
    Instance decode{
        "", "aw_decode", "u_decode", {}, {{"command_i", "command"}, {"index_i", "command_index"}}};
    for (int32_t u = 0; u < isa::kUnits; ++u) {
        const auto unit = static_cast<isa::Unit>(u);
        const std::string name(isa::unit_name(unit));
        out += wires({{queue_layout(plan, unit).bits, name + "_decoded", ""}});
        decode.ports.emplace_back(name + "_o", name + "_decoded");
    }
    decode.ports.insert(
        decode.ports.end(),
        {{"unit_o", "command_unit"}, {"bad_opcode_o", "bad_opcode"}, {"bad_field_o", "bad_field"}});
    out += decode.text();
    out += fmt::format(
        "    wire bad_command = command_valid && (bad_opcode || bad_field);\n"
        "    assign command_ready            = (|(command_unit & queue_ready)) && !bad_command && "
        "!halt;\n"
        "    assign command_error[0]         = bad_command && run;\n"
        "    assign command_error_code[3:0]  = bad_opcode ? 4'd1 : 4'd2;  // BAD_OPCODE, "
        "BAD_FIELD\n"
        "    assign command_error_index[{}:0] = command_index;\n",
        plan.index_bits - 1);
    return out;
}

}  // namespace

/// Fields of the command at a queue's head; what load and store move is one word, from the address
/// on.
static std::vector<Wire> queue_wires(const QueueLayout& layout, const std::string& unit) {
    std::vector<Wire> wires;
    for (const QueueField& field : layout.fields) {
        const bool transfer = !wires.empty() && wires.back().name == unit + "_transfer";
        if (transfer) {
            wires.back().bits += field.bits;
        } else {
            const std::string name = field.name == "address" ? "transfer" : field.name;
            wires.push_back({field.bits, unit + "_" + name, ""});
        }
    }
    return wires;
}

std::string top_control(const plan::Plan& plan) {
    return registers_section(plan) + run_section(plan) + fetch_section(plan);
}

namespace {

/// A command stays at the decoder until its unit has done with its fields.
std::string turns_section(const plan::Plan& plan) {
    std::string out = section("one command at a time: " + because(plan, plan.spec.lines.queue_depth,
                                                                  "control.queue_depth = 0"));
    out += wires({{4, "turn", ""},
                  {1, "command_good", "command_valid && !bad_command && !halt"},
                  {4, "tokens_ok", "4'b1111"}});
    out += "    assign lacking        = 16'd0;\n    assign token_overflow = 1'b0;\n\n";
    out +=
        Instance{
            "",
            "aw_turns",
            "u_turns",
            {},
            {{"clk", "clk"}, {"rst_n", "unit_rst_n"}, {"idle_i", "unit_idle"}, {"turn_o", "turn"}}}
            .text();
    for (int32_t u = 0; u < isa::kUnits; ++u) {
        const auto unit = static_cast<isa::Unit>(u);
        const std::string name(isa::unit_name(unit));
        out += wires(
            {{1, name + "_valid", fmt::format("command_good && command_unit[{0}] && turn[{0}]", u)},
             {1, name + "_ready", ""}});
        out += fmt::format("    assign queue_ready[{}] = {}_valid && {}_ready;\n", u, name, name);
        out += unpack(queue_wires(queue_layout(plan, unit), name), name + "_decoded") + "\n";
    }
    out += wires({{4, "load_gives", ""},
                  {4, "compute_gives", ""},
                  {4, "vector_gives", ""},
                  {4, "store_gives", ""},
                  {1, "loads_weights", ""}});
    out +=
        "    // Nobody waits for tokens.\n"
        "    wire unused_tokens = &{1'b0, load_gives, compute_gives, vector_gives, store_gives, "
        "unit_start};\n";
    return out;
}

std::string queues_section(const plan::Plan& plan) {
    std::string out =
        section("unit queues: " + because(plan, plan.spec.lines.queue_depth,
                                          "control.queue_depth = " + number(plan.queue_depth)));
    for (int32_t u = 0; u < isa::kUnits; ++u) {
        const auto unit = static_cast<isa::Unit>(u);
        const std::string name(isa::unit_name(unit));
        const QueueLayout layout = queue_layout(plan, unit);
        out += wires({{1, name + "_valid", ""},
                      {1, name + "_ready", ""},
                      {layout.bits, name + "_head", ""}});
        out +=
            Instance{
                "",
                "aw_fifo",
                "u_" + name + "_queue",
                {{"WIDTH", number(layout.bits)}, {"DEPTH", number(plan.queue_depth)}},
                {{"clk", "clk"},
                 {"rst_n", "unit_rst_n"},
                 {"in_valid",
                  fmt::format("command_valid && command_unit[{}] && !bad_command && !halt", u)},
                 {"in_ready", fmt::format("queue_ready[{}]", u)},
                 {"in_data", name + "_decoded"},
                 {"out_valid", name + "_valid"},
                 {"out_ready", name + "_ready"},
                 {"out_data", name + "_head"}}}
                .text();
        out += unpack(queue_wires(layout, name), name + "_head") + "\n";
    }
    out += wires({{4, "load_gives", ""},
                  {4, "compute_gives", ""},
                  {4, "vector_gives", ""},
                  {4, "store_gives", ""},
                  {4, "tokens_ok", ""},
                  {1, "loads_weights", ""}});
    out += Instance{"tokens that the last program left over are gone when a run begins",
                    "aw_tokens",
                    "u_tokens",
                    {{"COUNT_BITS", number(plan.token_bits)}},
                    {{"clk", "clk"},
                     {"rst_n", "unit_rst_n && !run_begins"},
                     {"wait_i",
                      "{store_wait & {4{store_valid}}, vector_wait & {4{vector_valid}},\n"
                      "                      compute_wait & {4{compute_valid}}, load_wait & "
                      "{4{load_valid}}}"},
                     {"start_i", "unit_start"},
                     {"signal_i", "{store_gives, vector_gives, compute_gives, load_gives}"},
                     {"lacking_o", "lacking"},
                     {"ok_o", "tokens_ok"},
                     {"overflow_o", "token_overflow"}}}
               .text();
    return out;
}

std::string performance_section(const plan::Plan& plan) {
    const bool queued = plan.queue_depth > 0;
    std::string out = section("performance counters");
    out +=
        Instance{
            "",
            "aw_performance",
            "u_performance",
            {{"COUNTER_BITS", "48"}},
            {{"clk", "clk"},
             {"rst_n", "rst_n"},
             {"clear_i", "run_clears"},
             {"run_i", "run"},
             {"stepping_i", "stepping"},
             {"compute_waits_load_i", queued ? "compute_waiting && lacking[4]" : "!unit_idle[0]"},
             {"compute_waits_store_i", queued ? "compute_waiting && (lacking[6] || lacking[7])"
                                              : "!unit_idle[2] || !unit_idle[3]"},
             {"loads_weights_i", "loads_weights"},
             {"compute_waits_results_i",
              queued ? "compute_waiting && lacking[6]" : "!unit_idle[2]"},
             {"array_held_i", "array_held"},
             {"compute_has_command_i", queued ? "compute_valid || !unit_idle[1]" : "!(&unit_idle)"},
             {"fetching_i", "!fetch_done || run_begins"},
             {"read_beat_i", "read_beat"},
             {"write_beat_i", "write_beat"},
             {"results_i", "results"},
             {"counters_o", "counters"},
             {"cycles_o", "cycles"}}}
            .text();
    return out;
}

}  // namespace

std::string top_queues(const plan::Plan& plan) {
    return (plan.queue_depth > 0 ? queues_section(plan) : turns_section(plan)) +
           (plan.counters ? performance_section(plan) : "");
}

}  // namespace arraywright::emit
