// Scheduler: depthwise layers, a window of its own in every column. SPDX-License-Identifier:
// Apache-2.0
#include <algorithm>

#include "generator/compile/scheduler.hpp"
#include "generator/compile/window_weights.hpp"

namespace arraywright::compile {

using isa::Command;
using isa::Unit;

/// Pixels of a band: short ones let the layers before and behind work at the same time.
static constexpr int32_t kBandCycles = 512;

std::vector<Area> Scheduler::window_areas(const Area& block, const TileGroup& group) const {
    const network::Conv2dAttributes& conv = layer_->conv;
    int32_t columns = 1;
    for (const WindowPass& pass : passes_) columns = std::max(columns, pass.columns);
    const int32_t most = std::max(1, accumulators_.largest() / group.count);
    // A band is as wide as line buffers and accumulators allow.
    const int32_t line = std::max(1, (plan_.line_words - columns) / conv.stride_w + 1);
    const int32_t width = std::min({block.width(), line, most});
    // Rows with a dilation of their own share no line buffers: one at a time.
    const int32_t pixels = width * conv.stride_w * conv.stride_h;
    const bool goes_on = passes_.size() == 1 && group.count == 1;
    const int32_t wanted = goes_on ? std::max(1, kBandCycles / pixels) : block.height();
    const int32_t height =
        conv.dilation_h > 1 ? 1 : std::clamp(wanted, 1, std::max(1, most / width));
    std::vector<Area> areas;
    for (int32_t x = block.x0; x < block.x1; x += width) {
        // Areas of one size: what follows a small one waits for the accumulators of a large one.
        int32_t y = block.y0;
        for (int32_t parts = (block.height() + height - 1) / height; parts > 0; --parts) {
            const int32_t rows = (block.y1 - y + parts - 1) / parts;
            areas.push_back({y, y + rows, x, std::min(block.x1, x + width)});
            y += rows;
        }
    }
    return areas;
}

int32_t Scheduler::load_window_weights(const TileGroup& group) {
    const auto found = window_addresses_.find(group.first);
    if (found != window_addresses_.end()) return found->second;
    const auto tiles = static_cast<int32_t>(passes_.size()) * group.count;
    const std::optional<int32_t> fresh =
        resident_ ? weight_memory_.allocate_fresh(tiles) : std::nullopt;
    const int32_t address = fresh ? *fresh : weight_memory_.allocate_behind(tiles);
    claim_area_ = false;
    if (fresh) window_addresses_[group.first] = address;
    WeightChunk chunk;
    chunk.tile_address = address;
    chunk.range.count_s = static_cast<int32_t>(passes_.size());
    load_chunk(group, group, chunk);
    return address;
}

void Scheduler::add_window_group(const Area& block, const TileGroup& group, const OutputTile& out,
                                 bool last_of_slice) {
    const int32_t weights = load_window_weights(group);
    const std::vector<Area> areas = window_areas(block, group);
    // In a stream, results leave while the next block fills the other bank, but for the last ones.
    const bool later = streams_ && block.y1 < layer_->out_h;
    for (size_t a = 0; a < areas.size(); ++a) {
        const Area& area = areas[a];
        load_input(needed_until(area));
        const int32_t acc = accumulators_.allocate(area.positions() * group.count);
        // The line buffers still hold the rows before when one pass follows the other directly.
        const bool follows = window_group_ == group.first && window_end_.y1 == area.y0 &&
                             window_end_.x0 == area.x0 && window_end_.x1 == area.x1;
        const bool goes_on =
            follows && passes_.size() == 1 && group.count == 1 && layer_->conv.dilation_h == 1;
        window_group_ = group.first;
        window_end_ = area;
        for (size_t p = 0; p < passes_.size(); ++p) {
            compute_window(area, group, passes_[p], weights + static_cast<int32_t>(p) * group.count,
                           acc, p > 0, goes_on);
        }
        finish(area, block, group, out, acc, last_of_slice && !later);
    }
    if (!last_of_slice || !later) return;
    for (const Area& area : areas) {
        store(area, block, out);
        // Not before the last results are there.
        if (&area == &areas.front())
            items_.back().accesses.push_back(
                {Resource::kActivation, out.base, out.base + out.bytes, false});
    }
}

void Scheduler::compute_window(const Area& area, const TileGroup& group, const WindowPass& pass,
                               int32_t tile_address, int32_t acc, bool accumulate, bool goes_on) {
    const network::Conv2dAttributes& conv = layer_->conv;
    const int32_t multiplier = layer_->multiplier();
    const int32_t last_columns = tile_columns(*layer_, group.first + group.count - 1);
    const int32_t first_channel = channel_of(group.first) / multiplier;
    // Rows that stream in: those of the first window that are not in the line buffers, then
    // stride_h for every further row of windows.
    const int32_t fresh_rows = goes_on ? std::min(conv.stride_h, pass.rows) : pass.rows;
    const int32_t row_step = pass.rows > 1 ? conv.dilation_h : conv.stride_h;
    const int32_t rows_between = pass.rows > 1 ? conv.stride_h : 1;
    const int64_t first_row = int64_t{area.y0} * conv.stride_h - conv.padding.top +
                              (pass.ky + pass.rows - fresh_rows) * conv.dilation_h;
    const int64_t first_col =
        int64_t{area.x0} * conv.stride_w - conv.padding.left + pass.kx * conv.dilation_w;
    const int64_t row = first_row - input_.y_low;
    const int64_t col = first_col * layer_->in_c + first_channel - input_.x_low;
    const bool empty = input_.rows() == 0 || input_.row_bytes() == 0;

    Command command(Unit::kCompute, layer_->index);
    command.set("mode", 1);
    command.set("zero_point", layer_->input_zero_point);
    command.set("accumulate", accumulate ? 1 : 0);
    command.set("rows", empty ? 1 : input_.rows());
    command.set("row_bytes", std::max<int64_t>(1, input_.row_bytes()));
    command.set("row_start", empty ? 1 : row);
    command.set("col_start", col);
    command.set("act_start", input_.base + row * input_.pitch + col);
    command.set("tail", last_columns / multiplier);
    command.set("count_s", 1);
    command.set("count_n", group.count);
    command.set("count_x", (area.width() - 1) * conv.stride_w + pass.columns);
    command.set("count_y", (area.height() - 1) * rows_between + fresh_rows);
    command.set("count_kx", pass.columns);
    command.set("count_ky", pass.rows);
    command.set("prime", goes_on ? fresh_rows - 1 : pass.rows - 1);
    command.set("stride_x", conv.stride_w);
    command.set("stride_y", rows_between);
    command.set("share", multiplier);
    command.set("kx_step", layer_->tile_filters / multiplier);
    command.set("x_step", layer_->in_c);
    command.set("y_step", row_step * input_.pitch);
    command.set("y_rows", row_step);
    command.set("weight_addr", tile_address);
    command.set("acc_addr", acc);
    command.set("pos_start", int64_t{area.y0} * layer_->out_w + area.x0);
    command.set("pos_pitch", layer_->out_w);
    command.set("channel_start", channel_of(group.first));
    command.set("step_start", 0);
    command.set("cols", last_columns);
    const int64_t until = needed_until(area);
    const int64_t end =
        (!input_.contiguous() && input_.rows() > 1) ? input_.buffer_end() : input_.base + until;
    const int64_t low = input_.base + std::max<int64_t>(0, row) * input_.pitch;
    items_.push_back({command,
                      {{Resource::kActivation, low, std::max(low + 1, end), false},
                       {Resource::kWeight, tile_address, tile_address + group.count, false},
                       accumulator_write(acc, int64_t{area.positions()} * group.count)}});
}

}  // namespace arraywright::compile
