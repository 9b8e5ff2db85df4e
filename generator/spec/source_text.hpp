// Source text made safe to print: lines, columns, clipping. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace arraywright::spec {

/// Terminal columns of a printed excerpt, without the marks that show clipping.
constexpr int32_t kExcerptColumns = 96;

/// One character as read from the source and as it is printed.
struct PrintedCharacter {
    std::string text;   ///< UTF-8; a tab is a space, what cannot be shown is '?'
    int32_t width = 1;  ///< terminal columns, 0 to 2
};

/// Splits `bytes` into characters. A byte that is not UTF-8 is one character. Never throws.
std::vector<PrintedCharacter> printed_characters(std::string_view bytes);

/// Length in bytes of the valid UTF-8 character at the start of `bytes`, 0 if there is none.
size_t utf8_length(std::string_view bytes);

/// Line `line` (1-based) of `text` without its line end; empty past the end.
std::string_view source_line(std::string_view text, int32_t line);

/// The line of `column` (1-based, in characters), clipped around it, and a caret below:
/// two lines, each ended by '\n'.
std::string excerpt(std::string_view line, int32_t column);

/// What a user wrote, in single quotes, for a message: printable and at most 40 characters.
std::string quoted(std::string_view text);

/// `text` with everything unprintable replaced; nothing is clipped.
std::string printable(std::string_view text);

}  // namespace arraywright::spec
