// Real networks through the real design, against outputs of an independent program.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "generator/network/tflite_reader.hpp"
#include "tests/e2e/simulate_run.hpp"
#include "tests/golden/oracle_data.hpp"

using namespace arraywright;

namespace {

constexpr int32_t kInputs = 10;

network::Network read_model(const std::filesystem::path& folder) {
    spec::Diagnostics diagnostics("model.tflite", "");
    auto network = network::read_tflite((folder / "model.tflite").string(), diagnostics);
    INFO(diagnostics.render());
    REQUIRE(network.has_value());
    return std::move(*network);
}

/// All inputs in one simulation; outputs of each and every layer of the first are compared.
void check_network(const e2e::Design& design, const std::filesystem::path& folder) {
    const network::Network network = read_model(folder);
    std::vector<e2e::Inputs> inputs;
    for (int32_t i = 0; i < kInputs; ++i) {
        inputs.push_back({oracle::read_bytes(folder / oracle::numbered("input", i))});
    }
    const sim::SimulationResult result = design.run(network, design.compile(network), inputs);
    INFO(e2e::failures(result));
    REQUIRE(result.passed());
    REQUIRE(result.runs.size() == kInputs);
    for (int32_t i = 0; i < kInputs; ++i) {
        INFO("input " << i);
        const auto& outputs = result.runs[static_cast<size_t>(i)].outputs;
        REQUIRE(outputs.size() == 1);
        CHECK(outputs[0] == oracle::read_bytes(folder / oracle::numbered("expected_output", i)));
    }
    // Every layer of the first input: a program that leaves nothing on chip.
    sim::SimulationOptions options;
    options.keep_tensors = true;
    const sim::SimulationResult layers = design.run(
        network, design.compile(network, {.keep_all_tensors = true}), {inputs[0]}, options);
    INFO(e2e::failures(layers));
    REQUIRE(layers.passed());
    for (const network::Operator& op : network.operators) {
        INFO(op.name);
        CHECK(layers.runs[0].tensors[static_cast<size_t>(op.output)] ==
              oracle::layer_dump(folder, op.source_index));
    }
}

}  // namespace

TEST_CASE("networks: dense networks are bit-exact, all inputs, every layer", "[e2e][networks]") {
    const auto models = oracle::models_folder();
    if (!models) return;
    const std::string dataflow = GENERATE("broadcast", "weight_stationary");
    const auto [rows, cols] = GENERATE(table<int32_t, int32_t>({{16, 16}, {8, 8}, {5, 3}, {1, 1}}));
    INFO(rows << " x " << cols << ", " << dataflow);
    const e2e::Design design(
        fmt::format("name: net_{0}x{1}\narray: {{rows: {0}, cols: {1}, dataflow: {2}}}\n", rows,
                    cols, dataflow));
    for (const char* name : {"hello_world_mlp", "fc_autoencoder_toycar"}) {
        INFO(name);
        check_network(design, *models / name);
    }
}
