// Regression plans. SPDX-License-Identifier: Apache-2.0
#include "generator/regress/plan_file.hpp"

#include <fmt/format.h>

#include <limits>
#include <variant>

#include "generator/spec/source_file.hpp"
#include "generator/spec/yaml_fields.hpp"
#include "generator/spec/yaml_reader.hpp"
#include "generator/spec/yaml_values.hpp"
#include "sim/memory_config.hpp"

namespace arraywright::regress {

using spec::DiagnosticId;
using spec::FieldReader;
using spec::YamlNode;

namespace {

/// The texts of a list; reports a list that is none or empty.
std::vector<std::pair<std::string, spec::Location>> read_list(const YamlNode& node,
                                                              const std::string& name,
                                                              const std::string& wanted,
                                                              spec::Diagnostics& diagnostics) {
    std::vector<std::pair<std::string, spec::Location>> texts;
    if (node.kind == YamlNode::Kind::kRefused) return texts;
    if (node.kind != YamlNode::Kind::kSequence || node.items.empty()) {
        diagnostics.error(
            DiagnosticId::kWrongType, node.location,
            fmt::format(
                "'{}' must be a list of {}s, found {}", name, wanted,
                node.kind == YamlNode::Kind::kSequence ? "an empty one" : spec::describe(node)));
        return texts;
    }
    for (const YamlNode& item : node.items) {
        if (const auto text = spec::read_text(item, name, "a " + wanted, diagnostics))
            texts.emplace_back(*text, item.location);
    }
    return texts;
}

std::vector<std::filesystem::path> read_files(const YamlNode& node, const std::string& name,
                                              const std::filesystem::path& folder,
                                              spec::Diagnostics& diagnostics) {
    std::vector<std::filesystem::path> files;
    for (const auto& [text, location] : read_list(node, name, "file", diagnostics)) {
        const std::filesystem::path file = (folder / text).lexically_normal();
        std::error_code ignored;
        if (!std::filesystem::is_regular_file(file, ignored)) {
            diagnostics.error(DiagnosticId::kUnreadable, location,
                              fmt::format("'{}' in '{}' is no file", file.string(), name));
            continue;
        }
        files.push_back(file);
    }
    return files;
}

std::vector<std::string> read_memories(const YamlNode& node, spec::Diagnostics& diagnostics) {
    std::vector<std::string> memories;
    for (const auto& [text, location] : read_list(node, "memories", "memory", diagnostics)) {
        const auto parsed = sim::parse_memory_config(text);
        if (const auto* message = std::get_if<std::string>(&parsed)) {
            diagnostics.error(DiagnosticId::kBadValue, location, "'memories': " + *message);
        } else if (text.find("seed=") != std::string::npos) {
            diagnostics.error(DiagnosticId::kConflict, location,
                              "'memories': a plan gives every run its own seed; leave it out");
        }
        memories.push_back(text);
    }
    return memories;
}

void read_seeds(const YamlNode& node, PlanFile& plan, spec::Diagnostics& diagnostics) {
    if (!spec::is_section(node, "'seeds'", "{first: 1, count: 20}", diagnostics)) return;
    FieldReader fields(node, "seeds", diagnostics);
    if (const YamlNode* first = fields.find("first")) {
        const auto read =
            spec::read_integer(*first, "seeds.first",
                               {0, std::numeric_limits<int64_t>::max() - kMostRuns}, diagnostics);
        plan.first_seed = static_cast<uint64_t>(read.value_or(1));
    }
    if (const YamlNode* count = fields.require("count", "count: 20"))
        plan.seeds = spec::read_integer(*count, "seeds.count", {1, kMostRuns}, diagnostics)
                         .value_or(plan.seeds);
    fields.finish();
}

}  // namespace

PlanResult read_plan(const std::string& path) {
    spec::SourceFile source = spec::read_source_file(path);
    PlanResult result{std::nullopt, std::move(source.diagnostics)};
    spec::Diagnostics& diagnostics = result.diagnostics;
    if (!source.text) return result;
    const std::optional<YamlNode> root = spec::read_yaml(*source.text, diagnostics);
    if (!root || !spec::is_section(*root, "a plan", "name: nightly", diagnostics)) return result;
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    PlanFile plan;
    FieldReader top(*root, "", diagnostics);
    if (const YamlNode* name = top.require("name", "name: nightly"))
        plan.name = spec::read_text(*name, "name", "a name", diagnostics).value_or("");
    if (const YamlNode* node = top.require("specs", "specs: [spec.yaml]"))
        plan.specs = read_files(*node, "specs", folder, diagnostics);
    if (const YamlNode* node = top.require("networks", "networks: [workload.yaml]"))
        plan.networks = read_files(*node, "networks", folder, diagnostics);
    if (const YamlNode* node = top.find("memories"))
        plan.memories = read_memories(*node, diagnostics);
    if (const YamlNode* node = top.find("seeds")) read_seeds(*node, plan, diagnostics);
    if (const YamlNode* node = top.find("timeout_seconds")) {
        plan.timeout_seconds = spec::read_integer(*node, "timeout_seconds", {1, 86400}, diagnostics)
                                   .value_or(plan.timeout_seconds);
    }
    top.finish();
    if (!diagnostics.has_errors() && run_count(plan) > kMostRuns) {
        diagnostics.error(
            DiagnosticId::kTooLarge, {},
            fmt::format("{} runs, at most {} are allowed", run_count(plan), kMostRuns));
    }
    if (!diagnostics.has_errors()) result.plan = std::move(plan);
    return result;
}

int64_t run_count(const PlanFile& plan) {
    return static_cast<int64_t>(plan.specs.size()) * static_cast<int64_t>(plan.networks.size()) *
           static_cast<int64_t>(plan.memories.size()) * plan.seeds;
}

Run run_of(const PlanFile& plan, int64_t id) {
    const auto memories = static_cast<int64_t>(plan.memories.size());
    const auto networks = static_cast<int64_t>(plan.networks.size());
    Run run;
    run.id = id;
    run.seed = plan.first_seed + static_cast<uint64_t>(id % plan.seeds);
    id /= plan.seeds;
    run.memory =
        fmt::format("{},seed={}", plan.memories[static_cast<size_t>(id % memories)], run.seed);
    id /= memories;
    run.network = plan.networks[static_cast<size_t>(id % networks)];
    run.spec = plan.specs[static_cast<size_t>(id / networks)];
    return run;
}

std::vector<std::string> command_of(const Run& run, const std::string& program) {
    return {program,    "simulate", run.spec.string(), run.network.string(),
            "--memory", run.memory, "--seed",          std::to_string(run.seed)};
}

}  // namespace arraywright::regress
