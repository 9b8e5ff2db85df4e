// Single YAML values as typed C++ values, with the diagnostics that a person needs.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "generator/spec/diagnostics.hpp"
#include "generator/spec/suggest.hpp"
#include "generator/spec/yaml_reader.hpp"

namespace arraywright::spec {

/// What an integer may be: a range, or the values of a list if there is one.
struct IntegerRule {
    int64_t min = 0;
    int64_t max = 0;
    std::vector<int64_t> allowed = {};
};

/// "1 to 64" or "32, 64, 128".
std::string allowed_values(const IntegerRule& rule);

/// Each reads `node`, called `name` ("array.rows") in messages. Empty: an error was reported
/// (or the node was refused before).
///
/// Integers are plain decimals: no leading zero, sign '+', hex, underscore, point or quotes.
std::optional<int64_t> read_integer(const YamlNode& node, const std::string& name,
                                    const IntegerRule& rule, Diagnostics& diagnostics);
/// Only `true` and `false`; `yes`, `on` and quotes are refused.
std::optional<bool> read_boolean(const YamlNode& node, const std::string& name,
                                 Diagnostics& diagnostics);
/// A plain decimal such as 0.35, from `min` to `max`.
std::optional<double> read_real(const YamlNode& node, const std::string& name, double min,
                                double max, Diagnostics& diagnostics);
/// Any scalar, quoted or not. `wanted` is what the message asks for, e.g. "a name".
std::optional<std::string> read_text(const YamlNode& node, const std::string& name,
                                     const std::string& wanted, Diagnostics& diagnostics);
/// One of `words`; anything else suggests the nearest.
std::optional<size_t> read_word(const YamlNode& node, const std::string& name,
                                const std::vector<std::string>& words, Diagnostics& diagnostics);

/// read_word for an enumeration.
template <typename Enum>
std::optional<Enum> read_choice(const YamlNode& node, const std::string& name,
                                const std::vector<std::pair<std::string, Enum>>& choices,
                                Diagnostics& diagnostics) {
    std::vector<std::string> words;
    for (const auto& [word, value] : choices) words.push_back(word);
    const std::optional<size_t> index = read_word(node, name, words, diagnostics);
    if (!index) return std::nullopt;
    return choices[*index].second;
}

}  // namespace arraywright::spec
