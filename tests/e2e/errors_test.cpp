// Bus errors and malformed programs: an error code, an address, an interrupt, never a hang.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

#include "generator/isa/commands.hpp"
#include "generator/isa/registers.hpp"
#include "sim/host_driver.hpp"
#include "tests/e2e/damaged_program.hpp"
#include "tests/e2e/simulate_run.hpp"

using namespace arraywright;
using compile::Program;
using compile::Region;
using compile::RegionKind;
using isa::Command;
using isa::Unit;
using namespace arraywright::e2e;

namespace {

const char* const kWorkload =
    "name: errors\nlayers:\n"
    "  - {op: conv2d, input: [9, 9, 7], filters: 9, kernel: [3, 3], padding: same, bias: true, "
    "per_channel: true}\n"
    "  - {op: gemm, m: 17, k: 40, n: 20, bias: true, output: int32}\n";

std::string small_spec(const std::string& dataflow) {
    return fmt::format(
        "name: errors\narray: {{rows: 5, cols: 3, dataflow: {}}}\n"
        "buffers: {{activation_kib: 3, weight_kib: 3, accumulator_kib: 3}}\n"
        "bus: {{data_bits: 64, address_bits: 40}}\n",
        dataflow);
}

struct SmallBench : e2e::Bench {
    explicit SmallBench(const std::string& dataflow = "broadcast")
        : Bench(small_spec(dataflow), kWorkload) {}
};

/// A byte that the program must read or write, and the error that a fault there gives.
struct FaultPlace {
    std::string unit;
    uint64_t address;
    bool is_write;
};

std::vector<FaultPlace> fault_places(const Bench& bench) {
    std::vector<FaultPlace> places;
    const Program& program = bench.program;
    const uint64_t last = address_of(program, program.command_count - 1);
    places.push_back({"FETCH", program.command_address, false});
    places.push_back({"FETCH", last + 3, false});
    const auto tensor = [&](int32_t index, bool is_write) {
        const Region& region = *program.region_of_tensor(index);
        const auto bytes =
            static_cast<uint64_t>(bench.network.tensors[static_cast<size_t>(index)].bytes());
        for (const uint64_t offset : {uint64_t{0}, bytes / 2, bytes - 1}) {
            places.push_back({is_write ? "STORE" : "LOAD", region.address + offset, is_write});
        }
    };
    for (const network::Operator& op : bench.network.operators) {
        tensor(op.input, false);
        tensor(op.output, true);
    }
    for (const Region& region : program.regions) {
        const bool is_constant =
            region.kind == RegionKind::kWeights || region.kind == RegionKind::kParameters;
        if (is_constant) places.push_back({"LOAD", region.address, false});
    }
    return places;
}

/// `program` with other commands, which lie behind everything else.
Program with_commands(Program program, const std::vector<Command>& commands) {
    const Region& before = commands_of(program);
    Region region = before;
    program.regions.erase(program.regions.begin() + (&before - program.regions.data()));
    region.address = (program.end_address + 63) / 64 * 64;
    region.bytes = commands.size() * isa::kCommandBytes;
    region.image.assign(region.bytes, 0);
    program.command_address = region.address;
    program.command_count = static_cast<uint32_t>(commands.size());
    program.steps[0].command_address = region.address;
    program.steps[0].command_count = program.command_count;
    program.end_address = region.address + region.bytes;
    program.regions.push_back(region);
    for (size_t i = 0; i < commands.size(); ++i) put_command(program, i, commands[i]);
    return program;
}

/// A command of each unit, without tokens, that leaves a buffer.
std::vector<Command> beyond_commands(const Bench& bench) {
    const plan::Plan& plan = bench.design.plan();
    std::vector<Command> commands;
    for (int32_t u = 0; u < isa::kUnits; ++u) {
        const auto unit = static_cast<Unit>(u);
        Command command = read_commands(bench.program)[find_command(bench.program, unit)];
        command.set("wait", 0);
        command.set("signal", 0);
        if (unit == Unit::kCompute) command.set("acc_addr", plan.accumulator_words - 1);
        if (unit == Unit::kVector) command.set("out_addr", plan.activation_bytes);
        if (unit == Unit::kLoad) command.set("target", 0);
        if (unit == Unit::kLoad || unit == Unit::kStore) {
            const int64_t lane = command.get("address") % plan.bus_bytes;
            command.set("buffer", plan.activation_bytes + lane);
        }
        commands.push_back(command);
    }
    return commands;
}

/// Whether a compute command in the modes with a window or packed taps may be issued.
bool mode_is_good(const Command& c, const plan::Plan& plan) {
    if (c.get("mode") == 2) return c.get("count_kx") <= plan.pack_vectors;
    const int64_t first = 16 * c.get("line_start");
    const bool fits = c.get("count_x") <= plan.line_words - first;
    const bool odd = first != 0 && c.get("count_x") % 2 == 1;
    return c.get("mode") == 1 && c.get("count_ky") <= plan.window_lines + 1 && fits && !odd &&
           c.get("share") != 0 && c.get("stride_x") != 0 && c.get("stride_y") != 0;
}

}  // namespace

