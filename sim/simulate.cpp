// One simulation from request to result. SPDX-License-Identifier: Apache-2.0
#include "sim/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "generator/isa/registers.hpp"
#include "sim/channel_places.hpp"
#include "sim/engine.hpp"
#include "sim/run_check.hpp"
#include "sim/scoreboard.hpp"

namespace arraywright::sim {
namespace {

void check_request(const SimulationRequest& request) {
    const auto fail = [](const std::string& text) { throw std::invalid_argument(text); };
    if (request.program == nullptr || request.network == nullptr) fail("no program or network");
    if (request.runs.empty()) fail("no input to run");
    const size_t layers = request.program->layers.size();
    if (layers != request.network->operators.size()) fail("program and network differ in layers");
    for (const RunInput& run : request.runs) {
        if (run.golden == nullptr || run.golden->layers.size() != layers) {
            fail("the golden result does not fit the network");
        }
        if (run.inputs.size() != request.network->inputs.size()) fail("wrong number of inputs");
        for (size_t i = 0; i < run.inputs.size(); ++i) {
            const auto tensor = static_cast<size_t>(request.network->inputs[i]);
            const auto size = static_cast<size_t>(request.network->tensors[tensor].bytes());
            if (run.inputs[i].size() == size) continue;
            fail(fmt::format("input {} has {} bytes, expected {}", i, run.inputs[i].size(), size));
        }
    }
    for (const ExpectedError& expected : request.options.expected_errors) {
        static_cast<void>(isa::error_value(expected.name));
    }
}

/// Memory as it is before the host loads program and inputs of run `index`: poison.
void load_memory(const SimulationRequest& request, size_t index, MemoryStore& store) {
    store.clear(mix64(request.options.memory.seed * 1000003 + index));
    for (const compile::Region& region : request.program->regions) {
        store.map(region.address, region.address + region.bytes);
    }
    for (const FaultRange& fault : request.options.faults) {
        if (fault.run < 0 || static_cast<size_t>(fault.run) == index) store.add_fault(fault);
    }
}

/// The whole tensor; channels that the compiler took away have their constant value.
std::vector<uint8_t> tensor_bytes(const SimulationRequest& request, int32_t index,
                                  MemoryStore& store) {
    const network::Tensor& tensor = request.network->tensors[static_cast<size_t>(index)];
    const ChannelPlaces places(tensor, request.program->channels_of_tensor(index));
    const auto size = static_cast<size_t>(network::element_bytes(tensor.type));
    const auto elements = static_cast<size_t>(tensor.elements());
    const std::vector<uint8_t> memory = store.peek(tensor_region(*request.program, index).address,
                                                   places.elements(elements) * size);
    std::vector<uint8_t> bytes(elements * size);
    for (size_t i = 0; i < elements; ++i) {
        if (const std::optional<size_t> at = places.stored(i)) {
            std::copy_n(memory.begin() + static_cast<std::ptrdiff_t>(*at * size), size,
                        bytes.begin() + static_cast<std::ptrdiff_t>(i * size));
        } else {
            bytes[i] = static_cast<uint8_t>(places.constant(i).value_or(0));
        }
    }
    return bytes;
}

void keep_outputs(const SimulationRequest& request, MemoryStore& store, RunResult& result) {
    result.outputs = result.host.outputs;
    if (!request.options.keep_tensors) return;
    result.tensors.resize(request.network->tensors.size());
    for (const compile::LayerInfo& layer : request.program->layers) {
        if (request.program->region_of_tensor(layer.output_tensor) == nullptr) continue;
        result.tensors[static_cast<size_t>(layer.output_tensor)] =
            tensor_bytes(request, layer.output_tensor, store);
    }
}

std::string expected_error(const SimulationRequest& request, size_t run) {
    for (const ExpectedError& expected : request.options.expected_errors) {
        if (static_cast<size_t>(expected.run) == run) return expected.name;
    }
    return {};
}

RunResult judge(const SimulationRequest& request, size_t index, const Testbench& bench,
                MemoryStore& store) {
    RunResult result;
    result.host = bench.report();
    const golden::Result& golden = *request.runs[index].golden;
    const RunEvidence evidence{*request.program,
                               request.design,
                               golden,
                               bench.traffic(),
                               expected_error(request, index),
                               request.options.polled};
    if (bench.end() == RunEnd::kHang) {
        result.outcome = Outcome::kHang;
        result.hang = bench.describe_hang();
        result.failures.push_back("hang: " + result.hang);
    } else if (bench.end() == RunEnd::kViolation) {
        result.outcome = Outcome::kMismatch;
        result.violations = bench.violations().violations();
        for (const Violation& violation : result.violations) {
            result.failures.push_back("AXI violation: " + violation.to_string());
        }
    } else {
        const bool complete = check_run(evidence, result);
        if (complete) {
            compare_memory(*request.program, *request.network, golden, store, result);
        }
        if (result.mismatches != 0) {
            result.failures.push_back(
                fmt::format("{} elements differ from the golden kernel, the first: {}",
                            result.mismatches, result.first_mismatches.front().to_string()));
        }
        if (!result.failures.empty()) result.outcome = Outcome::kMismatch;
        if (complete) keep_outputs(request, store, result);
    }
    report_layers(evidence, result);
    return result;
}

}  // namespace

SimulationResult simulate(const SimulationRequest& request) {
    check_request(request);
    SimulationResult result;
    result.design = request.design.top;
    result.network = request.network->name;
    result.memory = request.options.memory.to_string();
    result.synthetic = request.network->synthetic;
    result.multipliers = int64_t{request.design.rows} * request.design.cols;
    result.zero_gating = request.design.zero_gating;
    result.requested_runs = request.runs.size();

    MemoryStore store;
    Model model(request.model_library);
    const bool systemc = request.options.engine == Engine::kSystemC;
    const std::unique_ptr<ClockEngine> engine = systemc ? make_systemc_engine(request, model, store)
                                                        : make_bare_engine(request, model, store);
    Testbench& bench = engine->testbench();
    for (size_t index = 0; index < request.runs.size(); ++index) {
        load_memory(request, index, store);
        bench.begin_run(index);
        const auto start = std::chrono::steady_clock::now();
        engine->run();
        const auto stop = std::chrono::steady_clock::now();
        result.wall_seconds += std::chrono::duration<double>(stop - start).count();
        bench.end_progress();
        result.runs.push_back(judge(request, index, bench, store));
        if (bench.end() != RunEnd::kInterrupt) break;
    }
    result.simulated_cycles = bench.cycle();
    if (!request.options.trace.empty()) model.close_trace();
    return result;
}

std::string Mismatch::to_string() const {
    return fmt::format("tensor '{}' of layer '{}' at [{}]: {}got {}, expected {}", tensor, layer,
                       fmt::join(coordinates, ", "), never_written ? "never written, " : "", got,
                       expected);
}

Outcome SimulationResult::outcome() const {
    Outcome worst = runs.size() < requested_runs ? Outcome::kMismatch : Outcome::kPassed;
    const auto rank = [](Outcome outcome) {
        switch (outcome) {
            case Outcome::kPassed:
                return 0;
            case Outcome::kOverflow:
                return 1;
            case Outcome::kMismatch:
                return 2;
            case Outcome::kHang:
                return 3;
        }
        return 3;
    };
    for (const RunResult& run : runs) {
        if (rank(run.outcome) > rank(worst)) worst = run.outcome;
    }
    return worst;
}

uint64_t SimulationResult::mismatches() const {
    uint64_t sum = 0;
    for (const RunResult& run : runs) sum += run.mismatches;
    return sum;
}

}  // namespace arraywright::sim
