// A whole simulation of the DMA copier: what passes and what must fail.
// SPDX-License-Identifier: Apache-2.0
#include "sim/engine_speed.hpp"
#include "tests/unit/sim_copier_fixture.hpp"

using namespace arraywright;
using namespace arraywright::sim;
using namespace arraywright::sim::test;
using Catch::Contains;

TEST_CASE("simulate: a correct design passes with every figure measured", "[sim]") {
    CopierCase test(64, {{}, {}, {}});
    const SimulationResult result = simulate(test.request);
    INFO(failures(result));
    REQUIRE(result.passed());
    REQUIRE(result.exit_code() == 0);
    const RunResult& run = result.runs.front();
    REQUIRE(run.counters->read_beats == 3 * (8 + 32));
    REQUIRE(run.counters->write_beats == 3 * 32);
    REQUIRE(run.outputs.front() == test.goldens[0].tensors[0]);
    REQUIRE(run.layers.size() == 3);
    uint64_t cycles = 0;
    for (const LayerReport& layer : run.layers) {
        REQUIRE(layer.dram_read_bytes == 256U);
        REQUIRE(layer.dram_write_bytes == 256U);
        cycles += *layer.cycles;
    }
    REQUIRE(cycles < *run.latency_cycles);
    REQUIRE(cycles > *run.latency_cycles - 10);
    REQUIRE(run.command_bytes == 3 * 64);
}

TEST_CASE("simulate: SystemC and the bare loop agree in every cycle", "[sim]") {
    CopierCase test(128, {{}, {}, {}}, 16, false, false, 3);
    test.request.options.memory.stall = 0.3;
    test.request.options.memory.reorder = true;
    const SimulationResult systemc = simulate(test.request);
    test.request.options.engine = Engine::kBare;
    const SimulationResult bare = simulate(test.request);
    INFO(failures(systemc) << failures(bare));
    REQUIRE(systemc.passed());
    REQUIRE(bare.passed());
    REQUIRE(systemc.simulated_cycles == bare.simulated_cycles);
    REQUIRE(systemc.runs.size() == 3);
    for (size_t run = 0; run < 3; ++run) {
        REQUIRE(systemc.runs[run].latency_cycles == bare.runs[run].latency_cycles);
        REQUIRE(systemc.runs[run].outputs == bare.runs[run].outputs);
    }
}

TEST_CASE("simulate: bus widths, address widths, stalls and bandwidth pass", "[sim]") {
    for (const int32_t data_bits : {32, 64, 256}) {
        const uint64_t seed = static_cast<uint64_t>(data_bits) * 7;
        CAPTURE(data_bits, seed);
        CopierCase test(data_bits, {{}, {}}, 8, false, false, 2, data_bits == 256 ? 64 : 32);
        test.request.options.memory.seed = seed;
        for (const double stall : {0.0, 0.5, 0.9}) {
            test.request.options.memory.stall = stall;
            test.request.options.memory.bandwidth = stall == 0.5 ? 0.3 : 1.0;
            const SimulationResult result = simulate(test.request);
            INFO(failures(result));
            REQUIRE(result.passed());
        }
    }
}

TEST_CASE("simulate: a wrong byte is a mismatch with its coordinates", "[sim][error]") {
    CopierCase test(64, {{}, {}});
    test.goldens[0].tensors[2][17] ^= 1;
    const SimulationResult result = simulate(test.request);
    REQUIRE(result.exit_code() == 3);
    REQUIRE(result.mismatches() == 1);
    REQUIRE(result.runs[0].first_mismatches[0].tensor == "t2");
    REQUIRE(result.runs[0].first_mismatches[0].coordinates == std::vector<int64_t>{0, 17});
    REQUIRE_THAT(failures(result), Contains("tensor 't2' of layer 'copy_1' at [0, 17]: got"));
}

