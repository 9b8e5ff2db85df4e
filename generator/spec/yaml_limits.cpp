// What is refused before yaml-cpp sees it. SPDX-License-Identifier: Apache-2.0
#include "generator/spec/yaml_limits.hpp"

#include <algorithm>

#include "generator/spec/source_text.hpp"

namespace arraywright::spec {
namespace {

/// The index of the closing quote, or of the end of `text`.
size_t skip_quoted(std::string_view text, size_t start) {
    size_t i = start + 1;
    while (i < text.size() && text[i] != text[start]) {
        i += text[i] == '\\' && text[start] == '"' ? 2 : 1;
    }
    return std::min(i, text.size());
}

/// Whether a quote or '#' at `i` begins something; inside a word it is a letter.
bool begins_token(std::string_view text, size_t i) {
    return i == 0 || std::string_view(" \t\r\n,[]{}:").find(text[i - 1]) != std::string_view::npos;
}

Location location_of(std::string_view text, size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
    const auto lines = std::count(before.begin(), before.end(), '\n');
    const size_t column = printed_characters(before.substr(line_start)).size();
    return {static_cast<int32_t>(lines + 1), static_cast<int32_t>(column + 1)};
}

}  // namespace

std::optional<Location> crowded_bracket(std::string_view text) {
    int32_t depth = 0;
    int32_t commas = 0;
    size_t outermost = 0;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if ((c == '"' || c == '\'') && begins_token(text, i)) {
            i = skip_quoted(text, i);
        } else if (c == '#' && begins_token(text, i)) {
            i = std::min(text.find('\n', i), text.size());
        } else if (c == '[' || c == '{') {
            if (depth++ > 0) continue;
            outermost = i;
            commas = 0;
        } else if (c == ']' || c == '}') {
            depth = std::max(depth - 1, 0);
        } else if (c == ',' && depth > 0 && ++commas > kMaxBracketCommas) {
            return location_of(text, outermost);
        }
    }
    return std::nullopt;
}

}  // namespace arraywright::spec
