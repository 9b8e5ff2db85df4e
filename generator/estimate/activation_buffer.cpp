// Arbitration of the activation buffer. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/activation_buffer.hpp"

#include <algorithm>

namespace arraywright::estimate {

/// A refused port asks again in the next cycle.
Cycle ActivationBuffer::requested(size_t port) const {
    const Cycle at = std::max(ports_[port]->requested(), refused_[port] + 1);
    return port == kArray ? array_.held(at) : at;
}

Cycle ActivationBuffer::ready() const {
    Cycle first = kNever;
    for (size_t i = 0; i < kPorts; ++i) first = std::min(first, requested(i));
    return first;
}

void ActivationBuffer::act(Cycle now, Cycle horizon) {
    do {
        Cycle others = kNever;
        Banks groups = 0;
        for (size_t i = 0; i < kArray; ++i) {
            others = std::min(others, requested(i));
            groups |= ports_[i]->groups();
        }
        // Alone, or among RAMs that nobody else uses, the array is never refused. What the load
        // unit receives behind its next access may be weights, which hold the array up.
        const bool apart = (groups & array_.groups()) == 0;
        const Cycle end = std::min(apart ? requested(kLoad) : others, horizon);
        if (requested(kArray) <= now && now < end) {
            if (array_.granted_until(now, end)) return;
        } else if (arbitrate(now)) {
            return;
        }
        now = ready();
    } while (now < horizon);
}

namespace {
/// Of two ports that want the same RAM: lower ones, but of a parameter table its reader.
bool goes_first(size_t port, size_t other, Banks both) {
    return (both & (kBiasTable | kScaleTable)) != 0 ? port > other : port < other;
}
}  // namespace

/// One cycle: of two ports that want the same RAM, one whose turn it is goes first, else the one of
/// higher priority.
bool ActivationBuffer::arbitrate(Cycle now) {
    std::array<Banks, kPorts> banks{};
    std::array<bool, kPorts> asks{}, first{};
    for (size_t i = 0; i < kPorts; ++i) {
        asks[i] = requested(i) <= now;
        if (asks[i]) banks[i] = ports_[i]->banks();
        first[i] = turn_[i] && refused_[i] == now - 1;
    }
    bool others_must_know = false;
    for (size_t i = 0; i < kPorts; ++i) {
        if (!asks[i]) continue;
        bool beaten = false;
        for (size_t j = 0; j < kPorts; ++j) {
            if (j == i || !asks[j] || (banks[i] & banks[j]) == 0) continue;
            beaten =
                beaten || (first[i] != first[j] ? first[j] : goes_first(j, i, banks[i] & banks[j]));
        }
        if (beaten) {
            refused_[i] = now;
        } else if (ports_[i]->granted(now)) {
            others_must_know = true;
        }
    }
    // A turn lasts until all of it have been served; then comes that of all who were refused.
    bool goes_on = false;
    for (size_t i = 0; i < kPorts; ++i) goes_on = goes_on || (first[i] && refused_[i] == now);
    for (size_t i = 0; i < kPorts; ++i) turn_[i] = refused_[i] == now && (first[i] || !goes_on);
    return others_must_know;
}

}  // namespace arraywright::estimate