TEST_CASE("errors: SLVERR and DECERR on every kind of access stop with the address",
          "[e2e][errors]") {
    const std::string dataflow = GENERATE("broadcast", "weight_stationary");
    const bool is_slow = GENERATE(false, true);
    const SmallBench bench(dataflow);
    const std::vector<FaultPlace> places = fault_places(bench);
    CHECK(places.size() > 12);
    // Every other run has no fault and must pass: the soft reset left nothing behind.
    sim::SimulationOptions options;
    if (is_slow) {
        options.memory.stall = 0.3;
        options.memory.latency_cycles = 60;
        options.memory.reorder = true;
    }
    int32_t run = 0;
    for (const FaultPlace& place : places) {
        for (const sim::Response response : {sim::kSlaveError, sim::kDecodeError}) {
            options.faults.push_back(
                {place.address, place.address + 1, response, !place.is_write, place.is_write, run});
            options.expected_errors.push_back(
                {run, place.unit + (response == sim::kSlaveError ? "_SLVERR" : "_DECERR")});
            run += 2;
        }
    }
    const auto result = bench.run(bench.program, static_cast<size_t>(run), options);
    INFO(dataflow << ", slow " << is_slow << ": " << e2e::failures(result));
    CHECK(e2e::failures(result).empty());
    REQUIRE(result.runs.size() == static_cast<size_t>(run));
    for (size_t i = 0; i < result.runs.size(); i += 2) {
        const FaultPlace& place = places[i / 4];
        const sim::HostReport& host = result.runs[i].host;
        INFO("run " << i << ", " << place.unit << " fault at " << place.address << ", reported "
                    << host.error_address);
        CHECK(host.error_address <= place.address);
        CHECK(place.address - host.error_address <
              static_cast<uint64_t>(bench.design.plan().burst_bytes));
        CHECK(result.runs[i + 1].outcome == sim::Outcome::kPassed);
    }
}

TEST_CASE("errors: accesses to no register and a second start are refused", "[e2e][errors]") {
    const SmallBench bench;
    sim::SimulationOptions options;
    options.probes = true;
    const sim::SimulationResult result = bench.run(bench.program, 2, options);
    INFO(failures(result));
    CHECK(failures(result).empty());
}

TEST_CASE("errors: an unknown opcode stops with the command's address", "[e2e][errors]") {
    const SmallBench bench;
    for (const uint32_t opcode : {0U, 6U, 17U, 255U}) {
        for (const size_t index : {size_t{0}, size_t{bench.program.command_count - 1}}) {
            Program damaged = bench.program;
            const uint32_t word = read_commands(damaged)[index].words()[0];
            put_word(damaged, index, 0, (word & ~0xffU) | opcode);
            const sim::RunResult run = bench.expect_error(damaged, "BAD_OPCODE");
            CHECK(run.host.error_address == address_of(damaged, index));
        }
    }
}

