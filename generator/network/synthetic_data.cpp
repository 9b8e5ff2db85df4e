// Seeded synthetic tensors and the requantization that suits them. SPDX-License-Identifier:
// Apache-2.0
#include "generator/network/synthetic_data.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace arraywright::network {
namespace {

std::vector<int8_t> candidates(const SyntheticValues& values, int32_t constant, int8_t zero) {
    using Kind = SyntheticValues::Kind;
    std::vector<int8_t> result;
    switch (values.kind) {
        case Kind::kRandom:
            for (int32_t value = -128; value <= 127; ++value) {
                result.push_back(static_cast<int8_t>(value));
            }
            break;
        case Kind::kExtremes:
            result = {-128, -127, 127};
            break;
        case Kind::kZeros:
            result = {zero};
            break;
        case Kind::kConstants:
            result = {static_cast<int8_t>(constant)};
            break;
    }
    return result;
}

}  // namespace

SyntheticSource::SyntheticSource(std::vector<int8_t> values, int8_t zero,
                                 std::optional<double> density)
    : values_(std::move(values)), zero_(zero) {
    if (!density) return;
    density_ = *density;
    std::erase(values_, zero_);
    if (values_.empty()) values_ = {zero_};
}

std::vector<uint8_t> SyntheticSource::draw(int64_t count, RandomStream stream) const {
    // 2^32 is above every half: a density of 1 never gives the zero.
    const auto threshold = static_cast<uint64_t>(density_ * 4294967296.0);
    std::vector<uint8_t> bytes(static_cast<size_t>(count), static_cast<uint8_t>(zero_));
    for (uint8_t& byte : bytes) {
        const uint64_t bits = stream.next();
        if ((bits >> 32) >= threshold) continue;
        byte = static_cast<uint8_t>(values_[((bits & 0xFFFFFFFF) * values_.size()) >> 32]);
    }
    return bytes;
}

Moments SyntheticSource::moments() const {
    Moments sums;
    for (const int8_t value : values_) {
        const double difference = int32_t{value} - int32_t{zero_};
        sums.mean += difference;
        sums.mean_square += difference * difference;
    }
    const double factor = density_ / static_cast<double>(values_.size());
    return {sums.mean * factor, sums.mean_square * factor};
}

SyntheticSource activation_source(const SyntheticValues& values, const WorkloadLayer& layer) {
    const auto zero = static_cast<int8_t>(layer.input_zero_point.value_or(0));
    return {candidates(values, values.activation, zero), zero, layer.activation_density};
}

SyntheticSource weight_source(const SyntheticValues& values, const WorkloadLayer& layer) {
    if (!layer.weights.empty()) return {layer.weights, 0, std::nullopt};
    std::vector<int8_t> all = candidates(values, values.weight, 0);
    const auto wanted = static_cast<size_t>(layer.weight_values);
    if (wanted > 0 && wanted < all.size()) {
        // Zero, and others spread over the range.
        std::vector<int8_t> few = {0};
        for (size_t i = 1; i < wanted; ++i) few.push_back(all[i * all.size() / wanted]);
        all = std::move(few);
    }
    return {std::move(all), 0, layer.weight_density};
}

Moments chained_activation_moments(Activation before) {
    constexpr double kDeviation = 32;  // between 21 and 42, by the rule of the shift
    if (before == Activation::kNone) return {0, kDeviation * kDeviation};
    return {0.4 * kDeviation, 0.5 * kDeviation * kDeviation};
}

int32_t shift_for_int8_results(int64_t reduction, const Moments& activation,
                               const Moments& weight) {
    const auto count = static_cast<double>(reduction);
    const double mean = activation.mean * weight.mean;
    const double variance =
        std::max(activation.mean_square * weight.mean_square - mean * mean, 0.0);
    // sqrt is exactly rounded by IEEE 754, so that every platform chooses the same shift.
    const double peak = std::abs(count * mean) + 3 * std::sqrt(count * variance);
    int32_t shift = 0;
    while (shift < 31 && peak > 127.0 * static_cast<double>(int64_t{1} << shift)) ++shift;
    return shift;
}

std::vector<uint8_t> synthetic_bias(const SyntheticValues& values, int32_t count, int32_t shift,
                                    RandomStream stream) {
    using Kind = SyntheticValues::Kind;
    const int64_t bound = std::min(int64_t{32} << shift, int64_t{1} << 30);
    std::vector<uint8_t> bytes;
    bytes.reserve(static_cast<size_t>(count) * 4);
    for (int32_t i = 0; i < count; ++i) {
        int64_t value = values.kind == Kind::kConstants ? values.bias : 0;
        if (values.kind == Kind::kRandom || values.kind == Kind::kExtremes) {
            value = stream.below(static_cast<uint32_t>(2 * bound + 1)) - bound;
        }
        for (int32_t shift_bits = 0; shift_bits < 32; shift_bits += 8) {
            bytes.push_back(static_cast<uint8_t>(static_cast<uint32_t>(value) >> shift_bits));
        }
    }
    return bytes;
}

std::vector<float> synthetic_channel_scales(int32_t count, float scale, RandomStream stream) {
    constexpr float kStep = 1.0F / static_cast<float>(1 << 24);
    std::vector<float> scales;
    scales.reserve(static_cast<size_t>(count));
    for (int32_t i = 0; i < count; ++i) {
        const uint32_t steps = (1U << 23) + stream.below(1U << 23);
        scales.push_back(static_cast<float>(steps) * kStep * scale);
    }
    return scales;
}

}  // namespace arraywright::network
