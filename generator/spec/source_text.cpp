// Source text made safe to print: lines, columns, clipping. SPDX-License-Identifier: Apache-2.0
#include "generator/spec/source_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace arraywright::spec {
namespace {

struct Range {
    char32_t first, last;
};

bool in_any(char32_t code, const auto& ranges) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](Range r) { return code >= r.first && code <= r.last; });
}

/// Controls, and the invisible marks that reorder text on a terminal.
constexpr std::array<Range, 8> kUnprintable{{{0x00, 0x1F},
                                             {0x7F, 0x9F},
                                             {0x200B, 0x200F},
                                             {0x2028, 0x202E},
                                             {0x2060, 0x206F},
                                             {0xFEFF, 0xFEFF},
                                             {0xFFF9, 0xFFFB},
                                             {0xE0000, 0x10FFFF}}};

/// The blocks that terminals show two columns wide (Unicode East Asian Width W and F).
constexpr std::array<Range, 9> kWide{{{0x1100, 0x115F},
                                      {0x2E80, 0xA4CF},
                                      {0xA960, 0xA97F},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0x1F300, 0x1FAFF},
                                      {0x20000, 0x3FFFD}}};

constexpr std::array<Range, 3> kCombining{{{0x0300, 0x036F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};

char32_t decode(std::string_view character) {
    const auto lead = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) return lead;
    char32_t code = lead & (0x7Fu >> character.size());
    for (const char c : character.substr(1)) {
        code = (code << 6) | (static_cast<unsigned char>(c) & 0x3Fu);
    }
    return code;
}

PrintedCharacter printed(std::string_view character) {
    if (character == "\t") return {" ", 1};
    const char32_t code = decode(character);
    if (in_any(code, kUnprintable)) return {"?", 1};
    const int32_t width = in_any(code, kCombining) ? 0 : in_any(code, kWide) ? 2 : 1;
    return {std::string(character), width};
}

}  // namespace

size_t utf8_length(std::string_view bytes) {
    if (bytes.empty()) return 0;
    const auto lead = static_cast<unsigned char>(bytes[0]);
    if (lead < 0x80) return 1;
    const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || bytes.size() < length) return 0;
    for (size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(bytes[i]) & 0xC0) != 0x80) return 0;
    }
    const char32_t code = decode(bytes.substr(0, length));
    constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code < kSmallest[length] || code > 0x10FFFF || is_surrogate ? 0 : length;
}

std::vector<PrintedCharacter> printed_characters(std::string_view bytes) {
    std::vector<PrintedCharacter> characters;
    while (!bytes.empty()) {
        const size_t length = utf8_length(bytes);
        characters.push_back(length == 0 ? PrintedCharacter{"?", 1}
                                         : printed(bytes.substr(0, length)));
        bytes.remove_prefix(std::max<size_t>(length, 1));
    }
    return characters;
}

std::string_view source_line(std::string_view text, int32_t line) {
    size_t start = 0;
    for (int32_t i = 1; i < line; ++i) {
        const size_t end = text.find('\n', start);
        if (end == std::string_view::npos) return {};
        start = end + 1;
    }
    std::string_view found = text.substr(start, text.find('\n', start) - start);
    if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
    return found;
}

std::string excerpt(std::string_view line, int32_t column) {
    const std::vector<PrintedCharacter> characters = printed_characters(line);
    const auto count = static_cast<int32_t>(characters.size());
    const int32_t caret = std::clamp(column - 1, 0, count);
    // A long line shows the caret after a third of the window, so that what follows is seen.
    int32_t first = 0;
    if (count > kExcerptColumns) {
        first = std::clamp(caret - kExcerptColumns / 3, 0, count - kExcerptColumns);
    }
    const int32_t last = std::min(count, first + kExcerptColumns);

    std::string shown = first > 0 ? "..." : "";
    std::string below(shown.size(), ' ');
    for (int32_t i = first; i < last; ++i) {
        const PrintedCharacter& character = characters[static_cast<size_t>(i)];
        shown += character.text;
        if (i < caret) below.append(static_cast<size_t>(character.width), ' ');
    }
    if (last < count) shown += "...";
    return shown + "\n" + below + "^\n";
}

std::string quoted(std::string_view text) {
    constexpr size_t kMost = 40;
    const std::vector<PrintedCharacter> characters = printed_characters(text.substr(0, 4 * kMost));
    std::string result = "'";
    for (size_t i = 0; i < std::min(characters.size(), kMost); ++i) result += characters[i].text;
    if (characters.size() > kMost) result += "...";
    return result + "'";
}

std::string printable(std::string_view text) {
    std::string result;
    for (const PrintedCharacter& character : printed_characters(text)) result += character.text;
    return result;
}

}  // namespace arraywright::spec
