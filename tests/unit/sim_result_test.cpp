// result.json and the table of a result. SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sim/result_json.hpp"
#include "sim/result_table.hpp"

using namespace arraywright::sim;
using Catch::Contains;

namespace {

SimulationResult example() {
    SimulationResult result;
    result.design = "edge16";
    result.network = "gemm64";
    result.memory = "latency=20";
    result.synthetic = true;
    result.requested_runs = 1;
    RunResult run;
    run.latency_cycles = 1001;
    run.counters = Counters{1000, 600, 200, 100, 50, 50, 70, 30, 4096, 150, 80, 10, 0};
    run.overflow.steps = 0;
    LayerReport done{"gemm_0", "gemm", "array", 1024, 512, 100, 110, 0.5, 0.25, 300, 100, 200, {}};
    LayerReport missing;
    missing.name = "gemm_1";
    missing.compulsory_bytes = 5;
    run.layers = {done, missing};
    result.runs = {run};
    return result;
}

}  // namespace

TEST_CASE("result: json has the agreed fields", "[sim]") {
    const nlohmann::ordered_json json = to_json(example());
    REQUIRE(json["passed"] == true);
    REQUIRE(json["exit_code"] == 0);
    REQUIRE(json["mismatches"] == 0);
    REQUIRE(json["cycles"] == 1000);
    REQUIRE(json["latency_cycles"] == 1001);
    const auto& counters = json["counters"];
    REQUIRE(counters["compute"].get<int>() + counters["wait_load"].get<int>() +
                counters["wait_store"].get<int>() + counters["command"].get<int>() +
                counters["other"].get<int>() ==
            json["cycles"]);
    REQUIRE(json["overflow"]["steps"] == 0);
    REQUIRE(json["overflow"]["first"].is_null());
    const auto& layer = json["layers"][0];
    for (const char* key :
         {"name", "op", "block", "macs", "nonzero_macs", "cycles", "utilization",
          "nonzero_utilization", "dram_read_bytes", "dram_write_bytes", "compulsory_bytes"}) {
        REQUIRE(layer.contains(key));
    }
    REQUIRE(json["layers"][1]["cycles"] == "not measured");
    REQUIRE(json["layers"][1]["compulsory_bytes"] == 5);
}

TEST_CASE("result: the worst run decides the exit code", "[sim]") {
    SimulationResult result = example();
    const auto with = [&](std::vector<Outcome> outcomes) {
        result.runs.assign(outcomes.size(), RunResult{});
        result.requested_runs = outcomes.size();
        for (size_t i = 0; i < outcomes.size(); ++i) result.runs[i].outcome = outcomes[i];
        return result.exit_code();
    };
    using enum Outcome;
    REQUIRE(with({kPassed, kPassed}) == 0);
    REQUIRE(with({kPassed, kOverflow}) == 4);
    REQUIRE(with({kOverflow, kMismatch, kPassed}) == 3);
    REQUIRE(with({kMismatch, kHang}) == 5);
    with({kPassed});
    result.requested_runs = 2;  // one was never run
    REQUIRE(result.exit_code() == 3);
}

TEST_CASE("result: the table shows layers, breakdown, overflow and the limits of the claim",
          "[sim]") {
    SimulationResult result = example();
    result.runs[0].overflow.flagged = true;
    result.runs[0].overflow.steps = 3;
    result.runs[0].overflow.results = 1;
    result.runs[0].overflow.first = OverflowRegisters{true, true, 3, 1, 2, 3, 4};
    const std::string text = to_table(result);
    REQUIRE_THAT(text, Contains("gemm64 on edge16: passed\n"));
    REQUIRE_THAT(
        text,
        Contains(
            "gemm_0  gemm  array  1024           100       110           50.0          25.0 "));
    REQUIRE_THAT(text, Contains("2.00\n"));
    REQUIRE_THAT(text, Contains("not measured"));
    REQUIRE_THAT(text,
                 Contains("cycles: 1000 = compute 60.0 % + wait for load 20.0 % (weights 15.0 "
                          "%) + wait for store 10.0 % (results 8.0 %) + command 5.0 % + "
                          "other 5.0 %\n"));
    REQUIRE_THAT(text, Contains("overflow: 3 steps, 1 results; first at layer 1, channel 2, "
                                "position 3, step 4 (bias)\n"));
    REQUIRE_THAT(text, Contains("inference only, INT8 x INT8 into 32-bit accumulators\n"));
    REQUIRE_THAT(text, Contains("synthetic data: no accuracy claim\n"));
}

TEST_CASE("result: a design without counters has measured its overflow flag alone", "[sim]") {
    SimulationResult result = example();
    result.runs[0].counters.reset();
    result.runs[0].overflow = {true, std::nullopt, 2, std::nullopt};
    const nlohmann::ordered_json json = to_json(result);
    REQUIRE(json["cycles"] == "not measured");
    REQUIRE(json["overflow"]["flagged"] == true);
    REQUIRE(json["overflow"]["steps"] == "not measured");
    REQUIRE(json["overflow"]["first"] == "not measured");
    const std::string text = to_table(result);
    REQUIRE_THAT(text, Contains("cycles: not measured\n"));
    REQUIRE_THAT(text, Contains("overflow: flagged, 2 results; steps and place not measured\n"));
}
