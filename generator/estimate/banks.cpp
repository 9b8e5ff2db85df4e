// RAMs behind the buffers. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/banks.hpp"

#include <algorithm>

namespace arraywright::estimate {

namespace {
/// Both RAMs of the groups `low` to `high`.
Banks pairs(int64_t low, int64_t high) {
    Banks banks = 0;
    for (int64_t group = low; group <= high; ++group) banks |= Banks{3} << (2 * group);
    return banks;
}
}  // namespace

ActivationBanks::ActivationBanks(const plan::Plan& plan)
    : word_bytes_(plan.word_bytes),
      group_words_(2 * int64_t{plan.activation.group_rows}),
      words_(plan.activation_bytes / plan.word_bytes),
      address_mask_((int64_t{1} << plan.activation_address_bits) - 1) {}

Banks ActivationBanks::groups(int64_t first, int64_t last) const {
    const int64_t bytes = words_ * word_bytes_;
    const int64_t low = std::clamp<int64_t>(first, 0, bytes - 1);
    const int64_t high = std::clamp<int64_t>(last, 0, bytes - 1);
    return pairs(low / word_bytes_ / group_words_, high / word_bytes_ / group_words_);
}

Banks AccumulatorBanks::groups(int64_t first, int64_t last) const {
    return pairs(first / group_words_, last / group_words_);
}

Banks WeightBanks::groups(int64_t first, int64_t last) const {
    Banks banks = 0;
    for (int64_t group = first / group_tiles_; group <= last / group_tiles_; ++group) {
        banks |= of_tile(group * group_tiles_);
    }
    return banks;
}

}  // namespace arraywright::estimate
