// Plans of runs: results, failures, what is left after an interruption.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "generator/regress/plan_file.hpp"
#include "generator/regress/result_store.hpp"
#include "tests/e2e/program_run.hpp"

using namespace arraywright;
using namespace arraywright::e2e;

namespace {

/// A design, a network that passes and one that overflows.
struct PlanFolder : Scratch {
    PlanFolder() {
        std::ofstream("spec.yaml") << "name: tiny\narray: {rows: 3, cols: 2}\n"
                                      "buffers: {activation_kib: 2, weight_kib: 2, "
                                      "accumulator_kib: 1}\n";
        std::ofstream("small.yaml") << "name: small\nlayers: [{op: gemm, m: 3, k: 7, n: 4}]\n";
        std::ofstream("over.yaml")
            << "name: over\nvalues: {activation: 127, weight: 127, bias: 2147483647}\n"
               "layers: [{op: gemm, m: 1, k: 4, n: 2, bias: true, output: int32}]\n";
    }
    void plan(const std::string& networks, int32_t seeds) const {
        std::ofstream("plan.yaml") << "name: test\nspecs: [spec.yaml]\nnetworks: [" << networks
                                   << "]\nmemories: [\"latency=5\", \"latency=9,stall=0.3\"]\n"
                                      "seeds: {first: 7, count: "
                                   << seeds << "}\n";
    }
};

}  // namespace

TEST_CASE("regress: every run has one result, and none is run twice", "[e2e][regress]") {
    const PlanFolder folder;
    folder.plan("small.yaml", 3);
    const Run first = run("$AW regress plan.yaml --output out --json report.json");
    INFO(first.output);
    REQUIRE(first.exit_code == 0);
    const auto report = nlohmann::json::parse(contents("report.json"));
    CHECK(report["runs"] == 6);
    CHECK(report["outcomes"]["passed"] == 6);
    CHECK(contents("out/junit.xml").find("tests=\"6\" failures=\"0\"") != std::string::npos);

    // What was lost is run again, and only that.
    fs::remove("out/results/0000/0000002.json");
    fs::remove("out/results/0000/0000005.json");
    const auto kept = fs::last_write_time("out/results/0000/0000001.json");
    const Run second = run("$AW regress plan.yaml --output out");
    INFO(second.output);
    CHECK(second.exit_code == 0);
    CHECK(second.output.find("6 runs, 4 of them done before") != std::string::npos);
    CHECK(fs::last_write_time("out/results/0000/0000001.json") == kept);

    // Results of another plan are not mixed in.
    folder.plan("small.yaml", 4);
    const Run other = run("$AW regress plan.yaml --output out");
    CHECK(other.exit_code == 2);
    CHECK(other.output.find("holds the results of another plan") != std::string::npos);
}

TEST_CASE("regress: a failure comes with its replay and a trace", "[e2e][regress]") {
    const PlanFolder folder;
    folder.plan("small.yaml, over.yaml", 1);
    const Run result = run("$AW regress plan.yaml --output out");
    INFO(result.output);
    REQUIRE(result.exit_code == 3);
    const auto report = nlohmann::json::parse(contents("out/report.json"));
    CHECK(report["outcomes"]["passed"] == 2);
    CHECK(report["outcomes"]["overflow"] == 2);
    REQUIRE(report["failures"].size() == 2);
    const std::string replay = report["failures"][0]["replay"];
    REQUIRE(replay.starts_with("arraywright simulate spec.yaml over.yaml "));
    CHECK(run("$AW" + replay.substr(replay.find(' '))).exit_code == 4);
    CHECK(fs::file_size(std::string(report["failures"][0]["trace"])) > 0);
}

TEST_CASE("regress: a run that does not end is a timeout", "[e2e][regress]") {
    const PlanFolder folder;
    std::ofstream("plan.yaml") << "name: test\nspecs: [spec.yaml]\nnetworks: [large.yaml]\n"
                                  "timeout_seconds: 1\n";
    std::ofstream("large.yaml") << "name: large\nlayers: [{op: gemm, m: 4000, k: 4000, n: 400}]\n";
    const Run result = run("$AW regress plan.yaml --output out");
    INFO(result.output);
    CHECK(result.exit_code == 3);
    CHECK(nlohmann::json::parse(contents("out/report.json"))["outcomes"]["timeout"] == 1);
}

TEST_CASE("regress: what is wrong with a plan is said at its place", "[e2e][regress]") {
    const PlanFolder folder;
    std::ofstream("plan.yaml") << "name: test\nspecs: [spec.yaml, none.yaml]\nnetworks: []\n"
                                  "memories: [\"latency=5,seed=2\", \"latncy=1\"]\nseed: 3\n";
    const Run result = run("$AW regress plan.yaml --output out");
    CHECK(result.exit_code == 1);
    for (const char* text :
         {"plan.yaml:2:20: error: 'none.yaml' in 'specs' is no file",
          "plan.yaml:3:11: error: 'networks' must be a list of files, found an empty one",
          "plan.yaml:4:12: error: 'memories': a plan gives every run its own seed",
          "plan.yaml:5:1: error: unknown key 'seed'"}) {
        INFO(result.output);
        CHECK(result.output.find(text) != std::string::npos);
    }
    CHECK_FALSE(fs::exists("out"));
}

TEST_CASE("regress: the first result of a run stays", "[e2e][regress]") {
    const Scratch scratch;
    const regress::ResultStore store("out");
    regress::RunRecord record;
    record.id = 41;
    record.outcome = "passed";
    record.host = "n1";
    CHECK(store.add(record));
    record.outcome = "crash";
    record.host = "n2";
    CHECK_FALSE(store.add(record));
    CHECK(store.read(41)->outcome == "passed");
    CHECK(store.missing(42).size() == 41);
    CHECK_FALSE(store.read(40).has_value());
}