TEST_CASE("errors: every field out of its range stops with the command's address",
          "[e2e][errors]") {
    const SmallBench bench;
    int32_t tried = 0;
    for (int32_t u = 0; u < isa::kUnits; ++u) {
        const auto unit = static_cast<Unit>(u);
        const size_t index = find_command(bench.program, unit);
        const Command good = read_commands(bench.program)[index];
        for (const isa::CommandField& field : isa::command_fields(good.opcode())) {
            INFO(isa::unit_name(unit) << "." << field.name);
            Program damaged = bench.program;
            if (field.nonzero) {
                Command bad = good;
                bad.set(field.name, 0);
                put_command(damaged, index, bad);
                const sim::RunResult run = bench.expect_error(damaged, "BAD_FIELD");
                CHECK(run.host.error_address == address_of(damaged, index));
                ++tried;
            }
            const int32_t bits = bench.design.plan().field_bits(field);
            const bool wraps = field.width == isa::Width::kActivationModular ||
                               field.width == isa::Width::kColumnModular;
            // Without its flag, which is refused, such a field means nothing.
            const bool ignored = bits == 0 && (field.width == isa::Width::kCodedField ||
                                               field.width == isa::Width::kSlot);
            if (bits >= field.bits || wraps || ignored) continue;
            const auto at = static_cast<size_t>(field.lsb + bits);
            const size_t word = static_cast<size_t>(field.word) + at / 32;
            damaged = bench.program;
            put_word(damaged, index, word, good.words()[word] | (1U << (at % 32)));
            const sim::RunResult run = bench.expect_error(damaged, "BAD_FIELD");
            CHECK(run.host.error_address == address_of(damaged, index));
            ++tried;
        }
    }
    CHECK(tried > 40);
}

TEST_CASE("errors: an access beyond a buffer stops with the command's address", "[e2e][errors]") {
    const e2e::Bench bench(
        small_spec("broadcast") + GENERATE(as<std::string>{}, "", "vector: {serial: true}\n"),
        kWorkload);
    const plan::Plan& plan = bench.design.plan();
    struct Case {
        Unit unit;
        int64_t target;  ///< of a load, else -1
        const char* field;
        int64_t value;
        bool single = false;  ///< one byte only: nothing else of the command is outside
    };
    // The last places of each buffer, or beyond: what follows is outside. A load keeps the
    // position in the bus word that its address has.
    std::vector<Case> cases = {
        {Unit::kLoad, 0, "buffer", plan.activation_bytes},
        {Unit::kLoad, 1, "buffer", plan.weight_tiles},
        {Unit::kCompute, -1, "acc_addr", plan.accumulator_words - 1},
        {Unit::kCompute, -1, "weight_addr", plan.weight_tiles},
        {Unit::kVector, -1, "acc_addr", plan.accumulator_words - 1},
        {Unit::kVector, -1, "out_addr", plan.activation_bytes},
        {Unit::kStore, -1, "buffer", plan.activation_bytes},
        // The first word beyond lies in the RAM of even words, the second in that of odd ones.
        {Unit::kLoad, 0, "buffer", plan.activation_bytes + plan.word_bytes},
        {Unit::kVector, -1, "out_addr", plan.activation_bytes + plan.word_bytes},
        {Unit::kStore, -1, "buffer", plan.activation_bytes + plan.word_bytes},
        {Unit::kStore, -1, "buffer", plan.activation_bytes, true},
        {Unit::kStore, -1, "buffer", plan.activation_bytes + plan.word_bytes, true},
    };
    // Bits above those of a table's rows do not wrap.
    for (int32_t bit = plan.parameter_address_bits; bit < plan.buffer_bits; ++bit) {
        for (const int64_t target : {1, 2, 3}) {
            if (target == 1 && bit < plan.weight_address_bits) continue;
            cases.push_back({Unit::kLoad, target, "buffer", int64_t{1} << bit});
        }
    }
    for (const Case& one : cases) {
        INFO(isa::unit_name(one.unit) << "." << one.field << " = " << one.value);
        const size_t index = find_command(bench.program, one.unit, [&](const Command& c) {
            return one.target < 0 || c.get("target") == one.target;
        });
        Program damaged = bench.program;
        Command bad = read_commands(damaged)[index];
        bad.set(one.field, one.value);
        for (const char* count : {"run_bytes", "count_x", "count_y"}) {
            if (one.single) bad.set(count, 1);
        }
        put_command(damaged, index, bad);
        const sim::RunResult run = bench.expect_error(damaged, "BUFFER_RANGE");
        CHECK(run.host.error_address == address_of(damaged, index));
    }
}

