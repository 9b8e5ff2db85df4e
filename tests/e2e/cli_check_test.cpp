// The program as a user runs it: check, compile, exit codes, failures of output.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "sim/fst_file.hpp"
#include "tests/e2e/program_run.hpp"

using namespace arraywright::e2e;

TEST_CASE("check: a good spec prints its figures", "[e2e][check]") {
    const Scratch scratch;
    const Run good = run("$AW check good.yaml");
    CHECK(good.exit_code == 0);
    for (const char* text : {"edge16: 16 x 8 INT8 array, broadcast, inference only",
                             "128 MAC per cycle", "131,071", "1024.00 bytes per multiplier"}) {
        CHECK(good.output.find(text) != std::string::npos);
    }
}

TEST_CASE("check: a bad spec is refused with 1", "[e2e][check]") {
    const Scratch scratch;
    const Run bad = run("$AW check bad.yaml");
    CHECK(bad.exit_code == 1);
    CHECK(
        bad.output ==
        "bad.yaml:2:19: error: unknown key 'colls' in 'array' [unknown-key]\n"
        "array: {rows: 16, colls: 8}\n"
        "                  ^\n"
        "note: did you mean 'cols'? allowed keys: cols, dataflow, depthwise, rows, tap_packing\n");
    CHECK(run("$AW check none.yaml").exit_code == 1);
}

TEST_CASE("check: --json holds the spec and the figures, or the errors", "[e2e][check]") {
    const Scratch scratch;
    CHECK(run("$AW check good.yaml --json out.json").exit_code == 0);
    const auto good = nlohmann::json::parse(contents("out.json"));
    CHECK(good["passed"] == true);
    CHECK(good["spec"]["array"]["cols"] == 8);
    CHECK(good["spec"]["vector"]["lanes"] == 8);
    CHECK(good["derived"]["safe_reduction_depth"] == 131071);

    const Run standard = run("$AW check good.yaml --json -");
    CHECK(nlohmann::json::parse(standard.output) == good);

    CHECK(run("$AW check bad.yaml --json out.json").exit_code == 1);
    const auto bad = nlohmann::json::parse(contents("out.json"));
    CHECK(bad["passed"] == false);
    CHECK(bad["errors"][0]["id"] == "unknown-key");
    CHECK(bad["errors"][0]["file"] == "bad.yaml");
    CHECK(bad["errors"][0]["line"] == 2);
    CHECK(bad["errors"][0]["column"] == 19);
}

TEST_CASE("check: output that cannot be written ends with 2 and one line", "[e2e][check]") {
    const Scratch scratch;
    for (const char* command :
         {"$AW check good.yaml > /dev/full", "$AW check good.yaml --json /dev/full",
          "$AW check good.yaml --json none/out.json", "$AW check good.yaml --json good.yaml",
          "ulimit -f 0; $AW check good.yaml --json out.json"}) {
        CAPTURE(command);
        const Run failed = run(command);
        CAPTURE(failed.output);
        CHECK(failed.exit_code == 2);
        CHECK(failed.output.starts_with("arraywright: error: "));
        CHECK(failed.output.find('\n') == failed.output.size() - 1);
    }
    CHECK(contents("good.yaml").starts_with("name:"));
    CHECK_FALSE(fs::exists("out.json"));
    CHECK(std::distance(fs::directory_iterator("."), {}) == 2);
}

TEST_CASE("cli: wrong usage ends with 2, help and version with 0", "[e2e]") {
    const Scratch scratch;
    CHECK(run("$AW").exit_code == 2);
    CHECK(run("$AW check").exit_code == 2);
    CHECK(run("$AW check good.yaml more").exit_code == 2);
    CHECK(run("$AW --bogus").exit_code == 2);
    const Run typo = run("$AW chekc good.yaml");
    CHECK(typo.exit_code == 2);
    CHECK(typo.output.find("unknown command 'chekc'\nnote: did you mean 'check'?") !=
          std::string::npos);
    CHECK(run("$AW --help").exit_code == 0);
    CHECK(run("$AW check --help").exit_code == 0);
    CHECK(run("$AW --version").output.starts_with("arraywright 0."));
}

TEST_CASE("cli: a waveform is written whole or not at all", "[e2e]") {
    const Scratch scratch;
    std::ofstream("small.yaml") << "name: traced\narray: {rows: 1, cols: 2}\n"
                                   "buffers: {activation_kib: 1, weight_kib: 1, "
                                   "accumulator_kib: 1}\nbus: {data_bits: 32}\n";
    std::ofstream("net.yaml") << "name: net\nlayers:\n  - {op: gemm, m: 2, k: 20, n: 9}\n";
    const std::string simulate = "$AW simulate small.yaml net.yaml --trace ";
    CHECK(run(simulate + "wave.fst").exit_code == 0);
    CHECK(arraywright::sim::fst_problem("wave.fst").empty());
    const std::string whole = contents("wave.fst");
    // A limit on file size stands for a full disk; the model is in the cache by now.
    const Run full = run("ulimit -f 20; " + simulate + "wave.fst");
    CHECK(full.exit_code == 2);
    CHECK_THAT(full.output, Catch::Contains("arraywright: error: "));
    CHECK(contents("wave.fst") == whole);
    const Run device = run(simulate + "/dev/null");
    CHECK(device.exit_code == 2);
    CHECK_THAT(device.output, Catch::Contains("'/dev/null' is no regular file"));
    CHECK(run(simulate + "none/wave.fst").exit_code == 2);
    for (const size_t size : {size_t{0}, size_t{40}, whole.size() / 2, whole.size() - 1}) {
        std::ofstream("cut.fst", std::ios::binary) << whole.substr(0, size);
        CAPTURE(size);
        CHECK_FALSE(arraywright::sim::fst_problem("cut.fst").empty());
    }
    CHECK(std::distance(fs::directory_iterator("."), {}) == 6);
}

TEST_CASE("cli: compile writes the runtime's container and prints the listing", "[cli]") {
    const Scratch scratch;
    std::ofstream("net.yaml") << "name: net\nlayers:\n  - {op: gemm, m: 2, k: 20, n: 9}\n";
    const Run both = run("$AW compile good.yaml net.yaml -o out --listing");
    CHECK(both.exit_code == 0);
    CHECK_THAT(both.output, Catch::StartsWith("step 0: run "));
    CHECK_THAT(both.output, Catch::Contains("compute layer=0"));
    CHECK(contents("out/program.lst") == both.output);
    CHECK_THAT(contents("out/program.awp"), Catch::StartsWith("AWPROG\r\n"));
    // The listing alone needs no folder.
    CHECK(run("$AW compile good.yaml net.yaml --listing").output == both.output);
    const Run nothing = run("$AW compile good.yaml net.yaml");
    CHECK(nothing.exit_code == 2);
    CHECK_THAT(nothing.output, Catch::Contains("give -o FOLDER, --listing or both"));
    CHECK(run("$AW compile good.yaml net.yaml --listing --json -").exit_code == 2);
}
