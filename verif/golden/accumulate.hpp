// The accumulator: one dot product cut into steps, with wrap, saturate or trap on overflow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "verif/golden/golden.hpp"

namespace arraywright::golden {

/// Products begin .. begin + terms - 1 of a reduction, added to the accumulator in one step.
struct Chunk {
    int64_t begin = 0;
    int32_t terms = 0;  ///< at most 64, so that an int32 sum of the products is exact
};

/// Cuts `runs` consecutive runs of `run_terms` products; no chunk crosses the end of a run.
std::vector<Chunk> cut_into_chunks(int64_t runs, int64_t run_terms, int32_t terms_per_step);

/// What one output element's accumulation gave.
struct Accumulation {
    int32_t value = 0;                ///< the accumulator, sign-extended to 32 bits
    bool result_overflow = false;     ///< the exact int64 sum lies outside the range
    uint64_t overflow_steps = 0;      ///< additions that left the range
    int64_t first_overflow_step = 0;  ///< valid if overflow_steps > 0
};

/// Adds sum((activations[k] - offset) * weights[k]) chunk by chunk from 0, then `folded_bias`.
/// An addition that leaves -2^(bits-1) .. 2^(bits-1)-1 is taken modulo 2^bits (wrap, trap) or
/// held at the bound it crossed (saturate).
Accumulation accumulate(const int8_t* activations, const int8_t* weights,
                        const std::vector<Chunk>& chunks, int64_t folded_bias,
                        const AccumulatorModel& model, int32_t offset = 0);

}  // namespace arraywright::golden