TEST_CASE("errors: activations do not wrap where another buffer has more addresses",
          "[e2e][errors]") {
    const e2e::Bench bench(
        "name: errors\narray: {rows: 5, cols: 3}\n"
        "buffers: {activation_kib: 3, weight_kib: 128, accumulator_kib: 3}\n"
        "bus: {data_bits: 64}\n",
        kWorkload);
    const plan::Plan& plan = bench.design.plan();
    REQUIRE(plan.activation_address_bits < plan.buffer_bits);
    for (const Unit unit : {Unit::kLoad, Unit::kStore}) {
        for (int32_t bit = plan.activation_address_bits; bit < plan.buffer_bits; ++bit) {
            INFO(isa::unit_name(unit) << " at 2^" << bit);
            const size_t index = find_command(bench.program, unit, [&](const Command& c) {
                return unit == Unit::kStore || c.get("target") == 0;
            });
            Program damaged = bench.program;
            Command bad = read_commands(damaged)[index];
            bad.set("buffer", bad.get("buffer") + (int64_t{1} << bit));
            put_command(damaged, index, bad);
            const sim::RunResult run = bench.expect_error(damaged, "BUFFER_RANGE");
            CHECK(run.host.error_address == address_of(damaged, index));
        }
    }
}

TEST_CASE("errors: the watchdog ends a wait for a token that never comes", "[e2e][errors]") {
    const SmallBench bench;
    Program damaged = bench.program;
    const std::vector<Command> commands = read_commands(damaged);
    for (size_t i = 0; i < commands.size(); ++i) {
        if (commands[i].unit() != Unit::kLoad) continue;
        Command mute = commands[i];
        mute.set("signal", 0);
        put_command(damaged, i, mute);
    }
    const sim::RunResult run = bench.expect_error(damaged, "WATCHDOG");
    const std::string units = sim::describe_unit_state(run.host.unit_state);
    INFO(units);
    CHECK(units.find("compute waits for load") != std::string::npos);
    CHECK(run.host.error_address == 0);
}

TEST_CASE("errors: a wait for inputs counts as none for weights", "[e2e][errors]") {
    const SmallBench bench;
    for (const int64_t target : {0, 1}) {
        INFO("target " << target);
        // A load that waits for ever, and a command of the array that waits for it.
        Command load = read_commands(
            bench.program)[find_command(bench.program, Unit::kLoad, [&](const Command& c) {
            return c.get("target") == target;
        })];
        Command compute = read_commands(bench.program)[find_command(bench.program, Unit::kCompute)];
        load.set("wait", 1 << static_cast<int32_t>(Unit::kStore));
        compute.set("wait", 1 << static_cast<int32_t>(Unit::kLoad));
        const Program damaged = with_commands(bench.program, {load, compute});
        const sim::Counters counters = bench.expect_error(damaged, "WATCHDOG").host.counters;
        CHECK(counters.wait_load > 2000);
        CHECK(counters.weight_wait == (target == 1 ? counters.wait_load : 0));
    }
}

