// Runs compute jobs as one hand-made program. SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/array_program.hpp"

#include <algorithm>

#include "tests/e2e/simulate_run.hpp"

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

ArrayBench::ArrayBench(const std::string& spec_yaml, const sim::MemoryConfig& memory)
    : plan_(plan_of(spec_yaml)) {
    request_.design = cli::design_info(plan_);
    const ScratchFolder folder;
    for (const emit::File& file : emit::rtl_files(emit::emit_design(plan_))) {
        write_text(folder.path() / file.path, file.text);
        request_.design.rtl_files.push_back(folder.path() / file.path);
    }
    request_.program = &program_;
    request_.network = &network_;
    request_.model_library =
        sim::build_model({request_.design.rtl_files, request_.design.top, false}).library;
    request_.options.memory = memory;
    request_.options.hang_cycles = 4000000;
    request_.options.max_cycles = 20000000;
    request_.options.progress = false;
    request_.runs.push_back({});
}

bool ArrayBench::fits(const ArrayGroup& group, const ArrayJob& job) const {
    const ArrayShape& shape = job.shape();
    Sizes sizes;
    for (const ArrayJob& other : group) sizes.add(other);
    sizes.add(job);
    const int32_t columns =
        (shape.out_w - 1) * shape.stride_w + (shape.kernel_w - 1) * shape.dilation_w + 1;
    const int32_t vectors =
        (shape.kernel_h * shape.kernel_w * shape.channels + plan_.rows - 1) / plan_.rows;
    const int64_t steps = int64_t{job.tile_count()} * shape.positions();
    return steps <= kMostSteps && sizes.activation <= plan_.activation_bytes &&
           sizes.weights <= plan_.weight_tiles && sizes.acc <= plan_.accumulator_words &&
           (shape.mode != ArrayMode::kWindow || columns < plan_.line_words) &&
           (shape.mode != ArrayMode::kPacked || vectors <= plan_.pack_vectors);
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
        if (plan_.decodes_weights()) loads.back().set("tiles", job.tile_count());
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
        store_.peek(stored.address, static_cast<uint64_t>(stored.job->output_bytes()));
    for (size_t i = 0; i < expected.size(); ++i) {
        uint32_t got = 0;
        for (size_t b = 0; b < 4; ++b) got |= uint32_t{bytes[4 * i + b]} << (8 * b);
        if (static_cast<int32_t>(got) == expected[i]) continue;
        return fmt::format("{}: sum {} is {}, expected {}", stored.job->shape().text(), i,
                           static_cast<int32_t>(got), expected[i]);
    }
    return {};
}

void ArrayBench::set_program(const std::vector<Command>& commands,
                             const std::vector<uint8_t>& image) {
    program_ = {};
    program_.regions.push_back(
        {compile::RegionKind::kCommands, "commands", kCommands, image.size(), -1, -1, image});
    program_.regions.push_back(
        {compile::RegionKind::kWeights, "data", kData, data_.size(), -1, -1, data_});
    for (const compile::Region& region : program_.regions) {
        store_.map(region.address, region.address + region.bytes);
    }
    program_.command_address = kCommands;
    program_.command_count = static_cast<uint32_t>(commands.size());
    program_.commands = commands;
    program_.end_address = next_;
    compile::Step step;
    step.command_address = kCommands;
    step.command_count = program_.command_count;
    program_.steps.push_back(step);
}

std::string ArrayBench::run(const std::vector<ArrayGroup>& groups) {
    store_.clear(++runs_);
    next_ = kData;
    data_.clear();
    stored_.clear();
    std::vector<Command> commands;
    for (const ArrayGroup& group : groups) add_group(group, commands);
    std::vector<uint8_t> image;
    for (const Command& command : commands) {
        for (const uint32_t word : command.words()) {
            for (size_t b = 0; b < 4; ++b) image.push_back(static_cast<uint8_t>(word >> (8 * b)));
        }
    }
    set_program(commands, image);
    sim::Model model(request_.model_library);
    const std::unique_ptr<sim::ClockEngine> engine =
        sim::make_systemc_engine(request_, model, store_);
    sim::Testbench& bench = engine->testbench();
    bench.begin_run(0);
    engine->run();
    counters_ = bench.report().counters;
    if (bench.end() == sim::RunEnd::kHang) return "hang: " + bench.describe_hang();
    if (bench.end() == sim::RunEnd::kViolation) {
        return "AXI violation: " + bench.violations().violations().front().to_string();
    }
    for (const std::string& failure : bench.report().failures) return failure;
    if (bench.report().error_code != 0) {
        return fmt::format(
            "error {} at 0x{:x}, command {}", bench.report().error_code,
            bench.report().error_address,
            commands[(bench.report().error_address - kCommands) / isa::kCommandBytes].text());
    }
    for (const Stored& stored : stored_) {
        const std::string wrong = compare(stored);
        if (!wrong.empty()) return wrong;
    }
    return {};
}

}  // namespace arraywright::e2e
