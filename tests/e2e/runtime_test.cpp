// The C runtime drives the simulated design: several runs with host operators between them,
// interrupt or polling. SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "generator/compile/host_operators.hpp"
#include "sim/result_json.hpp"
#include "sim/result_table.hpp"
#include "tests/e2e/simulate_run.hpp"

using namespace arraywright;

namespace {

const char* const kSpec =
    "name: steps\narray: {rows: 5, cols: 3, dataflow: broadcast}\n"
    "buffers: {activation_kib: 3, weight_kib: 3, accumulator_kib: 3}\n"
    "bus: {data_bits: 64, address_bits: 40}\n";
const char* const kWorkload =
    "name: steps\nlayers:\n  - {op: gemm, m: 6, k: 40, n: 20, bias: true}\n";

/// gemm on the accelerator, SOFTMAX on the host, and the gemm once more: both runs give the same.
struct ThreeSteps {
    ThreeSteps()
        : design(kSpec), network(e2e::network_of(kWorkload)), program(design.compile(network)) {
        const int32_t scores = network.outputs.front();
        network::Tensor result = network.tensors[static_cast<size_t>(scores)];
        result.name = "probabilities";
        result.quantization = {{1.0F / 256}, {-128}, 0};
        network.tensors.push_back(result);
        network::Operator softmax;
        softmax.kind = network::OpKind::kSoftmax;
        softmax.name = "softmax_1";
        softmax.input = scores;
        softmax.output = static_cast<int32_t>(network.tensors.size()) - 1;
        network.operators.push_back(softmax);
        network.outputs = {softmax.output};
        add_region(softmax.output, static_cast<uint64_t>(result.bytes()));
        add_steps();
    }

    void add_region(int32_t tensor, uint64_t bytes) {
        compile::Region region;
        region.name = "probabilities";
        region.address = program.end_address;
        region.bytes = bytes;
        region.tensor = tensor;
        program.end_address += (bytes + 63) / 64 * 64;
        program.regions.push_back(region);
    }

    void add_steps() {
        compile::LayerInfo layer;
        layer.name = "softmax_1";
        layer.op = "softmax";
        layer.block = "host";
        layer.output_tensor = network.outputs.front();
        program.layers[0].array_steps *= 2;
        program.layers[0].vector_results *= 2;
        program.layers.push_back(layer);
        compile::Step host;
        host.kind = compile::Step::Kind::kHost;
        host.operator_index = 1;
        const auto made = compile::make_host_operators(network, 1, [this](int32_t tensor) {
            return program.region_of_tensor(tensor)->address;
        });
        REQUIRE(made.error.empty());
        host.host_operators = made.operators;
        const compile::Step run = program.steps.front();
        program.steps = {run, host, run};
    }

    sim::SimulationResult simulate(const sim::SimulationOptions& options = {}) const {
        return design.run(network, program, {network.synthetic_inputs, network.synthetic_inputs},
                          options);
    }

    e2e::Design design;
    network::Network network;
    compile::Program program;
};

}  // namespace

TEST_CASE("runtime: host operators run between two runs of the accelerator", "[e2e][runtime]") {
    const ThreeSteps test;
    sim::SimulationOptions options;
    options.engine = GENERATE(sim::Engine::kSystemC, sim::Engine::kBare);
    options.memory.stall = GENERATE(0.0, 0.4);
    const sim::SimulationResult result = test.simulate(options);
    INFO(e2e::failures(result));
    REQUIRE(result.passed());
    REQUIRE(result.runs.size() == 2);
    const sim::RunResult& run = result.runs.front();
    const auto& steps = run.host.steps;
    REQUIRE(steps.size() == 3);
    CHECK(steps[0].is_run);
    CHECK_FALSE(steps[1].is_run);
    CHECK(steps[1].layer == 1);
    CHECK(steps[2].doorbell_cycle > steps[0].interrupt_cycle);
    CHECK(run.counters->cycles ==
          steps[0].registers.counters.cycles + steps[2].registers.counters.cycles);
    CHECK(*run.latency_cycles == run.counters->cycles + 2);
    CHECK_FALSE(run.layers[1].cycles.has_value());

    const nlohmann::ordered_json json = sim::to_json(result);
    CHECK(json["steps"][1]["layer"] == "softmax_1");
    CHECK(json["steps"][1]["cycles"] == "not measured");
    CHECK(json["host_time"] == "not measured");
    CHECK_THAT(sim::to_table(result),
               Catch::Contains("host: softmax_1 in the C runtime, time not measured; cycles and "
                               "latency are the sum of 2 runs of the accelerator\n"));
}

TEST_CASE("runtime: a host operator with a wrong parameter is a mismatch", "[e2e][error]") {
    ThreeSteps test;
    test.program.steps[1].host_operators[0].op.shift_a -= 2;
    const sim::SimulationResult result = test.simulate();
    CHECK(result.exit_code() == 3);
    CHECK(result.mismatches() > 0);
    CHECK_THAT(e2e::failures(result), Catch::Contains("tensor 'probabilities'"));
}

TEST_CASE("runtime: a host operator that writes nothing is noticed", "[e2e][error]") {
    ThreeSteps test;
    test.program.steps[1].host_operators.clear();
    CHECK_THAT(e2e::failures(test.simulate()), Catch::Contains("never written"));
}

TEST_CASE("runtime: an error ends the inference, the next one passes", "[e2e][error]") {
    const ThreeSteps test;
    sim::SimulationOptions options;
    // The host writes there, only the accelerator meets the fault.
    const uint64_t address = test.program.region_of_tensor(test.network.inputs[0])->address;
    options.faults = {{address, address + 1, sim::kSlaveError, true, false, 0}};
    options.expected_errors = {{0, "LOAD_SLVERR"}};
    const sim::SimulationResult result = test.simulate(options);
    INFO(e2e::failures(result));
    CHECK(result.passed());
    REQUIRE(result.runs.size() == 2);
    CHECK(result.runs[0].host.steps.size() == 1);
    CHECK(result.runs[1].host.steps.size() == 3);
}

TEST_CASE("runtime: a host that polls STATUS gets the same results", "[e2e][runtime]") {
    const ThreeSteps test;
    sim::SimulationOptions options;
    options.polled = true;
    const sim::SimulationResult polled = test.simulate(options);
    INFO(e2e::failures(polled));
    REQUIRE(polled.passed());
    CHECK_FALSE(polled.runs[0].latency_cycles.has_value());
    const sim::SimulationResult interrupted = test.simulate();
    CHECK(polled.runs[0].outputs == interrupted.runs[0].outputs);
    CHECK(polled.runs[0].counters->cycles == interrupted.runs[0].counters->cycles);
}
