// 128-bit integers, in which no sum of this tool can overflow. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

namespace arraywright::overflow {

// The extension is in g++ and clang; -Wpedantic accepts it with the keyword.
__extension__ using Wide = __int128;

/// Both ends belong to it.
struct Interval {
    Wide low = 0, high = 0;

    void include(Wide value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
    bool operator==(const Interval&) const = default;
};

/// Bits of the narrowest two's complement number that holds all of `interval`; at least 1.
int32_t bits_for(const Interval& interval);

/// -2^(bits-1) .. 2^(bits-1)-1.
Interval range_of_bits(int32_t bits);

/// Decimal digits.
std::string to_string(Wide value);

}  // namespace arraywright::overflow
