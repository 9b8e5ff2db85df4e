// The golden kernel against networks computed by an independent program, bit for bit.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <chrono>

#include "generator/network/tflite_reader.hpp"
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

/// Elements that differ, or -1 if the lengths do.
int64_t mismatches(const std::vector<uint8_t>& actual, const std::vector<uint8_t>& expected) {
    if (actual.size() != expected.size()) return -1;
    int64_t count = 0;
    for (size_t i = 0; i < actual.size(); ++i) count += actual[i] != expected[i] ? 1 : 0;
    return count;
}

struct Tally {
    int32_t inputs = 0;
    int32_t layers = 0;
    int64_t macs = 0;
    int64_t elements = 0;  // compared
    int64_t differences = 0;
    double seconds = 0;  // in the golden kernel
};

void compare(const std::vector<uint8_t>& actual, const std::vector<uint8_t>& expected,
             Tally& tally) {
    const int64_t count = mismatches(actual, expected);
    CHECK(count == 0);
    tally.differences += std::abs(count);
    tally.elements += static_cast<int64_t>(expected.size());
}

/// Every input_NNN.bin against expected_output_NNN.bin; of the first one every layer's dump.
Tally run_all_inputs(const network::Network& network, const std::filesystem::path& folder,
                     const golden::AccumulatorModel& model) {
    Tally tally;
    for (const network::Operator& op : network.operators) tally.macs += mac_count(network, op);
    for (;; ++tally.inputs) {
        const auto file = folder / oracle::numbered("input", tally.inputs);
        if (!std::filesystem::exists(file)) return tally;
        INFO("input " << tally.inputs);
        const auto start = std::chrono::steady_clock::now();
        const golden::Result result = golden::run(network, {oracle::read_bytes(file)}, model);
        tally.seconds +=
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        compare(result.tensors[network.outputs.at(0)],
                oracle::read_bytes(folder / oracle::numbered("expected_output", tally.inputs)),
                tally);
        for (size_t layer = 0; layer < network.operators.size(); ++layer) {
            CHECK(result.layers[layer].overflow.steps == 0);
            CHECK(result.layers[layer].overflow.results == 0);
            if (tally.inputs != 0) continue;
            const network::Operator& op = network.operators[layer];
            INFO(op.name);
            compare(result.tensors[op.output], oracle::layer_dump(folder, op.source_index), tally);
            ++tally.layers;
        }
    }
}

}  // namespace

TEST_CASE("oracle: whole networks are bit-exact, and every layer of the first input",
          "[golden][oracle]") {
    const auto models = oracle::models_folder();
    if (!models) return;
    const auto [name, macs, inputs] = GENERATE(
        table<std::string, int64_t, int32_t>({{"hello_world_mlp", 288, 10},
                                              {"fc_autoencoder_toycar", 264'192, 10},
                                              {"dscnn1d_streaming_wakeword", 826'368, 10},
                                              {"dscnn_kws", 2'656'768, 10},
                                              {"mobilenetv1_025_vww96", 7'489'664, 10},
                                              {"resnet8_cifar10", 12'501'632, 10},
                                              {"mobilenetv2_035_person160", 29'597'360, 6},
                                              {"mobilenetv2_100_imagenet224", 300'775'552, 6}}));
    const std::filesystem::path folder = *models / name;
    const network::Network network = read_model(folder);
    INFO(name);
    const Tally tally = run_all_inputs(network, folder, {32, golden::OnOverflow::kTrap, 16});
    CHECK(tally.inputs == inputs);
    CHECK(tally.macs == macs);
    std::printf("%s: %d inputs, %d layer dumps, %lld elements, %lld differences, %.1f s\n",
                name.c_str(), tally.inputs, tally.layers, static_cast<long long>(tally.elements),
                static_cast<long long>(tally.differences), tally.seconds);
}

TEST_CASE("oracle: results do not depend on how sums are cut into steps", "[golden][oracle]") {
    const auto models = oracle::models_folder();
    if (!models) return;
    const std::string name = GENERATE("fc_autoencoder_toycar", "dscnn_kws");
    const int32_t terms = GENERATE(1, 5, 64);
    INFO(name << ", " << terms << " terms per step");
    run_all_inputs(read_model(*models / name), *models / name,
                   {32, golden::OnOverflow::kTrap, terms});
}

TEST_CASE("oracle: the recurrent network is refused by name", "[network][oracle]") {
    const auto models = oracle::models_folder();
    if (!models) return;
    spec::Diagnostics diagnostics("model.tflite", "");
    CHECK_FALSE(
        network::read_tflite((*models / "lstm_mnist" / "model.tflite").string(), diagnostics));
    CHECK_THAT(diagnostics.render(),
               Catch::StartsWith("model.tflite: error: operator 0 UNIDIRECTIONAL_SEQUENCE_LSTM is "
                                 "not built by this version: recurrent networks do not run yet "
                                 "[not-built]\n"));
}
