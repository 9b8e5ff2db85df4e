// Real quantized networks, whole, in RTL, against outputs of an independent program; see --help.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "generator/network/tflite_reader.hpp"
#include "tests/e2e/simulate_run.hpp"
#include "tests/golden/oracle_data.hpp"

using namespace arraywright;

namespace {

struct Options {
    bool all = false, stop = false;
    std::string model;
};

/// One design and the networks that run on it.
struct Job {
    std::string name;
    std::string design;  ///< its name: jobs on the same one share the verilated model
    std::string spec, memory;
    std::vector<std::string> models;
    int32_t inputs;   ///< of each network, unless all are asked for
    bool all_inputs;  ///< with --all
    bool layers;      ///< compare every layer dump of the first input, too
};

const std::vector<std::string> kSmall = {
    "hello_world_mlp",       "fc_autoencoder_toycar", "dscnn_kws", "dscnn1d_streaming_wakeword",
    "mobilenetv1_025_vww96", "resnet8_cifar10"};
const std::string kArray16 = "array: {rows: 16, cols: 16}\n";

std::vector<Job> jobs() {
    return {
        {"16x16", "whole_16x16", kArray16, "latency=20", kSmall, 2, true, true},
        {"16x16",
         "whole_16x16",
         kArray16,
         "latency=20",
         {"mobilenetv2_035_person160"},
         1,
         true,
         true},
        {"16x16",
         "whole_16x16",
         kArray16,
         "latency=20",
         {"mobilenetv2_100_imagenet224"},
         0,
         true,
         true},
        {"16x16 without options",
         "whole_plain",
         "array: {rows: 16, cols: 16, depthwise: false, tap_packing: false}\n"
         "vector: {elementwise: false, tables: false}\n",
         "latency=20",
         {"dscnn_kws", "resnet8_cifar10"},
         1,
         false,
         false},
        {"16x16, half the bandwidth, stalls",
         "whole_16x16",
         kArray16,
         "latency=60,bandwidth=0.5,stall=0.2",
         {"dscnn_kws", "mobilenetv1_025_vww96", "resnet8_cifar10"},
         1,
         false,
         false},
        {"8x8 weight_stationary",
         "whole_8x8",
         "array: {rows: 8, cols: 8, dataflow: weight_stationary}\n",
         "latency=20",
         {"dscnn_kws", "resnet8_cifar10"},
         1,
         false,
         true},
        {"5x3, 32-bit bus, small buffers",
         "whole_5x3",
         "array: {rows: 5, cols: 3}\nbus: {data_bits: 32}\n"
         "buffers: {activation_kib: 16, weight_kib: 16, accumulator_kib: 4}\n",
         "latency=20,stall=0.1",
         {"dscnn_kws", "dscnn1d_streaming_wakeword"},
         1,
         false,
         false},
    };
}

void print(const std::string& text) {
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
}

network::Network read_model(const std::filesystem::path& folder) {
    spec::Diagnostics diagnostics("model.tflite", "");
    auto network = network::read_tflite((folder / "model.tflite").string(), diagnostics);
    if (!network) throw std::runtime_error(diagnostics.render());
    return std::move(*network);
}

struct Tally {
    int32_t inputs = 0, tensors = 0;
    int64_t bytes = 0, differences = 0;
    uint64_t cycles = 0;
    std::string failures;

    void compare(const std::vector<uint8_t>& got, const std::vector<uint8_t>& expected,
                 const std::string& what) {
        int64_t wrong = got.size() == expected.size() ? 0 : static_cast<int64_t>(expected.size());
        for (size_t i = 0; wrong == 0 && i < got.size(); ++i) wrong += got[i] != expected[i];
        ++tensors;
        bytes += static_cast<int64_t>(expected.size());
        differences += wrong;
        if (wrong > 0) failures += what + ": differs from the reference\n";
    }

