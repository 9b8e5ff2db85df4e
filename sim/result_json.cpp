// JSON of a simulation result. SPDX-License-Identifier: Apache-2.0
#include "sim/result_json.hpp"

#include "generator/isa/registers.hpp"

namespace arraywright::sim {
namespace {

using Json = nlohmann::ordered_json;

template <typename Value>
Json estimated(const std::optional<Value>& value) {
    return value.has_value() ? Json(*value) : Json("not estimated");
}

template <typename Value>
Json measured(const std::optional<Value>& value) {
    return value.has_value() ? Json(*value) : Json("not measured");
}

Json counters_json(const std::optional<Counters>& counters) {
    if (!counters.has_value()) return "not measured";
    return {{"compute", counters->compute},
            {"wait_load", counters->wait_load},
            {"wait_store", counters->wait_store},
            {"command", counters->command},
            {"other", counters->other},
            {"read_beats", counters->read_beats},
            {"write_beats", counters->write_beats},
            {"vector_results", counters->vector_results},
            {"weight_wait", counters->weight_wait},
            {"result_wait", counters->result_wait},
            {"held", counters->held},
            {"live_macs", counters->live_macs}};
}

Json overflow_json(const OverflowSummary& overflow) {
    Json first = nullptr;
    if (overflow.first.has_value()) {
        first = {{"layer", overflow.first->layer},
                 {"channel", overflow.first->channel},
                 {"position", overflow.first->position},
                 {"step", overflow.first->step},
                 {"is_bias", overflow.first->first_is_bias}};
    }
    const Json steps = overflow.steps ? Json(*overflow.steps) : Json("not measured");
    if (!overflow.steps) first = "not measured";
    return {{"flagged", overflow.flagged},
            {"steps", steps},
            {"results", overflow.results},
            {"first", first}};
}

Json layer_json(const LayerReport& layer) {
    return {{"name", layer.name},
            {"op", layer.op},
            {"block", layer.block},
            {"macs", layer.macs},
            {"nonzero_macs", layer.nonzero_macs},
            {"cycles", measured(layer.cycles)},
            {"estimated_cycles", estimated(layer.estimated_cycles)},
            {"utilization", measured(layer.utilization)},
            {"nonzero_utilization", measured(layer.nonzero_utilization)},
            {"dram_read_bytes", measured(layer.dram_read_bytes)},
            {"dram_write_bytes", measured(layer.dram_write_bytes)},
            {"compulsory_bytes", layer.compulsory_bytes},
            {"weights", weights_json(layer.storage)}};
}

/// MACs that were left out, and those whose multiplier held; null without gating.
Json zeros_json(const RunResult& run, bool gated) {
    int64_t macs = 0, skipped = 0;
    for (const LayerReport& layer : run.layers) {
        macs += layer.macs;
        skipped += layer.storage.skipped_macs;
    }
    Json held = nullptr;
    if (gated && run.counters)
        held = macs - skipped - static_cast<int64_t>(run.counters->live_macs);
    return {{"macs", macs}, {"skipped", skipped}, {"gated", held}};
}

/// Feature maps that crossed the bus without their zeros.
Json coded_json(const RunResult& run) {
    Json tensors = Json::array();
    for (const CodedReport& coded : run.coded) {
        tensors.push_back({{"tensor", coded.tensor},
                           {"bytes", coded.bytes},
                           {"stored_bytes", coded.stored_bytes},
                           {"bits_per_value", coded.bits_per_value()}});
    }
    return tensors;
}

/// What ran where, in order. The host takes no simulated time.
Json steps_json(const RunResult& run) {
    Json steps = Json::array();
    for (const StepReport& step : run.host.steps) {
        if (step.is_run) {
            steps.push_back({{"kind", "run"},
                             {"commands", step.commands},
                             {"cycles", run.counters ? Json(step.registers.counters.cycles)
                                                     : Json("not measured")}});
        } else {
            const LayerReport& layer = run.layers[static_cast<size_t>(step.layer)];
            steps.push_back({{"kind", "host"},
                             {"layer", layer.name},
                             {"op", layer.op},
                             {"cycles", "not measured"}});
        }
    }
    return steps;
}

/// CYCLES of the accelerator, all runs of the inference together.
Json cycles_json(const RunResult& run) {
    return run.counters.has_value() ? Json(run.counters->cycles) : Json("not measured");
}

Json run_json(const RunResult& run) {
    Json shown = Json::array();
    for (const Mismatch& mismatch : run.first_mismatches) shown.push_back(mismatch.to_string());
    Json json = {{"outcome", outcome_name(run.outcome)},
                 {"mismatches", run.mismatches},
                 {"cycles", cycles_json(run)},
                 {"latency_cycles", measured(run.latency_cycles)},
                 {"counters", counters_json(run.counters)},
                 {"overflow", overflow_json(run.overflow)},
                 {"failures", run.failures},
                 {"first_mismatches", shown}};
    if (run.host.error_code != 0) {
        json["error"] = {{"code", run.host.error_code},
                         {"name", isa::error_name(run.host.error_code)},
                         {"address", run.host.error_address}};
    }
    return json;
}

}  // namespace

Json weights_json(const compile::WeightStorage& storage) {
    if (storage.form.empty()) return nullptr;
    return {{"form", storage.form},
            {"weights", storage.weights},
            {"nonzero", storage.nonzero},
            {"stored_bytes", storage.stored_bytes},
            {"stored_bits_per_nonzero", storage.bits_per_nonzero()},
            {"skipped_macs", storage.skipped_macs},
            {"list_imbalance", storage.imbalance}};
}

const char* outcome_name(Outcome outcome) {
    switch (outcome) {
        case Outcome::kPassed:
            return "passed";
        case Outcome::kMismatch:
            return "mismatch";
        case Outcome::kOverflow:
            return "overflow";
        case Outcome::kHang:
            return "hang";
    }
    return "unknown";
}

Json to_json(const SimulationResult& result) {
    const RunResult& first = result.runs.front();
    Json layers = Json::array();
    for (const LayerReport& layer : first.layers) layers.push_back(layer_json(layer));
    Json runs = Json::array();
    for (const RunResult& run : result.runs) runs.push_back(run_json(run));
    return {{"design", result.design},
            {"network", result.network},
            {"synthetic", result.synthetic},
            {"memory", result.memory},
            {"passed", result.passed()},
            {"outcome", outcome_name(result.outcome())},
            {"exit_code", result.exit_code()},
            {"mismatches", result.mismatches()},
            {"cycles", cycles_json(first)},
            {"estimated_cycles", estimated(result.estimated_cycles)},
            {"latency_cycles", measured(first.latency_cycles)},
            {"counters", counters_json(first.counters)},
            {"overflow", overflow_json(first.overflow)},
            {"zeros", zeros_json(first, result.zero_gating)},
            {"coded_tensors", coded_json(first)},
            {"command_read_bytes", first.command_bytes},
            {"host_time", "not measured"},
            {"steps", steps_json(first)},
            {"layers", layers},
            {"inputs", result.requested_runs},
            {"runs", runs}};
}

}  // namespace arraywright::sim
