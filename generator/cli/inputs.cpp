// Spec and network of a command. SPDX-License-Identifier: Apache-2.0
#include "generator/cli/inputs.hpp"

#include <fmt/format.h>

#include <map>

#include "generator/network/random_stream.hpp"
#include "generator/network/tflite_reader.hpp"
#include "generator/network/weight_changes.hpp"
#include "generator/network/workload_reader.hpp"
#include "generator/spec/spec_reader.hpp"

namespace arraywright::cli {

namespace {

const std::map<std::string, network::GroupPattern> kPatterns = {
    {"1:4", {1, 4}}, {"2:4", {2, 4}}, {"2:8", {2, 8}}, {"4:8", {4, 8}}};

void report(const std::string& what, const std::string& key, const network::WeightChange& change,
            Json& json) {
    fmt::print(stderr, "{}: {} of {} weights changed, error {:.2f} % of their RMS, at most {}\n",
               what, change.changed, change.weights, 100 * change.relative_error(),
               change.largest_error);
    json[key] = {{"weights", change.weights},
                 {"changed", change.changed},
                 {"relative_rms_error", change.relative_error()},
                 {"largest_error", change.largest_error}};
}

std::optional<network::Network> read_network(const std::string& file, std::optional<uint64_t> seed,
                                             Json& json) {
    if (file.ends_with(".tflite")) {
        spec::Diagnostics diagnostics(file, "");
        std::optional<network::Network> network = network::read_tflite(file, diagnostics);
        if (!network) {
            print_diagnostics(diagnostics);
            json["errors"] = diagnostics_json(diagnostics);
        }
        return network;
    }
    network::WorkloadResult result = network::read_workload(file, seed);
    if (!result.network) {
        print_diagnostics(result.diagnostics);
        json["errors"] = diagnostics_json(result.diagnostics);
    }
    return std::move(result.network);
}

}  // namespace

void add_weight_options(CLI::App& command, WeightOptions& options) {
    command
        .add_option("--prune", options.prune,
                    "prune weights by magnitude to N:M along the input channels")
        ->check(CLI::IsMember({"1:4", "2:4", "2:8", "4:8"}));
    command
        .add_option("--codebook", options.codebook,
                    "quantize the weights of each layer to so many values")
        ->check(CLI::IsMember({16, 256}));
}

std::optional<network::Network> load_network(const std::string& file, const WeightOptions& options,
                                             Json& json) {
    std::optional<network::Network> network = read_network(file, options.seed, json);
    if (!network) return network;
    if (!options.prune.empty()) {
        report("pruned to " + options.prune, "pruned",
               network::prune_weights(*network, kPatterns.at(options.prune)), json);
    }
    if (options.codebook > 0) {
        report(fmt::format("codebook of {}", options.codebook), "codebook",
               network::share_weights(*network, options.codebook), json);
    }
    return network;
}

std::optional<plan::Plan> load_plan(const std::string& file, Json& json,
                                    std::optional<spec::Target> target) {
    const spec::SpecResult result = spec::read_spec(file, target);
    if (!result.spec) {
        print_diagnostics(result.diagnostics);
        json["errors"] = diagnostics_json(result.diagnostics);
        return std::nullopt;
    }
    return plan::make_plan(*result.spec);
}

std::optional<compile::Program> compile_program(const network::Network& network,
                                                const std::string& file, const plan::Plan& plan,
                                                Json& json,
                                                const compile::CompileOptions& options) {
    compile::CompileResult result = compile::compile_network(network, plan, options);
    if (result.errors.empty()) return std::move(result.program);
    spec::Diagnostics diagnostics(file, "");
    for (const compile::CompileError& error : result.errors) {
        diagnostics.error(spec::DiagnosticId::kCannotCompile, {error.line, error.line > 0 ? 1 : 0},
                          fmt::format("{}: {}", error.layer, error.message));
    }
    print_diagnostics(diagnostics);
    json["errors"] = diagnostics_json(diagnostics);
    return std::nullopt;
}

std::vector<std::vector<uint8_t>> random_inputs(const network::Network& network, uint64_t seed) {
    std::vector<std::vector<uint8_t>> inputs;
    for (const int32_t t : network.inputs) {
        network::RandomStream random(seed, inputs.size(), 0);
        std::vector<uint8_t>& bytes = inputs.emplace_back();
        const int64_t count = network.tensors[static_cast<size_t>(t)].bytes();
        for (int64_t i = 0; i < count; ++i)
            bytes.push_back(static_cast<uint8_t>(random.below(256)));
    }
    return inputs;
}

}  // namespace arraywright::cli
