// Scheduler: layers to commands in natural order, with the memory that each touches.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "generator/compile/allocator.hpp"
#include "generator/compile/blocks.hpp"
#include "generator/compile/input_tile.hpp"
#include "generator/compile/item.hpp"
#include "generator/compile/layer.hpp"
#include "generator/compile/places.hpp"
#include "generator/compile/tiling.hpp"
#include "generator/compile/vector_layer.hpp"
#include "generator/compile/weight_image.hpp"
#include "generator/compile/window_weights.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::compile {

/// Where everything is that a layer reads and writes.
struct LayerPlaces {
    TensorPlace input, output;
    TensorPlace residual;  ///< what is added to the results; neither address: nothing is
    int64_t weights = 0, codebook = 0, bias = 0, scales = 0;
    Room room;  ///< of the activation buffer, for tiles
};

/// Weights of a group of channel tiles on chip: one range of the reduction, one command.
struct WeightChunk {
    ReductionRange range;
    int32_t tile_address = 0;
    bool loaded = false;
    bool joined = false;  ///< its load is part of the previous one's
};

/// True when no chunk overwrites another one of the same `tiles`.
bool disjoint(const std::vector<WeightChunk>& chunks, int32_t tiles);

class Scheduler {
public:
    Scheduler(const plan::Plan& plan, int64_t most_commands);

    /// Appends the commands of `layer`. `weights` collects its image; with a residual, `add` says
    /// how it is added to the results.
    void add(const Layer& layer, const LayerPlaces& places, const Combine* add,
             WeightImage& weights);

    /// Whether not even one position of `layer` fits, so that its reduction must be split.
    bool must_split(const Layer& layer, const LayerPlaces& places);

    /// The commands since the last call.
    std::vector<Item> take_items();
    /// The next layer is the first of a program: nothing runs while its data comes in.
    void begin_run() { first_layer_ = true; }

private:
    /// Where the results of one slice of channels go.
    struct OutputTile {
        int64_t base = 0, pixel_pitch = 0, row_pitch = 0;
        int64_t residual = 0;  ///< address of what is added to the result at `base`
        int64_t bytes = 0;
        int32_t first_channel = 0, channels = 0;
    };

    void add_block(const Area& block, bool first, bool last);
    void add_slice(const Area& block, int32_t first_tile, int32_t last_tile, bool first, bool last);
    void add_tile_group(const Area& block, const TileGroup& group, const OutputTile& out,
                        bool stores, Ramp ramp);
    /// Results of channels without weights: bias and requantization.
    void add_empty_group(const Area& block, const TileGroup& group, const OutputTile& out,
                         bool stores);
    /// Sums of `area` for `part` of the tiles of `group`, whose weights are `chunks`.
    void add_area(const Area& area, const TileGroup& group, const TileGroup& part,
                  std::vector<WeightChunk>& chunks, int32_t acc);
    /// Weights of which not all chunks fit: every chunk passes all areas of a batch whose sums the
    /// accumulators hold.
    void add_passes(const Area& block, const TileGroup& group, const OutputTile& out, bool stores,
                    std::vector<WeightChunk>& chunks);
    void add_split_block(const Area& block);
    /// First channel tiles of the slices, in the order in which they are computed.
    std::vector<int32_t> slice_starts() const;
    /// Channel tiles of which the parameter tables hold all rows at a time.
    int32_t parameter_tiles() const {
        return std::max(1, plan_.parameter_rows / 2 / plan_.groups_per_tile());
    }
    /// Channel tiles that have weights, or none, apart from each other.
    std::vector<TileGroup> split_empty(const std::vector<TileGroup>& groups,
                                       int32_t positions) const;
    bool is_empty(const TileGroup& group) const;
    int64_t nonzero_steps(const TileGroup& group) const;
    void place_ahead(int64_t weight_beats, bool single_block);
    std::vector<WeightChunk>& chunks_of(const TileGroup& group, Ramp ramp, int32_t positions);
    /// Steps of the chunks; the one that starts at step `joined` is loaded with the one before it.
    struct ChunkSizes {
        std::vector<int64_t> sizes;
        int64_t joined = -1;
    };
    ChunkSizes chunk_sizes(const TileGroup& group, Ramp ramp, int32_t positions) const;

    /// Weight tiles on chip of channel tiles, and where each of their steps comes from.
    int64_t tiles_of(const TileGroup& group, const ReductionRange& range);
    std::shared_ptr<const TileLists> lists_of(const TileGroup& group, const ReductionRange& range);
    std::vector<ReductionRange> listed_ranges(const TileGroup& group) const;
    void load_codebook();
    void load_input(int64_t until);
    /// The weights of `part`, or of all of `group` when a tile is no whole number of bus words.
    void load_chunk(const TileGroup& group, const TileGroup& part, WeightChunk& chunk);
    /// Makes the load that was just added fetch the whole of the next chunk, too, if it follows.
    void join_load(const TileGroup& group, WeightChunk& next);
    void load_parameters(const TileGroup& group);
    void compute(const Area& area, const TileGroup& group, const WeightChunk& chunk, int32_t acc,
                 bool accumulate);
    /// Without kernel rows that are all padding; true when a command was made.
    bool compute_useful(const Area& area, const TileGroup& group, const WeightChunk& chunk,
                        int32_t acc, bool started, bool last);
    void compute_split(const Area& area, const TileGroup& group, const WeightChunk& chunk,
                       const InputTile& tile, int32_t acc, bool accumulate);
    /// Vector command of an area, residual and store.
    void finish(const Area& area, const Area& block, const TileGroup& group, const OutputTile& out,
                int32_t acc, bool last_of_slice);
    void vector(const Area& area, const Area& block, const TileGroup& group, const OutputTile& out,
                int32_t acc);
    void store(const Area& area, const Area& block, const OutputTile& out);
    void load_residual(const Area& area, const Area& block, const OutputTile& out);
    void add_residual(const Area& area, const Area& block, const TileGroup& group,
                      const OutputTile& out);
    /// Sets segments and strides of a transfer between the tensor in DRAM and a tile of it.
    void set_segments(isa::Command& command, const Area& area, const OutputTile& out,
                      const TensorPlace& tensor) const;

