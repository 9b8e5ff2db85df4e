// The YAML of a workload, read field by field. SPDX-License-Identifier: Apache-2.0
#include "generator/network/workload_fields.hpp"

#include <fmt/format.h>

#include <limits>

#include "generator/spec/source_text.hpp"
#include "generator/spec/yaml_fields.hpp"
#include "generator/spec/yaml_values.hpp"

namespace arraywright::network {
namespace {

using spec::Diagnostics;
using spec::FieldReader;
using spec::YamlNode;

constexpr spec::IntegerRule kInt8{-128, 127};

void read_constants(const YamlNode& node, SyntheticValues& values, Diagnostics& diagnostics) {
    values.kind = SyntheticValues::Kind::kConstants;
    FieldReader fields(node, "values", diagnostics);
    const auto constant = [&](const YamlNode* field, const std::string& key,
                              const spec::IntegerRule& rule, int32_t& value) {
        if (field == nullptr) return;
        const auto read = spec::read_integer(*field, fields.name_of(key), rule, diagnostics);
        value = static_cast<int32_t>(read.value_or(0));
    };
    constant(fields.require("activation"), "activation", kInt8, values.activation);
    constant(fields.require("weight"), "weight", kInt8, values.weight);
    constant(fields.find("bias"), "bias",
             {std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max()},
             values.bias);
    fields.finish();
}

void read_values(const YamlNode& node, SyntheticValues& values, Diagnostics& diagnostics) {
    using Kind = SyntheticValues::Kind;
    if (node.kind == YamlNode::Kind::kMapping) {
        read_constants(node, values, diagnostics);
        return;
    }
    if (node.kind == YamlNode::Kind::kSequence || node.kind == YamlNode::Kind::kNull) {
        diagnostics.error(spec::DiagnosticId::kWrongType, node.location,
                          fmt::format("'values' must be random, extremes, zeros or {{activation: "
                                      "127, weight: 127}}, found {}",
                                      spec::describe(node)));
        return;
    }
    const auto kind = spec::read_choice<Kind>(
        node, "values",
        {{"random", Kind::kRandom}, {"extremes", Kind::kExtremes}, {"zeros", Kind::kZeros}},
        diagnostics);
    values.kind = kind.value_or(values.kind);
}

void read_requantize(const YamlNode& node, Workload& workload, Diagnostics& diagnostics) {
    if (!spec::is_section(node, "'requantize'", "requantize: {shift: 8}", diagnostics)) return;
    FieldReader fields(node, "requantize", diagnostics);
    if (const YamlNode* shift = fields.require("shift", "shift: 8")) {
        const auto read = spec::read_integer(*shift, "requantize.shift", {0, 31}, diagnostics);
        if (read) workload.shift = static_cast<int32_t>(*read);
    }
    fields.finish();
}

void read_layers(const YamlNode& node, Workload& workload, Diagnostics& diagnostics) {
    if (node.kind == YamlNode::Kind::kRefused) return;
    if (node.kind != YamlNode::Kind::kSequence || node.items.empty()) {
        const std::string found =
            node.kind == YamlNode::Kind::kSequence ? "an empty one" : spec::describe(node);
        diagnostics
            .error(spec::DiagnosticId::kWrongType, node.location,
                   fmt::format("'layers' must be a list of layers, found {}", found))
            .notes.push_back({{}, "for example: - {op: gemm, m: 64, k: 64, n: 64}"});
        return;
    }
    for (const YamlNode& item : node.items) {
        workload.layers.push_back(
            read_workload_layer(item, workload.layers.size(), workload.is_chain, diagnostics));
    }
}

/// Words by which people ask for what a workload is not for.
std::string unknown_key_hint(std::string_view key) {
    if (key == "op" || key == "m" || key == "input") return "layers are listed under 'layers'";
    for (const std::string_view word : {"training", "train", "epochs", "loss", "dtype", "type"}) {
        if (key == word) return "workloads are INT8 inference only";
    }
    return "";
}

}  // namespace

std::optional<std::string> read_plain_name(const YamlNode& node, const std::string& name,
                                           Diagnostics& diagnostics) {
    auto text = spec::read_text(node, name, "a name", diagnostics);
    if (!text) return std::nullopt;
    const std::string letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    const bool is_plain = !text->empty() && text->size() <= 64 &&
                          letters.find(text->front()) != std::string::npos &&
                          text->find_first_not_of(letters + "-.") == std::string::npos;
    if (is_plain) return text;
    diagnostics
        .error(spec::DiagnosticId::kBadValue, node.location,
               fmt::format("'{}' cannot be {}", name, spec::quoted(*text)))
        .notes.push_back(
            {{}, "allowed: at most 64 letters, digits, '_', '-' and '.', not '-' or '.' first"});
    return std::nullopt;
}

Workload read_workload_fields(const YamlNode& root, Diagnostics& diagnostics) {
    Workload workload;
    FieldReader top(root, "", diagnostics);
    if (const YamlNode* name = top.require("name", "name: gemm64")) {
        workload.name = read_plain_name(*name, "name", diagnostics).value_or("");
    }
    if (const YamlNode* seed = top.find("seed")) {
        const auto read = spec::read_integer(*seed, "seed",
                                             {0, std::numeric_limits<int64_t>::max()}, diagnostics);
        workload.seed = static_cast<uint64_t>(read.value_or(1));
    }
    if (const YamlNode* values = top.find("values")) {
        read_values(*values, workload.values, diagnostics);
    }
    if (const YamlNode* requantize = top.find("requantize")) {
        read_requantize(*requantize, workload, diagnostics);
    }
    if (const YamlNode* chain = top.find("chain")) {
        workload.is_chain = spec::read_boolean(*chain, "chain", diagnostics).value_or(false);
    }
    if (const YamlNode* layers = top.require("layers", "layers: [{op: gemm, m: 8, k: 8, n: 8}]")) {
        read_layers(*layers, workload, diagnostics);
    }
    top.finish(unknown_key_hint);
    return workload;
}

}  // namespace arraywright::network
