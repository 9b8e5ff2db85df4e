// Changes of weights on request: pruning to a pattern, few values. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include <cstdint>

#include "generator/network/network.hpp"
#include "generator/network/weight_patterns.hpp"

namespace arraywright::network {

/// What a change did to the weights of all operators that it applies to.
struct WeightChange {
    int64_t weights = 0;
    int64_t changed = 0;
    double squared_error = 0, squared_sum = 0;  ///< of the INT8 values
    int32_t largest_error = 0;                  ///< of one INT8 value
    /// Root of squared error over squared sum; 0 without weights.
    double relative_error() const;
};

/// Keeps the `pattern.n` largest magnitudes of each `pattern.m` input channels (the first of equal
/// ones) of CONV_2D, FULLY_CONNECTED and gemm; depthwise weights have no reduction over channels.
WeightChange prune_weights(Network& network, GroupPattern pattern);

/// Replaces the weights of each operator by `values` values, zero among them (16 or 256: k-means
/// over the histogram, rounded to INT8).
WeightChange share_weights(Network& network, int32_t values);

}  // namespace arraywright::network
