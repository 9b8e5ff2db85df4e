// Scheduler: weights of channel tiles, cut into chunks and placed on chip. SPDX-License-Identifier:
// Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>

#include "generator/compile/scheduler.hpp"

namespace arraywright::compile {

namespace {

/// Cuts the last `steps` of a weight-bound layer into `pieces`: the array is done with each when
/// the next one, smaller by `rate`, has come in. `rate` is cycles of the array a cycle of the bus.
std::vector<int64_t> taper(int64_t steps, size_t pieces, double rate) {
    double whole = 0;
    for (size_t i = 0; i < pieces; ++i) whole = 1 + whole / rate;
    std::vector<int64_t> sizes(pieces);
    double size = static_cast<double>(steps) / whole;
    int64_t left = steps;
    for (size_t i = pieces - 1; i > 0; --i, size /= rate) {
        sizes[i] = std::min<int64_t>(static_cast<int64_t>(std::ceil(size)), left - 1);
        left -= sizes[i];
    }
    sizes[0] = left;
    return sizes;
}

/// An entry of a tile list has 14 bits for the chunk.
constexpr int64_t kMostListedChunks = 16384;

}  // namespace

bool disjoint(const std::vector<WeightChunk>& chunks, int32_t tiles) {
    for (size_t a = 0; a < chunks.size(); ++a) {
        for (size_t b = 0; b < a; ++b) {
            if (chunks[a].tile_address < chunks[b].tile_address + chunks[b].range.steps() * tiles &&
                chunks[b].tile_address < chunks[a].tile_address + chunks[a].range.steps() * tiles) {
                return false;
            }
        }
    }
    return true;
}

Scheduler::ChunkSizes Scheduler::chunk_sizes(const TileGroup& group, Ramp ramp,
                                             int32_t positions) const {
    const int64_t most =
        std::min<int64_t>(std::max(1, weight_memory_.largest() / group.count), 65535);
    const int64_t beats =
        steps_ * layer_->chunk_bytes * tile_columns(*layer_, group.first) / plan_.bus_bytes;
    ChunkSizes chunk_sizes;
    std::vector<int64_t>& sizes = chunk_sizes.sizes;
    // A long load is cut: into kernel rows where weights set the pace, so that the array keeps up
    // with the bus; small parts first at the start of other layers. Little is left for the end.
    if (weight_bound_ && beats >= 256 && group.count == 1) {
        const int64_t parts = layer_->conv.kernel_h > 1 ? layer_->conv.kernel_h
                              : beats >= 1024           ? 4
                                                        : 2;
        const int64_t part = std::max<int64_t>(1, steps_ / parts);
        sizes.assign(static_cast<size_t>(parts - 1), part);
        const double rate = static_cast<double>(steps_ * positions) / static_cast<double>(beats);
        if (ramp.down && rate > 0.5 && part >= 8 && layer_->runs_per_row() == 1) {
            // The array is nearly as slow as the bus: two parts are needed to get it back in step.
            sizes.resize(sizes.size() - 1);
            const int64_t end = (parts - 2) * part;
            for (int64_t piece : taper(steps_ - end, 4, rate)) {
                // A command ends at a kernel row; the rest of the piece is loaded with it.
                const int64_t row = steps_ / layer_->conv.kernel_h;
                const int64_t first = std::accumulate(sizes.begin(), sizes.end(), int64_t{0});
                const int64_t in_row = row - first % row;
                if (piece > in_row) {
                    sizes.push_back(in_row);
                    chunk_sizes.joined = first + in_row;
                    piece -= in_row;
                }
                sizes.push_back(piece);
            }
        } else if (ramp.down) {
            const int64_t last = steps_ - (parts - 1) * part;
            if (last > 1) sizes.push_back(taper(last, 2, rate).front());
        }
        sizes.push_back(steps_);
    } else if (ramp.down && load_bound_ && beats >= 256 && group.count == 1) {
        sizes = {steps_ / 2, steps_ * 3 / 8, steps_ / 16, steps_};
    } else if (ramp.up && beats >= 256 && group.count == 1) {
        sizes = {steps_ / 8, steps_ / 8, steps_ / 4, steps_};
    } else {
        sizes = {steps_};
    }
    for (int64_t& size : sizes) size = std::clamp<int64_t>(size, 1, most);
    return chunk_sizes;
}

/// Decides whether the weights of this layer can come in while the layer before is computed.
void Scheduler::place_ahead(int64_t weight_beats, bool single_block) {
    const int64_t tiles = steps_ * tiles_;
    const size_t area = last_read_[0] <= last_read_[1] ? 0 : 1;
    ahead_ = single_block && !first_layer_ && !tiling_.split_reduction &&
             layer_->mode == ArrayMode::kPlain && tiles <= weight_memory_.largest() &&
             4 * (array_cycles_ - last_read_[area]) >= 5 * weight_beats;
    if (!ahead_) return;
    ahead_low_ = ahead_next_ = weight_memory_.allocate_in(area, static_cast<int32_t>(tiles));
    ahead_high_ = ahead_low_ + static_cast<int32_t>(tiles);
}

/// Ranges of which the lists of all tiles of `group` fit at once, as few as possible.
std::vector<ReductionRange> Scheduler::listed_ranges(const TileGroup& group) const {
    const int64_t total =
        int64_t{layer_->conv.kernel_h} * layer_->runs_per_row() * chunks_per_run(*layer_);
    for (int64_t pieces = 1;; ++pieces) {
        const int64_t size = std::max<int64_t>(1, (total + pieces - 1) / pieces);
        std::vector<ReductionRange> ranges =
            cut_reduction(*layer_, {std::min<int64_t>(size, kMostListedChunks)});
        bool fits = true;
        for (ReductionRange& range : ranges) {
            for (int32_t t = group.first; t < group.first + group.count; ++t) {
                range.own_steps = std::max<int64_t>(
                    range.own_steps, static_cast<int64_t>(tile_list(*layer_, t, range).size()));
            }
            fits &= range.own_steps * group.count <= weight_memory_.largest();
        }
        if (fits || size == 1) return ranges;
    }
}

int64_t Scheduler::tiles_of(const TileGroup& group, const ReductionRange& range) {
    return layer_->form.listed ? tile_total(*lists_of(group, range)) : range.steps() * group.count;
}

std::shared_ptr<const TileLists> Scheduler::lists_of(const TileGroup& group,
                                                     const ReductionRange& range) {
    if (!layer_->form.listed) return nullptr;
    std::shared_ptr<const TileLists>& found =
        lists_[{group.first, group.count, range.first_step, range.chunks()}];
    if (found != nullptr) return found;
    TileLists lists;
    for (int32_t t = group.first; t < group.first + group.count; ++t)
        lists.push_back(tile_list(*layer_, t, range));
    return found = std::make_shared<const TileLists>(std::move(lists));
}

std::vector<WeightChunk>& Scheduler::chunks_of(const TileGroup& group, Ramp ramp,
                                               int32_t positions) {
    if (resident_) {
        const auto found = resident_chunks_.find(group.first);
        if (found != resident_chunks_.end()) return found->second;
    }
    const ChunkSizes sizes = chunk_sizes(group, ramp, positions);
    const std::vector<ReductionRange> ranges =
        layer_->mode == ArrayMode::kPacked ? std::vector<ReductionRange>{packed_range(*layer_)}
        : layer_->form.listed              ? listed_ranges(group)
                                           : cut_reduction(*layer_, sizes.sizes);
    // Addresses for all ranges; with `fresh`, none overlaps what was placed since the last reset.
    const auto joins = [&](size_t i) {
        return i > 0 && i < ranges.size() && ranges[i].first_step == sizes.joined &&
               (ranges[i - 1].steps() + ranges[i].steps()) * group.count <=
                   weight_memory_.largest();
    };
    const auto place = [&](bool fresh) {
        std::vector<WeightChunk> chunks;
        for (size_t i = 0; i < ranges.size(); ++i) {
            WeightChunk chunk{ranges[i], 0, false, false};
            auto tiles = static_cast<int32_t>(ranges[i].steps() * group.count);
            chunk.joined = joins(i);
            if (chunk.joined) {
                chunk.tile_address = chunks.back().tile_address +
                                     static_cast<int32_t>(ranges[i - 1].steps() * group.count);
                chunks.push_back(chunk);
                continue;
            }
            if (joins(i + 1)) tiles += static_cast<int32_t>(ranges[i + 1].steps() * group.count);
            const std::optional<int32_t> address =
                ahead_  ? std::exchange(ahead_next_, ahead_next_ + tiles)
                : fresh ? weight_memory_.allocate_fresh(tiles)
                        : weight_memory_.allocate(tiles);
            if (!address) return std::vector<WeightChunk>{};
            chunk.tile_address = *address;
            chunks.push_back(chunk);
        }
        return chunks;
    };
    if (resident_) {
        std::vector<WeightChunk> chunks = place(true);
        if (!chunks.empty()) return resident_chunks_[group.first] = std::move(chunks);
        // Areas that do not pack exactly: from here on weights are streamed.
        resident_ = false;
        resident_chunks_.clear();
    }
    streamed_chunks_ = place(false);
    if (!disjoint(streamed_chunks_, group.count)) {
        weight_memory_.reset();
        std::vector<WeightChunk> packed = place(true);
        if (!packed.empty()) streamed_chunks_ = std::move(packed);
    }
    return streamed_chunks_;
}

}  // namespace arraywright::compile
