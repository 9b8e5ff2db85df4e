// The keys of one YAML mapping: read by name, then checked for what is unknown or missing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/spec/diagnostics.hpp"
#include "generator/spec/yaml_reader.hpp"

namespace arraywright::spec {

/// A key asked for counts as known, so a reader never repeats its schema. Call `finish` last.
class FieldReader {
public:
    /// More about an unknown key than a suggestion can say; "" if there is nothing to say.
    using Hint = std::function<std::string(std::string_view key)>;

    /// `node` must be kMapping, or kNull for a section without keys. `path` is "" at the top.
    FieldReader(const YamlNode& node, std::string path, Diagnostics& diagnostics);

    /// The value of `key`, nullptr if absent.
    const YamlNode* find(const std::string& key);
    /// As find; an absent key is reported by `finish`, at the mapping. `example` may be empty.
    const YamlNode* require(const std::string& key, const std::string& example = "");

    /// "array.rows".
    std::string name_of(const std::string& key) const;
    Location location() const { return node_.location; }
    Diagnostics& diagnostics() { return diagnostics_; }

    /// Reports unknown keys, then missing ones. A missing key that an unknown one was meant to
    /// be is not reported again.
    void finish(const Hint& hint = {});

private:
    struct Missing {
        std::string key;
        std::string example;
    };

    const YamlNode& node_;
    std::string path_;
    Diagnostics& diagnostics_;
    std::vector<std::string> known_;
    std::vector<Missing> missing_;
};

/// Whether `node` can be given to a FieldReader; reports what it is otherwise. `example` is
/// what a right one looks like, e.g. "{rows: 16, cols: 16}".
bool is_section(const YamlNode& node, const std::string& name, const std::string& example,
                Diagnostics& diagnostics);

}  // namespace arraywright::spec
