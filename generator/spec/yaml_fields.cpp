// The keys of one YAML mapping: read by name, then checked for what is unknown or missing.
// SPDX-License-Identifier: Apache-2.0
#include "generator/spec/yaml_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "generator/spec/source_text.hpp"
#include "generator/spec/suggest.hpp"

namespace arraywright::spec {

FieldReader::FieldReader(const YamlNode& node, std::string path, Diagnostics& diagnostics)
    : node_(node), path_(std::move(path)), diagnostics_(diagnostics) {}

const YamlNode* FieldReader::find(const std::string& key) {
    known_.push_back(key);
    for (const YamlEntry& entry : node_.entries) {
        if (entry.key == key) return &entry.value;
    }
    return nullptr;
}

const YamlNode* FieldReader::require(const std::string& key, const std::string& example) {
    const YamlNode* value = find(key);
    if (value == nullptr) missing_.push_back({key, example});
    return value;
}

std::string FieldReader::name_of(const std::string& key) const {
    return path_.empty() ? key : path_ + "." + key;
}

void FieldReader::finish(const Hint& hint) {
    std::sort(known_.begin(), known_.end());
    const std::string where = path_.empty() ? "at the top level" : "in '" + path_ + "'";
    std::vector<std::string> meant;
    for (const YamlEntry& entry : node_.entries) {
        if (std::binary_search(known_.begin(), known_.end(), entry.key)) continue;
        Diagnostic& error =
            diagnostics_.error(DiagnosticId::kUnknownKey, entry.location,
                               fmt::format("unknown key {} {}", quoted(entry.key), where));
        std::string note = hint ? hint(entry.key) : "";
        if (note.empty()) {
            note = suggestion(entry.key, "allowed keys", known_);
            meant.push_back(nearest(entry.key, known_));
        }
        error.notes.push_back({{}, std::move(note)});
    }
    for (const Missing& missing : missing_) {
        if (std::find(meant.begin(), meant.end(), missing.key) != meant.end()) continue;
        Diagnostic& error =
            diagnostics_.error(DiagnosticId::kMissingKey, node_.location,
                               fmt::format("missing key '{}' {}", missing.key, where));
        if (!missing.example.empty()) {
            error.notes.push_back({{}, "for example: " + missing.example});
        }
    }
}

bool is_section(const YamlNode& node, const std::string& name, const std::string& example,
                Diagnostics& diagnostics) {
    if (node.kind == YamlNode::Kind::kMapping || node.kind == YamlNode::Kind::kNull) return true;
    if (node.kind != YamlNode::Kind::kRefused) {
        diagnostics
            .error(DiagnosticId::kWrongType, node.location,
                   fmt::format("{} must be a mapping, found {}", name, describe(node)))
            .notes.push_back({{}, "for example: " + example});
    }
    return false;
}

}  // namespace arraywright::spec