    /// False when the simulation itself failed.
    bool add(const sim::SimulationResult& result) {
        failures += e2e::failures(result);
        for (const sim::RunResult& run : result.runs) cycles += run.latency_cycles.value_or(0);
        return result.passed();
    }
};

void check_outputs(const e2e::Design& design, const network::Network& network,
                   const std::filesystem::path& folder, const std::vector<e2e::Inputs>& inputs,
                   const sim::SimulationOptions& options, Tally& tally) {
    const auto result = design.run(network, design.compile(network), inputs, options);
    tally.inputs += static_cast<int32_t>(inputs.size());
    if (!tally.add(result)) return;
    for (size_t i = 0; i < result.runs.size(); ++i) {
        const std::string file = oracle::numbered("expected_output", static_cast<int32_t>(i));
        tally.compare(result.runs[i].outputs.at(0), oracle::read_bytes(folder / file), file);
    }
}

/// Every operator's output, by a program that leaves nothing on chip.
void check_layers(const e2e::Design& design, const network::Network& network,
                  const std::filesystem::path& folder, const e2e::Inputs& input,
                  sim::SimulationOptions options, Tally& tally) {
    options.keep_tensors = true;
    const auto program = design.compile(network, {.keep_all_tensors = true});
    const auto result = design.run(network, program, {input}, options);
    if (!tally.add(result)) return;
    for (const network::Operator& op : network.operators) {
        tally.compare(result.runs[0].tensors.at(static_cast<size_t>(op.output)),
                      oracle::layer_dump(folder, op.source_index),
                      fmt::format("operator {} ({})", op.source_index, op.name));
    }
}

/// True when nothing differs.
bool run_model(const Options& options, const Job& job, const e2e::Design& design,
               const std::filesystem::path& folder) {
    const int32_t most = options.all && job.all_inputs ? 1000 : job.inputs;
    std::vector<e2e::Inputs> inputs;
    for (int32_t i = 0; i < most; ++i) {
        const auto file = folder / oracle::numbered("input", i);
        if (!std::filesystem::exists(file)) break;
        inputs.push_back({oracle::read_bytes(file)});
    }
    if (inputs.empty()) return true;
    const auto start = std::chrono::steady_clock::now();
    const network::Network network = read_model(folder);
    sim::SimulationOptions simulation;
    simulation.memory = std::get<sim::MemoryConfig>(sim::parse_memory_config(job.memory));
    Tally tally;
    check_outputs(design, network, folder, inputs, simulation, tally);
    if (job.layers) check_layers(design, network, folder, inputs[0], simulation, tally);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    const bool passed = tally.failures.empty();
    print(fmt::format(
        "  {:28} {} inputs, {} tensors, {} bytes compared, {} differ, {} cycles, "
        "{:.1f} s: {}\n",
        folder.filename().string(), tally.inputs, tally.tensors, tally.bytes, tally.differences,
        tally.cycles, seconds.count(), passed ? "passed" : "FAILED"));
    print(tally.failures);
    return passed;
}

/// Recurrent networks are refused by the name of their operator.
bool recurrent_is_refused(const std::filesystem::path& folder) {
    spec::Diagnostics diagnostics("model.tflite", "");
    const auto network = network::read_tflite((folder / "model.tflite").string(), diagnostics);
    const bool refused =
        !network && diagnostics.render().find("UNIDIRECTIONAL_SEQUENCE_LSTM") != std::string::npos;
    print(fmt::format("  {:28} refused by name: {}\n", folder.filename().string(),
                      refused ? "passed" : "FAILED"));
    return refused;
}

bool run(const Options& options) {
    const auto models = oracle::models_folder();
    if (!models) return true;
    bool passed = recurrent_is_refused(*models / "lstm_mnist");
    for (const Job& job : jobs()) {
        const auto wanted = [&](const std::string& name) {
            return options.model.empty() || name == options.model;
        };
        if (std::none_of(job.models.begin(), job.models.end(), wanted)) continue;
        if (job.inputs == 0 && !options.all) continue;
        if (options.stop && !passed) break;
        print(fmt::format("{}, {}\n", job.name, job.memory));
        const e2e::Design design(fmt::format("name: {}\n{}", job.design, job.spec));
        for (const std::string& name : job.models) {
            if (wanted(name)) passed = run_model(options, job, design, *models / name) && passed;
        }
    }
    print(passed ? "passed\n" : "FAILED\n");
    return passed;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app(
        "Runs the reference networks in RTL: outputs of their inputs, and every layer of the "
        "first, byte for byte");
    app.add_flag("--all", options.all, "all inputs and the largest network (minutes)");
    app.add_flag("--stop", options.stop, "end at the first design with a failure");
    app.add_option("--model", options.model, "only this network");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(options) ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "whole_networks: %s\n", error.what());
        return 2;
    }
}
