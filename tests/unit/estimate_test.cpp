// Cost model on programs small enough to count by hand. SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <vector>

#include "generator/estimate/accelerator.hpp"
#include "generator/spec/spec_reader.hpp"

using namespace arraywright;
using namespace arraywright::estimate;
using isa::Command;
using isa::Unit;

namespace {

constexpr uint32_t kToCompute = 2, kToVector = 4, kToStore = 8;  // bits of wait and signal
constexpr uint32_t kFromLoad = 1, kFromCompute = 2, kFromVector = 4;

/// 16 x 16, 128-bit bus; `dataflow` and `outstanding` as given.
plan::Plan plan_of(const std::string& dataflow = "broadcast", int32_t outstanding = 4) {
    const spec::SpecResult result = spec::parse_spec(
        "spec.yaml", "name: tiny\narray: {rows: 16, cols: 16, dataflow: " + dataflow +
                         "}\nbuffers: {activation_kib: 128, weight_kib: 128, accumulator_kib: 16}\n"
                         "vector: {lanes: 8}\nbus: {data_bits: 128, outstanding: " +
                         std::to_string(outstanding) + "}\n");
    REQUIRE(result.spec);
    return plan::make_plan(*result.spec);
}

Command transfer(Unit unit, int64_t address, int64_t buffer, int64_t bytes) {
    Command command(unit, 0);
    if (unit == Unit::kLoad) command.set("cols", 16);
    command.set("address", address);
    command.set("buffer", buffer);
    command.set("run_bytes", bytes);
    command.set("count_x", 1);
    command.set("count_y", 1);
    return command;
}

/// `positions` sums of `chunks` steps; rows of the input lie one behind the other.
Command compute(int64_t positions, int64_t chunks) {
    Command command(Unit::kCompute, 0);
    for (const char* field : {"count_n", "count_x", "count_kx", "count_ky"}) command.set(field, 1);
    command.set("count_y", positions);
    command.set("count_s", chunks);
    command.set("rows", positions);
    command.set("row_bytes", 16 * chunks);
    command.set("tail", 16);
    command.set("y_rows", 1);
    command.set("y_step", 16 * chunks);
    command.set("cols", 16);
    return command;
}

/// Results of `positions` positions to `out`, two groups of lanes each.
Command vector(int64_t positions, int64_t out) {
    Command command(Unit::kVector, 0);
    command.set("count_x", 1);
    command.set("count_y", positions);
    command.set("count_n", 1);
    command.set("last_cols", 16);
    command.set("out_addr", out);
    command.set("y_pitch", 16);
    return command;
}

Command with(Command command, uint32_t wait, uint32_t signal) {
    command.set("wait", wait);
    command.set("signal", signal);
    return command;
}

Cycle cycles_of(const plan::Plan& plan, const std::vector<Command>& commands,
                const MemoryTiming& memory = {}) {
    return run_commands(plan, memory, commands, 0x1000, 1).cycles;
}

/// Offer in cycle 0, address in 1, four beats from 21 on, in the FIFO at 25, in its queue at 26.
constexpr Cycle kFirstStart = 26;

}  // namespace

TEST_CASE("estimate: one load takes fetch, latency and its beats", "[estimate]") {
    // Address at start + 2, beats start + 22 .. 25, last write + 1, seen idle + 1.
    const Cycle last_write = kFirstStart + 2 + 20 + 3 + 1;
    CHECK(cycles_of(plan_of(), {transfer(Unit::kLoad, 0x8000, 0, 64)}) == last_write + 2);
    CHECK(cycles_of(plan_of(), {transfer(Unit::kLoad, 0x8000, 0, 64)}, {100, 1, 1.0}) ==
          last_write + 2 + 2 * 80);
    // A slow bus: a beat every second cycle, behind the first for which credit was saved; the
    // same for the command itself.
    CHECK(cycles_of(plan_of(), {transfer(Unit::kLoad, 0x8000, 0, 64)}, {20, 1, 0.5}) ==
          last_write + 2 + 2 * 2);
}

