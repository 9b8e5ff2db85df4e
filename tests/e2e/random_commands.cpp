// Random and damaged commands over AXI: every run ends, the bus protocol holds, and what follows a
// soft reset is computed as if nothing had been. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <optional>

#include "generator/isa/commands.hpp"
#include "generator/isa/registers.hpp"
#include "generator/network/random_stream.hpp"
#include "tests/e2e/simulate_run.hpp"

using namespace arraywright;
using namespace arraywright::e2e;
using isa::Command;
using network::RandomStream;

namespace {

struct Options {
    uint64_t seed = 1;
    int32_t programs = 40;
    std::optional<int32_t> design;
    std::optional<int32_t> program;
};

constexpr const char* kDesigns[] = {
    "array: {rows: 5, cols: 3}\nbus: {data_bits: 64}\n"
    "buffers: {activation_kib: 3, weight_kib: 3, accumulator_kib: 3}\n",
    "array: {rows: 8, cols: 4, dataflow: weight_stationary}\nbus: {data_bits: 32}\n"
    "buffers: {activation_kib: 4, weight_kib: 4, accumulator_kib: 2}\n"
    "arithmetic: {on_overflow: trap}\n",
    "array: {rows: 8, cols: 8}\nbus: {data_bits: 128}\n"
    "buffers: {activation_kib: 8, weight_kib: 8, accumulator_kib: 4}\n"
    "sparsity: {structured: '2:4', block: 8, codebook: 16, codecs: true, zero_gating: true}\n",
};

constexpr const char* kWorkload =
    "name: commands\nchain: true\nlayers:\n"
    "  - {op: conv2d, input: [9, 8, 5], filters: 8, kernel: [3, 3], padding: same, bias: true, "
    "per_channel: true, activation: relu}\n"
    "  - {op: depthwise_conv2d, input: [9, 8, 8], kernel: [3, 3], padding: same}\n"
    "  - {op: max_pool2d, input: [9, 8, 8], kernel: [2, 2], stride: [2, 2], padding: valid}\n"
    "  - {op: conv2d, input: [4, 4, 8], filters: 16, kernel: [1, 1], padding: same}\n";

using Words = std::vector<std::array<uint32_t, isa::kCommandWords>>;

Words words_of(const compile::Program& program) {
    Words words;
    for (const Command& command : program.commands) {
        words.emplace_back();
        std::copy_n(command.words().begin(), isa::kCommandWords, words.back().begin());
    }
    return words;
}

std::vector<uint8_t> bytes_of(const Words& words) {
    std::vector<uint8_t> bytes;
    for (const auto& command : words) {
        for (const uint32_t word : command) {
            for (uint32_t b = 0; b < 4; ++b) bytes.push_back(static_cast<uint8_t>(word >> 8 * b));
        }
    }
    return bytes;
}

/// Changes one field to a value near its own or anywhere within its own bits.
void change_field(RandomStream& random, std::array<uint32_t, isa::kCommandWords>& words) {
    const uint32_t opcode = words[0] & 0xffU;
    if (opcode < 1 || opcode > 5) return;
    Command command(bytes_of({words}).data());
    const auto& fields = isa::command_fields(command.opcode());
    if (fields.empty()) return;
    const isa::CommandField& field = fields[random.below(static_cast<uint32_t>(fields.size()))];
    const int64_t was = command.get(field.name);
    const int64_t near[] = {was + 1, was - 1, 2 * was, was / 2, 0, 1, was + 16};
    const int64_t most = int64_t{1} << std::min(field.bits, 30);
    const int64_t value = random.below(4) == 0
                              ? random.below(static_cast<uint32_t>(std::min<int64_t>(most, 4096)))
                              : near[random.below(std::size(near))];
    try {
        command.set(field.name, value);
    } catch (const isa::FieldOverflow&) {
        return;
    }
    std::copy_n(command.words().begin(), isa::kCommandWords, words.begin());
}

/// Damages the commands: half of the time single fields, so that the units come to work on what is
/// wrong; else bits, words, whole commands, their order.
void damage(RandomStream& random, Words& words) {
    const uint32_t times = 1 + random.below(random.below(4) == 0 ? 40 : 4);
    for (uint32_t i = 0; i < times; ++i) {
        auto& command = words[random.below(static_cast<uint32_t>(words.size()))];
        uint32_t& word = command[random.below(isa::kCommandWords)];
        switch (random.below(18)) {
            case 0:
            case 1:
                word ^= 1U << random.below(32);
                break;
            case 2:
                word = static_cast<uint32_t>(random.below(1U << 16));
                break;
            case 3:
                word = ~0U;
                break;
            case 4:
                word = 0;
                break;
            case 5:
                // Tokens and layer in the first word; the opcode stays.
                command[0] = (command[0] & 0xffU) | (random.below(1U << 24) << 8U);
                break;
            case 6:
                std::swap(command, words[random.below(static_cast<uint32_t>(words.size()))]);
                break;
            case 7:
                command = words[random.below(static_cast<uint32_t>(words.size()))];
                break;
            case 8:
                for (size_t w = 1; w < isa::kCommandWords; ++w) {
                    command[w] = random.below(1U << 16) << 16U | random.below(1U << 16);
                }
                break;
            default:
                change_field(random, command);
        }
    }
}

void print_changes(const compile::Program& program, const Words& words) {
    for (size_t i = 0; i < words.size(); ++i) {
        const Command& was = program.commands[i];
        const Command is(bytes_of({words[i]}).data());
        if (was.words() != is.words())
            fmt::print("  command {}\n    was {}\n    is  {}\n", i, was.text(), is.text());
    }
}

/// What is wrong with two runs, the first with damaged commands; empty: nothing.
std::string judge(const sim::SimulationResult& result) {
    const sim::RunResult& damaged = result.runs.front();
    if (damaged.outcome == sim::Outcome::kHang) return "hang: " + damaged.hang;
    if (!damaged.violations.empty())
        return "AXI violation: " + damaged.violations.front().to_string();
    const sim::RunResult& intact = result.runs.at(1);
    if (intact.outcome == sim::Outcome::kPassed) return {};
    return "the run after it fails: " +
           (intact.failures.empty() ? std::string("?") : intact.failures.front());
}

/// Number of programs that fail.
int32_t run_design(const Options& options, int32_t index) {
    const Design design(fmt::format("name: commands\n{}", kDesigns[index]));
    const network::Network network = network_of(kWorkload);
    const compile::Program program = design.compile(network);
    std::map<std::string, int32_t> ends;
    int32_t failed = 0;
    const int32_t begin = options.program.value_or(0);
    const int32_t end = options.program ? begin + 1 : options.programs;
    for (int32_t number = begin; number < end; ++number) {
        RandomStream random(options.seed, static_cast<uint64_t>(index),
                            static_cast<uint64_t>(number));
        Words words = words_of(program);
        damage(random, words);
        sim::SimulationOptions run;
        run.watchdog_cycles = 3000;
        run.progress = false;
        // Counts go up to 2^16 each: what still works then has made the watchdog's progress.
        run.max_cycles = 200000;
        run.hang_cycles = 2 * run.max_cycles;
        run.memory.latency_cycles = static_cast<int32_t>(random.below(30));
        run.memory.stall = random.below(2) == 0 ? 0.3 : 0.0;
        run.memory.seed = random.below(1000);
        int32_t loads = 0;
        run.after_load = [&](sim::MemoryStore& store) {
            if (loads++ == 0) store.initialize(program.command_address, bytes_of(words));
        };
        const sim::SimulationResult result =
            design.run(network, program, std::vector<Inputs>(2, network.synthetic_inputs), run);
        const sim::RunResult& first = result.runs.front();
        const bool works_on = first.hang.rfind("no end after", 0) == 0;
        const std::string wrong = works_on ? std::string() : judge(result);
        const uint32_t code = first.host.error_code;
        ++ends[works_on ? "at work" : code == 0 ? "no error" : std::string(isa::error_name(code))];
        if (options.program) print_changes(program, words);
        if (wrong.empty()) continue;
        ++failed;
        fmt::print("FAILED: {}\n  replay: random_commands --seed {} --design {} --program {}\n",
                   wrong, options.seed, index, number);
    }
    fmt::print("design {}: {} programs, {} failed;", index, end - begin, failed);
    for (const auto& [name, count] : ends) fmt::print(" {} {}", name, count);
    fmt::print("\n");
    std::fflush(stdout);
    return failed;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Runs damaged programs: each must end, keep to the protocol and leave nothing");
    app.add_option("--seed", options.seed, "everything follows from it");
    app.add_option("--programs", options.programs, "programs of each design");
    app.add_option("--design", options.design, "only this one");
    app.add_option("--program", options.program, "only this one");
    CLI11_PARSE(app, argc, argv);
    try {
        int32_t failed = 0;
        for (int32_t index = 0; index < static_cast<int32_t>(std::size(kDesigns)); ++index) {
            if (!options.design || *options.design == index) failed += run_design(options, index);
        }
        return failed == 0 ? 0 : 1;
    } catch (const std::exception& error) {
        fmt::print("random_commands: {}\n", error.what());
        return 2;
    }
}
