// Spelling suggestions for unknown words. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace arraywright::spec {

/// The candidate nearest to `word` if it is near enough to be meant, else "".
/// Distance: insertions, deletions, replacements and swaps of neighbours; '-' and '_' and
/// upper and lower case are equal. Ties go to the first candidate.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "a, b, c".
std::string join(const std::vector<std::string>& words);

/// "did you mean 'cols'? allowed keys: cols, rows", or only the second part.
/// `what` is e.g. "allowed keys".
std::string suggestion(std::string_view word, std::string_view what,
                       const std::vector<std::string>& candidates);

}  // namespace arraywright::spec
