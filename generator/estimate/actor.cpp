// Credit of the memory model. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/actor.hpp"

#include <algorithm>
#include <cmath>

namespace arraywright::estimate {

double Bandwidth::credit(Cycle now) const {
    return std::min(saved_ + beats_ * static_cast<double>(now - at_), 1.0 + beats_);
}

Cycle Bandwidth::next(Cycle earliest) const {
    // Credits are sums of decimal fractions: a hair less than one is one.
    constexpr double kHair = 1e-9;
    const double have = credit(earliest);
    if (have >= 1.0 - kHair) return earliest;
    return earliest + static_cast<Cycle>(std::ceil((1.0 - have) / beats_ - kHair));
}

void Bandwidth::use(Cycle now) {
    saved_ = credit(now) - 1.0;
    at_ = now;
}

}  // namespace arraywright::estimate
