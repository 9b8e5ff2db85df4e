// The extreme sums of one dot product. SPDX-License-Identifier: Apache-2.0
#include "generator/overflow/bounds.hpp"

namespace arraywright::overflow {

namespace {

/// |product| <= 2^15, and a step has far fewer than 2^48 of them.
using StepSum = int64_t;

}  // namespace

Bounds bounds_of(const DotProduct& dot) {
    Bounds bounds;
    Interval sum;
    const auto reached = [&](int64_t step) {
        if (sum.low < bounds.prefix.low) {
            bounds.prefix.low = sum.low;
            bounds.low_step = step;
        }
        if (sum.high > bounds.prefix.high) {
            bounds.prefix.high = sum.high;
            bounds.high_step = step;
        }
    };
    size_t k = 0;
    int64_t step = 0;
    for (const int64_t end : *dot.step_ends) {
        StepSum low = 0, high = 0;
        for (; k < static_cast<size_t>(end); ++k) {
            const Range& factor = (*dot.factors)[k];
            const int32_t at_low = int32_t{dot.weights[k]} * factor.low;
            const int32_t at_high = int32_t{dot.weights[k]} * factor.high;
            low += std::min(at_low, at_high);
            high += std::max(at_low, at_high);
        }
        sum.low += low;
        sum.high += high;
        reached(step++);
    }
    sum.low += dot.bias;
    sum.high += dot.bias;
    reached(step);
    bounds.sum = sum;
    return bounds;
}

std::vector<int32_t> extreme_factors(const DotProduct& dot, bool largest) {
    std::vector<int32_t> factors;
    factors.reserve(dot.factors->size());
    for (const Range& range : *dot.factors) {
        const bool positive = dot.weights[factors.size()] > 0;
        factors.push_back(positive == largest ? range.high : range.low);
    }
    return factors;
}

int64_t first_step_outside(const DotProduct& dot, const std::vector<int32_t>& factors,
                           const Interval& range) {
    Wide sum = 0;
    const auto is_outside = [&] { return sum < range.low || sum > range.high; };
    size_t k = 0;
    int64_t step = 0;
    for (const int64_t end : *dot.step_ends) {
        for (; k < static_cast<size_t>(end); ++k) sum += Wide{dot.weights[k]} * factors[k];
        if (is_outside()) return step;
        ++step;
    }
    sum += dot.bias;
    return is_outside() ? step : -1;
}

}  // namespace arraywright::overflow
