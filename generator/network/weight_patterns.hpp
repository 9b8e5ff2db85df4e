// Zeros of synthetic weights: n of m, blocks. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/network/random_stream.hpp"

namespace arraywright::network {

/// At most `n` nonzero weights of each `m` along the last axis; m = 0: no pattern.
struct GroupPattern {
    int32_t n = 0, m = 0;
};

/// Blocks of size x size (reduction x outputs) that are zero or not; size = 0: no blocks.
struct BlockPattern {
    int32_t size = 0;
    double density = 1;   ///< of blocks that are not zero
    bool banded = false;  ///< the diagonal and its neighbours, not drawn
};

/// Keeps `pattern.n` weights, drawn, of each group; rows of `row` weights, the last group shorter.
void thin_groups(std::vector<uint8_t>& weights, int64_t row, GroupPattern pattern,
                 RandomStream stream);

/// Clears the blocks of weights [outputs, reduction] that the pattern does not have.
void thin_blocks(std::vector<uint8_t>& weights, int64_t outputs, int64_t reduction,
                 const BlockPattern& pattern, RandomStream stream);

}  // namespace arraywright::network
