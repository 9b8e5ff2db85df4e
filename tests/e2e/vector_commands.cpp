// Random vector, combine, compute and transfer commands with the full range of every field on
// several designs, against their definitions in plain C++. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>

#include "tests/e2e/simulate_run.hpp"
#include "tests/e2e/vector_program.hpp"

using namespace arraywright;
using namespace arraywright::e2e;

namespace {

struct Options {
    uint64_t seed = 1;
    int32_t programs = 20;
    std::optional<int32_t> design;
    std::optional<int32_t> program;
    std::string spec;  ///< a file: this design instead
    bool loops = false;
    bool rare = false;
    bool list = false;
};

constexpr const char* kDesigns[] = {
    "array: {rows: 5, cols: 3}\nbus: {data_bits: 64, address_bits: 40}\n"
    "buffers: {activation_kib: 3, weight_kib: 3, accumulator_kib: 3}\n",
    "array: {rows: 16, cols: 16}\nbus: {data_bits: 128, address_bits: 64}\n"
    "buffers: {activation_kib: 16}\nvector: {lanes: 8}\n",
    "array: {rows: 8, cols: 8}\nbus: {data_bits: 64}\narithmetic: {on_overflow: trap}\n"
    "buffers: {activation_kib: 8}\n",
    "array: {rows: 3, cols: 7}\nbus: {data_bits: 32, address_bits: 33}\n"
    "buffers: {activation_kib: 5, weight_kib: 6}\nvector: {lanes: 4}\n",
    "array: {rows: 4, cols: 16}\nbus: {data_bits: 512, address_bits: 48}\n"
    "buffers: {activation_kib: 32}\n",
    "array: {rows: 6, cols: 5, dataflow: weight_stationary}\nbus: {data_bits: 64}\n"
    "buffers: {activation_kib: 4, weight_kib: 8}\nvector: {lanes: 3, tables: false}\n",
    "array: {rows: 4, cols: 6}\nbus: {data_bits: 64}\nbuffers: {activation_kib: 8}\n"
    "arithmetic: {accumulator_bits: 24, on_overflow: saturate}\nvector: {elementwise: false}\n",
    "array: {rows: 3, cols: 5, dataflow: weight_stationary}\nbus: {data_bits: 32}\n"
    "buffers: {activation_kib: 4, weight_kib: 8, accumulator_kib: 2}\n"
    "vector: {serial: true}\ntarget: ice40\n",
    "array: {rows: 4, cols: 2}\nbus: {data_bits: 64}\nbuffers: {activation_kib: 8}\n"
    "arithmetic: {accumulator_bits: 24, on_overflow: saturate}\nvector: {serial: true}\n",
};

std::string spec_of(const Options& options, int32_t design) {
    if (!options.spec.empty()) return read_text(options.spec);
    return std::string("name: commands\n") + kDesigns[design];
}

Contents contents_of(const Options& options, int32_t number) {
    if (options.loops) return number == 0 ? Contents::kTokens : Contents::kCounts;
    return options.rare ? Contents::kRare : Contents::kRandom;
}

/// Number of programs that fail.
int32_t run_design(const Options& options, int32_t index) {
    sim::MemoryConfig memory;
    memory.latency_cycles = options.loops ? 60 : 12;
    memory.stall = index % 2 == 0 ? 0.25 : 0.0;
    memory.seed = options.seed;
    CommandBench bench(spec_of(options, index), memory);
    const plan::Plan& plan = bench.plan();
    size_t commands = 0, overflows = 0;
    int32_t failed = 0;
    const int32_t first = options.program.value_or(0);
    const int32_t all = options.loops ? 2 : options.programs;
    const int32_t end = options.program ? first + 1 : all;
    for (int32_t number = first; number < end; ++number) {
        const Contents contents = contents_of(options, number);
        VectorProgram program(bench,
                              network::RandomStream(options.seed, static_cast<uint64_t>(index),
                                                    static_cast<uint64_t>(number)),
                              contents);
        if (options.list) fmt::print("{}", program.text());
        commands += program.size();
        overflows += program.model().overflow().count > 0 ? 1 : 0;
        const std::string wrong = program.run();
        if (wrong.empty()) continue;
        ++failed;
        const std::string design =
            options.spec.empty() ? fmt::format("--design {}", index) : "--spec " + options.spec;
        fmt::print("{}FAILED: {}\n  replay: vector_commands --seed {} {} {}--program {}\n",
                   options.list || options.loops ? "" : program.text(), wrong, options.seed, design,
                   options.loops  ? "--loops "
                   : options.rare ? "--rare "
                                  : "",
                   number);
        break;
    }
    fmt::print("{} x {}, {} bits, stall {}: {} commands, {} programs overflow, {} failed\n",
               plan.rows, plan.cols, plan.bus_bytes * 8, memory.stall, commands, overflows, failed);
    std::fflush(stdout);
    return failed;
}

int run(const Options& options) {
    if (!options.spec.empty()) return run_design(options, 0) == 0 ? 0 : 1;
    int32_t failed = 0;
    for (int32_t index = 0; index < static_cast<int32_t>(std::size(kDesigns)); ++index) {
        if (options.design && *options.design != index) continue;
        failed += run_design(options, index);
    }
    return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Runs random commands of every unit and compares what they leave in memory");
    app.add_option("--seed", options.seed, "everything follows from it");
    app.add_option("--programs", options.programs, "programs of each design");
    app.add_option("--design", options.design, "only this one");
    app.add_option("--program", options.program, "only this one");
    app.add_option("--spec", options.spec, "this design instead of the built-in ones");
    app.add_flag("--loops", options.loops,
                 "two programs instead: full token counters, counts beyond 2^15");
    app.add_flag("--rare", options.rare,
                 "windows and packed taps that overflow, ends of maps, long shifts");
    app.add_flag("--list", options.list, "prints the commands");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(options);
    } catch (const std::exception& error) {
        fmt::print("vector_commands: {}\n", error.what());
        return 2;
    }
}
