// What `overflow` found. SPDX-License-Identifier: Apache-2.0
#include "generator/cli/overflow_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "generator/compile/operator_names.hpp"
#include "sim/result_table.hpp"

namespace arraywright::cli {

using overflow::LayerOverflow;
using overflow::Wide;

namespace {

const network::Operator& op_of(const OverflowFindings& findings, const LayerOverflow& layer) {
    return findings.network->operators[static_cast<size_t>(layer.op)];
}

std::string layer_rows(const OverflowFindings& findings) {
    std::vector<std::vector<std::string>> rows = {
        {"layer", "op", "verdict", "products", "input", "lowest sum", "highest sum", "bits",
         "headroom", "bits, any input", "largest bias", "of channel"}};
    for (const LayerOverflow& layer : findings.analysis.layers) {
        const network::Operator& op = op_of(findings, layer);
        rows.push_back({op.name, compile::operator_name(op.kind), verdict_name(layer.verdict),
                        fmt::format("{}", layer.products),
                        fmt::format("{}..{}", layer.input.low, layer.input.high),
                        overflow::to_string(layer.prefix.low),
                        overflow::to_string(layer.prefix.high), fmt::format("{}", layer.bits),
                        fmt::format("{}", layer.headroom_bits(findings.arithmetic.bits)),
                        fmt::format("{}", layer.bits_any),
                        layer.bias == 0 ? "0" : fmt::format("{}", layer.bias),
                        layer.bias == 0 ? "-" : fmt::format("{}", layer.bias_channel)});
    }
    return sim::aligned_columns(rows);
}

std::string large_biases(const OverflowFindings& findings) {
    std::string text;
    for (const LayerOverflow& layer : findings.analysis.layers) {
        if (layer.large_biases.empty()) continue;
        const auto dead = std::count_if(layer.large_biases.begin(), layer.large_biases.end(),
                                        [](const auto& one) { return one.all_weights_zero; });
        text +=
            fmt::format("{}: {} of {} biases reach 2^{}, {} of them of channels without weights",
                        op_of(findings, layer).name, layer.large_biases.size(), layer.channels,
                        findings.arithmetic.bits - 3, dead);
        constexpr size_t kShown = 8;
        for (size_t i = 0; i < std::min(kShown, layer.large_biases.size()); ++i) {
            text += fmt::format("{} channel {}: {}", i == 0 ? ";" : ",",
                                layer.large_biases[i].channel, layer.large_biases[i].bias);
        }
        text += layer.large_biases.size() > kShown ? ", ...\n" : "\n";
    }
    return text;
}

std::string witness_rows(const OverflowFindings& findings) {
    std::string text;
    for (const WitnessRun& run : findings.runs) {
        const LayerOverflow& layer = findings.analysis.layers[run.layer];
        text += fmt::format("{}: witness for channel {}, predicted to leave the range in step {}: ",
                            op_of(findings, layer).name, run.witness.channel, run.witness.step);
        if (run.confirmed()) {
            text += fmt::format(
                "confirmed by golden kernel and RTL (first of all channels: channel {}, step {})\n",
                run.first->channel, run.first->step);
            continue;
        }
        text += run.predicted ? "" : "the golden kernel does not agree\n";
        text += run.first ? "" : "the RTL reports no overflow\n";
        for (const std::string& failure : run.failures) text += "  " + failure + "\n";
    }
    return text;
}

Json number(Wide value) {
    if (value == static_cast<int64_t>(value)) return static_cast<int64_t>(value);
    return overflow::to_string(value);
}

Json interval(const overflow::Interval& interval) {
    return Json::array({number(interval.low), number(interval.high)});
}

Json layer_json(const OverflowFindings& findings, const LayerOverflow& layer) {
    const network::Operator& op = op_of(findings, layer);
    Json json = {{"name", op.name},
                 {"op", compile::operator_name(op.kind)},
                 {"verdict", verdict_name(layer.verdict)},
                 {"products", layer.products},
                 {"steps", layer.steps},
                 {"channels", layer.channels},
                 {"input", {layer.input.low, layer.input.high}},
                 {"partial_sums", interval(layer.prefix)},
                 {"results", interval(layer.sum)},
                 {"bits", layer.bits},
                 {"headroom_bits", layer.headroom_bits(findings.arithmetic.bits)},
                 {"bits_any_input", layer.bits_any},
                 {"worst",
                  {{"channel", layer.worst.channel},
                   {"row", layer.worst.output_y},
                   {"column", layer.worst.output_x},
                   {"step", layer.worst.step},
                   {"end", layer.worst.largest ? "high" : "low"}}},
                 {"largest_bias", {{"channel", layer.bias_channel}, {"value", layer.bias}}}};
    Json biases = Json::array();
    for (const overflow::LargeBias& bias : layer.large_biases) {
        biases.push_back({{"channel", bias.channel},
                          {"value", bias.bias},
                          {"all_weights_zero", bias.all_weights_zero}});
    }
    json["large_biases"] = std::move(biases);
    return json;
}

Json witness_json(const WitnessRun& run) {
    Json json = {{"channel", run.witness.channel}, {"position", run.witness.position},
                 {"step", run.witness.step},       {"golden_agrees", run.predicted},
                 {"failures", run.failures},       {"confirmed", run.confirmed()}};
    if (run.first) {
        json["rtl_first"] = {{"channel", run.first->channel},
                             {"position", run.first->position},
                             {"step", run.first->step},
                             {"bias", run.first->first_is_bias}};
    }
    return json;
}

}  // namespace

const char* verdict_name(overflow::Verdict verdict) {
    switch (verdict) {
        case overflow::Verdict::kSafe:
            return "proven safe";
        case overflow::Verdict::kPrefixOnly:
            return "partial sums only";
        case overflow::Verdict::kUnsafe:
            return "unsafe";
    }
    return "?";
}

std::string overflow_table(const OverflowFindings& findings) {
    const int32_t bits = findings.analysis.bits();
    std::string text = fmt::format(
        "{} on {}: {} with {}-bit accumulators; narrowest safe accumulator {} bits, headroom {} "
        "bits\n\n",
        findings.network->name, findings.design,
        findings.analysis.safe() ? "proven safe" : "unsafe", findings.arithmetic.bits, bits,
        findings.arithmetic.bits - bits);
    text += layer_rows(findings);
    text +=
        "\nSums: the extremes of all partial sums and results, exact for each layer alone, over "
        "what the layers before can write.\n";
    text += large_biases(findings);
    text += witness_rows(findings);
    if (findings.network->synthetic) text += "synthetic data: the verdict is of these weights\n";
    return text;
}

void add_overflow_json(const OverflowFindings& findings, Json& json) {
    json["passed"] = findings.analysis.safe();
    json["design"] = findings.design;
    json["network"] = findings.network->name;
    json["accumulator_bits"] = findings.arithmetic.bits;
    json["narrowest_safe_bits"] = findings.analysis.bits();
    json["headroom_bits"] = findings.arithmetic.bits - findings.analysis.bits();
    Json layers = Json::array();
    for (const LayerOverflow& layer : findings.analysis.layers)
        layers.push_back(layer_json(findings, layer));
    for (const WitnessRun& run : findings.runs) layers[run.layer]["witness"] = witness_json(run);
    json["layers"] = std::move(layers);
    json["synthetic_data"] = findings.network->synthetic;
}

}  // namespace arraywright::cli
