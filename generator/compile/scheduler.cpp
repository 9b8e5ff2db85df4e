// Scheduler: the loops over blocks, slices, channel tiles and areas. SPDX-License-Identifier:
// Apache-2.0
#include "generator/compile/scheduler.hpp"

#include <algorithm>
#include <cmath>

#include "generator/compile/array_mode.hpp"
#include "generator/compile/division.hpp"
#include "generator/compile/work_count.hpp"

namespace arraywright::compile {

namespace {

/// Cycles from the last group of a vector command to the first of the next.
constexpr double kVectorDrainCycles = 15;

}  // namespace

Scheduler::Scheduler(const plan::Plan& plan, int64_t most_commands)
    : plan_(plan),
      items_(most_commands),
      weight_memory_(plan.weight_tiles, plan.weight, 1, 32),
      accumulators_(plan.accumulator_words, plan.accumulator, 2, 8) {}

TileRoom Scheduler::tile_room() const {
    TileRoom room;
    room.bytes = places_.room.bytes();
    room.input_on_chip = places_.input.chip >= 0;
    room.output_on_chip = places_.output.chip >= 0;
    room.stores = stores();
    room.residual_tiles = places_.residual.exists() && places_.residual.chip < 0;
    room.output_pixel_bytes = places_.output.pixel_bytes;
    const auto begins_on_word = [&](const TensorPlace& place) {
        return !place.in_dram() || place.dram % plan_.bus_bytes == 0;
    };
    room.aligned = begins_on_word(places_.output) && begins_on_word(places_.residual);
    return room;
}

bool Scheduler::must_split(const Layer& layer, const LayerPlaces& places) {
    places_ = places;
    return choose_tiling(layer, plan_, tile_room()).split_reduction;
}

void Scheduler::add(const Layer& layer, const LayerPlaces& places, const Combine* add,
                    WeightImage& weights) {
    layer_ = &layer;
    places_ = places;
    residual_add_ = add;
    weights_ = &weights;
    tiling_ = choose_tiling(layer, plan_, tile_room());
    steps_ = steps_per_output(layer);
    if (layer.mode == ArrayMode::kWindow) {
        passes_ = window_passes(window_kernel(layer), plan_);
        steps_ = static_cast<int64_t>(passes_.size());
        window_addresses_.clear();
    }
    tiles_ = tile_count(layer);
    int32_t blocks_y = static_cast<int32_t>(ceil_div(layer.out_h, tiling_.block_h));
    const int32_t blocks_x = static_cast<int32_t>(ceil_div(layer.out_w, tiling_.block_w));
    const int64_t positions = int64_t{layer.out_h} * layer.out_w;
    const int64_t weight_beats = weights.estimated_bytes() / plan_.bus_bytes;
    const int64_t input_beats =
        places.input.chip >= 0 ? 0
                               : int64_t{layer.in_h} * layer.in_w * layer.in_c / plan_.bus_bytes;
    load_bound_ = weight_beats + input_beats > positions * steps_ * tiles_;
    weight_bound_ = load_bound_ && weight_beats > input_beats;
    resident_ = blocks_y * blocks_x > 1 && steps_ * tiles_ <= plan_.weight_tiles;
    resident_chunks_.clear();
    lists_.clear();
    parameter_block_ = -1;
    tiles_per_command_ = choose_tiles_per_command();
    if (resident_) weight_memory_.reset();
    place_ahead(weight_beats, blocks_y * blocks_x == 1);
    place_buffers();
    load_codebook();
    blocks_y = static_cast<int32_t>(ceil_div(layer.out_h, tiling_.block_h));
    for (int32_t by = 0; by < blocks_y; ++by) {
        for (int32_t bx = 0; bx < blocks_x; ++bx) {
            const Area block{
                by * tiling_.block_h, std::min(layer.out_h, (by + 1) * tiling_.block_h),
                bx * tiling_.block_w, std::min(layer.out_w, (bx + 1) * tiling_.block_w)};
            if (tiling_.split_reduction) {
                add_split_block(block);
            } else {
                // Behind another layer there is work while the first data comes in.
                add_block(block, first_layer_ && by + bx == 0,
                          by == blocks_y - 1 && bx == blocks_x - 1);
            }
        }
    }
    first_layer_ = false;
}

std::vector<Item> Scheduler::take_items() {
    for (const Item& item : items_) {
        if (item.command.unit() != isa::Unit::kCompute) continue;
        array_cycles_ += array_cycles(plan_, item.command, item.notes.lists.get());
        const auto tile = static_cast<int32_t>(item.command.get("weight_addr"));
        last_read_[weight_memory_.area_index(tile)] = array_cycles_;
    }
    return items_.take();
}

int32_t Scheduler::choose_tiles_per_command() const {
    const int64_t positions = int64_t{std::min(tiling_.block_h, layer_->out_h)} *
                              std::min(tiling_.block_w, layer_->out_w);
    const int64_t work = positions * steps_;
    int64_t count = 1;
    if (layer_->mode == ArrayMode::kPacked) {
        // A vector of packed taps serves all tiles of the command.
        return std::min(tiles_per_group(*layer_), most_packed_tiles(*layer_, plan_));
    }
    if (layer_->mode == ArrayMode::kWindow) {
        // Several channel tiles of a small feature map; one of a large one, cut into bands.
        const int64_t pixels = positions * layer_->conv.stride_h * layer_->conv.stride_w;
        count = layer_->tile_filters == plan_.cols ? ceil_div(96, pixels * steps_) : 1;
        const int64_t fits = std::min<int64_t>(weight_memory_.largest() / steps_,
                                               accumulators_.largest() / positions);
        return static_cast<int32_t>(std::clamp<int64_t>(std::min(count, fits), 1, tiles_));
    }
    if (work < 128) {
        // Few positions: commands of a few hundred cycles, or of as many weights as an area holds.
        count = load_bound_ ? tiles_ : ceil_div(256, work);
    } else if (!load_bound_) {
        // As many as keep the array busy while the input comes in.
        const int64_t input_beats =
            places_.input.chip >= 0
                ? 0
                : input_tile_bytes(*layer_, plan_, tiling_.block_h, tiling_.block_w) /
                      plan_.bus_bytes;
        count = std::min<int64_t>(ceil_div(3 * input_beats, 2 * work), 4);
    }
    const int64_t fits = std::min(weight_memory_.largest() / steps_,
                                  accumulators_.largest() / std::min<int64_t>(positions, 32));
    return static_cast<int32_t>(std::max<int64_t>(1, std::min(count, fits)));
}

int32_t Scheduler::least_positions() const {
    // The systolic array changes its weights at most every tile_gap cycles.
    return plan_.weight_stationary ? std::min(plan_.tile_gap_cycles, accumulators_.largest()) : 1;
}

int64_t Scheduler::command_cycles() const {
    // A few hundred; longer commands in large layers keep the program short.
    const int64_t total = int64_t{layer_->out_h} * layer_->out_w * steps_ * tiles_;
    return std::clamp<int64_t>(total / 64, 128, 2048);
}

int32_t Scheduler::position_target() const {
    return static_cast<int32_t>(
        std::clamp<int64_t>(command_cycles() / steps_, least_positions(), accumulators_.largest()));
}

void Scheduler::add_block(const Area& block, bool first, bool last) {
    if (places_.input.chip >= 0) {
        input_ = whole_tensor(*layer_, places_.input.chip, places_.input.row_bytes);
        input_loaded_ = input_.rows() * input_.row_bytes();
    } else {
        input_ = whole_windows(*layer_, plan_, block, input_regions_[input_turn_++ % 2],
                               places_.input.dram);
        input_loaded_ = 0;
        if (streams_) skip_rows_in_lines(block);
    }
    const std::vector<int32_t> starts = slice_starts();
    for (const int32_t& tile : starts) {
        add_slice(block, tile, std::min(tiles_, tile + tiling_.slice_tiles),
                  first && &tile == &starts.front(), last && &tile == &starts.back());
    }
}

void Scheduler::add_slice(const Area& block, int32_t first_tile, int32_t last_tile, bool first,
                          bool last) {
    const int32_t table_tiles = parameter_tiles();
    // Resident weights are found again by their group, so all blocks have the same groups.
    const bool ramp_down = last && load_bound_ && !resident_;
    const std::vector<TileGroup> groups =
        split_empty(cut_tiles(*layer_, first_tile, last_tile,
                              std::min(tiles_per_command_, table_tiles), ramp_down),
                    block.positions());
    if (streams_) return add_window_stream(block, groups);
    const OutputTile out = make_output(block, first_tile, last_tile);
    for (size_t g = 0; g < groups.size(); ++g) {
        // A group never straddles two fillings of the parameter tables.
        TileGroup group = groups[g];
        const bool last_group = g + 1 == groups.size();
        const int32_t boundary = (group.first / table_tiles + 1) * table_tiles;
        const Ramp ramp{first && g == 0, last && last_group};
        if (group.first + group.count > boundary) {
            add_tile_group(block, {group.first, boundary - group.first}, out, false,
                           {ramp.up, false});
            group = {boundary, group.first + group.count - boundary};
            add_tile_group(block, group, out, last_group, {false, ramp.down});
        } else {
            add_tile_group(block, group, out, last_group, ramp);
        }
    }
}

void Scheduler::add_tile_group(const Area& block, const TileGroup& group, const OutputTile& out,
                               bool stores, Ramp ramp) {
    if (layer_->mode == ArrayMode::kWindow) return add_window_group(block, group, out, stores);
    if (is_empty(group)) return add_empty_group(block, group, out, stores);
    const int32_t most = std::max(1, accumulators_.largest() / group.count);
    const int64_t cost = std::max<int64_t>(steps_, plan_.groups_per_tile()) * group.count;
    const auto least =
        static_cast<int32_t>(std::max<int64_t>(least_positions(), ceil_div(16, cost)));
    const int64_t input_beats =
        places_.input.chip >= 0 ? 0 : input_.rows() * input_.row_bytes() / plan_.bus_bytes;
    if (4 * steps_ * group.count * block.positions() < 5 * input_beats) {
        // The first area waits for its input, every area costs three commands on the bus: the sum
        // is least at the geometric mean.
        const double command_beats = 3.0 * isa::kCommandBytes / plan_.bus_bytes;
        const double beats = std::sqrt(command_beats * static_cast<double>(input_beats));
        ramp.steady = std::max<int32_t>(
            least_positions(),
            static_cast<int32_t>(beats * block.positions() / static_cast<double>(input_beats)));
    }
    const double vector_cycles = plan_.groups_per_tile();
    ramp.vector_gain = static_cast<double>(steps_) / vector_cycles;
    ramp.vector_lag = kVectorDrainCycles / (vector_cycles * group.count);
    std::vector<WeightChunk>& chunks = chunks_of(group, ramp, block.positions());
    // A command takes the steps of one chunk.
    const int32_t longer = ramp.up || ramp.down ? 1 : static_cast<int32_t>(chunks.size());
    const int32_t wanted = std::max(least_positions(), longer * position_target() / group.count);
    // Where weights set the pace, every chunk is used up before the next one comes.
    const std::vector<Area> areas = weight_bound_ ? cut_positions(block, most, most, 1, {})
                                                  : cut_positions(block, most, wanted, least, ramp);
    claim_area_ = !resident_ && !load_bound_ && !ramp.up && !ahead_;

    if (areas.size() == 1 || disjoint(chunks, group.count)) {
        for (const Area& area : areas) {
            // The systolic array needs many positions at a time: it starts on a single tile.
            const bool single = ramp.up && plan_.weight_stationary && &area == &areas.front();
            const int32_t count = single ? 1 : group.count;
            const int32_t acc = accumulators_.allocate(area.positions() * group.count);
            for (int32_t first = 0; first < group.count; first += count) {
                claim_accumulators_ = first == 0;
                add_area(area, group, {group.first + first, count}, chunks,
                         acc + first * area.positions());
            }
            claim_accumulators_ = true;
            finish(area, block, group, out, acc, stores);
        }
        return;
    }
    add_passes(block, group, out, stores, chunks);
}

void Scheduler::add_passes(const Area& block, const TileGroup& group, const OutputTile& out,
                           bool stores, std::vector<WeightChunk>& chunks) {
    // Fewer batches, each of which loads all chunks, are worth more than computing the next batch
    // while the results of the last one leave.
    const int32_t half = std::max(1, accumulators_.largest() / group.count);
    const int32_t widest = std::max(1, accumulators_.widest() / group.count);
    const auto batches = [&](int32_t held) { return ceil_div(block.positions(), held); };
    const int32_t held = batches(widest) < batches(half) ? widest : half;
    int64_t steps = 1;
    for (const WeightChunk& chunk : chunks) steps = std::max(steps, chunk.range.steps());
    // Longer commands than elsewhere: results come only with the last chunk anyway.
    const auto wanted = static_cast<int32_t>(
        std::clamp<int64_t>(2 * command_cycles() / (steps * group.count), least_positions(), held));
    const std::vector<Area> areas = cut_positions(block, held, wanted, 1, {});
    for (size_t begin = 0; begin < areas.size();) {
        size_t end = begin;
        int32_t positions = 0;
        while (end < areas.size() && positions + areas[end].positions() <= held)
            positions += areas[end++].positions();
        const int32_t acc = accumulators_.allocate(positions * group.count);
        std::vector<bool> started(areas.size(), false);
        for (size_t i = 0; i < chunks.size(); ++i) {
            load_chunk(group, group, chunks[i]);
            int32_t offset = 0;
            for (size_t a = begin; a < end; ++a) {
                load_input(needed_until(areas[a]));
                if (compute_useful(areas[a], group, chunks[i], acc + offset, started[a],
                                   i + 1 == chunks.size())) {
                    started[a] = true;
                }
                offset += areas[a].positions() * group.count;
            }
        }
        int32_t offset = 0;
        for (size_t a = begin; a < end; ++a) {
            finish(areas[a], block, group, out, acc + offset, stores);
            offset += areas[a].positions() * group.count;
        }
        begin = end;
    }
}

void Scheduler::finish(const Area& area, const Area& block, const TileGroup& group,
                       const OutputTile& out, int32_t acc, bool last_of_slice) {
    vector(area, block, group, out, acc);
    if (residual_add_ != nullptr) {
        // Once for all channels of the slice.
        if (places_.residual.chip < 0 && channel_of(group.first) == out.first_channel)
            load_residual(area, block, out);
        add_residual(area, block, group, out);
    }
    if (last_of_slice && stores()) store(area, block, out);
}

void Scheduler::add_area(const Area& area, const TileGroup& group, const TileGroup& part,
                         std::vector<WeightChunk>& chunks, int32_t acc) {
    bool started = false;
    for (size_t i = 0; i < chunks.size(); ++i) {
        WeightChunk& chunk = chunks[i];
        // The larger part comes second: what is small is then not waited for.
        if (weight_bound_) load_input(needed_until(area));
        if (!chunk.loaded) {
            load_chunk(group, part, chunk);
            if (i + 1 < chunks.size() && chunks[i + 1].joined) join_load(group, chunks[i + 1]);
        }
        load_input(needed_until(area));
        WeightChunk weights = chunk;
        weights.tile_address +=
            static_cast<int32_t>(tiles_of({group.first, part.first - group.first}, chunk.range));
        started |= compute_useful(area, part, weights, acc, started, &chunk == &chunks.back());
    }
}

bool Scheduler::compute_useful(const Area& area, const TileGroup& group, const WeightChunk& chunk,
                               int32_t acc, bool started, bool last) {
    // A kernel row that lies in the padding for all of the area adds zeros when the zero point is
    // zero. Several tiles a command need the whole chunk, whose tiles follow each other.
    const network::Conv2dAttributes& conv = layer_->conv;
    if (layer_->input_zero_point != 0 || group.count > 1 || layer_->mode != ArrayMode::kPlain ||
        layer_->form.listed) {
        compute(area, group, chunk, acc, started);
        return true;
    }
    const auto useful = [&](int32_t ky) {
        for (int32_t y = area.y0; y < area.y1; ++y) {
            const int32_t row = y * conv.stride_h - conv.padding.top + ky * conv.dilation_h;
            if (row >= 0 && row < layer_->in_h) return true;
        }
        return false;
    };
    ReductionRange range = chunk.range;
    int32_t first = range.ky;
    int32_t end = range.ky + range.count_ky;
    while (first < end && !useful(first)) ++first;
    while (end > first && !useful(end - 1)) --end;
    if (first == end) {
        // Nothing to add; but somebody must clear the accumulators.
        if (started || !last) return false;
        compute(area, group, chunk, acc, false);
        return true;
    }
    const int64_t row_steps = range.steps() / range.count_ky;
    WeightChunk part = chunk;
    part.range.ky = first;
    part.range.count_ky = end - first;
    part.range.first_step += (first - range.ky) * row_steps;
    part.tile_address += static_cast<int32_t>((first - range.ky) * row_steps);
    compute(area, group, part, acc, started);
    return true;
}

void Scheduler::add_split_block(const Area& block) {
    claim_area_ = false;
    for (int32_t tile = 0; tile < tiles_; ++tile) {
        const TileGroup group{tile, 1};
        const OutputTile out = make_output(block, tile, tile + 1);
        const int32_t acc = accumulators_.allocate(block.positions());
        const int32_t conv_group = tile / tiles_per_group(*layer_);
        const int64_t size = std::min<int64_t>(
            {tiling_.split_chunks, weight_memory_.largest(), chunks_per_run(*layer_), 65535});
        for (const ReductionRange& range : cut_reduction(*layer_, {size})) {
            // cut_reduction may join whole runs; the input of a split block is one run at most.
            for (int32_t ky = 0; ky < range.count_ky; ++ky) {
                for (int32_t kx = 0; kx < range.count_kx; ++kx) {
                    WeightChunk chunk;
                    chunk.range = {
                        range.ky + ky,
                        1,
                        range.kx + kx,
                        1,
                        range.s,
                        range.count_s,
                        range.first_step + (int64_t{ky} * range.count_kx + kx) * range.count_s};
                    const InputTile input =
                        run_part(*layer_, plan_, block, conv_group, chunk.range,
                                 input_regions_[input_turn_++ % 2], places_.input.dram);
                    load_rows(input);
                    chunk.tile_address =
                        weight_memory_.allocate(static_cast<int32_t>(chunk.range.steps()));
                    load_chunk(group, group, chunk);
                    compute_split(block, group, chunk, input, acc, chunk.range.first_step > 0);
                }
            }
        }
        finish(block, block, group, out, acc, true);
    }
}

}  // namespace arraywright::compile
