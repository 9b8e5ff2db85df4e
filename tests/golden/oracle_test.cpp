// The golden kernel against networks computed by an independent program, bit for bit.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <chrono>
#include <map>

#include "generator/network/tflite_names.hpp"
#include "generator/network/tflite_reader.hpp"
#include "generator/network/tflite_subset_generated.h"
#include "tests/golden/oracle_data.hpp"
#include "verif/golden/golden.hpp"

using namespace arraywright;

namespace {

network::Network read_model(const std::filesystem::path& folder) {
    spec::Diagnostics diagnostics("model.tflite", "");
    auto result = network::read_tflite((folder / "model.tflite").string(), diagnostics);
    INFO(diagnostics.render());
    REQUIRE(result.has_value());
    return *result;
}

/// Operators of a model's only subgraph.
struct FlatModel {
    explicit FlatModel(const std::filesystem::path& folder)
        : bytes(oracle::read_bytes(folder / "model.tflite")),
          model(network::tflite::GetModel(bytes.data())),
          graph(model->subgraphs()->Get(0)) {
        for (uint32_t i = 0; i < graph->operators()->size(); ++i) {
            for (const int32_t tensor : *graph->operators()->Get(i)->outputs()) {
                producer[tensor] = static_cast<int32_t>(i);
            }
        }
    }
    int32_t code(uint32_t op) const {
        const uint32_t index = graph->operators()->Get(op)->opcode_index();
        const auto* entry = model->operator_codes()->Get(index);
        return std::max<int32_t>(entry->deprecated_builtin_code(), entry->builtin_code());
    }
    std::vector<uint8_t> bytes;
    const network::tflite::Model* model;
    const network::tflite::SubGraph* graph;
    std::map<int32_t, int32_t> producer;  // tensor -> operator
};

/// Elements that differ, or -1 if the lengths do.
int64_t mismatches(const std::vector<uint8_t>& actual, const std::vector<uint8_t>& expected) {
    if (actual.size() != expected.size()) return -1;
    int64_t count = 0;
    for (size_t i = 0; i < actual.size(); ++i) count += actual[i] != expected[i] ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("oracle: dense networks are bit-exact, all inputs and every layer", "[golden][oracle]") {
    const auto models = oracle::models_folder();
    if (!models) return;
    const std::string name = GENERATE("hello_world_mlp", "fc_autoencoder_toycar");
    const int32_t terms = GENERATE(1, 16, 64);
    const std::filesystem::path folder = *models / name;
    const network::Network network = read_model(folder);
    INFO(name << ", " << terms << " terms per step");
    for (int32_t i = 0; i < 10; ++i) {
        const auto input = oracle::read_bytes(folder / oracle::numbered("input", i));
        const auto expected = oracle::read_bytes(folder / oracle::numbered("expected_output", i));
        const golden::Result result =
            golden::run(network, {input}, {32, golden::OnOverflow::kTrap, terms});
        INFO("input " << i);
        CHECK(mismatches(result.tensors[network.outputs[0]], expected) == 0);
        for (size_t layer = 0; layer < network.operators.size(); ++layer) {
            CHECK(result.layers[layer].overflow.steps == 0);
            CHECK(result.layers[layer].overflow.results == 0);
            if (i != 0) continue;
            const network::Operator& op = network.operators[layer];
            INFO(op.name);
            CHECK(mismatches(result.tensors[op.output],
                             oracle::layer_dump(folder, op.source_index)) == 0);
        }
    }
}

TEST_CASE("oracle: MAC counts of the dense networks", "[network][oracle]") {
    const auto models = oracle::models_folder();
    if (!models) return;
    const auto [name, expected] = GENERATE(
        table<std::string, int64_t>({{"hello_world_mlp", 288}, {"fc_autoencoder_toycar", 264192}}));
    const network::Network network = read_model(*models / name);
    int64_t macs = 0;
    for (const network::Operator& op : network.operators) macs += mac_count(network, op);
    CHECK(macs == expected);
}

TEST_CASE("oracle: every CONV_2D and FULLY_CONNECTED of all networks is bit-exact",
          "[golden][oracle]") {
    const auto models = oracle::models_folder();
    if (!models) return;
    int32_t checked = 0;
    int64_t macs = 0;
    double seconds = 0;
    for (const auto& entry : std::filesystem::directory_iterator(*models)) {
        const std::filesystem::path folder = entry.path();
        if (!std::filesystem::exists(folder / "model.tflite")) continue;
        const FlatModel flat(folder);
        for (uint32_t i = 0; i < flat.graph->operators()->size(); ++i) {
            const int32_t code = flat.code(i);
            if (code != network::kConv2dCode && code != network::kFullyConnectedCode) continue;
            INFO(folder.filename().string() << " operator " << i);
            spec::Diagnostics diagnostics("model.tflite", "");
            const auto network = network::parse_tflite_operator(
                flat.bytes, "single", static_cast<int32_t>(i), diagnostics);
            INFO(diagnostics.render());
            REQUIRE(network.has_value());

            const auto producer =
                flat.producer.find(flat.graph->operators()->Get(i)->inputs()->Get(0));
            const std::vector<uint8_t> input = producer == flat.producer.end()
                                                   ? oracle::read_bytes(folder / "input_000.bin")
                                                   : oracle::layer_dump(folder, producer->second);
            const auto start = std::chrono::steady_clock::now();
            const golden::Result result = golden::run(*network, {input}, {});
            seconds +=
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            macs += mac_count(*network, network->operators[0]);
            CHECK(mismatches(result.tensors[network->outputs[0]],
                             oracle::layer_dump(folder, static_cast<int32_t>(i))) == 0);
            ++checked;
        }
    }
    std::printf("%d operators bit-exact, %.0f million MACs, %.0f million MACs a second\n", checked,
                1e-6 * static_cast<double>(macs), 1e-6 * static_cast<double>(macs) / seconds);
    CHECK(checked >= 122);
}
