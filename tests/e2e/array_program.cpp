// Runs compute jobs as one hand-made program. SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/array_program.hpp"

#include <fmt/format.h>

namespace arraywright::e2e {

using isa::Command;
using isa::Unit;

namespace {

constexpr int64_t kAlignment = 64;
constexpr uint64_t kCommands = 0x1000;
constexpr uint64_t kData = 0x100000;
constexpr int64_t kMostSteps = 60000;  // of a job, so that none takes long

int64_t aligned(int64_t bytes) {
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

struct Sizes {
    int64_t activation = 0;
    int32_t weights = 0;
    int32_t acc = 0;

    void add(const ArrayJob& job) {
        activation +=
            aligned(static_cast<int64_t>(job.input().size())) + aligned(job.output_bytes());
        weights += job.tile_count();
        acc += job.acc_words();
    }
};

void set_run(Command& command, uint64_t address, int64_t buffer, int64_t bytes) {
    command.set("address", static_cast<int64_t>(address));
    command.set("buffer", buffer);
    command.set("run_bytes", bytes);
    command.set("count_x", 1);
    command.set("count_y", 1);
}

int64_t token(Unit unit) {
    return int64_t{1} << static_cast<int>(unit);
}

}  // namespace

bool ArrayBench::fits(const ArrayGroup& group, const ArrayJob& job) const {
    const plan::Plan& plan = this->plan();
    const ArrayShape& shape = job.shape();
    Sizes sizes;
    for (const ArrayJob& other : group) sizes.add(other);
    sizes.add(job);
    const int32_t columns = (shape.out_w - 1) * shape.stride_w +
                            (shape.kernel_w - 1) * shape.dilation_w + 1 + 2 * shape.lead;
    const int32_t vectors =
        (shape.kernel_h * shape.kernel_w * shape.channels + plan.rows - 1) / plan.rows;
    const int64_t steps = int64_t{job.tile_count()} * shape.positions();
    return steps <= kMostSteps && sizes.activation <= plan.activation_bytes &&
           sizes.weights <= plan.weight_tiles && sizes.acc <= plan.accumulator_words &&
           (shape.mode != ArrayMode::kWindow || columns < plan.line_words) &&
           (shape.mode != ArrayMode::kPacked || vectors <= plan.pack_vectors);
}

Command ArrayBench::load(int32_t target, const std::vector<uint8_t>& bytes, int64_t buffer) {
    Command command(Unit::kLoad, 0);
    command.set("target", target);
    command.set("cols", 1);
    set_run(command, next_, buffer, static_cast<int64_t>(bytes.size()));
    next_ += static_cast<uint64_t>(aligned(static_cast<int64_t>(bytes.size())));
    data_.insert(data_.end(), bytes.begin(), bytes.end());
    data_.resize(next_ - kData);
    return command;
}

void ArrayBench::add_group(const ArrayGroup& group, std::vector<Command>& commands) {
    std::vector<Command> loads, computes, vectors, stores;
    ArrayPlace place;
    for (const ArrayJob& job : group) {
        place.output = place.input + aligned(static_cast<int64_t>(job.input().size()));
        loads.push_back(load(0, job.input(), place.input));
        loads.push_back(load(1, job.tiles(), place.weights));
        loads.back().set("cols", job.shape().cols);
        if (plan().decodes_weights()) loads.back().set("tiles", job.tile_count());
        for (const Command& command : job.compute(place)) computes.push_back(command);
        for (const Command& command : job.drain(place)) vectors.push_back(command);
        Command store(Unit::kStore, 0);
        set_run(store, next_, place.output, job.output_bytes());
        stores.push_back(store);
        stored_.push_back({next_, &job});
        next_ += static_cast<uint64_t>(aligned(job.output_bytes()));
        data_.resize(next_ - kData);
        place.input = place.output + aligned(job.output_bytes());
        place.weights += job.tile_count();
        place.acc += job.acc_words();
    }
    if (!commands.empty()) {
        commands.back().set("signal", token(Unit::kLoad));
        loads.front().set("wait", token(Unit::kStore));
    }
    const auto join = [](std::vector<Command>& from, std::vector<Command>& to) {
        from.back().set("signal", token(to.front().unit()));
        to.front().set("wait", token(from.back().unit()));
    };
    join(loads, computes);
    join(computes, vectors);
    join(vectors, stores);
    for (const std::vector<Command>* part : {&loads, &computes, &vectors, &stores}) {
        commands.insert(commands.end(), part->begin(), part->end());
    }
}

std::string ArrayBench::compare(const Stored& stored) {
    const std::vector<int32_t> expected = stored.job->expected();
    const std::vector<uint8_t> bytes =
        bench_.store().peek(stored.address, static_cast<uint64_t>(stored.job->output_bytes()));
    for (size_t i = 0; i < expected.size(); ++i) {
        uint32_t got = 0;
        for (size_t b = 0; b < 4; ++b) got |= uint32_t{bytes[4 * i + b]} << (8 * b);
        if (static_cast<int32_t>(got) == expected[i]) continue;
        return fmt::format("{}: sum {} is {}, expected {}", stored.job->shape().text(), i,
                           static_cast<int32_t>(got), expected[i]);
    }
    return {};
}

std::string ArrayBench::run(const std::vector<ArrayGroup>& groups) {
    bench_.clear(++runs_);
    next_ = kData;
    data_.clear();
    stored_.clear();
    std::vector<Command> commands;
    for (const ArrayGroup& group : groups) add_group(group, commands);
    bench_.store().map(kData, kData + data_.size());
    bench_.store().initialize(kData, data_);
    std::string wrong = bench_.run(commands, kCommands);
    if (wrong.empty()) wrong = bench_.error_text();
    for (size_t i = 0; i < stored_.size() && wrong.empty(); ++i) wrong = compare(stored_[i]);
    return wrong;
}

}  // namespace arraywright::e2e
