// Seeded random numbers that are the same on every machine. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace arraywright::sim {

/// SplitMix64: one addition and a mix per number, good enough for stalls and poison.
constexpr uint64_t mix64(uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

class Random {
public:
    explicit Random(uint64_t seed) : state_(seed) {}
    uint64_t next() { return mix64(state_ += 0x9e3779b97f4a7c15U); }

private:
    uint64_t state_;
};

/// Draws independent events of one probability, several from one random number.
class StallSource {
public:
    StallSource(double probability, uint64_t seed)
        : random_(seed), threshold_(static_cast<uint32_t>(probability * 65536.0 + 0.5)) {}

    /// True with the given probability; always false at 0 without drawing a number.
    bool stalls() {
        if (threshold_ == 0) return false;
        if (left_ == 0) {
            bits_ = random_.next();
            left_ = 4;
        }
        const bool stall = (bits_ & 0xffff) < threshold_;
        bits_ >>= 16;
        --left_;
        return stall;
    }
    /// Uniform below `bound`.
    uint32_t below(uint32_t bound) { return static_cast<uint32_t>(random_.next() >> 33) % bound; }

private:
    Random random_;
    uint32_t threshold_;
    uint64_t bits_ = 0;
    int32_t left_ = 0;
};

}  // namespace arraywright::sim