TEST_CASE("estimate: bursts wait for those that are outstanding", "[estimate]") {
    // Three bursts of 32 beats, four outstanding: the beats follow each other.
    const Command load = transfer(Unit::kLoad, 0x8000, 0, 3 * 512);
    CHECK(cycles_of(plan_of(), {load}) == kFirstStart + 2 + 20 + 95 + 1 + 2);
    // One outstanding: the next address follows the last beat, and each burst waits for memory.
    CHECK(cycles_of(plan_of("broadcast", 1), {load}) ==
          kFirstStart + 2 + 3 * (20 + 31) + 2 * 1 + 1 + 2);
}

TEST_CASE("estimate: weights pass the tile counter first", "[estimate]") {
    Command load = transfer(Unit::kLoad, 0x8000, 0, 256);
    const Cycle activation = cycles_of(plan_of(), {load});
    load.set("target", 1);
    CHECK(cycles_of(plan_of(), {load}) == activation + 1);
}

TEST_CASE("estimate: an array command takes its steps and the pipeline", "[estimate]") {
    const plan::Plan plan = plan_of();
    REQUIRE(plan.sum_latency_cycles == 5);
    // First step at start + 2, sum 1 + 5 later and 1 for the window, pipeline seen empty + 1.
    CHECK(cycles_of(plan, {compute(1, 1)}) == kFirstStart + 2 + 7 + 1 + 1);
    CHECK(cycles_of(plan, {compute(8, 4)}) == kFirstStart + 2 + 31 + 7 + 1 + 1);
}

TEST_CASE("estimate: continued sums of one chunk come in two of three cycles", "[estimate]") {
    Command command = compute(8, 1);
    const Cycle fresh = cycles_of(plan_of(), {command});
    command.set("accumulate", 1);
    CHECK(cycles_of(plan_of(), {command}) == fresh + 3);
}

TEST_CASE("estimate: weight-stationary tiles keep their distance", "[estimate]") {
    const plan::Plan plan = plan_of("weight_stationary");
    REQUIRE(plan.tile_gap_cycles == 16);
    const Cycle pipeline = kFirstStart + 2 + 1 + plan.sum_latency_cycles + 1 + 1;
    CHECK(cycles_of(plan, {compute(4, 3)}) == pipeline + 2 * 16 + 3);
    CHECK(cycles_of(plan, {compute(20, 3)}) == pipeline + 3 * 20 - 1);
    // An odd number of positions leaves an idle cycle behind each tile.
    CHECK(cycles_of(plan, {compute(21, 3)}) == pipeline + 2 * 22 + 20);
}

TEST_CASE("estimate: tokens chain compute, vector and store", "[estimate]") {
    const plan::Plan plan = plan_of();
    const std::vector<Command> commands = {
        with(compute(8, 1), 0, kToVector), with(vector(8, 65536), kFromCompute, kToStore),
        with(transfer(Unit::kStore, 0x8000, 65536, 128), kFromVector, 0)};
    // Tokens two cycles behind the last sum, seen one later.
    const Cycle vector_start = kFirstStart + 2 + 7 + 7 + 2 + 1;
    // Issue + 1, 16 groups, results 11 later (with tables), tokens + 1, seen + 1.
    const Cycle store_start = vector_start + 1 + 15 + 11 + 1 + 1;
    // AW + 2, read + 1, W two later, eight beats, answer + 1; seen idle + 1.
    const Cycle answer = store_start + 2 + 1 + 2 + 7 + 1;
    const RunTrace run = run_commands(plan, {}, commands, 0x1000, 1);
    CHECK(run.cycles == answer + 1 + 1);
    CHECK(run.layers[0].last_result == store_start - 2);
    CHECK(run.layers[0].last_store == answer - 1);
    CHECK(run.layers[0].write_bytes == 128);
    CHECK(run.read_beats == 12);
}

