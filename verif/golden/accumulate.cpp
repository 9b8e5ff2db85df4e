// The accumulator of one dot product. SPDX-License-Identifier: Apache-2.0
#include "verif/golden/accumulate.hpp"

#include <algorithm>

namespace arraywright::golden {

namespace {

/// The low `bits` bits of `value`, sign-extended: value modulo 2^bits in the signed range.
int64_t wrap(int64_t value, int32_t bits) {
    const int32_t unused = 64 - bits;
    return static_cast<int64_t>(static_cast<uint64_t>(value) << unused) >> unused;
}

/// |sum| <= 64 * 2^15 = 2^21.
int32_t chunk_sum(const int8_t* activations, const int8_t* weights, int32_t terms, int32_t offset) {
    int32_t sum = 0;
    for (int32_t k = 0; k < terms; ++k)
        sum += (int32_t{activations[k]} - offset) * int32_t{weights[k]};
    return sum;
}

}  // namespace

std::vector<Chunk> cut_into_chunks(int64_t runs, int64_t run_terms, int32_t terms_per_step) {
    std::vector<Chunk> chunks;
    for (int64_t run = 0; run < runs; ++run) {
        for (int64_t start = 0; start < run_terms; start += terms_per_step) {
            const int64_t terms = std::min<int64_t>(terms_per_step, run_terms - start);
            chunks.push_back({run * run_terms + start, static_cast<int32_t>(terms)});
        }
    }
    return chunks;
}

Accumulation accumulate(const int8_t* activations, const int8_t* weights,
                        const std::vector<Chunk>& chunks, int64_t folded_bias,
                        const AccumulatorModel& model, int32_t offset) {
    const int64_t high = (int64_t{1} << (model.bits - 1)) - 1;
    const int64_t low = -high - 1;
    Accumulation result;
    int64_t accumulator = 0;
    int64_t exact = 0;

    const auto add = [&](int64_t term, size_t step) {
        exact += term;
        accumulator += term;
        if (accumulator < low || accumulator > high) [[unlikely]] {
            if (result.overflow_steps == 0) {
                result.first_overflow_step = static_cast<int64_t>(step);
            }
            result.overflow_steps += 1;
            accumulator = model.on_overflow == OnOverflow::kSaturate
                              ? std::clamp(accumulator, low, high)
                              : wrap(accumulator, model.bits);
        }
    };
    for (size_t step = 0; step < chunks.size(); ++step) {
        const Chunk& chunk = chunks[step];
        add(chunk_sum(activations + chunk.begin, weights + chunk.begin, chunk.terms, offset), step);
    }
    // Adding 0 cannot leave the range, so an operator without a bias needs no exception.
    add(folded_bias, chunks.size());

    result.value = static_cast<int32_t>(accumulator);
    result.result_overflow = exact < low || exact > high;
    return result;
}

}  // namespace arraywright::golden
