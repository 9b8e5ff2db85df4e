// Table of a simulation result. SPDX-License-Identifier: Apache-2.0
#include "sim/result_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/result_json.hpp"

namespace arraywright::sim {
namespace {

constexpr const char* kNotMeasured = "not measured";

template <typename Value>
std::string number(const std::optional<Value>& value) {
    return value.has_value() ? fmt::format("{}", *value) : kNotMeasured;
}

std::string percent(const std::optional<double>& value) {
    return value.has_value() ? fmt::format("{:.1f}", 100 * *value) : kNotMeasured;
}

std::string bytes_ratio(const LayerReport& layer) {
    if (!layer.dram_read_bytes || !layer.dram_write_bytes || layer.compulsory_bytes == 0) {
        return kNotMeasured;
    }
    return fmt::format("{:.2f}",
                       static_cast<double>(*layer.dram_read_bytes + *layer.dram_write_bytes) /
                           static_cast<double>(layer.compulsory_bytes));
}

using Row = std::vector<std::string>;

std::string layer_table(const RunResult& run) {
    std::vector<Row> rows = {{"layer", "op", "where", "MACs", "cycles", "estimate", "utilization %",
                              "nonzero %", "read bytes", "written bytes", "bytes / compulsory"}};
    const bool shows_weights =
        std::any_of(run.layers.begin(), run.layers.end(), [](const LayerReport& layer) {
            return !layer.storage.form.empty() && layer.storage.form != "dense";
        });
    if (shows_weights) rows[0].insert(rows[0].end(), {"weights", "bits / nonzero"});
    for (const LayerReport& layer : run.layers) {
        rows.push_back(
            {layer.name, layer.op, layer.block, fmt::format("{}", layer.macs), number(layer.cycles),
             layer.estimated_cycles ? number(layer.estimated_cycles) : "-",
             percent(layer.utilization), percent(layer.nonzero_utilization),
             number(layer.dram_read_bytes), number(layer.dram_write_bytes), bytes_ratio(layer)});
        if (!shows_weights) continue;
        const bool has = !layer.storage.form.empty();
        rows.back().push_back(has ? layer.storage.form : "-");
        rows.back().push_back(has ? fmt::format("{:.2f}", layer.storage.bits_per_nonzero()) : "-");
    }
    return aligned_columns(rows);
}

std::string breakdown(const Counters& counters) {
    const auto share = [&](uint64_t cycles) {
        return counters.cycles == 0
                   ? 0.0
                   : 100.0 * static_cast<double>(cycles) / static_cast<double>(counters.cycles);
    };
    return fmt::format(
        "cycles: {} = compute {:.1f} % + wait for load {:.1f} % (weights {:.1f} %) + wait for "
        "store "
        "{:.1f} % (results {:.1f} %) + command {:.1f} % + other {:.1f} %\n",
        counters.cycles, share(counters.compute), share(counters.wait_load),
        share(counters.weight_wait), share(counters.wait_store), share(counters.result_wait),
        share(counters.command), share(counters.other));
}

std::string overflow_line(const OverflowSummary& overflow) {
    if (!overflow.flagged) return "overflow: none\n";
    if (!overflow.first.has_value())
        return fmt::format("overflow: flagged, {} results; steps and place not measured\n",
                           overflow.results);
    const OverflowRegisters& first = *overflow.first;
    return fmt::format(
        "overflow: {} steps, {} results; first at layer {}, channel {}, position {}, step {}{}\n",
        overflow.steps.value_or(0), overflow.results, first.layer, first.channel, first.position,
        first.step, first.first_is_bias ? " (bias)" : "");
}

/// MACs that were left out and those whose multiplier held; nothing where all were made.
std::string zeros_line(const RunResult& run, bool gated) {
    int64_t macs = 0, skipped = 0;
    for (const LayerReport& layer : run.layers) {
        macs += layer.macs;
        skipped += layer.storage.skipped_macs;
    }
    if (skipped == 0 && !gated) return "";
    std::string text = fmt::format("MACs: {}, skipped {}", macs, skipped);
    if (gated && run.counters) {
        const auto live = static_cast<int64_t>(run.counters->live_macs);
        text += fmt::format(", gated {}, live {}", macs - skipped - live, live);
    }
    return text + "\n";
}

/// Feature maps that crossed the bus without their zeros.
std::string coded_lines(const RunResult& run) {
    std::string text;
    for (const CodedReport& coded : run.coded) {
        text += fmt::format("coded: {}, {} bytes in {}, {:.2f} bits a value\n", coded.tensor,
                            coded.bytes, coded.stored_bytes, coded.bits_per_value());
    }
    return text;
}

/// Operators between the runs of the accelerator.
std::string host_line(const RunResult& run) {
    size_t runs = 0;
    std::vector<std::string> names;
    for (const StepReport& step : run.host.steps) {
        runs += step.is_run ? 1 : 0;
        if (!step.is_run) names.push_back(run.layers[static_cast<size_t>(step.layer)].name);
    }
    if (names.empty()) return "";
    return fmt::format(
        "host: {} in the C runtime, time not measured; cycles and latency are the sum of {} run{} "
        "of the accelerator\n",
        fmt::join(names, ", "), runs, runs == 1 ? "" : "s");
}

std::string run_lines(const SimulationResult& result) {
    std::string text;
    for (size_t i = 0; i < result.runs.size(); ++i) {
        const RunResult& run = result.runs[i];
        text += fmt::format("input {}: {}, latency {} cycles\n", i, outcome_name(run.outcome),
                            number(run.latency_cycles));
        for (const std::string& failure : run.failures) text += "  " + failure + "\n";
        for (size_t k = 1; k < run.first_mismatches.size(); ++k) {
            text += "  " + run.first_mismatches[k].to_string() + "\n";
        }
    }
    return text;
}

}  // namespace

std::string aligned_columns(const std::vector<Row>& rows) {
    std::vector<size_t> widths(rows.front().size(), 0);
    for (const Row& row : rows) {
        for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string text;
    for (const Row& row : rows) {
        std::string line = " ";
        for (size_t i = 0; i < row.size(); ++i) {
            line += i < 3 ? fmt::format(" {:<{}} ", row[i], widths[i])
                          : fmt::format(" {:>{}} ", row[i], widths[i]);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string to_table(const SimulationResult& result) {
    const RunResult& first = result.runs.front();
    std::string text = fmt::format("{} on {}: {}\n", result.network, result.design,
                                   outcome_name(result.outcome()));
    text += fmt::format("memory: {}\n\n", result.memory);
    text += layer_table(first) + "\n";
    if (result.estimated_cycles) {
        text += fmt::format("estimated cycles: {}\n", *result.estimated_cycles);
    }
    text += first.counters.has_value() ? breakdown(*first.counters) : "cycles: not measured\n";
    text += zeros_line(first, result.zero_gating);
    text += coded_lines(first);
    text += host_line(first);
    text += overflow_line(first.overflow);
    text += run_lines(result);
    text += "inference only, INT8 x INT8 into 32-bit accumulators\n";
    if (result.synthetic) text += "synthetic data: no accuracy claim\n";
    return text;
}

}  // namespace arraywright::sim