TEST_CASE("simulate: bytes that were never written are found whatever they hold", "[sim][error]") {
    CopierCase test(64, {{}, {}});
    // The second command copies one beat less than its layer has.
    test.program.regions[0].image[64 + 8] = 31;
    const SimulationResult result = simulate(test.request);
    REQUIRE(result.exit_code() == 3);
    REQUIRE(result.mismatches() == 8);
    REQUIRE_THAT(failures(result), Contains("at [0, 248]: never written, got"));
}

TEST_CASE("simulate: a write outside the outputs is a failure", "[sim][error]") {
    CopierCase test(64, {{}, {}});
    // The second command writes back to the network's input.
    const auto address = static_cast<uint32_t>(CopierCase::tensor_address(0));
    for (size_t i = 0; i < 4; ++i) {
        test.program.regions[0].image[64 + 4 + i] = static_cast<uint8_t>(address >> (8 * i));
    }
    const SimulationResult result = simulate(test.request);
    REQUIRE(result.exit_code() == 3);
    REQUIRE_THAT(failures(result), Contains("256 bytes were written outside the output tensors, "
                                            "the first at 0x10000"));
}

TEST_CASE("simulate: a hang ends with exit code 5 and names the waiting unit", "[sim][error]") {
    CopierCase test(64, {{}, {2, {0, 0, 0, 0}}});
    test.request.options.hang_cycles = 500;
    const SimulationResult result = simulate(test.request);
    REQUIRE(result.exit_code() == 5);
    REQUIRE_THAT(result.runs[0].hang, Contains("no handshake and no interrupt for 500 cycles"));
    REQUIRE_THAT(result.runs[0].hang, Contains("read data, last read of 0x14000"));
    REQUIRE_THAT(result.runs[0].hang, Contains("load waits for store"));
    test.request.options.hang_cycles = 0;
    test.request.options.max_cycles = 60;
    REQUIRE_THAT(simulate(test.request).runs[0].hang, Contains("no end after 60 cycles"));
}

TEST_CASE("simulate: a protocol violation of the design fails the run", "[sim][error]") {
    CopierCase test(64, {{}, {4, {0, 0, 0, 0}}});
    test.request.options.memory.stall = 0.9;
    test.request.options.memory.seed = 3;
    const SimulationResult result = simulate(test.request);
    REQUIRE(result.exit_code() == 3);
    REQUIRE(result.runs[0].violations.front().channel == "AW");
    REQUIRE(result.runs[0].violations.front().rule == "valid-dropped");
}

TEST_CASE("simulate: wrap counts a step overflow that golden knows", "[sim]") {
    CopierCase test(64, {{}, {1, {1, 2, 3, 0}}});
    test.goldens[0].layers[1].overflow = {1, 0, {{1, 2, 3, 0}}};
    SimulationResult result = simulate(test.request);
    INFO(failures(result));
    REQUIRE(result.exit_code() == 0);  // harmless: no exact sum out of range
    REQUIRE(result.runs[0].overflow.steps == 1);
    test.goldens[0].layers[1].overflow.results = 1;
    REQUIRE(simulate(test.request).exit_code() == 4);
    test.goldens[0].layers[1].overflow.events[0].step = 2;
    result = simulate(test.request);
    REQUIRE(result.exit_code() == 3);
    REQUIRE_THAT(failures(result), Contains("first overflow at layer 1, channel 2, position 3, "
                                            "step 0: the golden kernel's first is none"));
    test.goldens[0].layers[1].overflow = {};
    REQUIRE_THAT(failures(simulate(test.request)),
                 Contains("counter OVERFLOW_COUNT is 1, the golden kernel gives 0"));
}

