// 128-bit integers. SPDX-License-Identifier: Apache-2.0
#include "generator/overflow/wide.hpp"

namespace arraywright::overflow {

int32_t bits_for(const Interval& interval) {
    int32_t bits = 1;
    const auto fits = [&] {
        const Interval range = range_of_bits(bits);
        return interval.low >= range.low && interval.high <= range.high;
    };
    while (!fits()) ++bits;
    return bits;
}

Interval range_of_bits(int32_t bits) {
    const Wide end = Wide{1} << (bits - 1);
    return {-end, end - 1};
}

std::string to_string(Wide value) {
    const bool negative = value < 0;
    std::string digits;
    do {
        const auto digit = static_cast<int32_t>(value % 10);
        digits.insert(digits.begin(), static_cast<char>('0' + (digit < 0 ? -digit : digit)));
        value /= 10;
    } while (value != 0);
    return negative ? "-" + digits : digits;
}

}  // namespace arraywright::overflow
