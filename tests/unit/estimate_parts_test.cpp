// Parts of the cost model. SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <vector>

#include "generator/estimate/actor.hpp"
#include "generator/estimate/gearbox.hpp"
#include "generator/estimate/step_walk.hpp"
#include "generator/estimate/vector_walk.hpp"
#include "generator/estimate/work.hpp"
#include "generator/spec/spec_reader.hpp"

using namespace arraywright;
using namespace arraywright::estimate;
using isa::Command;
using isa::Unit;

namespace {

plan::Plan plan_of(const std::string& array, int32_t lanes = 1) {
    const spec::SpecResult result = spec::parse_spec(
        "spec.yaml", "name: tiny\narray: " + array + "\nvector: {lanes: " + std::to_string(lanes) +
                         "}\nbus: {data_bits: 128}\n");
    REQUIRE(result.spec);
    return plan::make_plan(*result.spec);
}

Command convolution() {
    Command command(Unit::kCompute, 0);
    const std::vector<std::pair<const char*, int64_t>> fields = {
        {"act_start", -32}, {"col_start", -32}, {"row_start", -1}, {"rows", 5},
        {"row_bytes", 160}, {"tail", 5},        {"count_s", 3},    {"count_n", 2},
        {"count_x", 5},     {"count_y", 3},     {"count_kx", 2},   {"count_ky", 3},
        {"kx_step", 32},    {"ky_step", 160},   {"ky_rows", 1},    {"x_step", 32},
        {"y_rows", 2},      {"y_step", 320},    {"acc_addr", 7},   {"weight_addr", 11}};
    for (const auto& [name, value] : fields) command.set(name, value);
    return command;
}

}  // namespace

TEST_CASE("estimate: bursts end at the boundary and cover unaligned segments", "[estimate]") {
    const plan::Plan plan = plan_of("{rows: 16, cols: 16}");
    REQUIRE(plan.burst_bytes == 512);
    Command command(Unit::kStore, 0);
    command.set("address", 500);
    command.set("buffer", 20);
    command.set("run_bytes", 30);
    command.set("count_x", 2);
    command.set("count_y", 1);
    command.set("stride_x", 100);
    command.set("buffer_stride_x", 48);
    BurstWalk walk(read_transfer(command), plan);
    std::vector<Burst> bursts;
    while (const auto burst = walk.next()) bursts.push_back(*burst);
    REQUIRE(bursts.size() == 3);
    CHECK(bursts[0].bytes == 12);
    CHECK(bursts[0].beats == 1);
    CHECK(bursts[0].first);
    CHECK(bursts[1].address == 512);
    CHECK(bursts[1].buffer == 32);
    CHECK(bursts[1].beats == 2);
    CHECK_FALSE(bursts[1].last);
    CHECK(bursts[2].address == 600);
    CHECK(bursts[2].buffer == 68);
    CHECK(bursts[2].beats == 3);
    CHECK(bursts[2].last);
}

TEST_CASE("estimate: bandwidth is a credit of beats", "[estimate]") {
    Bandwidth bandwidth(0.25);
    std::vector<Cycle> beats;
    Cycle cycle = 10;
    for (int i = 0; i < 4; ++i) {
        cycle = bandwidth.next(cycle);
        bandwidth.use(cycle);
        beats.push_back(cycle++);
    }
    // 1.25 saved: 0.25 is left after the first beat.
    CHECK(beats == std::vector<Cycle>{10, 13, 17, 21});
}

TEST_CASE("estimate: skipped steps end where single steps do", "[estimate]") {
    const std::string dataflow = GENERATE("broadcast", "weight_stationary");
    const plan::Plan plan = plan_of("{rows: 13, cols: 16, dataflow: " + dataflow + "}");
    const ActivationBanks banks(plan);
    const int64_t skip = GENERATE(1, 2, 7, 45, 90, 131, 539);
    StepWalk single(convolution(), plan, banks);
    StepWalk skipping(convolution(), plan, banks);
    REQUIRE(single.left() == 540);
    for (int64_t i = 0; i < skip; ++i) single.step();
    skipping.skip(skip);
    while (single.left() > 0) {
        REQUIRE(skipping.left() == single.left());
        REQUIRE(skipping.banks() == single.banks());
        REQUIRE(skipping.accumulator_word() == single.accumulator_word());
        REQUIRE(skipping.weight_tile() == single.weight_tile());
        REQUIRE(skipping.first_chunk() == single.first_chunk());
        REQUIRE(skipping.last_chunk() == single.last_chunk());
        single.step();
        skipping.step();
    }
}

TEST_CASE("estimate: steps in the padding read nothing", "[estimate]") {
    const plan::Plan plan = plan_of("{rows: 16, cols: 16}");
    const ActivationBanks banks(plan);
    StepWalk walk(convolution(), plan, banks);
    // Row -1 for the first kernel row, then columns -32 to -1 of row 0.
    int64_t reads = 0;
    for (int64_t step = 0; step < 6; ++step, walk.step()) reads += walk.banks() != 0 ? 1 : 0;
    CHECK(reads == 0);
    for (int64_t step = 6; step < 8; ++step, walk.step()) reads += walk.banks() != 0 ? 1 : 0;
    CHECK(reads == 0);
    CHECK(walk.banks() == 1);  // bytes 0 to 4 of row 0, the even RAM of group 0
}

TEST_CASE("estimate: vector groups cover the channels of each tile", "[estimate]") {
    const plan::Plan plan = plan_of("{rows: 16, cols: 16}", 8);
    Command command(Unit::kVector, 0);
    command.set("count_x", 2);
    command.set("count_y", 1);
    command.set("count_n", 2);
    command.set("last_cols", 3);
    command.set("x_pitch", 19);
    command.set("n_pitch", 16);
    std::vector<std::pair<int64_t, int64_t>> bytes;
    for (VectorWalk walk(command, plan); !walk.done(); walk.step()) {
        bytes.emplace_back(walk.result().first, walk.result().last);
    }
    CHECK(bytes == std::vector<std::pair<int64_t, int64_t>>{
                       {0, 7}, {8, 15}, {19, 26}, {27, 34}, {16, 18}, {35, 37}});
}

TEST_CASE("estimate: the gearbox repacks beats into weight words", "[estimate]") {
    // 16-byte beats, 5-byte columns, three at a time: words of 15 and, at the end of a tile, 5.
    Gearbox gearbox(plan_of("{rows: 5, cols: 4}"));
    CHECK_FALSE(gearbox.is_wire());
    gearbox.flush(4, 9);
    CHECK_FALSE(gearbox.has_word());
    gearbox.push(16);
    CHECK(gearbox.has_word());
    CHECK(gearbox.columns() == 3);
    CHECK_FALSE(gearbox.has_room(false));
    CHECK(gearbox.has_room(true));
    gearbox.pop();
    CHECK(gearbox.columns() == 1);
    CHECK(gearbox.tile() == 9);
    CHECK_FALSE(gearbox.has_word());
    gearbox.push(16);
    gearbox.pop();
    CHECK(gearbox.tile() == 10);
    CHECK(gearbox.first_column() == 0);
    CHECK(Gearbox(plan_of("{rows: 16, cols: 16}")).is_wire());
}
