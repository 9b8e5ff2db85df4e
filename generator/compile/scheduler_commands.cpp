// Scheduler: the commands themselves. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "generator/compile/array_mode.hpp"
#include "generator/compile/scheduler.hpp"
#include "generator/compile/transfers.hpp"

namespace arraywright::compile {

using isa::Command;
using isa::Unit;

/// Bytes of a contiguous tile, or rows of another, that `area` needs from its start on.
int64_t Scheduler::needed_until(const Area& area) const {
    const network::Conv2dAttributes& conv = layer_->conv;
    const int32_t last_row =
        std::min(input_.y_high - 1, (area.y1 - 1) * conv.stride_h - conv.padding.top +
                                        (conv.kernel_h - 1) * conv.dilation_h);
    if (last_row < input_.y_low) return 0;
    if (!input_.contiguous() && input_.rows() > 1) return last_row - input_.y_low + 1;
    const int64_t last_byte =
        std::min<int64_t>(input_.x_high, int64_t{(area.x1 - 1) * conv.stride_w - conv.padding.left +
                                                 (conv.kernel_w - 1) * conv.dilation_w + 1} *
                                             layer_->in_c);
    return std::max<int64_t>(0,
                             (last_row - input_.y_low) * input_.pitch + last_byte - input_.x_low);
}

void Scheduler::load_input(int64_t until) {
    if (until <= input_loaded_) return;
    if (!input_.contiguous() && input_.rows() > 1) {
        InputTile part = input_;
        part.y_low = input_.y_low + static_cast<int32_t>(input_loaded_);
        part.y_high = input_.y_low + static_cast<int32_t>(until);
        part.base += input_loaded_ * input_.pitch;
        part.dram += input_loaded_ * input_.dram_pitch;
        load_rows(part);
    } else {
        const int64_t low = input_.base + input_loaded_;
        const int64_t bytes = until - input_loaded_;
        items_.push_back(
            {load_command(layer_->index, kActivationTarget, input_.dram + input_loaded_, low,
                          bytes),
             {{Resource::kDram, input_.dram + input_loaded_, input_.dram + until, false},
              {Resource::kActivation, low, low + bytes, true}}});
    }
    input_loaded_ = until;
}

void Scheduler::load_rows(const InputTile& tile) {
    if (tile.rows() == 0 || tile.row_bytes() == 0) return;
    Command command =
        load_command(layer_->index, kActivationTarget, tile.dram, tile.base, tile.row_bytes());
    if (tile.rows() > 1) {
        command.set("count_x", tile.rows());
        command.set("stride_x", tile.dram_pitch);
        command.set("buffer_stride_x", tile.pitch);
    }
    items_.push_back({command,
                      {{Resource::kDram, tile.dram,
                        tile.dram + (tile.rows() - 1) * tile.dram_pitch + tile.row_bytes(), false},
                       {Resource::kActivation, tile.base, tile.buffer_end(), true}}});
}

void Scheduler::load_chunk(const TileGroup& group, const TileGroup& part, WeightChunk& chunk) {
    const WeightImage::Chunk image = weights_->chunk(group.first, group.count, chunk.range);
    const int64_t tile_bytes = image.bytes / group.count;
    const bool whole = tile_bytes % plan_.bus_bytes != 0 || !layer_->form.plain();
    const int32_t before = whole ? 0 : part.first - group.first;
    const int32_t count = whole ? group.count : part.count;
    const int64_t bytes = whole ? image.bytes : count * tile_bytes;
    const int64_t address = places_.weights + image.offset + before * tile_bytes;
    int64_t low = chunk.tile_address + before * chunk.range.steps();
    int64_t high = low + tiles_of({group.first + before, count}, chunk.range);
    Command command = load_command(layer_->index, kWeightTarget, address, low, bytes);
    set_weight_form(command, *layer_, plan_, tile_columns(*layer_, group.first), high - low);
    // Behind the start of a compute-bound layer a load claims its whole area: writing into a bank
    // that the array reads would slow both down, so it waits until the array has moved to the other
    // area.
    if (claim_area_) std::tie(low, high) = weight_memory_.area_of(chunk.tile_address);
    items_.push_back(
        {command,
         {{Resource::kDram, address, address + bytes, false}, {Resource::kWeight, low, high, true}},
         {nullptr, image.decode_cycles}});
    if (ahead_) {
        // Not before the array has left the area, but for this layer's own computations.
        const auto [area_low, area_high] = weight_memory_.area_of(chunk.tile_address);
        std::vector<Access>& accesses = items_.back().accesses;
        accesses.push_back({Resource::kWeight, area_low, ahead_low_, true});
        accesses.push_back({Resource::kWeight, ahead_high_, area_high, true});
    }
    chunk.loaded = before + count == group.count;
}

void Scheduler::join_load(const TileGroup& group, WeightChunk& next) {
    Item& load = items_.back();
    const WeightImage::Chunk image = weights_->chunk(group.first, group.count, next.range);
    Access& dram = load.accesses[0];
    Access& tiles = load.accesses[1];
    if (!layer_->form.plain() || dram.high != places_.weights + image.offset ||
        tiles.high != next.tile_address)
        return;
    dram.high += image.bytes;
    tiles.high += next.range.steps() * group.count;
    load.command.set("run_bytes", load.command.get("run_bytes") + image.bytes);
    if (plan_.decodes_weights()) load.command.set("tiles", tiles.high - tiles.low);
    next.loaded = true;
}

void Scheduler::load_codebook() {
    const auto bytes = static_cast<int64_t>(layer_->form.codebook.size());
    if (bytes == 0) return;
    items_.push_back({load_command(layer_->index, kCodebookTarget, places_.codebook, 0, bytes),
                      {{Resource::kDram, places_.codebook, places_.codebook + bytes, false}}});
}

void Scheduler::load_parameters(const TileGroup& group) {
    const int32_t rows = plan_.groups_per_tile();
    const int32_t table_tiles = parameter_tiles();
    const int32_t block = group.first / table_tiles;
    if (block == parameter_block_) return;
    parameter_block_ = block;
    const int64_t first = int64_t{block} * table_tiles * rows;
    const int64_t count = std::min<int64_t>(table_tiles, tiles_ - block * table_tiles) * rows;
    // A ring: the parameters of small layers come long before they are needed.
    if (parameter_end_ + count > plan_.parameter_rows) parameter_end_ = 0;
    const int64_t buffer = parameter_start_ = parameter_end_;
    parameter_end_ += count;
    const auto load = [&](LoadTarget target, Resource resource, int64_t base, int32_t beats) {
        const int64_t row_bytes = int64_t{beats} * plan_.bus_bytes;
        const int64_t address = base + first * row_bytes;
        items_.push_back({load_command(layer_->index, target, address, buffer, count * row_bytes),
                          {{Resource::kDram, address, address + count * row_bytes, false},
                           {resource, buffer, buffer + count, true}}});
    };
    if (layer_->has_bias) load(kBiasTarget, Resource::kBias, places_.bias, plan_.bias_row_beats());
    if (layer_->per_channel && !layer_->raw) {
        load(kScaleTarget, Resource::kScale, places_.scales, plan_.scale_row_beats());
    }
}

/// The systolic array reads and writes its accumulators every cycle, so the vector unit must have
/// left the area before it comes back.
Access Scheduler::accumulator_write(int32_t acc, int64_t words) const {
    if (!plan_.weight_stationary || !claim_accumulators_) {
        return {Resource::kAccumulator, acc, acc + words, true};
    }
    const auto [low, high] = accumulators_.area_of(acc);
    return {Resource::kAccumulator, low, std::max<int64_t>(high, acc + words), true};
}

/// Everything but the input's place: loops, weights, accumulators, coordinates.
Command Scheduler::compute_command(const Area& area, const TileGroup& group,
                                   const WeightChunk& chunk, int32_t acc, bool accumulate) const {
    const ReductionRange& range = chunk.range;
    const int32_t run_chunks = chunks_per_run(*layer_);
    const bool has_tail = range.s + range.count_s == run_chunks;
    Command command(Unit::kCompute, layer_->index);
    command.set("zero_point", layer_->input_zero_point);
    command.set("accumulate", accumulate ? 1 : 0);
    const int32_t tail = has_tail ? layer_->run_bytes() - (run_chunks - 1) * layer_->chunk_bytes
                                  : layer_->chunk_bytes;
    command.set("tail", tail == layer_->chunk_bytes ? 0 : tail);
    if (layer_->form.structured) command.set("structured", 1);
    if (layer_->form.listed) command.set("listed", 1);
    command.set("count_s", range.count_s);
    command.set("count_kx", range.count_kx);
    if (layer_->mode == ArrayMode::kPacked) {
        command.set("mode", 2);
        command.set("count_kx", range.own_steps);  // vectors of a position
        // Accumulator words between tiles.
        if (group.count > 1) command.set("kx_step", area.positions());
        if (wide_pieces(*layer_, plan_)) {
            command.set("structured", 1);
            command.set("count_s", 1);
            command.set("tail", layer_->run_bytes() == plan_.wide_rows() ? 0 : layer_->run_bytes());
        }
    }
    command.set("count_ky", range.count_ky);
    command.set("count_n", group.count);
    command.set("count_x", area.width());
    command.set("count_y", area.height());
    command.set("weight_addr", chunk.tile_address);
    command.set("acc_addr", acc);
    command.set("pos_start", int64_t{area.y0} * layer_->out_w + area.x0);
    command.set("pos_pitch", layer_->out_w);
    command.set("channel_start", channel_of(group.first));
    command.set("step_start", range.first_step);
    command.set("cols", tile_columns(*layer_, group.first));
    return command;
}

void Scheduler::compute(const Area& area, const TileGroup& group, const WeightChunk& chunk,
                        int32_t acc, bool accumulate) {
    const network::Conv2dAttributes& conv = layer_->conv;
    const ReductionRange& range = chunk.range;
    Command command = compute_command(area, group, chunk, acc, accumulate);
    const int32_t conv_group = group.first / tiles_per_group(*layer_);
    const int64_t row = int64_t{area.y0} * conv.stride_h - conv.padding.top +
                        range.ky * conv.dilation_h - input_.y_low;
    const int64_t col = int64_t{area.x0 * conv.stride_w - conv.padding.left} * layer_->in_c +
                        (conv.groups > 1 ? int64_t{conv_group} * layer_->group_c() : 0) +
                        int64_t{range.kx} * conv.dilation_w * layer_->in_c +
                        int64_t{range.s} * layer_->chunk_bytes - input_.x_low;
    // A block that lies in the padding altogether has no input: start beyond its single row.
    const bool empty = input_.rows() == 0 || input_.row_bytes() == 0;
    command.set("rows", empty ? 1 : input_.rows());
    command.set("row_bytes", std::max<int64_t>(1, input_.row_bytes()));
    command.set("row_start", empty ? 1 : row);
    command.set("col_start", col);
    command.set("act_start", input_.base + row * input_.pitch + col);
    if (range.count_kx > 1 && layer_->mode == ArrayMode::kPlain)
        command.set("kx_step", int64_t{conv.dilation_w} * layer_->in_c);
    if (range.count_ky > 1) {
        command.set("ky_step", conv.dilation_h * input_.pitch);
        command.set("ky_rows", conv.dilation_h);
    }
    if (area.width() > 1) command.set("x_step", int64_t{conv.stride_w} * layer_->in_c);
    if (area.height() > 1) {
        command.set("y_step", conv.stride_h * input_.pitch);
        command.set("y_rows", conv.stride_h);
    }
    // From the first row of its windows on: rows above may already belong to the next block.
    const int64_t until = needed_until(area);
    const int64_t low = input_.base + std::max<int64_t>(0, row) * input_.pitch;
    const int64_t high = (!input_.contiguous() && input_.rows() > 1)
                             ? input_.base + until * input_.pitch
                             : input_.base + until;
    items_.push_back({command,
                      {{Resource::kActivation, low, std::max(low + 1, high), false},
                       {Resource::kWeight, chunk.tile_address,
                        chunk.tile_address + tiles_of(group, range), false},
                       accumulator_write(acc, int64_t{area.positions()} * group.count)},
                      {lists_of(group, range)}});
}

void Scheduler::compute_split(const Area& area, const TileGroup& group, const WeightChunk& chunk,
                              const InputTile& tile, int32_t acc, bool accumulate) {
    const network::Conv2dAttributes& conv = layer_->conv;
    const ReductionRange& range = chunk.range;
    Command command = compute_command(area, group, chunk, acc, accumulate);
    const int32_t conv_group = group.first / tiles_per_group(*layer_);
    const int64_t first = int64_t{area.x0 * conv.stride_w - conv.padding.left} * layer_->in_c +
                          (conv.groups > 1 ? int64_t{conv_group} * layer_->group_c() : 0) +
                          int64_t{range.kx} * conv.dilation_w * layer_->in_c +
                          int64_t{range.s} * layer_->chunk_bytes;
    const bool empty = tile.rows() == 0 || tile.row_bytes() == 0;
    const int64_t row = empty ? 1 : area.y0 - tile.y_low;
    command.set("rows", empty ? 1 : tile.rows());
    command.set("row_bytes", std::max<int64_t>(1, tile.row_bytes()));
    command.set("row_start", row);
    command.set("col_start", first - tile.x_low);
    command.set("act_start", tile.base + row * tile.pitch + first - tile.x_low);
    if (area.width() > 1) command.set("x_step", int64_t{conv.stride_w} * layer_->in_c);
    if (area.height() > 1) {
        command.set("y_step", tile.pitch);
        command.set("y_rows", 1);
    }
    items_.push_back(
        {command,
         {{Resource::kActivation, tile.base, std::max(tile.base + 1, tile.buffer_end()), false},
          {Resource::kWeight, chunk.tile_address, chunk.tile_address + range.steps(), false},
          accumulator_write(acc, area.positions())}});
}

Scheduler::OutputTile Scheduler::make_output(const Area& block, int32_t first_tile,
                                             int32_t last_tile) {
    OutputTile out;
    const TensorPlace& tensor = places_.output;
    const int64_t element = layer_->out_bytes();
    out.first_channel = channel_of(first_tile);
    const int32_t last_channel = channel_of(last_tile - 1) + tile_columns(*layer_, last_tile - 1);
    out.channels = last_channel - out.first_channel;
    const auto offset = [&](const TensorPlace& place) {
        return block.y0 * place.row_bytes + block.x0 * place.pixel_bytes +
               out.first_channel * element;
    };
    const size_t turn = output_turn_++ % 2;
    if (tensor.chip >= 0) {
        out.pixel_pitch = tensor.pixel_bytes;
        out.row_pitch = tensor.row_bytes;
        out.base = tensor.chip + offset(tensor);
    } else {
        const bool all_channels = out.channels * element == tensor.pixel_bytes;
        out.pixel_pitch = all_channels ? tensor.pixel_bytes
                                       : congruent_pitch(out.channels * element, tensor.pixel_bytes,
                                                         plan_.bus_bytes);
        out.row_pitch =
            congruent_pitch(block.width() * out.pixel_pitch, tensor.row_bytes, plan_.bus_bytes);
        out.base =
            congruent_address(output_regions_[turn], tensor.dram + offset(tensor), plan_.bus_bytes);
        fresh_output_ = !streams_;
    }
    out.bytes = block.height() * out.row_pitch;
    if (residual_add_ != nullptr) {
        const TensorPlace& residual = places_.residual;
        out.residual = residual.chip >= 0
                           ? residual.chip + offset(residual)
                           : congruent_address(residual_regions_[turn],
                                               residual.dram + offset(residual), plan_.bus_bytes);
    }
    return out;
}

void Scheduler::vector(const Area& area, const Area& block, const TileGroup& group,
                       const OutputTile& out, int32_t acc) {
    load_parameters(group);
    const int32_t rows = plan_.groups_per_tile();
    const int32_t table_tiles = parameter_tiles();
    const int64_t table_row =
        parameter_start_ + int64_t{group.first - parameter_block_ * table_tiles} * rows;
    const int64_t element = layer_->out_bytes();
    const int64_t low = out.base + (area.y0 - block.y0) * out.row_pitch +
                        (area.x0 - block.x0) * out.pixel_pitch +
                        (channel_of(group.first) - out.first_channel) * element;
    const int32_t last_cols = tile_columns(*layer_, group.first + group.count - 1);
    Command command(Unit::kVector, layer_->index);
    command.set("acc_addr", acc);
    command.set("raw", layer_->raw ? 1 : 0);
    command.set("empty", empty_ ? 1 : 0);
    command.set("use_bias", layer_->has_bias ? 1 : 0);
    command.set("per_channel", layer_->per_channel && !layer_->raw ? 1 : 0);
    command.set("count_x", area.width());
    command.set("count_y", area.height());
    command.set("count_n", group.count);
    command.set("last_cols", last_cols);
    command.set("out_addr", low);
    if (area.width() > 1) command.set("x_pitch", out.pixel_pitch);
    if (area.height() > 1) command.set("y_pitch", out.row_pitch);
    if (group.count > 1) command.set("n_pitch", plan_.cols * element);
    command.set("bias_row", layer_->has_bias ? table_row : 0);
    command.set("scale_row", layer_->per_channel ? table_row : 0);
    command.set("multiplier", layer_->scales.front().multiplier);
    command.set("exponent", layer_->scales.front().exponent);
    command.set("zero_point", layer_->output_zero_point);
    command.set("minimum", layer_->clamp_low);
    command.set("maximum", layer_->clamp_high);
    command.set("pos_start", int64_t{area.y0} * layer_->out_w + area.x0);
    command.set("pos_pitch", layer_->out_w);
    command.set("channel_start", channel_of(group.first));
    command.set("step", steps_);
    const int64_t high = low + (area.height() - 1) * out.row_pitch +
                         (area.width() - 1) * out.pixel_pitch +
                         ((group.count - 1) * plan_.cols + last_cols) * element;
    items_.push_back(
        {command,
         {{Resource::kAccumulator, acc, acc + (empty_ ? 0 : area.positions() * group.count), false},
          // The first results of a tile wait until all that was there before is stored.
          {Resource::kActivation, fresh_output_ ? out.base : low,
           fresh_output_ ? std::max(high, out.base + out.bytes) : high, true},
          {Resource::kBias, table_row, table_row + (layer_->has_bias ? group.count * rows : 0),
           false},
          {Resource::kScale, table_row, table_row + (layer_->per_channel ? group.count * rows : 0),
           false}}});
    fresh_output_ = false;
}

void Scheduler::set_segments(Command& command, const Area& area, const OutputTile& out,
                             const TensorPlace& tensor) const {
    const int64_t element = layer_->out_bytes();
    command.set("count_x", 1);
    command.set("count_y", 1);
    if (out.channels * element == tensor.pixel_bytes) {
        const bool whole = area.width() == layer_->out_w && out.row_pitch == tensor.row_bytes;
        command.set("run_bytes",
                    whole ? area.height() * tensor.row_bytes : area.width() * tensor.pixel_bytes);
        if (!whole && area.height() > 1) {
            command.set("count_x", area.height());
            command.set("stride_x", tensor.row_bytes);
            command.set("buffer_stride_x", out.row_pitch);
        }
        return;
    }
    command.set("run_bytes", out.channels * element);
    command.set("count_x", area.width());
    command.set("count_y", area.height());
    if (area.width() > 1) {
        command.set("stride_x", tensor.pixel_bytes);
        command.set("buffer_stride_x", out.pixel_pitch);
    }
    if (area.height() > 1) {
        command.set("stride_y", tensor.row_bytes);
        command.set("buffer_stride_y", out.row_pitch);
    }
}

void Scheduler::store(const Area& area, const Area& block, const OutputTile& out) {
    const TensorPlace& tensor = places_.output;
    const int64_t element = layer_->out_bytes();
    const int64_t low =
        out.base + (area.y0 - block.y0) * out.row_pitch + (area.x0 - block.x0) * out.pixel_pitch;
    const int64_t dram = tensor.dram + area.y0 * tensor.row_bytes + area.x0 * tensor.pixel_bytes +
                         out.first_channel * element;
    Command command(Unit::kStore, layer_->index);
    command.set("address", dram);
    command.set("buffer", low);
    set_segments(command, area, out, tensor);
    const int64_t high = low + (area.height() - 1) * out.row_pitch +
                         (area.width() - 1) * out.pixel_pitch + out.channels * element;
    items_.push_back({command,
                      {{Resource::kActivation, low, high, false},
                       {Resource::kDram, dram,
                        dram + (area.height() - 1) * tensor.row_bytes +
                            (area.width() - 1) * tensor.pixel_bytes + out.channels * element,
                        true}}});
}

}  // namespace arraywright::compile
