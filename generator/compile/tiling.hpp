// Tiling: how a layer is cut to fit the buffers. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/compile/layer.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::compile {

/// Chunks of the reduction that one compute command walks: kernel rows, runs of a row, chunks of a
/// run. Only the innermost partial range may be partial: several kernel rows are whole rows.
struct ReductionRange {
    int32_t ky = 0, count_ky = 1;
    int32_t kx = 0, count_kx = 1;
    int32_t s = 0, count_s = 1;
    int64_t first_step = 0;  ///< step number of the first chunk
    /// Steps when not every chunk is one: taps of several runs share a vector, or the most that
    /// a list of these chunks has; else 0.
    int64_t own_steps = 0;
    int64_t chunks() const { return int64_t{count_ky} * count_kx * count_s; }
    int64_t steps() const { return own_steps > 0 ? own_steps : chunks(); }
};

/// What of a layer streams through tiles, and the room for them in the activation buffer.
struct TileRoom {
    int64_t bytes = 0;
    bool input_on_chip = false;   ///< the whole input is there, no tiles
    bool output_on_chip = false;  ///< results go to their final place
    bool stores = true;           ///< results go to DRAM (too)
    bool residual_tiles = false;  ///< what is added streams in, in tiles like those of the output
    int64_t output_pixel_bytes = 0;  ///< in DRAM: more than the layer's own in a concatenation
    bool aligned = true;             ///< output and residual begin on a bus word
};

/// Sizes of the blocks of one layer.
struct Tiling {
    int32_t block_h = 1, block_w = 1;  ///< output rows and columns whose input is resident at once
    int32_t slice_tiles = 1;           ///< channel tiles collected before a store
    int32_t input_buffers = 1;         ///< 2: double-buffered
    int32_t output_buffers = 1;
    /// Whole windows do not fit: the input of one range of the reduction is loaded at a time.
    bool split_reduction = false;
    int32_t split_chunks = 0;  ///< chunks of a run loaded at a time, with split_reduction
};

/// Chunks of a run, and steps of the whole reduction of one output: of lists the longest.
int32_t chunks_per_run(const Layer& layer);
int64_t steps_per_output(const Layer& layer);

/// Channel tiles of one group and of the layer, columns of tile `tile` and its first channel.
int32_t tiles_per_group(const Layer& layer);
int32_t tile_count(const Layer& layer);
int32_t tile_columns(const Layer& layer, int32_t tile);
int32_t tile_channel(const Layer& layer, int32_t tile);

/// Bytes that the input of an output block takes in the activation buffer, alignment included.
int64_t input_tile_bytes(const Layer& layer, const plan::Plan& plan, int32_t block_h,
                         int32_t block_w);

/// Bytes by which a tile may have to be shifted so that it agrees with the bus word.
int32_t shift_bytes(int64_t tensor_row_bytes, const plan::Plan& plan);

/// Bytes of one output tile of `block_h` x `block_w` positions and `channels` channels.
int64_t output_tile_bytes(const Layer& layer, const plan::Plan& plan, const TileRoom& room,
                          int32_t block_h, int32_t block_w, int64_t channels);

/// Bytes of the part of the residual tensor that belongs to an output tile; pitches are the tile's.
int64_t residual_tile_bytes(const Layer& layer, const plan::Plan& plan, const TileRoom& room,
                            int32_t block_h, int32_t block_w, int64_t channels);

/// Picks the tiling with the least bus traffic; every layer has one, if only the smallest.
Tiling choose_tiling(const Layer& layer, const plan::Plan& plan, const TileRoom& room);

/// The whole reduction as packed taps.
ReductionRange packed_range(const Layer& layer);

/// Cuts the chunks of the reduction into ranges of about the given sizes, each one command.
std::vector<ReductionRange> cut_reduction(const Layer& layer, const std::vector<int64_t>& sizes);

}  // namespace arraywright::compile
