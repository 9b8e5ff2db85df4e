// How the weights of a layer are stored and walked: which zeros are neither.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "generator/plan/plan.hpp"

namespace arraywright::compile {

struct Layer;
struct ReductionRange;

/// Storage of weight tiles in DRAM, as the weight decoder reads it, and what the array skips.
struct WeightForm {
    bool structured = false;       ///< n weights of each group of m, with their places
    bool listed = false;           ///< only tiles that are not zero, with headers
    bool bitmap = false;           ///< columns without their zeros
    int32_t codes = 0;             ///< 0: weights, 1: codes of 4 bits, 2: codes of 8 bits
    std::vector<int8_t> codebook;  ///< value of each code, 16 or as many as the design has
    std::vector<bool> nonzero;     ///< listed: by channel tile and step
    int64_t most_listed = 0;       ///< listed: tiles of the longest list
    double imbalance = 1;          ///< listed: the same over the mean of all lists
    bool plain() const { return !structured && !listed && !bitmap && codes == 0; }
};

/// A step of a list: chunk `s` of run `run` (kernel row times runs of a row, from the range on).
struct ListEntry {
    int32_t run = 0, s = 0;
    bool zero = false;  ///< a tile of zeros that only ends an empty run
};
/// By channel tile of one compute command.
using TileLists = std::vector<std::vector<ListEntry>>;
/// Tiles of all lists together.
int64_t tile_total(const TileLists& lists);
/// What a command does not say of the weights that it walks or loads.
struct WeightNotes {
    std::shared_ptr<const TileLists> lists;  ///< of a computation that walks lists
    int64_t decode_cycles = 0;               ///< of a load that is not plain: of the decoder
};

/// Picks what stores the layer in the fewest bytes and steps; structured and listed only for layers
/// in plain mode whose sums cannot overflow.
void choose_weight_form(const plan::Plan& plan, Layer& layer);
/// Every weight is stored and walked.
void set_dense_form(const plan::Plan& plan, Layer& layer);

/// The steps of channel tile `tile` within `range`, at least one.
std::vector<ListEntry> tile_list(const Layer& layer, int32_t tile, const ReductionRange& range);

/// What became of the weights of a layer.
struct WeightStorage {
    std::string form;          ///< "dense", "2:4 + blocks + 4-bit codes", ...; empty: no weights
    int64_t weights = 0;       ///< of the operator
    int64_t nonzero = 0;       ///< of those
    int64_t stored_bytes = 0;  ///< in DRAM: values, indices, headers, codebook and padding
    int64_t skipped_macs = 0;  ///< never sent to the array
    double imbalance = 1;      ///< steps of the channel tile with the most, over their mean
    /// 0 without nonzero weights.
    double bits_per_nonzero() const;
};

/// In words, with why a pattern of the design is not used: the weights do not meet it, or sums may
/// overflow.
std::string form_text(const plan::Plan& plan, const Layer& layer);

/// Weights that meet the input at each output position, of all channels: those that are stored and
/// lie within the reduction.
int64_t walked_weights(const plan::Plan& plan, const Layer& layer);

/// True when no group of m weights along the runs of any channel has more than n that are not zero.
bool meets_pattern(const Layer& layer, int32_t n, int32_t m);

}  // namespace arraywright::compile
