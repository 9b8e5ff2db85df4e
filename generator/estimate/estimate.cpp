// Report of the cost model. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/estimate.hpp"

#include <algorithm>
#include <span>

#include "generator/estimate/accelerator.hpp"

namespace arraywright::estimate {

namespace {

int64_t divide_up(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}

/// Weights of operator `index`, each moved once.
int64_t weight_bytes(const network::Network& network, size_t index) {
    const int32_t tensor = network.operators[index].weights;
    return tensor < 0 ? 0 : network.tensors[static_cast<size_t>(tensor)].bytes();
}

/// The commands that the accelerator runs at one go.
struct Part {
    int64_t address;
    std::span<const isa::Command> commands;
    std::span<const compile::WeightNotes> notes;
};

std::vector<Part> parts_of(const compile::Program& program) {
    const std::span<const isa::Command> all(program.commands);
    std::vector<Part> parts;
    for (const compile::Step& step : program.steps) {
        if (step.kind != compile::Step::Kind::kRun || step.command_count == 0) continue;
        const size_t first = (step.command_address - program.command_address) / isa::kCommandBytes;
        parts.push_back({static_cast<int64_t>(step.command_address),
                         all.subspan(first, step.command_count),
                         std::span(program.notes).subspan(first, step.command_count)});
    }
    return parts;
}

/// Adds a run that began `offset` cycles after the first one to what is known of the layers.
void add_run(const RunTrace& run, Cycle offset, std::vector<LayerTrace>& layers) {
    for (size_t i = 0; i < layers.size(); ++i) {
        const LayerTrace& from = run.layers[i];
        LayerTrace& to = layers[i];
        if (from.last_result >= 0) to.last_result = offset + from.last_result;
        if (from.last_store >= 0) to.last_store = offset + from.last_store;
        to.read_bytes += from.read_bytes;
        to.write_bytes += from.write_bytes;
    }
}

}  // namespace

Estimate estimate_program(const compile::Program& program, const network::Network& network,
                          const plan::Plan& plan, const MemoryTiming& memory) {
    Estimate estimate;
    std::vector<LayerTrace> traces(program.layers.size());
    for (const Part& part : parts_of(program)) {
        const RunTrace run =
            run_commands(plan, memory, part.commands, part.address, traces.size(), part.notes);
        add_run(run, estimate.cycles, traces);
        estimate.cycles += run.cycles;
        estimate.read_beats += run.read_beats;
        estimate.command_read_bytes +=
            static_cast<int64_t>(part.commands.size()) * isa::kCommandBytes;
    }
    Cycle start = -1;  // the doorbell's cycle
    for (size_t i = 0; i < program.layers.size(); ++i) {
        const compile::LayerInfo& info = program.layers[i];
        LayerEstimate layer;
        layer.name = info.name;
        layer.op = info.op;
        layer.block = info.block;
        layer.macs = info.macs;
        layer.dram_read_bytes = traces[i].read_bytes;
        layer.dram_write_bytes = traces[i].write_bytes;
        layer.weight_bytes = weight_bytes(network, i);
        layer.storage = info.storage;
        layer.bound_cycles = std::max(divide_up(info.macs, int64_t{plan.rows} * plan.cols),
                                      divide_up(layer.weight_bytes, plan.bus_bytes));
        // A tensor that stays on chip ends with the last write of the vector unit.
        const Cycle end = traces[i].last_store >= 0 ? traces[i].last_store : traces[i].last_result;
        if (end > start) {
            layer.cycles = end - start;
            start = end;
        }
        estimate.bound_cycles += layer.bound_cycles;
        estimate.layers.push_back(std::move(layer));
    }
    return estimate;
}

}  // namespace arraywright::estimate