TEST_CASE("errors: the watchdog counts every quiet cycle", "[e2e][errors]") {
    const SmallBench bench;
    Program damaged = bench.program;
    Command first = read_commands(damaged)[0];
    first.set("wait", 1 << static_cast<int32_t>(Unit::kStore));
    put_command(damaged, 0, first);
    const auto cycles = [&](uint32_t watchdog) {
        sim::SimulationOptions options;
        options.expected_errors = {{0, "WATCHDOG"}};
        options.watchdog_cycles = watchdog;
        const sim::SimulationResult result = bench.run(damaged, 1, options);
        INFO(failures(result));
        CHECK(failures(result).empty());
        REQUIRE(result.runs.size() == 1);
        const sim::StepReport& step = result.runs[0].host.steps.at(0);
        return step.interrupt_cycle - step.doorbell_cycle;
    };
    // Longer than the first commands need to come.
    const uint64_t least = cycles(500);
    for (int32_t bit = 0; bit < 16; ++bit) {
        INFO("500 + 2^" << bit);
        CHECK(cycles(500 + (1U << bit)) == least + (uint64_t{1} << bit));
    }
}

TEST_CASE("errors: a load to another place in the bus word is refused", "[e2e][errors]") {
    const SmallBench bench;
    for (const int64_t target : {0, 1, 2, 3}) {
        const size_t index = find_command(bench.program, Unit::kLoad, [&](const Command& c) {
            return c.get("target") == target;
        });
        for (int64_t bit = 1; bit < bench.design.plan().bus_bytes; bit *= 2) {
            INFO("target " << target << ", byte " << bit);
            Program damaged = bench.program;
            Command bad = read_commands(damaged)[index];
            bad.set("address", bad.get("address") ^ bit);
            put_command(damaged, index, bad);
            const sim::RunResult run = bench.expect_error(damaged, "BAD_FIELD");
            CHECK(run.host.error_address == address_of(damaged, index));
        }
    }
}

TEST_CASE("errors: a token counter that fills up stops the program", "[e2e][errors]") {
    const SmallBench bench;
    Program damaged = bench.program;
    Command load = read_commands(damaged)[find_command(damaged, Unit::kLoad)];
    load.set("wait", 0);
    load.set("signal", 1 << static_cast<int32_t>(Unit::kVector));
    const uint32_t count = (uint32_t{1} << bench.design.plan().token_bits) + 4;
    damaged = with_commands(damaged, std::vector<Command>(count, load));
    const sim::RunResult run = bench.expect_error(damaged, "TOKEN_OVERFLOW");
    CHECK(run.host.error_address == 0);
}

TEST_CASE("errors: a misaligned program is refused with its address", "[e2e][errors]") {
    const SmallBench bench;
    for (const uint64_t offset : {4, 8, 32}) {
        Program damaged = bench.program;
        damaged.command_address += offset;
        damaged.steps[0].command_address += offset;
        damaged.end_address += 64;  // the runtime looks for more than the alignment
        const sim::RunResult run = bench.expect_error(damaged, "BAD_PROGRAM");
        CHECK(run.host.error_address == damaged.command_address);
    }
}

TEST_CASE("errors: a count of one high bit leaves a buffer", "[e2e][errors]") {
    const SmallBench bench;
    const plan::Plan& plan = bench.design.plan();
    const std::vector<std::string> counts[] = {{"count_x", "count_y"},
                                               {"count_s", "count_n", "count_x", "count_y"},
                                               {"count_x", "count_y", "count_n"},
                                               {"count_x", "count_y"}};
    for (size_t u = 0; u < std::size(counts); ++u) {
        const auto unit = static_cast<Unit>(u);
        const size_t index = find_command(bench.program, unit, [](const Command& c) {
            return (c.unit() != Unit::kLoad || c.get("target") == 0) &&
                   (c.unit() != Unit::kCompute || c.get("mode") == 0);
        });
        for (const std::string& count : counts[u]) {
            for (int32_t bit = 9; bit < 16; ++bit) {
                INFO(isa::unit_name(unit) << "." << count << " = 2^" << bit);
                Program damaged = bench.program;
                Command bad = read_commands(damaged)[index];
                bad.set(count, int64_t{1} << bit);
                if (unit == Unit::kLoad || unit == Unit::kStore) {
                    // The same bytes of the bus again and again.
                    bad.set("stride_x", 0);
                    bad.set("stride_y", 0);
                    bad.set("buffer_stride_x", plan.bus_bytes);
                    bad.set("buffer_stride_y", plan.bus_bytes);
                }
                put_command(damaged, index, bad);
                const sim::RunResult run = bench.expect_error(damaged, "BUFFER_RANGE");
                CHECK(run.host.error_address == address_of(damaged, index));
            }
        }
    }
}

