// Estimates in results. SPDX-License-Identifier: Apache-2.0
#include "generator/cli/estimate_report.hpp"
#include "sim/result_json.hpp"

namespace arraywright::cli {
namespace {

Json cycles_json(const estimate::LayerEstimate& layer) {
    return layer.cycles ? Json(*layer.cycles) : Json(nullptr);
}

}  // namespace

std::optional<estimate::MemoryTiming> memory_timing(const sim::MemoryConfig& memory) {
    if (memory.stall > 0 || memory.gap_cycles > 0 || memory.reorder) return std::nullopt;
    return estimate::MemoryTiming{memory.latency_cycles, memory.write_latency_cycles,
                                  memory.bandwidth};
}

void add_estimate(const estimate::Estimate& estimate, sim::SimulationResult& result) {
    result.estimated_cycles = static_cast<uint64_t>(estimate.cycles);
    for (sim::RunResult& run : result.runs) {
        for (size_t i = 0; i < run.layers.size() && i < estimate.layers.size(); ++i) {
            const std::optional<int64_t>& cycles = estimate.layers[i].cycles;
            if (cycles) run.layers[i].estimated_cycles = static_cast<uint64_t>(*cycles);
        }
    }
}

void add_estimated_cycles(const estimate::Estimate& estimate, Json& layers) {
    for (size_t i = 0; i < estimate.layers.size() && i < layers.size(); ++i) {
        layers[i]["estimated_cycles"] = cycles_json(estimate.layers[i]);
    }
}

Json layers_json(const estimate::Estimate& estimate) {
    Json layers = Json::array();
    for (const estimate::LayerEstimate& layer : estimate.layers) {
        layers.push_back({{"name", layer.name},
                          {"op", layer.op},
                          {"block", layer.block},
                          {"macs", layer.macs},
                          {"estimated_cycles", cycles_json(layer)},
                          {"bound_cycles", layer.bound_cycles},
                          {"dram_read_bytes", layer.dram_read_bytes},
                          {"dram_write_bytes", layer.dram_write_bytes},
                          {"weight_bytes", layer.weight_bytes},
                          {"weights", sim::weights_json(layer.storage)}});
    }
    return layers;
}

}  // namespace arraywright::cli
