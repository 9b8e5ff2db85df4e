// The first of several overflow events, from hand-written commands.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sim/addition_order.hpp"

using namespace arraywright;
using golden::OverflowEvent;
using isa::Command;
using isa::Unit;

namespace {

constexpr int32_t kCols = 4;
constexpr int64_t kBiasStep = 6;

/// Tokens of a command: a bit for every unit.
struct Tokens {
    int64_t wait = 0, signal = 0;
};
constexpr int64_t kFromCompute = 1 << 1, kToCompute = 1 << 1;
constexpr int64_t kFromVector = 1 << 2, kToVector = 1 << 2;

/// 2 tiles of 4 channels, 2 rows of 3 positions in an image 5 wide, 6 steps.
Command compute(int64_t pos_start = 0, int64_t step_start = 0, Tokens tokens = {}) {
    Command command(Unit::kCompute, 0);
    command.set("count_n", 2);
    command.set("count_y", 2);
    command.set("count_x", 3);
    command.set("count_ky", 3);
    command.set("count_kx", 1);
    command.set("count_s", 2);
    command.set("pos_start", pos_start);
    command.set("pos_pitch", 5);
    command.set("step_start", step_start);
    command.set("wait", tokens.wait);
    command.set("signal", tokens.signal);
    return command;
}

Command vector(int64_t pos_start = 0, Tokens tokens = {}) {
    Command command(Unit::kVector, 0);
    command.set("count_n", 2);
    command.set("count_y", 2);
    command.set("count_x", 3);
    command.set("pos_start", pos_start);
    command.set("pos_pitch", 5);
    command.set("use_bias", 1);
    command.set("step", kBiasStep);
    command.set("wait", tokens.wait);
    command.set("signal", tokens.signal);
    return command;
}

OverflowEvent at(int32_t channel, int64_t position, int64_t step) {
    return {0, channel, position, step};
}

sim::FirstOffenders first(const std::vector<Command>& commands, std::vector<OverflowEvent> events,
                          bool weight_stationary = false) {
    golden::Result golden;
    golden.layers.resize(1);
    golden.layers[0].overflow.events = std::move(events);
    return sim::first_offenders(commands, golden, kCols, weight_stationary);
}

void check(const std::optional<OverflowEvent>& got, const OverflowEvent& expected) {
    REQUIRE(got.has_value());
    CHECK(got->channel == expected.channel);
    CHECK(got->position == expected.position);
    CHECK(got->step == expected.step);
}

}  // namespace

TEST_CASE("addition order: broadcast finishes a position before the next", "[sim][overflow]") {
    const std::vector<OverflowEvent> events = {at(0, 1, 0), at(0, 0, 5), at(4, 0, 0), at(1, 5, 0)};
    check(first({compute()}, events).array, at(0, 0, 5));
}

TEST_CASE("addition order: weight stationary finishes a step before the next", "[sim][overflow]") {
    const std::vector<OverflowEvent> events = {at(0, 0, 5), at(0, 7, 3), at(0, 6, 3), at(4, 0, 0)};
    check(first({compute()}, events, true).array, at(0, 6, 3));
}

TEST_CASE("addition order: the tile of channels is the outermost loop", "[sim][overflow]") {
    const bool weight_stationary = GENERATE(false, true);
    const std::vector<OverflowEvent> events = {at(4, 0, 0), at(3, 7, 5)};
    check(first({compute()}, events, weight_stationary).array, at(3, 7, 5));
}

TEST_CASE("addition order: the lowest column of one cycle is reported", "[sim][overflow]") {
    const bool weight_stationary = GENERATE(false, true);
    const std::vector<OverflowEvent> events = {at(3, 2, 1), at(1, 2, 1), at(2, 2, 1)};
    check(first({compute()}, events, weight_stationary).array, at(1, 2, 1));
}

TEST_CASE("addition order: commands come in program order", "[sim][overflow]") {
    // Positions 10.. first; then a reduction cut in two: steps 0 to 5, 6 to 11.
    const std::vector<Command> commands = {compute(10), compute(0, 0), compute(0, 6)};
    check(first(commands, {at(0, 0, 0), at(7, 17, 5)}).array, at(7, 17, 5));
    check(first(commands, {at(0, 0, 6), at(0, 2, 5)}).array, at(0, 2, 5));
}

TEST_CASE("addition order: positions between the rows of a command are not its own",
          "[sim][overflow]") {
    CHECK_FALSE(first({compute()}, {at(0, 3, 0)}).array.has_value());
    CHECK_FALSE(first({compute()}, {at(0, 10, 0)}).array.has_value());
    CHECK_FALSE(first({compute()}, {at(8, 0, 0)}).array.has_value());
    CHECK_FALSE(first({compute(6)}, {at(0, 5, 0)}).array.has_value());
}

TEST_CASE("addition order: the bias goes by position, then channel", "[sim][overflow]") {
    const std::vector<OverflowEvent> events = {at(2, 1, kBiasStep), at(3, 0, kBiasStep),
                                               at(1, 1, kBiasStep), at(4, 0, kBiasStep)};
    const sim::FirstOffenders result = first({compute(), vector()}, events);
    check(result.bias, at(3, 0, kBiasStep));
    CHECK_FALSE(result.array.has_value());
    // Without a bias no such step exists.
    Command no_bias = vector();
    no_bias.set("use_bias", 0);
    CHECK_FALSE(first({compute(), no_bias}, events).bias.has_value());
}

TEST_CASE("addition order: tokens decide between array and bias", "[sim][overflow]") {
    // Two blocks: the bias of each waits for its own sums; the third array command waits until
    // the bias of the first block is done.
    const std::vector<Command> commands = {
        compute(0, 0, {0, kToVector}), vector(0, {kFromCompute, kToCompute}),
        compute(10, 0, {0, kToVector}), vector(10, {kFromCompute, 0}),
        compute(20, 0, {kFromVector, 0})};
    const auto array_only = first(commands, {at(0, 0, 3), at(0, 1, kBiasStep)});
    check(array_only.array, at(0, 0, 3));
    CHECK_FALSE(array_only.bias.has_value());

    const auto bias_only = first(commands, {at(0, 0, kBiasStep), at(0, 20, 3)});
    check(bias_only.bias, at(0, 0, kBiasStep));
    CHECK_FALSE(bias_only.array.has_value());

    const auto open = first(commands, {at(0, 0, kBiasStep), at(0, 10, 3)});
    check(open.bias, at(0, 0, kBiasStep));
    check(open.array, at(0, 10, 3));
}

TEST_CASE("addition order: no event, no offender", "[sim][overflow]") {
    const sim::FirstOffenders result = first({compute(), vector()}, {});
    CHECK_FALSE(result.array.has_value());
    CHECK_FALSE(result.bias.has_value());
}
