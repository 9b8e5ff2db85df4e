// Which layers can overflow. SPDX-License-Identifier: Apache-2.0
#include "generator/overflow/analysis.hpp"

#include <algorithm>
#include <cstdlib>

namespace arraywright::overflow {

namespace {

void include(Interval& whole, const Interval& part) {
    whole.include(part.low);
    whole.include(part.high);
}

/// Calls `visit(channel, padding class, bounds)` for every dot product of a layer.
template <typename Visit>
void for_each_dot(const Reduction& reduction, const ChannelRanges& inputs, Visit visit) {
    for (const PaddingClass& padding : reduction.padding_classes()) {
        std::vector<Range> factors;
        int32_t group = -1;
        for (int32_t n = 0; n < reduction.channels(); ++n) {
            if (reduction.first_input_channel(n) != group) {
                group = reduction.first_input_channel(n);
                factors = reduction.factors(n, padding, inputs);
            }
            visit(n, padding,
                  bounds_of({reduction.weights(n), &factors, &reduction.step_ends(),
                             reduction.folded_bias(n)}));
        }
    }
}

/// Which end of `bounds` needs more bits.
WorstSum worst_of(int32_t channel, const PaddingClass& padding, const Bounds& bounds) {
    // -2^(b-1) fits b bits, 2^(b-1) does not.
    const bool largest = bounds.prefix.high >= -bounds.prefix.low;
    return {channel, padding.output_y, padding.output_x, largest,
            largest ? bounds.high_step : bounds.low_step};
}

void set_biases(const Reduction& reduction, int32_t bits, LayerOverflow& layer) {
    const int64_t large = int64_t{1} << (bits - 3);
    for (int32_t n = 0; n < reduction.channels(); ++n) {
        const int32_t bias = reduction.bias(n);
        const int64_t magnitude = std::abs(int64_t{bias});
        if (magnitude > std::abs(int64_t{layer.bias})) {
            layer.bias = bias;
            layer.bias_channel = n;
        }
        if (magnitude < large) continue;
        const int8_t* row = reduction.weights(n);
        const bool zero =
            std::all_of(row, row + reduction.length(), [](int8_t w) { return w == 0; });
        layer.large_biases.push_back({n, bias, zero});
    }
}

Range hull(const ChannelRanges& ranges) {
    Range all = ranges.front();
    for (const Range& one : ranges)
        all = {std::min(all.low, one.low), std::max(all.high, one.high)};
    return all;
}

/// `sums`: the exact results of each output channel, over all positions.
LayerOverflow analyse_layer(const Reduction& reduction, const ChannelRanges& inputs, int32_t bits,
                            std::vector<Interval>& sums) {
    LayerOverflow layer;
    layer.products = reduction.length();
    layer.steps = static_cast<int64_t>(reduction.step_ends().size());
    layer.channels = reduction.channels();
    layer.input = hull(inputs);
    const auto channels = static_cast<size_t>(layer.channels);
    sums.assign(channels, {});
    std::vector<bool> seen(channels, false);
    for_each_dot(reduction, inputs,
                 [&](int32_t n, const PaddingClass& padding, const Bounds& bounds) {
                     const int32_t needed = bits_for(bounds.prefix);
                     if (needed > layer.bits || layer.worst.step < 0)
                         layer.worst = worst_of(n, padding, bounds);
                     layer.bits = std::max(layer.bits, needed);
                     include(layer.prefix, bounds.prefix);
                     Interval& sum = sums[static_cast<size_t>(n)];
                     if (!seen[static_cast<size_t>(n)]) sum = bounds.sum;
                     seen[static_cast<size_t>(n)] = true;
                     include(sum, bounds.sum);
                 });
    layer.sum = sums.front();
    for (const Interval& sum : sums) include(layer.sum, sum);
    layer.bits_any = layer.bits;
    if (inputs != ChannelRanges{Range{}}) {
        for_each_dot(reduction, {{}}, [&](int32_t, const PaddingClass&, const Bounds& bounds) {
            layer.bits_any = std::max(layer.bits_any, bits_for(bounds.prefix));
        });
    }
    if (layer.bits > bits)
        layer.verdict = bits_for(layer.sum) > bits ? Verdict::kUnsafe : Verdict::kPrefixOnly;
    set_biases(reduction, bits, layer);
    return layer;
}

}  // namespace

bool NetworkOverflow::safe() const {
    return std::all_of(layers.begin(), layers.end(),
                       [](const LayerOverflow& one) { return one.verdict == Verdict::kSafe; });
}

int32_t NetworkOverflow::bits() const {
    int32_t most = 1;
    for (const LayerOverflow& layer : layers) most = std::max(most, layer.bits);
    return most;
}

const LayerOverflow* NetworkOverflow::find(int32_t op) const {
    const auto found = std::find_if(layers.begin(), layers.end(),
                                    [op](const LayerOverflow& one) { return one.op == op; });
    return found == layers.end() ? nullptr : &*found;
}

NetworkOverflow analyse(const network::Network& network, const Arithmetic& arithmetic) {
    NetworkOverflow result;
    result.ranges.assign(network.tensors.size(), {Range{}});
    for (size_t i = 0; i < network.operators.size(); ++i) {
        const network::Operator& op = network.operators[i];
        ChannelRanges& output = result.ranges[static_cast<size_t>(op.output)];
        if (!network::has_weights(op.kind)) {
            std::vector<ChannelRanges> inputs;
            for (const int32_t t : op.all_inputs())
                inputs.push_back(result.ranges[static_cast<size_t>(t)]);
            output = passed_on_ranges(network, op, inputs);
            continue;
        }
        const Reduction reduction(network, op, arithmetic);
        std::vector<Interval> sums;
        LayerOverflow layer = analyse_layer(reduction, result.ranges[static_cast<size_t>(op.input)],
                                            arithmetic.bits, sums);
        layer.op = static_cast<int32_t>(i);
        output = requantized_ranges(network, op, sums, layer.verdict == Verdict::kSafe);
        result.layers.push_back(std::move(layer));
    }
    return result;
}

}  // namespace arraywright::overflow
