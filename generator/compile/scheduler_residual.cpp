// Scheduler: the sum of a layer's results and another tensor, tile by tile.
// SPDX-License-Identifier: Apache-2.0
#include "generator/compile/scheduler.hpp"
#include "generator/compile/vector_commands.hpp"

namespace arraywright::compile {

using isa::Command;
using isa::Unit;

/// Bytes from the start of `area` in a tile to the end of its last pixel.
static int64_t span(const Area& area, int64_t row_pitch, int64_t pixel_pitch, int64_t bytes) {
    return (area.height() - 1) * row_pitch + (area.width() - 1) * pixel_pitch + bytes;
}

void Scheduler::load_residual(const Area& area, const Area& block, const OutputTile& out) {
    const TensorPlace& tensor = places_.residual;
    const int64_t low = out.residual + (area.y0 - block.y0) * out.row_pitch +
                        (area.x0 - block.x0) * out.pixel_pitch;
    const int64_t dram =
        tensor.dram + area.y0 * tensor.row_bytes + area.x0 * tensor.pixel_bytes + out.first_channel;
    Command command(Unit::kLoad, layer_->index);
    command.set("target", 0);
    command.set("cols", 1);
    command.set("address", dram);
    command.set("buffer", low);
    set_segments(command, area, out, tensor);
    items_.push_back(
        {command,
         {{Resource::kDram, dram,
           dram + span(area, tensor.row_bytes, tensor.pixel_bytes, out.channels), false},
          {Resource::kActivation, low,
           low + span(area, out.row_pitch, out.pixel_pitch, out.channels), true}}});
}

void Scheduler::add_residual(const Area& area, const Area& block, const TileGroup& group,
                             const OutputTile& out) {
    const int32_t last_cols = tile_columns(*layer_, group.first + group.count - 1);
    const int64_t offset = (area.y0 - block.y0) * out.row_pitch +
                           (area.x0 - block.x0) * out.pixel_pitch +
                           (channel_of(group.first) - out.first_channel);
    const int64_t low = out.base + offset;
    const int64_t other = out.residual + offset;
    // The residual's own layer, so that the sum's constants and reports are found under its name.
    Command command = combine_command(layer_->index, *residual_add_);
    command.set("in_addr", low);
    command.set("kx_pitch", other - low);
    command.set("out_addr", low);
    command.set("count_x", area.width());
    command.set("count_y", area.height());
    command.set("count_n", group.count);
    command.set("last_cols", last_cols);
    if (area.width() > 1) {
        command.set("x_pitch", out.pixel_pitch);
        command.set("in_x_pitch", out.pixel_pitch);
    }
    if (area.height() > 1) {
        command.set("y_pitch", out.row_pitch);
        command.set("in_y_pitch", out.row_pitch);
    }
    if (group.count > 1) command.set("n_pitch", plan_.cols);
    const int64_t bytes = span(area, out.row_pitch, out.pixel_pitch,
                               int64_t{group.count - 1} * plan_.cols + last_cols);
    items_.push_back({command,
                      {{Resource::kActivation, low, low + bytes, true},
                       {Resource::kActivation, other, other + bytes, false}}});
}

}  // namespace arraywright::compile
