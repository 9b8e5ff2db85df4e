// Seeded random numbers of our own, equal on every platform and library.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace arraywright::network {

/// SplitMix64 (Steele, Lea and Flood 2014): a counter stepped by the golden ratio and mixed.
/// Period 2^64; every seed is as good as another. Not for secrets.
class RandomStream {
public:
    explicit RandomStream(uint64_t seed) : counter_(seed) {}

    /// A stream that shares nothing with those of other layers and roles of the same seed.
    RandomStream(uint64_t seed, uint64_t layer, uint64_t role)
        : counter_(mix(mix(mix(seed) + layer) + role)) {}

    uint64_t next() {
        counter_ += kGoldenRatio;
        return mix(counter_);
    }

    /// Uniform in [0, bound), bound > 0: the upper half of a product of 32-bit numbers.
    uint32_t below(uint32_t bound) {
        return static_cast<uint32_t>(((next() >> 32) * uint64_t{bound}) >> 32);
    }

private:
    static constexpr uint64_t kGoldenRatio = 0x9E3779B97F4A7C15;

    static uint64_t mix(uint64_t z) {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    uint64_t counter_;
};

}  // namespace arraywright::network
