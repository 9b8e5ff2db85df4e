// Pruning and weight sharing. SPDX-License-Identifier: Apache-2.0
#include "generator/network/weight_changes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <set>
#include <vector>

namespace arraywright::network {

namespace {

constexpr int32_t kValues = 256;

void replace(uint8_t& weight, int8_t value, WeightChange& change) {
    const int32_t before = static_cast<int8_t>(weight);
    const int32_t error = std::abs(before - value);
    ++change.weights;
    change.changed += static_cast<int64_t>(error != 0);
    change.squared_error += static_cast<double>(error) * error;
    change.squared_sum += static_cast<double>(before) * before;
    change.largest_error = std::max(change.largest_error, error);
    weight = static_cast<uint8_t>(value);
}

/// Calls `change` once for the weights of every operator that `wanted` holds for.
template <typename Wanted, typename Change>
void for_each_weights(Network& network, Wanted wanted, Change change) {
    std::set<int32_t> done;
    for (const Operator& op : network.operators) {
        if (!has_weights(op.kind) || !wanted(op) || !done.insert(op.weights).second) continue;
        change(network.tensors[static_cast<size_t>(op.weights)]);
    }
}

/// The value that replaces each value -128 to 127: the nearest of `values` centres, one of them 0.
std::array<int8_t, kValues> shared_values(const Tensor& weights, int32_t values) {
    std::array<int64_t, kValues> count{};
    for (const uint8_t byte : weights.data)
        ++count[static_cast<size_t>(static_cast<int8_t>(byte) + 128)];
    std::vector<double> centres = {0};
    std::vector<int32_t> used;
    for (int32_t v = -128; v < 128; ++v) {
        if (v != 0 && count[static_cast<size_t>(v + 128)] > 0) used.push_back(v);
    }
    // From evenly spread values to the means of what is nearest to each; zero stays.
    const auto others = std::min<size_t>(used.size(), static_cast<size_t>(values - 1));
    for (size_t i = 0; i < others; ++i)
        centres.push_back(used[(2 * i + 1) * used.size() / (2 * others)]);
    const auto nearest = [&centres](int32_t v) {
        size_t best = 0;
        for (size_t i = 1; i < centres.size(); ++i) {
            if (std::abs(centres[i] - v) < std::abs(centres[best] - v)) best = i;
        }
        return best;
    };
    for (int32_t round = 0; round < 50; ++round) {
        std::vector<double> sum(centres.size(), 0), weight(centres.size(), 0);
        for (const int32_t v : used) {
            const size_t to = nearest(v);
            sum[to] += static_cast<double>(count[static_cast<size_t>(v + 128)]) * v;
            weight[to] += static_cast<double>(count[static_cast<size_t>(v + 128)]);
        }
        bool moved = false;
        for (size_t i = 1; i < centres.size(); ++i) {
            if (weight[i] == 0) continue;
            moved |= centres[i] != sum[i] / weight[i];
            centres[i] = sum[i] / weight[i];
        }
        if (!moved) break;
    }
    for (double& centre : centres) centre = std::round(centre);
    std::array<int8_t, kValues> result{};
    for (int32_t v = -128; v < 128; ++v) {
        result[static_cast<size_t>(v + 128)] =
            v == 0 ? int8_t{0} : static_cast<int8_t>(centres[nearest(v)]);
    }
    return result;
}

}  // namespace

double WeightChange::relative_error() const {
    return squared_sum == 0 ? 0 : std::sqrt(squared_error / squared_sum);
}

WeightChange prune_weights(Network& network, GroupPattern pattern) {
    WeightChange change;
    const auto wanted = [](const Operator& op) { return op.kind != OpKind::kDepthwiseConv2d; };
    for_each_weights(network, wanted, [&](Tensor& weights) {
        const int64_t row = weights.shape.back();
        for (int64_t start = 0; start < weights.elements(); start += row) {
            for (int64_t group = 0; group < row; group += pattern.m) {
                const int64_t size = std::min<int64_t>(pattern.m, row - group);
                uint8_t* first = weights.data.data() + start + group;
                std::vector<int64_t> order(static_cast<size_t>(size));
                std::iota(order.begin(), order.end(), 0);
                std::stable_sort(order.begin(), order.end(), [first](int64_t a, int64_t b) {
                    return std::abs(static_cast<int8_t>(first[a])) >
                           std::abs(static_cast<int8_t>(first[b]));
                });
                for (int64_t i = 0; i < size; ++i) {
                    uint8_t& weight = first[order[static_cast<size_t>(i)]];
                    const bool kept = i < pattern.n;
                    replace(weight, kept ? static_cast<int8_t>(weight) : int8_t{0}, change);
                }
            }
        }
    });
    return change;
}

WeightChange share_weights(Network& network, int32_t values) {
    WeightChange change;
    const auto all = [](const Operator&) { return true; };
    for_each_weights(network, all, [&](Tensor& weights) {
        const std::array<int8_t, kValues> shared = shared_values(weights, values);
        for (uint8_t& weight : weights.data) {
            replace(weight, shared[static_cast<size_t>(static_cast<int8_t>(weight) + 128)], change);
        }
    });
    return change;
}

}  // namespace arraywright::network