    void add_window_group(const Area& block, const TileGroup& group, const OutputTile& out,
                          bool last_of_slice);
    std::vector<Area> window_areas(const Area& block, const TileGroup& group) const;
    int32_t load_window_weights(const TileGroup& group);
    /// Streams through the line buffers: area by area, all channel tiles of one before the next.
    void add_window_stream(const Area& block, const std::vector<TileGroup>& groups);
    bool can_stream_windows() const;
    /// Takes the rows of the block's input away that are in the line buffers already.
    void skip_rows_in_lines(const Area& block);
    /// Output rows of an area `width` wide.
    int32_t window_rows(int32_t width) const;
    /// Pixels of a streamed row whose windows start at `width` positions.
    int32_t row_pixels(const WindowPass& pass, int32_t width) const;
    /// How a pass of windows uses the line buffers.
    struct Lines {
        bool goes_on = false;  ///< they hold the rows before
        int32_t start = 0;     ///< place of its rows, in units of 16 words
    };
    void compute_window(const Area& area, const TileGroup& group, const WindowPass& pass,
                        int32_t tile_address, int32_t acc, bool accumulate, Lines lines);

    OutputTile make_output(const Area& block, int32_t first_tile, int32_t last_tile);
    isa::Command compute_command(const Area& area, const TileGroup& group, const WeightChunk& chunk,
                                 int32_t acc, bool accumulate) const;
    void load_rows(const InputTile& tile);
    int64_t needed_until(const Area& area) const;
    int32_t channel_of(int32_t tile) const { return tile_channel(*layer_, tile); }
    TileRoom tile_room() const;
    bool stores() const { return places_.output.in_dram(); }
    int32_t choose_tiles_per_command() const;
    /// Of the array, for one command.
    int64_t command_cycles() const;
    int32_t position_target() const;
    int32_t least_positions() const;
    Access accumulator_write(int32_t acc, int64_t words) const;
    void place_buffers();
    void place_streams(int64_t in, int64_t out);
    void straddle_banks(int64_t in, int64_t bank);

    const plan::Plan& plan_;
    ItemList items_;
    PingPong weight_memory_, accumulators_;

    // The layer in work
    const Layer* layer_ = nullptr;
    LayerPlaces places_;
    const Combine* residual_add_ = nullptr;
    WeightImage* weights_ = nullptr;
    Tiling tiling_;
    int64_t steps_ = 0;  ///< chunks of the reduction of one output
    int32_t tiles_ = 0;  ///< channel tiles of all groups
    int32_t tiles_per_command_ = 1;
    bool first_layer_ = true;
    bool resident_ = false;      ///< all weights stay on chip once loaded
    bool load_bound_ = false;    ///< the bus takes longer than the array
    bool weight_bound_ = false;  ///< ... because of the weights
    std::map<int32_t, std::vector<WeightChunk>> resident_chunks_;
    /// By first tile, tiles, first step and chunks: all commands of a chunk share its lists.
    std::map<std::array<int64_t, 4>, std::shared_ptr<const TileLists>> lists_;
    std::vector<WeightChunk> streamed_chunks_;
    std::vector<WindowPass> passes_;               ///< of a depthwise layer
    std::map<int32_t, int32_t> window_addresses_;  ///< weights on chip, by the first tile
    std::array<int64_t, 2> input_regions_{}, output_regions_{}, residual_regions_{};
    size_t input_turn_ = 0, output_turn_ = 0;
    /// The weights of the whole layer lie in the area that the layer before does not use: they come
    /// in while that one is computed.
    bool ahead_ = false;
    int32_t ahead_low_ = 0, ahead_high_ = 0, ahead_next_ = 0;  ///< tiles of them
    int64_t array_cycles_ = 0;                                 ///< of all layers so far
    std::array<int64_t, 2> last_read_{};  ///< of the areas of the weight memory, likewise
    bool claim_area_ = false;         ///< weight loads keep out of the area that the array reads
    bool claim_accumulators_ = true;  ///< systolic: computations claim a whole area
    /// A depthwise layer from DRAM to DRAM: input, array, results and stores in different banks.
    bool streams_ = false;
    bool empty_ = false;         ///< the channels in work have no weights: no sums are made
    bool fresh_output_ = false;  ///< the output tile holds nothing of its own yet
    InputTile input_;
    int64_t input_loaded_ =
        0;  ///< bytes of a contiguous tile, or rows of another, already asked for
    int32_t parameter_block_ = -1;
    int64_t parameter_start_ = 0, parameter_end_ = 0;  ///< rows of that block in the tables
};

}  // namespace arraywright::compile
