// Random (spec, layer) pairs through RTL and golden kernel; see --help.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "tests/e2e/random_case.hpp"
#include "tests/e2e/simulate_run.hpp"

using namespace arraywright;
using namespace arraywright::e2e;

namespace {

struct Options {
    uint64_t seed = 1;
    int32_t specs = 8;
    int32_t layers = 10;
    int32_t memories = 1;
    SpecLimits limits{.most_multipliers = 400};
    std::optional<int32_t> only;
    std::optional<int32_t> layer;
    std::string keep, design, write_specs;
    bool dry_run = false;
    bool stop = false;
    bool networks = false;
    std::optional<uint64_t> expected_cycles;  ///< of all runs together
};

struct Tally {
    int32_t passed = 0, failed = 0, refused = 0, coded = 0;
    uint64_t cycles = 0;
};

struct Pair {
    int32_t spec_index, layer_index;
    std::string spec, workload;
    sim::MemoryConfig memory;
    compile::CompileOptions options;
};

void print(const std::string& text) {
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
}

void report_failure(const Options& options, const Pair& pair, const std::string& why) {
    std::string text = fmt::format(
        "FAILED spec {} layer {}:\n{}\n--- spec.yaml\n{}--- workload.yaml\n{}--- memory {} base "
        "{:#x}\nreplay: random_pairs --seed {} --min-multipliers {} --max-multipliers {} --only {} "
        "--layer {} --memories {}{}{}{}{}{}{}{}{}{}\n",
        pair.spec_index, pair.layer_index, why, pair.spec, pair.workload, pair.memory.to_string(),
        pair.options.base, options.seed, options.limits.least_multipliers,
        options.limits.most_multipliers, pair.spec_index, pair.layer_index, options.memories,
        options.networks ? " --networks" : "", options.limits.narrow ? " --narrow" : "",
        options.limits.streams ? " --streams" : "", options.limits.sparse ? " --sparse" : "",
        options.limits.coded ? " --coded" : "", options.limits.one_command ? " --one-command" : "",
        options.limits.serial ? " --serial" : "",
        options.limits.target.empty() ? "" : " --target " + options.limits.target,
        options.design.empty() ? "" : " --design " + options.design);
    if (!options.keep.empty()) {
        const std::filesystem::path folder =
            std::filesystem::path(options.keep) /
            fmt::format("seed{}_spec{}_layer{}", options.seed, pair.spec_index, pair.layer_index);
        write_text(folder / "spec.yaml", pair.spec);
        write_text(folder / "workload.yaml", pair.workload);
        text += fmt::format(
            "replay at base 0x1000: arraywright simulate {0}/spec.yaml "
            "{0}/workload.yaml --memory {1}\n",
            folder.string(), pair.memory.to_string());
        write_text(folder / "report.txt", text);
    }
    print(text);
}

/// Why the pair failed; empty when it passed. Throws CannotCompile for a layer too large.
std::string run_pair(const Design& design, const Pair& pair, Tally& tally) {
    const network::Network network = network_of(pair.workload);
    const compile::Program program = design.compile(network, pair.options);
    sim::SimulationOptions options;
    options.memory = pair.memory;
    options.progress = false;
    const sim::SimulationResult result =
        design.run(network, program, {network.synthetic_inputs}, options);
    tally.cycles += result.simulated_cycles;
    return failures(result);
}

void run_spec(const Options& options, int32_t index, Tally& tally) {
    Dice spec_dice(derived_seed(options.seed, static_cast<uint64_t>(index)));
    const std::string spec =
        options.design.empty()
            ? random_spec(spec_dice, fmt::format("random_{}", index), options.limits)
            : read_text(options.design);
    if (!options.write_specs.empty()) {
        write_text(
            std::filesystem::path(options.write_specs) / fmt::format("random_{}.yaml", index),
            spec);
        return;
    }
    Pair pair{index, 0, spec, "", {}, {}};
    const plan::Plan plan = plan_of(pair.spec);
    const uint64_t layer_seed = spec_dice.next();
    std::optional<Design> design;
    try {
        if (!options.dry_run) design.emplace(pair.spec);
    } catch (const std::exception& error) {
        report_failure(options, pair, std::string("the design cannot be built: ") + error.what());
        ++tally.failed;
        return;
    }
    // What the compiler refuses is drawn again, but not without end.
    int32_t done = 0;
    for (int32_t i = 0; done < options.layers && i < 3 * options.layers; ++i) {
        if (options.stop && tally.failed > 0) return;
        Dice dice(derived_seed(layer_seed, static_cast<uint64_t>(i)));
        pair.layer_index = i;
        pair.workload = options.networks         ? random_network(dice, options.limits)
                        : options.limits.narrow  ? random_narrow_workload(dice, plan)
                        : options.limits.streams ? random_stream_workload(dice, plan)
                                                 : random_workload(dice, plan);
        pair.memory = random_memory(dice);
        pair.options.base = random_base(dice, plan);
        if (options.limits.coded) pair.options.coding.most_growth = 10000;
        if (options.layer && *options.layer != i) continue;
        std::string why;
        try {
            const network::Network network = network_of(pair.workload);
            const compile::CompileResult compiled =
                compile::compile_network(network, plan, pair.options);
            if (!compiled.errors.empty()) {
                ++tally.refused;
                fmt::print("refused spec {} layer {}: {}\n", index, i,
                           compiled.errors.front().message);
                continue;
            }
            tally.coded += static_cast<int32_t>(compiled.program.coded.size());
            for (int32_t m = 0; design && m < options.memories && why.empty(); ++m) {
                if (m > 0) pair.memory = random_memory(dice);
                why = run_pair(*design, pair, tally);
            }
        } catch (const std::exception& error) {
            why = std::string("exception: ") + error.what();
        }
        ++done;
        if (why.empty()) {
            ++tally.passed;
        } else {
            ++tally.failed;
            report_failure(options, pair, why);
        }
    }
}

/// Some array of 1 to 64 rows and columns has an allowed size.
bool possible(const SpecLimits& limits) {
    for (int32_t rows = 1; rows <= 64; ++rows) {
        for (int32_t cols = 1; cols <= 64; ++cols) {
            if (limits.holds(rows, cols)) return true;
        }
    }
    return false;
}

int run(const Options& options) {
    if (!possible(options.limits)) {
        throw std::invalid_argument("no array has that many multipliers");
    }
    print(fmt::format("random_pairs: seed {}, {} specs x {} layers\n", options.seed, options.specs,
                      options.layers));
    const auto start = std::chrono::steady_clock::now();
    Tally tally;
    const int32_t first = options.only.value_or(0);
    const int32_t last = options.only ? first : options.specs - 1;
    for (int32_t index = first; index <= last; ++index) {
        if (options.stop && tally.failed > 0) break;
        run_spec(options, index, tally);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        print(fmt::format(
            "spec {}: {} passed, {} failed, {} refused by the compiler, {} coded tensors, {} "
            "cycles, {:.0f} s\n",
            index, tally.passed, tally.failed, tally.refused, tally.coded, tally.cycles,
            seconds.count()));
    }
    if (options.write_specs.empty() && tally.passed + tally.failed == 0) {
        print("nothing was run\n");
        return 1;
    }
    if (tally.failed == 0 && options.expected_cycles && *options.expected_cycles != tally.cycles) {
        print(fmt::format("FAILED: {} cycles, recorded are {}\n", tally.cycles,
                          *options.expected_cycles));
        return 1;
    }
    return tally.failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Simulates random layers on random designs and compares with the golden kernel");
    app.add_option("--seed", options.seed, "everything follows from it");
    app.add_option("--specs", options.specs, "number of designs");
    app.add_option("--layers", options.layers, "number of workloads per design");
    app.add_option("--min-multipliers", options.limits.least_multipliers, "smallest rows * cols");
    app.add_option("--max-multipliers", options.limits.most_multipliers, "largest rows * cols");
    app.add_flag("--narrow", options.limits.narrow,
                 "at most four rows, small buffers: reductions in many commands");
    app.add_flag("--streams", options.limits.streams,
                 "depthwise layers that stream through small buffers");
    app.add_flag("--sparse", options.limits.sparse,
                 "designs that save zeros, and weights that have them");
    app.add_flag("--coded", options.limits.coded,
                 "networks on designs with codecs, most feature maps in DRAM");
    app.add_flag("--one-command", options.limits.one_command,
                 "designs without queues, some of them without counters");
    app.add_flag("--serial", options.limits.serial, "designs with a serial vector unit");
    app.add_option("--design", options.design, "a spec instead of random ones");
    app.add_option("--target", options.limits.target, "of all designs, instead of drawn ones");
    app.add_option("--write-specs", options.write_specs, "only write the specs into this folder");
    app.add_option("--memories", options.memories, "random memories per workload");
    app.add_option("--only", options.only, "only this design");
    app.add_option("--layer", options.layer, "only this workload of each design");
    app.add_option("--keep", options.keep, "folder for the spec and workload of each failure");
    app.add_flag("--stop", options.stop, "end at the first failure");
    app.add_flag("--networks", options.networks, "networks of several layers, all operators");
    app.add_option("--expect-cycles", options.expected_cycles,
                   "all runs together take so many: what only costs time is noticed, too");
    app.add_flag("--dry-run", options.dry_run, "compile only: nothing is simulated");
    CLI11_PARSE(app, argc, argv);
    if (options.limits.coded) options.limits.sparse = options.networks = true;
    options.limits.options = options.networks;
    if (options.limits.least_multipliers > options.limits.most_multipliers) {
        std::fputs("random_pairs: --min-multipliers is above --max-multipliers\n", stderr);
        return 2;
    }
    try {
        return run(options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "random_pairs: %s\n", error.what());
        return 2;
    }
}