TEST_CASE("errors: limits of the window and of packed taps are exact", "[e2e][errors]") {
    const SmallBench bench;
    const plan::Plan& plan = bench.design.plan();
    Command good = read_commands(bench.program)[find_command(bench.program, Unit::kCompute)];
    // It waits for a token that nobody gives: only the command behind it ends the program.
    good.set("wait", 1 << static_cast<int32_t>(Unit::kStore));
    for (const char* one : {"mode", "share", "stride_x", "stride_y", "count_kx", "count_ky"}) {
        good.set(one, 1);
    }
    good.set("count_x", 16);
    std::vector<Command> commands = {good};
    const auto with = [&](std::initializer_list<std::pair<const char*, int64_t>> values) {
        commands.push_back(good);
        for (const auto& [name, value] : values) commands.back().set(name, value);
    };
    for (const char* zero : {"share", "stride_x", "stride_y"}) {
        with({{zero, 0}});
        for (int64_t bit = 1; bit < 8; bit *= 2) with({{zero, bit}});
    }
    with({{"share", 8}});
    const auto around = [&](const char* name, int64_t limit, int32_t bits, int64_t mode) {
        for (const int64_t value : {limit - 1, limit, limit + 1}) {
            with({{name, value}, {"mode", mode}});
        }
        for (int32_t bit = 0; bit < bits; ++bit) {
            const int64_t flipped = limit ^ int64_t { 1 } << bit;
            if (flipped != 0) with({{name, flipped}, {"mode", mode}});
        }
    };
    around("count_ky", plan.window_lines + 1, 8, 1);
    around("count_x", plan.line_words, 16, 1);
    around("count_kx", plan.pack_vectors, 8, 2);
    for (int64_t start = 1; start < 32; start += start < 3 ? 1 : 4) {
        const int64_t left = plan.line_words - 16 * start;
        for (int64_t count : {left - 1, left, left + 1, left + 2, int64_t{2}}) {
            if (count > 0) with({{"line_start", start}, {"count_x", count}});
        }
    }
    for (const Command& command : commands) {
        INFO(command.text());
        Program damaged = with_commands(bench.program, {command, command});
        put_word(damaged, 1, 0, 0);
        const bool is_good = mode_is_good(command, plan);
        const sim::RunResult run =
            bench.expect_error(damaged, is_good ? "BAD_OPCODE" : "BAD_FIELD");
        CHECK(run.host.error_address == address_of(damaged, is_good ? 1 : 0));
    }
}

TEST_CASE("errors: the address of a command beyond 2^16 of them is exact", "[e2e][errors]") {
    const SmallBench bench;
    Command load = read_commands(bench.program)[find_command(bench.program, Unit::kLoad)];
    for (const char* none : {"wait", "signal", "target"}) load.set(none, 0);
    for (const char* one : {"run_bytes", "count_x", "count_y"}) load.set(one, 1);
    load.set("buffer", load.get("address") % bench.design.plan().bus_bytes);
    for (const Command& bad : beyond_commands(bench)) {
        INFO(bad.text());
        // Once more than 2^18.
        const int32_t bits = bad.unit() == Unit::kCompute ? 18 : 16;
        std::vector<Command> commands((size_t{1} << bits) + 5, load);
        commands.push_back(bad);
        const Program damaged = with_commands(bench.program, commands);
        sim::SimulationOptions options;
        options.expected_errors = {{0, "BUFFER_RANGE"}};
        const sim::SimulationResult result = bench.run(damaged, 1, options);
        INFO(failures(result));
        CHECK(failures(result).empty());
        REQUIRE(result.runs.size() == 1);
        CHECK(result.runs[0].host.error_address == address_of(damaged, commands.size() - 1));
    }
}
