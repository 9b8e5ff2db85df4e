// arraywright estimate: cycles and traffic by the cost model. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/estimate.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "generator/cli/atomic_file.hpp"
#include "generator/cli/estimate_report.hpp"
#include "generator/cli/inputs.hpp"
#include "sim/result_table.hpp"

namespace arraywright::cli {
namespace {

struct Options {
    std::string spec_file, network_file, json_file;
    std::string memory = "latency=20";
    WeightOptions weights;
};

sim::MemoryConfig read_memory(const std::string& text) {
    const auto memory = sim::parse_memory_config(text);
    if (const auto* message = std::get_if<std::string>(&memory)) {
        throw OutputError("--memory: " + *message);
    }
    return std::get<sim::MemoryConfig>(memory);
}

std::string ratio(int64_t cycles, int64_t bound) {
    if (bound == 0) return "-";
    return fmt::format("{:.2f}", static_cast<double>(cycles) / static_cast<double>(bound));
}

bool is_stored_otherwise(const estimate::LayerEstimate& layer) {
    return !layer.storage.form.empty() && layer.storage.form != "dense";
}

std::string table(const estimate::Estimate& estimate) {
    std::vector<std::vector<std::string>> rows = {{"layer", "op", "where", "MACs", "cycles",
                                                   "bound", "cycles / bound", "read bytes",
                                                   "written bytes"}};
    const bool shows_weights =
        std::any_of(estimate.layers.begin(), estimate.layers.end(), is_stored_otherwise);
    if (shows_weights) rows[0].insert(rows[0].end(), {"weights", "bits / nonzero"});
    for (const estimate::LayerEstimate& layer : estimate.layers) {
        rows.push_back({layer.name, layer.op, layer.block, fmt::format("{}", layer.macs),
                        layer.cycles ? fmt::format("{}", *layer.cycles) : "-",
                        fmt::format("{}", layer.bound_cycles),
                        layer.cycles ? ratio(*layer.cycles, layer.bound_cycles) : "-",
                        fmt::format("{}", layer.dram_read_bytes),
                        fmt::format("{}", layer.dram_write_bytes)});
        if (!shows_weights) continue;
        const bool has = !layer.storage.form.empty();
        rows.back().push_back(has ? layer.storage.form : "-");
        rows.back().push_back(has ? fmt::format("{:.2f}", layer.storage.bits_per_nonzero()) : "-");
    }
    return sim::aligned_columns(rows);
}

int run_estimate(const Options& options) {
    Json json = {{"command", "estimate"}, {"passed", false}};
    check_json_target(options.json_file, options.spec_file);
    check_json_target(options.json_file, options.network_file);
    const sim::MemoryConfig memory = read_memory(options.memory);
    const auto timing = memory_timing(memory);
    if (!timing) {
        throw OutputError(
            "--memory: stall, gap and reorder are random, the cost model has no figure for them; "
            "leave them out, or run simulate");
    }
    const std::optional<plan::Plan> plan = load_plan(options.spec_file, json);
    const std::optional<network::Network> network =
        plan ? load_network(options.network_file, options.weights, json) : std::nullopt;
    const std::optional<compile::Program> program =
        network ? compile_program(*network, options.network_file, *plan, json) : std::nullopt;
    if (!program) {
        write_json(options.json_file, json);
        return kInputWrong;
    }
    const estimate::Estimate result =
        estimate::estimate_program(*program, *network, *plan, *timing);
    json["passed"] = true;
    json["design"] = plan->spec.name;
    json["network"] = network->name;
    json["memory"] = memory.to_string();
    json["estimated_cycles"] = result.cycles;
    json["bound_cycles"] = result.bound_cycles;
    json["command_read_bytes"] = result.command_read_bytes;
    json["layers"] = layers_json(result);
    write_json(options.json_file, json);
    if (prints_text(options.json_file)) {
        write_standard_output(fmt::format(
            "{} on {}: estimated, not measured\nmemory: {}\n\n{}\nestimated cycles: {}, bound {}, "
            "ratio {}\n",
            network->name, plan->spec.name, memory.to_string(), table(result), result.cycles,
            result.bound_cycles, ratio(result.cycles, result.bound_cycles)));
    }
    return kPassed;
}

}  // namespace

void add_estimate(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("estimate", "Cycles and traffic of a network by the cost model, no RTL");
    command->add_option("SPEC", options->spec_file, "the accelerator's description, a YAML file")
        ->required();
    command->add_option("NETWORK", options->network_file, "a .tflite model or a workload YAML")
        ->required();
    command->add_option("--memory", options->memory, "latency=20,write_latency=1,bandwidth=1");
    add_weight_options(*command, options->weights);
    add_json_option(*command, options->json_file);
    command->callback([options, &exit_code] { exit_code = run_estimate(*options); });
}

}  // namespace arraywright::cli
