// Zeros of synthetic weights. SPDX-License-Identifier: Apache-2.0
#include "generator/network/weight_patterns.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace arraywright::network {

void thin_groups(std::vector<uint8_t>& weights, int64_t row, GroupPattern pattern,
                 RandomStream stream) {
    const auto total = static_cast<int64_t>(weights.size());
    for (int64_t start = 0; start < total; start += row) {
        for (int64_t group = 0; group < row; group += pattern.m) {
            const auto size = static_cast<int32_t>(std::min<int64_t>(pattern.m, row - group));
            // Selection sampling: each set of n places is as likely.
            int32_t wanted = pattern.n;
            for (int32_t i = 0; i < size; ++i) {
                const bool kept =
                    static_cast<int32_t>(stream.below(static_cast<uint32_t>(size - i))) < wanted;
                wanted -= static_cast<int32_t>(kept);
                if (!kept) weights[static_cast<size_t>(start + group + i)] = 0;
            }
        }
    }
}

void thin_blocks(std::vector<uint8_t>& weights, int64_t outputs, int64_t reduction,
                 const BlockPattern& pattern, RandomStream stream) {
    const int64_t size = pattern.size;
    const int64_t rows = (reduction + size - 1) / size;
    const int64_t columns = (outputs + size - 1) / size;
    // Wide enough that the part of the blocks in the band is the density.
    const double reach = pattern.density * static_cast<double>(rows) / 2;
    const auto threshold = static_cast<uint64_t>(pattern.density * 4294967296.0);
    for (int64_t column = 0; column < columns; ++column) {
        for (int64_t row = 0; row < rows; ++row) {
            const double middle = static_cast<double>(column) * static_cast<double>(rows) /
                                  static_cast<double>(columns);
            const bool kept = pattern.banded ? std::abs(static_cast<double>(row) - middle) < reach
                                             : (stream.next() >> 32) < threshold;
            if (kept) continue;
            for (int64_t n = column * size; n < std::min(outputs, (column + 1) * size); ++n) {
                const int64_t first = n * reduction + row * size;
                const int64_t last = n * reduction + std::min(reduction, (row + 1) * size);
                std::fill(weights.begin() + first, weights.begin() + last, uint8_t{0});
            }
        }
    }
}

}  // namespace arraywright::network