TEST_CASE("estimate: a combine command takes its taps, and drains before it", "[estimate]") {
    const plan::Plan plan = plan_of();
    Command combine(isa::Opcode::kCombine, 0);
    for (const char* field : {"count_y", "count_n"}) combine.set(field, 1);
    combine.set("count_x", 4);
    combine.set("last_cols", 16);
    combine.set("out_addr", 65536);
    combine.set("count_kx", 3);
    combine.set("count_ky", 2);
    // Taps from start + 1: eight groups of six, results 18 behind the last tap, tokens, seen.
    const Cycle last = kFirstStart + 1 + 47 + 18;
    CHECK(cycles_of(plan, {combine}) == last + 1 + 1 + 1);
    // A second one starts when the results of the first are written.
    CHECK(cycles_of(plan, {combine, combine}) == 2 * last - kFirstStart + 1 + 1 + 1 + 1);
    // VECTOR commands overlap: two cycles between the issues.
    const Command results = vector(8, 65536);
    CHECK(cycles_of(plan, {results, results}) == kFirstStart + 1 + 15 + 2 + 15 + 11 + 1 + 1 + 1);
}

TEST_CASE("estimate: a window command streams pixels", "[estimate]") {
    Command command = compute(6, 1);
    command.set("mode", 1);
    command.set("count_x", 8);
    command.set("count_kx", 3);
    command.set("count_ky", 3);
    command.set("prime", 2);
    command.set("stride_x", 1);
    command.set("stride_y", 1);
    command.set("share", 1);
    CHECK(cycles_of(plan_of(), {command}) == kFirstStart + 2 + 47 + 7 + 1 + 1);
    // Of windows that continue sums two come in three cycles: two pauses in each of four rows.
    command.set("accumulate", 1);
    CHECK(cycles_of(plan_of(), {command}) == kFirstStart + 2 + 47 + 4 * 2 + 7 + 1 + 1);
}

TEST_CASE("estimate: packed taps take pieces or steps, whichever are more", "[estimate]") {
    Command command = compute(10, 1);
    command.set("mode", 2);
    command.set("count_kx", 2);  // vectors
    command.set("count_ky", 7);  // pieces
    command.set("count_n", 3);
    command.set("kx_step", 10);
    const auto cycles = [&command] { return cycles_of(plan_of(), {command}); };
    // Pieces from start + 2; steps five behind the last one; sums five behind a step.
    CHECK(cycles() == kFirstStart + 2 + 69 + 5 + 5 + 5 + 1 + 1);
    // Four tiles: eight steps a position, gathering keeps ahead of them.
    command.set("count_n", 4);
    CHECK(cycles() == kFirstStart + 2 + 6 + 5 + 79 + 5 + 1 + 1);
}

TEST_CASE("estimate: a load into the RAMs that the array reads costs the array", "[estimate]") {
    const plan::Plan plan = plan_of();
    // The array reads even words only; every second beat of the load goes to one.
    Command steps = compute(64, 1);
    steps.set("y_step", 32);
    const auto total = [&](int64_t buffer) {
        return cycles_of(plan,
                         {with(transfer(Unit::kLoad, 0x8000, buffer, 64), 0, kToCompute),
                          transfer(Unit::kLoad, 0x9000, buffer, 512), with(steps, kFromLoad, 0)});
    };
    // The first of the 16 is written before the array's first step.
    const Cycle apart = total(32768);
    CHECK(total(2048) == apart + 15);
}

TEST_CASE("estimate: a full queue stops the dispatch of others", "[estimate]") {
    const plan::Plan plan = plan_of();
    std::vector<Command> commands(static_cast<size_t>(plan.queue_depth) + 2, compute(100, 4));
    commands.push_back(transfer(Unit::kLoad, 0x8000, 0, 64));
    // Steps back to back, one cycle between commands; the load ends before them.
    const auto count = static_cast<Cycle>(commands.size()) - 1;
    CHECK(cycles_of(plan, commands) == kFirstStart + 2 + count * 401 - 2 + 7 + 2);
}
