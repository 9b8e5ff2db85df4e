// Random compute commands of every mode on several designs, against plain convolution.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>

#include "tests/e2e/array_program.hpp"
#include "tests/e2e/simulate_run.hpp"

using namespace arraywright;
using namespace arraywright::e2e;

namespace {

struct Options {
    uint64_t seed = 1;
    int32_t programs = 20;
    std::optional<int32_t> design;
    std::optional<int32_t> program;
    std::string spec;  ///< a file: this design instead
    bool measure = false;
};

struct DesignCase {
    int32_t rows, cols, bus_bits;
    const char* more;
};

constexpr DesignCase kDesigns[] = {
    {16, 16, 128, ""},
    {5, 3, 64, ""},
    {8, 8, 64, "arithmetic: {on_overflow: trap}\n"},
    {3, 7, 32, ""},
    {1, 4, 32, ""},
    {16, 4, 256, ""},
    {4, 16, 512, ""},
    {2, 3, 32, "buffers: {activation_kib: 8, weight_kib: 3, accumulator_kib: 5}\n"},
    {32, 5, 128, ""},
    {8, 8, 128, "sparsity: {structured: '2:4'}\n"},
    {6, 4, 64, "sparsity: {structured: '2:8', codebook: 16}\n"},
    {3, 5, 32, "sparsity: {structured: '1:4', codecs: true}\n"},
};

std::string spec_of(const Options& options, const DesignCase& design) {
    if (!options.spec.empty()) return read_text(options.spec);
    return fmt::format("name: commands\narray: {{rows: {}, cols: {}}}\nbus: {{data_bits: {}}}\n{}",
                       design.rows, design.cols, design.bus_bits, design.more);
}

ArrayGroup random_group(network::RandomStream& random, const ArrayBench& bench) {
    ArrayGroup group;
    const uint32_t wanted = 1 + random.below(4);
    for (int32_t tries = 0; tries < 200 && (group.size() < wanted); ++tries) {
        const ArrayShape shape = random_shape(random, bench.plan());
        ArrayJob job(shape, bench.plan(), random);
        if (bench.fits(group, job)) group.push_back(std::move(job));
    }
    return group;
}

/// Number of programs that fail.
int32_t run_design(const Options& options, int32_t index) {
    const DesignCase& design = kDesigns[index];
    sim::MemoryConfig memory;
    memory.latency_cycles = 12;
    memory.stall = index % 2 == 0 ? 0.25 : 0.0;
    memory.seed = options.seed;
    ArrayBench bench(spec_of(options, design), memory);
    int32_t failed = 0;
    size_t jobs = 0;
    for (int32_t program = 0; program < options.programs; ++program) {
        if (options.program && *options.program != program) continue;
        network::RandomStream random(options.seed, static_cast<uint64_t>(index),
                                     static_cast<uint64_t>(program));
        std::vector<ArrayGroup> groups;
        const uint32_t count = 1 + random.below(3);
        while (groups.size() < count) groups.push_back(random_group(random, bench));
        for (const ArrayGroup& group : groups) jobs += group.size();
        const std::string wrong = bench.run(groups);
        if (wrong.empty()) continue;
        ++failed;
        fmt::print("FAILED: {}\n  replay: array_commands --seed {} --design {} --program {}\n",
                   wrong, options.seed, index, program);
        break;  // the units may be in any state
    }
    fmt::print("{} x {}, {} bits, stall {}: {} jobs, {} failed\n", bench.plan().rows,
               bench.plan().cols, bench.plan().bus_bytes * 8, memory.stall, jobs, failed);
    std::fflush(stdout);
    return failed;
}

/// Array cycles of `job` alone, loads and results aside.
void measure(ArrayBench& bench, const std::string& name, const ArrayShape& shape) {
    network::RandomStream random(1);
    std::vector<ArrayGroup> groups(1);
    groups[0].emplace_back(shape, bench.plan(), random);
    if (!bench.fits({}, groups[0][0])) throw std::invalid_argument(name + " does not fit");
    const std::string wrong = bench.run(groups);
    if (!wrong.empty()) throw std::runtime_error(wrong);
    const sim::Counters& counters = bench.counters();
    fmt::print("{}: {} cycles of the array at work, {} idle for no token or command\n", name,
               counters.compute, counters.other);
}

void measure_rates() {
    ArrayBench bench(
        "name: commands\narray: {rows: 16, cols: 16}\n"
        "buffers: {activation_kib: 1024, weight_kib: 128, accumulator_kib: 256}\n",
        {});
    ArrayShape window;
    window.mode = ArrayMode::kWindow;
    window.height = window.out_h = 28;
    window.width = window.out_w = 112;
    window.channels = window.cols = 16;
    window.kernel_h = window.kernel_w = 3;
    window.top = window.left = 1;
    window.band = window.out_h;
    measure(bench, fmt::format("window 3x3 on 28x112x16 ({} pixels)", 30 * 114), window);
    window.band = 4;
    measure(bench, fmt::format("the same in bands of 4 rows ({} pixels)", 30 * 114), window);
    ArrayShape packed;
    packed.mode = ArrayMode::kPacked;
    packed.height = 49;
    packed.width = 10;
    packed.kernel_h = 10;
    packed.kernel_w = 4;
    packed.stride_h = packed.stride_w = 2;
    packed.top = 4;
    packed.left = 1;
    packed.out_h = 25;
    packed.out_w = 5;
    packed.tiles = 4;
    packed.cols = 16;
    measure(bench, fmt::format("packed 10x4 stride 2, 64 filters ({} of 12)", 25 * 5), packed);
    packed.height = packed.width = packed.out_h = packed.out_w = 32;
    packed.channels = packed.kernel_h = packed.kernel_w = 3;
    packed.stride_h = packed.stride_w = packed.top = packed.left = packed.tiles = 1;
    measure(bench, fmt::format("packed 3x3x3, 16 filters ({} of 3)", 32 * 32), packed);
    packed.height = packed.width = 64;
    packed.kernel_h = packed.kernel_w = 7;
    packed.stride_h = packed.stride_w = 2;
    packed.tiles = 4;
    measure(bench, fmt::format("packed 7x7x3 stride 2, 64 filters ({} of 40)", 32 * 32), packed);
}

int run(const Options& options) {
    if (options.measure) {
        measure_rates();
        return 0;
    }
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
    CLI::App app("Runs random compute commands and compares their sums with plain convolution");
    app.add_option("--seed", options.seed, "everything follows from it");
    app.add_option("--programs", options.programs, "programs of each design");
    app.add_option("--design", options.design, "only this one");
    app.add_option("--program", options.program, "only this one");
    app.add_option("--spec", options.spec, "this design instead of the built-in ones");
    app.add_flag("--measure", options.measure, "cycles of two layers instead");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(options);
    } catch (const std::exception& error) {
        fmt::print("array_commands: {}\n", error.what());
        return 2;
    }
}
