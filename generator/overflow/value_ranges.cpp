// Which values tensors can hold. SPDX-License-Identifier: Apache-2.0
#include "generator/overflow/value_ranges.hpp"

#include <algorithm>

#include "generator/network/scale.hpp"

namespace arraywright::overflow {

using network::Operator;
using network::OpKind;
using network::Quantization;
using network::Tensor;

namespace {

const Tensor& tensor(const network::Network& network, int32_t index) {
    return network.tensors[static_cast<size_t>(index)];
}

Range activation_range(const network::Network& network, const Operator& op) {
    const Quantization& q = tensor(network, op.output).quantization;
    if (q.scales.empty()) return {};
    const int32_t zero_point = q.zero_points.empty() ? 0 : q.zero_points[0];
    const auto [low, high] = network::clamp_bounds(op.activation, q.scales[0], zero_point);
    return {low, high};
}

/// The smallest range that has all of `ranges`.
Range hull(const ChannelRanges& ranges) {
    Range result = ranges.front();
    for (const Range& range : ranges) {
        result.low = std::min(result.low, range.low);
        result.high = std::max(result.high, range.high);
    }
    return result;
}

int32_t requantized(Wide sum, const network::Scale& scale, int32_t zero_point, const Range& clamp) {
    // A factor of at least 1/2 * 2^exponent takes everything beyond to a bound of INT8.
    if (scale.exponent > 0) sum = std::clamp<Wide>(sum, -1024, 1024);
    const int64_t value =
        network::multiply_rounded(static_cast<int64_t>(sum), scale.multiplier, scale.exponent);
    return static_cast<int32_t>(std::clamp<int64_t>(value + zero_point, clamp.low, clamp.high));
}

/// Last axis by last axis; `inputs` in the order of the concatenation.
ChannelRanges joined(const network::Network& network, const Operator& op,
                     const std::vector<ChannelRanges>& inputs) {
    const Tensor& out = tensor(network, op.output);
    ChannelRanges result;
    if (op.axis + 1 != static_cast<int32_t>(out.shape.size())) {
        for (const ChannelRanges& one : inputs) result.push_back(hull(one));
        return {hull(result)};
    }
    const std::vector<int32_t> sources = op.all_inputs();
    for (size_t i = 0; i < inputs.size(); ++i) {
        const auto channels = static_cast<size_t>(tensor(network, sources[i]).shape.back());
        for (size_t c = 0; c < channels; ++c) result.push_back(inputs[i][c % inputs[i].size()]);
    }
    return result;
}

ChannelRanges padded(const Operator& op, ChannelRanges ranges) {
    const bool channels_too = !op.pads.empty() && op.pads.back() != std::pair<int32_t, int32_t>{};
    if (channels_too) ranges = {hull(ranges)};
    for (Range& range : ranges) {
        range.low = std::min(range.low, op.pad_value);
        range.high = std::max(range.high, op.pad_value);
    }
    return ranges;
}

ChannelRanges clamped(ChannelRanges ranges, const Range& bounds) {
    for (Range& range : ranges) {
        range.low = std::clamp(range.low, bounds.low, bounds.high);
        range.high = std::clamp(range.high, bounds.low, bounds.high);
    }
    return ranges;
}

bool same_quantization(const Tensor& a, const Tensor& b) {
    return a.quantization.scales == b.quantization.scales &&
           a.quantization.zero_points == b.quantization.zero_points;
}

}  // namespace

ChannelRanges requantized_ranges(const network::Network& network, const Operator& op,
                                 const std::vector<Interval>& sums, bool bounded) {
    const Range clamp = activation_range(network, op);
    if (!bounded || op.output_kind == network::OutputKind::kRaw) return {clamp};
    const Quantization& in = tensor(network, op.input).quantization;
    const Quantization& weights = tensor(network, op.weights).quantization;
    const Quantization& out = tensor(network, op.output).quantization;
    const int32_t zero_point = out.zero_points.empty() ? 0 : out.zero_points[0];
    ChannelRanges result;
    for (size_t n = 0; n < sums.size(); ++n) {
        const float weight_scale = weights.scales[weights.scales.size() == 1 ? 0 : n];
        const double product =
            op.float32_scale_product
                ? static_cast<double>(in.scales[0] * weight_scale)
                : static_cast<double>(in.scales[0]) * static_cast<double>(weight_scale);
        const network::Scale scale =
            network::make_scale(product / static_cast<double>(out.scales[0]));
        result.push_back({requantized(sums[n].low, scale, zero_point, clamp),
                          requantized(sums[n].high, scale, zero_point, clamp)});
    }
    return result;
}

ChannelRanges passed_on_ranges(const network::Network& network, const Operator& op,
                               const std::vector<ChannelRanges>& inputs) {
    const Tensor& in = tensor(network, op.input);
    const Tensor& out = tensor(network, op.output);
    const Range any = activation_range(network, op);
    if (out.type != network::DataType::kInt8 || in.type != network::DataType::kInt8) return {{}};
    switch (op.kind) {
        case OpKind::kMaxPool:
        case OpKind::kAveragePool:
            return clamped(inputs.front(), any);
        case OpKind::kPad:
            return padded(op, inputs.front());
        case OpKind::kConcatenation:
            return joined(network, op, inputs);
        case OpKind::kReshape:
            if (in.shape.back() == out.shape.back() || out.shape.back() == out.elements())
                return inputs.front();
            return {hull(inputs.front())};
        case OpKind::kTranspose:
            return {hull(inputs.front())};
        case OpKind::kMean:
            return same_quantization(in, out) ? inputs.front() : ChannelRanges{any};
        default:
            return {any};
    }
}

}  // namespace arraywright::overflow
