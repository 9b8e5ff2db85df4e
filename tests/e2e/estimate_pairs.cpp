// Cost model against RTL on random designs and layers; see --help. SPDX-License-Identifier:
// Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "generator/cli/estimate_report.hpp"
#include "generator/estimate/estimate.hpp"
#include "tests/e2e/random_case.hpp"
#include "tests/e2e/simulate_run.hpp"

using namespace arraywright;
using namespace arraywright::e2e;
using Json = nlohmann::ordered_json;

namespace {

struct Options {
    uint64_t seed = 1;
    int32_t specs = 6;
    int32_t layers = 8;
    SpecLimits limits{.most_multipliers = 400};
    double network_percent = 5;
    double layer_percent = 10;
    std::string json_file;
    std::string keep;
};

/// Of a handful of cycles no percentage means anything: so many may always differ.
constexpr double kSlackCycles = 4;

bool within(double measured, double estimated, double percent) {
    return std::abs(estimated - measured) <= std::max(measured * percent / 100, kSlackCycles);
}

double error_percent(double measured, double estimated) {
    return 100 * (estimated - measured) / measured;
}

struct Tally {
    int32_t pairs = 0, over = 0;
    double worst_network = 0, worst_layer = 0;
    Json rows = Json::array();
};

void keep_pair(const Options& options, const std::string& name, const std::string& spec,
               const std::string& workload) {
    if (options.keep.empty()) return;
    const std::filesystem::path folder = std::filesystem::path(options.keep) / name;
    write_text(folder / "spec.yaml", spec);
    write_text(folder / "workload.yaml", workload);
}

/// The errors of one run; true if each lies within its tolerance.
bool judge(const Options& options, const sim::SimulationResult& result, Json& row, Tally& tally) {
    const auto measured = static_cast<double>(result.runs.front().counters->cycles);
    const auto estimated = static_cast<double>(*result.estimated_cycles);
    bool ok = within(measured, estimated, options.network_percent);
    row["cycles"] = measured;
    row["estimated_cycles"] = estimated;
    row["error_percent"] = error_percent(measured, estimated);
    tally.worst_network =
        std::max(tally.worst_network, std::abs(error_percent(measured, estimated)));
    for (const sim::LayerReport& layer : result.runs.front().layers) {
        if (!layer.cycles) continue;
        const auto layer_measured = static_cast<double>(*layer.cycles);
        const auto layer_estimated =
            static_cast<double>(layer.estimated_cycles ? *layer.estimated_cycles : 0);
        ok = ok && within(layer_measured, layer_estimated, options.layer_percent);
        tally.worst_layer =
            std::max(tally.worst_layer, std::abs(error_percent(layer_measured, layer_estimated)));
        row["layers"].push_back({{"name", layer.name},
                                 {"cycles", *layer.cycles},
                                 {"estimated_cycles", layer_estimated}});
    }
    row["ok"] = ok;
    return ok;
}

/// Latency 20 and 100 in turn; now and then a slow bus.
sim::MemoryConfig memory_of(Dice& dice, int32_t index) {
    sim::MemoryConfig memory;
    memory.latency_cycles = index % 2 == 0 ? 20 : 100;
    if (dice.chance(20)) memory.bandwidth = dice.pick({0.5, 0.25});
    return memory;
}

void run_spec(const Options& options, int32_t index, Tally& tally) {
    Dice spec_dice(derived_seed(options.seed, static_cast<uint64_t>(index)));
    const std::string spec =
        random_spec(spec_dice, fmt::format("random_{}", index), options.limits);
    const plan::Plan plan = plan_of(spec);
    const uint64_t layer_seed = spec_dice.next();
    const Design design(spec);
    int32_t done = 0;
    for (int32_t i = 0; done < options.layers && i < 3 * options.layers; ++i) {
        Dice dice(derived_seed(layer_seed, static_cast<uint64_t>(i)));
        const std::string workload = random_workload(dice, plan);
        const network::Network network = network_of(workload);
        if (!compile::compile_network(network, plan).errors.empty()) continue;
        const compile::Program program = design.compile(network);
        sim::SimulationOptions simulation;
        simulation.memory = memory_of(dice, i);
        simulation.progress = false;
        sim::SimulationResult result =
            design.run(network, program, {network.synthetic_inputs}, simulation);
        // A trap stops the program: nothing to compare.
        if (!result.runs.front().counters || result.runs.front().host.error_code != 0) continue;
        cli::add_estimate(estimate::estimate_program(program, network, plan,
                                                     *cli::memory_timing(simulation.memory)),
                          result);
        const std::string name = fmt::format("seed{}_spec{}_layer{}", options.seed, index, i);
        Json row = {{"name", name},
                    {"array", fmt::format("{}x{}", plan.rows, plan.cols)},
                    {"dataflow", plan.weight_stationary ? "weight_stationary" : "broadcast"},
                    {"memory", simulation.memory.to_string()}};
        const bool ok = judge(options, result, row, tally);
        fmt::print("{:<26} {:<8} {:<18} latency {:<4} bandwidth {:<4} {:>8} {:>8} {:>7.2f} %{}\n",
                   name, row["array"].get<std::string>(), row["dataflow"].get<std::string>(),
                   simulation.memory.latency_cycles, simulation.memory.bandwidth,
                   row["cycles"].get<double>(), row["estimated_cycles"].get<double>(),
                   row["error_percent"].get<double>(), ok ? "" : "  over");
        if (!ok) keep_pair(options, name, spec, workload);
        tally.rows.push_back(std::move(row));
        tally.over += ok ? 0 : 1;
        ++tally.pairs;
        ++done;
    }
}

int run(const Options& options) {
    fmt::print("estimate_pairs: seed {}, {} specs x {} layers\n", options.seed, options.specs,
               options.layers);
    Tally tally;
    for (int32_t index = 0; index < options.specs; ++index) run_spec(options, index, tally);
    fmt::print("{} pairs, {} over; largest error {:.2f} % of a network, {:.2f} % of a layer\n",
               tally.pairs, tally.over, tally.worst_network, tally.worst_layer);
    if (!options.json_file.empty()) {
        std::ofstream(options.json_file) << Json({{"seed", options.seed},
                                                  {"passed", tally.over == 0 && tally.pairs > 0},
                                                  {"worst_network_percent", tally.worst_network},
                                                  {"worst_layer_percent", tally.worst_layer},
                                                  {"rows", tally.rows}})
                                                .dump(1)
                                         << '\n';
    }
    if (tally.pairs == 0) fmt::print("nothing was run\n");
    return tally.over == 0 && tally.pairs > 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Compares the cost model with RTL cycles on random designs and layers");
    app.add_option("--seed", options.seed, "everything follows from it");
    app.add_option("--specs", options.specs, "number of designs");
    app.add_option("--layers", options.layers, "number of workloads per design");
    app.add_flag("--sparse", options.limits.sparse, "designs that save zeros");
    app.add_flag("--one-command", options.limits.one_command, "designs without queues");
    app.add_flag("--serial", options.limits.serial, "designs with a serial vector unit");
    app.add_option("--min-multipliers", options.limits.least_multipliers, "smallest rows * cols");
    app.add_option("--max-multipliers", options.limits.most_multipliers, "largest rows * cols");
    app.add_option("--network-percent", options.network_percent, "largest error of a network");
    app.add_option("--layer-percent", options.layer_percent, "largest error of a layer");
    app.add_option("--json", options.json_file, "file for all rows");
    app.add_option("--keep", options.keep,
                   "folder for spec and workload of each pair that is over");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "estimate_pairs: %s\n", error.what());
        return 2;
    }
}
