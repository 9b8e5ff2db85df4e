// YAML text to a tree with positions; the only code that knows yaml-cpp.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/spec/diagnostics.hpp"

namespace arraywright::spec {

/// Levels of nesting that are read; the deepest schema here has five.
constexpr int32_t kMaxYamlDepth = 16;

struct YamlEntry;

/// One value. Scalars stay text: whether `010` or `yes` is a number is the schema's question.
struct YamlNode {
    enum class Kind {
        kNull,  ///< nothing, `~` or `null`
        kScalar,
        kSequence,
        kMapping,
        kRefused,  ///< already reported: readers pass over it in silence
    };
    Kind kind = Kind::kNull;
    Location location;     ///< 1-based; column in characters. kNull: that of its key
    std::string text;      ///< kScalar
    bool is_plain = true;  ///< kScalar: written without quotes
    std::vector<YamlNode> items;
    std::vector<YamlEntry> entries;  ///< keys are unique: the first of duplicates is kept
};

struct YamlEntry {
    std::string key;
    Location location;
    YamlNode value;
};

/// "a mapping", "a list", "'text'", "nothing" for a message.
std::string describe(const YamlNode& node);

/// Parses one document of UTF-8 text. Duplicate keys, anchors, aliases, tags, keys that are not
/// words, several documents, deep nesting and syntax errors are reported. Empty if no tree
/// could be made (then an error was reported); never throws.
std::optional<YamlNode> read_yaml(std::string_view text, Diagnostics& diagnostics);

}  // namespace arraywright::spec
