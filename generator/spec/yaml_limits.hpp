// What is refused before yaml-cpp sees it. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "generator/spec/diagnostics.hpp"

namespace arraywright::spec {

/// yaml-cpp takes time in the square of the items between brackets: a megabyte of them would
/// take many minutes. Ten times what the largest sensible list has.
constexpr int32_t kMaxBracketCommas = 1000;

/// The outermost '[' or '{' with more than kMaxBracketCommas commas up to its end, if there is
/// one. Quotes and comments are skipped. A bracket inside a plain word counts as one too, which
/// no schema here allows.
std::optional<Location> crowded_bracket(std::string_view text);

}  // namespace arraywright::spec
