// `overflow` as a user runs it. SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/e2e/program_run.hpp"

using namespace arraywright::e2e;

namespace {

struct OverflowFolder : Scratch {
    OverflowFolder() {
        std::ofstream("spec.yaml") << "name: tiny\narray: {rows: 4, cols: 2}\n"
                                      "arithmetic: {accumulator_bits: 20, on_overflow: trap}\n"
                                      "vector: {elementwise: false}\n"
                                      "buffers: {activation_kib: 2, weight_kib: 2, "
                                      "accumulator_kib: 1}\n";
    }
    void network(int32_t k) const {
        std::ofstream("network.yaml")
            << "name: net\nvalues: {activation: 127, weight: 127}\nlayers: [{op: gemm, m: 2, k: "
            << k << ", n: 3, output: int32}]\n";
    }
};

}  // namespace

TEST_CASE("overflow: a proven network, its narrowest accumulator", "[e2e][overflow]") {
    const OverflowFolder folder;
    folder.network(32);  // -128 * 127 * 32 = -520,192
    const Run result = run("$AW overflow spec.yaml network.yaml --json out.json");
    INFO(result.output);
    CHECK(result.exit_code == 0);
    const auto json = nlohmann::json::parse(contents("out.json"));
    CHECK(json["narrowest_safe_bits"] == 20);
    CHECK(json["layers"][0]["verdict"] == "proven safe");
    CHECK(json["layers"][0]["partial_sums"][0] == -520192);
    CHECK(json["layers"][0]["partial_sums"][1] == 516128);
    CHECK(run("$AW compile spec.yaml network.yaml -o program").exit_code == 0);
}

TEST_CASE("overflow: an unsafe network, its witness, and the refusal to compile it",
          "[e2e][overflow]") {
    const OverflowFolder folder;
    folder.network(33);
    const Run result = run("$AW overflow spec.yaml network.yaml --json out.json --output found");
    INFO(result.output);
    CHECK(result.exit_code == 4);
    const auto json = nlohmann::json::parse(contents("out.json"));
    CHECK(json["narrowest_safe_bits"] == 21);
    const auto& layer = json["layers"][0];
    CHECK(layer["verdict"] == "unsafe");
    CHECK(layer["witness"]["confirmed"] == true);
    CHECK(layer["witness"]["step"] == 8);  // of 4 products
    CHECK(layer["witness"]["rtl_first"]["step"] == 8);
    CHECK(fs::file_size("found/witness_gemm_0.bin") == 33);
    const Run refused = run("$AW compile spec.yaml network.yaml -o program");
    CHECK(refused.exit_code == 1);
    CHECK(refused.output.find("can overflow accumulators of 20 bits; 21 are needed") !=
          std::string::npos);
}
