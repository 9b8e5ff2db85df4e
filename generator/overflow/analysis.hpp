// Which layers of a network can overflow their accumulators. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/network/network.hpp"
#include "generator/overflow/reduction.hpp"
#include "generator/overflow/value_ranges.hpp"

namespace arraywright::overflow {

enum class Verdict {
    kSafe,        ///< no input makes any sum leave the range
    kPrefixOnly,  ///< a partial sum can leave the range, the exact result cannot: harmless when
                  ///< sums wrap, wrong when they saturate, stopped when they trap
    kUnsafe       ///< the exact result can lie outside the range
};

/// A dot product of a layer that needs the most bits.
struct WorstSum {
    int32_t channel = 0;
    int32_t output_y = 0, output_x = 0;  ///< the first position with this padding
    bool largest = true;                 ///< at the upper end of the range
    int64_t step = -1;                   ///< after which it is reached first
};

/// A bias of an eighth of the accumulator's range or more.
struct LargeBias {
    int32_t channel = 0;
    int32_t bias = 0;
    bool all_weights_zero = false;
};

struct LayerOverflow {
    int32_t op = 0;  ///< index in the network
    Verdict verdict = Verdict::kSafe;
    int64_t products = 0, steps = 0;  ///< of one output; the bias step not counted
    int32_t channels = 0;
    Range input;           ///< values that the layer's input can hold
    Interval prefix, sum;  ///< over all channels and positions
    int32_t bits = 1;      ///< narrowest safe accumulator
    int32_t bits_any = 1;  ///< the same when the input could hold any INT8 value
    WorstSum worst;
    int32_t bias_channel = 0;  ///< of the bias of the largest magnitude
    int32_t bias = 0;
    std::vector<LargeBias> large_biases;

    int32_t headroom_bits(int32_t accumulator_bits) const { return accumulator_bits - bits; }
};

struct NetworkOverflow {
    std::vector<LayerOverflow> layers;  ///< of the operators with weights, in order
    std::vector<ChannelRanges> ranges;  ///< by tensor; one full range where nothing is known

    bool safe() const;
    /// Narrowest accumulator with which every layer is safe.
    int32_t bits() const;
    /// The layer of an operator; null for one without weights.
    const LayerOverflow* find(int32_t op) const;
};

/// Exact for each layer taken alone: every end of an interval is reached by an input whose channels
/// hold what the layers before can write. That one input reaches it in several layers, or that the
/// layers before can write all of these values at once, is not claimed.
NetworkOverflow analyse(const network::Network& network, const Arithmetic& arithmetic);

}  // namespace arraywright::overflow