TEST_CASE("simulate: trap stops with verified coordinates, then runs the next input", "[sim]") {
    CopierCase test(64, {{}, {1, {1, 2, 3, 0}}, {}}, 32, true, false, 2);
    for (golden::Result& golden : test.goldens) {
        golden.layers[1].overflow = {1, 1, {{1, 2, 3, 0}}};
    }
    SimulationResult result = simulate(test.request);
    INFO(failures(result));
    REQUIRE(result.exit_code() == 4);
    REQUIRE(result.runs.size() == 2);
    REQUIRE(failures(result).empty());
    REQUIRE(result.runs[1].overflow.first->channel == 2);
    REQUIRE_FALSE(result.runs[0].layers[2].cycles.has_value());
    for (golden::Result& golden : test.goldens) golden.layers[1].overflow.events[0].channel = 1;
    REQUIRE(simulate(test.request).exit_code() == 3);
}

TEST_CASE("simulate: injected errors are reported, and the design works again", "[sim]") {
    CopierCase test(64, {{}, {}}, 32, false, false, 2);
    const uint64_t address = CopierCase::tensor_address(1);
    test.request.options.faults = {{address, address + 1, kSlaveError, true, false, 0}};
    SimulationResult result = simulate(test.request);
    REQUIRE(result.exit_code() == 3);
    REQUIRE_THAT(failures(result), Contains("stopped with error 7 (LOAD_SLVERR), address 0x14000"));
    test.request.options.expected_errors = {{0, "LOAD_SLVERR"}};
    result = simulate(test.request);
    INFO(failures(result));
    REQUIRE(result.passed());
    test.request.options.faults[0].response = kDecodeError;
    REQUIRE_THAT(failures(simulate(test.request)), Contains("expected LOAD_SLVERR"));
    test.request.options.faults.clear();
    REQUIRE_THAT(failures(simulate(test.request)), Contains("no error; expected LOAD_SLVERR"));
}

TEST_CASE("simulate: a wrong capability is a failure", "[sim][error]") {
    CopierCase test(64, {{}});
    test.request.design.rows = 2;
    REQUIRE_THAT(failures(simulate(test.request)), Contains("(ROWS = 2)"));
}

TEST_CASE("simulate: counters that disagree with the program fail", "[sim][error]") {
    CopierCase test(64, {{}});
    test.program.layers[0].array_steps = 5;
    test.program.layers[0].vector_results = 7;
    const std::string text = failures(simulate(test.request));
    REQUIRE_THAT(text, Contains("counter COMPUTE_CYCLES is 0, the program gives 5"));
    REQUIRE_THAT(text, Contains("counter VECTOR_RESULTS is 0, the program gives 7"));
}

TEST_CASE("simulate: the cost of SystemC is measured with one stimulus", "[sim]") {
    CopierCase test(64, {{}, {}, {}}, 64, false, false, 20);
    const EngineSpeed speed = measure_engines(test.request, 3);
    WARN("SystemC " << speed.systemc_cycles_per_second / 1000 << ", bare "
                    << speed.bare_cycles_per_second / 1000 << " kcycles/s");
    REQUIRE(speed.cycles > 10000);
    REQUIRE(speed.cost() > 0.5);
}

TEST_CASE("simulate: --trace writes an FST file", "[sim]") {
    CopierCase test(64, {{}}, 4, false, true);
    const std::filesystem::path file = test_cache() / "copier.fst";
    std::filesystem::remove(file);
    test.request.options.trace = file;
    REQUIRE(simulate(test.request).passed());
    REQUIRE(std::filesystem::file_size(file) > 500);
    test.request.options.trace = "/nonexistent/x.fst";
    REQUIRE_THROWS_WITH(simulate(test.request), Contains("cannot write the trace"));
}

TEST_CASE("simulate: a request that does not fit together is refused", "[sim][error]") {
    CopierCase test(64, {{}});
    test.request.runs[0].inputs[0].pop_back();
    REQUIRE_THROWS_WITH(simulate(test.request), "input 0 has 255 bytes, expected 256");
    test.request.runs.clear();
    REQUIRE_THROWS_WITH(simulate(test.request), "no input to run");
    CopierCase wide(64, {{}});
    wide.request.design.data_bits = 128;
    REQUIRE_THROWS_WITH(simulate(wide.request),
                        "port m_axi_rdata is 64 bits, input; expected 128 bits, input");
}
