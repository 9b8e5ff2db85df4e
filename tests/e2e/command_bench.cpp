// Runs hand-made programs on a verilated design. SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/command_bench.hpp"

#include <memory>

#include "tests/e2e/simulate_run.hpp"

namespace arraywright::e2e {

using isa::Command;

CommandBench::CommandBench(const std::string& spec_yaml, const sim::MemoryConfig& memory) {
    const Design design(spec_yaml);
    plan_ = design.plan();
    request_.design = design.info();
    request_.model_library = design.library();
    request_.program = &program_;
    request_.network = &network_;
    request_.options.memory = memory;
    request_.options.hang_cycles = 4000000;
    request_.options.max_cycles = 20000000;
    request_.options.progress = false;
    request_.runs.push_back({});
}

void CommandBench::set_program(const std::vector<Command>& commands, uint64_t address) {
    std::vector<uint8_t> image;
    for (const Command& command : commands) {
        for (const uint32_t word : command.words()) {
            for (size_t b = 0; b < 4; ++b) image.push_back(static_cast<uint8_t>(word >> (8 * b)));
        }
    }
    program_ = {};
    program_.command_address = address;
    program_.command_count = static_cast<uint32_t>(commands.size());
    program_.commands = commands;
    program_.end_address = address + image.size();
    compile::Step step;
    step.command_address = address;
    step.command_count = program_.command_count;
    program_.steps.push_back(step);
    store_.map(address, address + image.size());
    program_.regions.push_back({compile::RegionKind::kCommands, "commands", address, image.size(),
                                -1, -1, std::move(image)});
}

std::string CommandBench::run(const std::vector<Command>& commands, uint64_t address) {
    set_program(commands, address);
    sim::Model model(request_.model_library);
    const std::unique_ptr<sim::ClockEngine> engine =
        sim::make_systemc_engine(request_, model, store_);
    sim::Testbench& bench = engine->testbench();
    bench.begin_run(0);
    engine->run();
    report_ = bench.report();
    if (bench.end() == sim::RunEnd::kHang) return "hang: " + bench.describe_hang();
    if (bench.end() == sim::RunEnd::kViolation) {
        return "AXI violation: " + bench.violations().violations().front().to_string();
    }
    return report_.failures.empty() ? "" : report_.failures.front();
}

std::string CommandBench::error_text() const {
    if (report_.error_code == 0) return {};
    std::string text = fmt::format("error {} at 0x{:x}", report_.error_code, report_.error_address);
    const uint64_t index = (report_.error_address - program_.command_address) / isa::kCommandBytes;
    if (index < program_.commands.size()) {
        text += ", command " + program_.commands[static_cast<size_t>(index)].text();
    }
    return text;
}

}  // namespace arraywright::e2e
