// The extreme sums of one dot product, prefix by prefix, in the order in which hardware adds.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/overflow/wide.hpp"

namespace arraywright::overflow {

/// Values that one factor may take; both ends belong to it.
struct Range {
    int32_t low = -128, high = 127;
    bool operator==(const Range&) const = default;
};

/// sum over k of weights[k] * factor k, then the bias. Steps are added to an accumulator that
/// starts at 0: step s adds the products of `step_ends[s - 1]` (0 for the first) to
/// `step_ends[s]` - 1, summed exactly; the last step adds the bias.
struct DotProduct {
    const int8_t* weights = nullptr;
    const std::vector<Range>* factors = nullptr;      ///< one a product
    const std::vector<int64_t>* step_ends = nullptr;  ///< ascending; the last is the length
    Wide bias = 0;
};

/// What the factors can make of it. Exact: every end is reached by some choice of the factors.
struct Bounds {
    Interval prefix;  ///< 0 and every sum after a step, the bias step too
    Interval sum;     ///< after the bias
    /// Step after which `prefix.low` and `prefix.high` are reached first; -1: before all steps.
    int64_t low_step = -1, high_step = -1;
};

/// The factors are independent, so a prefix is extreme where each of its products is.
Bounds bounds_of(const DotProduct& dot);

/// The choice of factors that makes every prefix as large (or as small) as it can be.
std::vector<int32_t> extreme_factors(const DotProduct& dot, bool largest);

/// First step whose sum leaves `range` with these factors, -1 when none does.
int64_t first_step_outside(const DotProduct& dot, const std::vector<int32_t>& factors,
                           const Interval& range);

}  // namespace arraywright::overflow
