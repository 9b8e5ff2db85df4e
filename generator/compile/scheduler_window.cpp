// Scheduler: depthwise layers, a window of its own in every column. SPDX-License-Identifier:
// Apache-2.0
#include <algorithm>

#include "generator/compile/division.hpp"
#include "generator/compile/scheduler.hpp"
#include "generator/compile/window_weights.hpp"

namespace arraywright::compile {

using isa::Command;
using isa::Unit;

/// Pixels of a band: short ones let the layers before and behind work at the same time.
static constexpr int32_t kBandCycles = 512;
/// Words of the line buffers that a step of `line_start` takes.
static constexpr int32_t kLineUnit = 16;

int32_t Scheduler::window_rows(int32_t width) const {
    const auto tiles = static_cast<int32_t>(streams_ ? ceil_div(tiles_, 2) : 1);
    const int32_t pixels = width * layer_->conv.stride_w * layer_->conv.stride_h;
    return std::max(1, kBandCycles / (tiles * pixels));
}

int32_t Scheduler::row_pixels(const WindowPass& pass, int32_t width) const {
    return (width - 1) * layer_->conv.stride_w + pass.columns;
}

std::vector<Area> Scheduler::window_areas(const Area& block, const TileGroup& group) const {
    const network::Conv2dAttributes& conv = layer_->conv;
    int32_t columns = 1;
    for (const WindowPass& pass : passes_) columns = std::max(columns, pass.columns);
    const int32_t most = std::max(1, accumulators_.largest() / group.count);
    // A band is as wide as line buffers and accumulators allow.
    const int32_t line = std::max(1, (plan_.line_words - columns) / conv.stride_w + 1);
    const int32_t width = std::min({block.width(), line, most});
    const bool goes_on = passes_.size() == 1 && group.count == 1;
    const int32_t wanted = goes_on ? window_rows(width) : block.height();
    // Rows with a dilation of their own share no line buffers: one at a time.
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
    if (!fresh) {
        // The two areas hold less than the whole memory: what lies there is overwritten.
        resident_ = false;
        window_addresses_.clear();
    }
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
    for (size_t a = 0; a < areas.size(); ++a) {
        const Area& area = areas[a];
        load_input(needed_until(area));
        const int32_t acc = accumulators_.allocate(area.positions() * group.count);
        // The line buffers still hold the rows before when one pass follows the other directly.
        const bool goes_on = a > 0 && passes_.size() == 1 && group.count == 1 &&
                             layer_->conv.dilation_h == 1 && areas[a - 1].x0 == area.x0 &&
                             areas[a - 1].y1 == area.y0;
        for (size_t p = 0; p < passes_.size(); ++p) {
            compute_window(area, group, passes_[p], weights + static_cast<int32_t>(p) * group.count,
                           acc, p > 0, {goes_on, 0});
        }
        finish(area, block, group, out, acc, last_of_slice);
    }
}

bool Scheduler::can_stream_windows() const {
    if (layer_->mode != ArrayMode::kWindow || passes_.size() != 1 || layer_->conv.dilation_h != 1 ||
        tiling_.input_buffers != 2 || tiling_.output_buffers != 2 ||
        tiling_.block_w < layer_->out_w || layer_->out_w > accumulators_.largest()) {
        return false;
    }
    const int64_t bank = int64_t{2} * plan_.activation.group_rows * plan_.word_bytes;
    if (output_tile_bytes(*layer_, plan_, tile_room(), window_rows(layer_->out_w), layer_->out_w,
                          layer_->out_c) > bank)
        return false;
    const int32_t pixels = row_pixels(passes_.front(), layer_->out_w);
    if (tiles_ == 1) return pixels <= plan_.line_words;
    return tiles_ * ceil_div(pixels, kLineUnit) * kLineUnit <= plan_.line_words;
}

void Scheduler::skip_rows_in_lines(const Area& block) {
    if (block.y0 == 0) return;
    const network::Conv2dAttributes& conv = layer_->conv;
    const int32_t fresh =
        block.y0 * conv.stride_h - conv.padding.top + conv.kernel_h - conv.stride_h;
    const int32_t held = std::clamp(fresh - input_.y_low, 0, input_.rows());
    input_.y_low += held;
    input_.dram += held * input_.dram_pitch;
    input_.base = congruent_address(input_.base, input_.dram, plan_.bus_bytes);
}

void Scheduler::add_window_stream(const Area& block, const std::vector<TileGroup>& groups) {
    const auto pitch =
        static_cast<int32_t>(ceil_div(row_pixels(passes_.front(), layer_->out_w), kLineUnit));
    for (const Area& area : window_areas(block, groups.front())) {
        load_input(needed_until(area));
        const OutputTile out = make_output(area, 0, tiles_);
        for (const TileGroup& group : groups) {
            const int32_t weights = load_window_weights(group);
            const int32_t acc = accumulators_.allocate(area.positions());
            const Lines lines{area.y0 > 0, groups.size() > 1 ? group.first * pitch : 0};
            compute_window(area, group, passes_.front(), weights, acc, false, lines);
            finish(area, area, group, out, acc, group.first == groups.back().first);
        }
    }
}

void Scheduler::compute_window(const Area& area, const TileGroup& group, const WindowPass& pass,
                               int32_t tile_address, int32_t acc, bool accumulate, Lines lines) {
    const network::Conv2dAttributes& conv = layer_->conv;
    const int32_t multiplier = layer_->multiplier();
    const int32_t last_columns = tile_columns(*layer_, group.first + group.count - 1);
    const int32_t first_channel = channel_of(group.first) / multiplier;
    // Rows that stream in: those of the first window that are not in the line buffers, then
    // stride_h for every further row of windows.
    const int32_t fresh_rows = lines.goes_on ? std::min(conv.stride_h, pass.rows) : pass.rows;
    const int32_t row_step = pass.rows > 1 ? conv.dilation_h : conv.stride_h;
    const int32_t rows_between = pass.rows > 1 ? conv.stride_h : 1;
    const int64_t first_row = int64_t{area.y0} * conv.stride_h - conv.padding.top +
                              (pass.ky + pass.rows - fresh_rows) * conv.dilation_h;
    // A row of odd length has its place only at the start of the line buffers: one more pixel in
    // front, which meets zero weights.
    const int32_t pixels = row_pixels(pass, area.width());
    const int32_t more = streams_ && tiles_ > 1 ? pixels % 2 : 0;
    const int64_t first_col =
        int64_t{area.x0} * conv.stride_w - conv.padding.left + pass.kx * conv.dilation_w - more;
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
    command.set("count_x", pixels + more);
    command.set("count_y", (area.height() - 1) * rows_between + fresh_rows);
    command.set("count_kx", pass.columns + more);
    command.set("count_ky", pass.rows);
    command.set("line_start", lines.start);
    command.set("prime", lines.goes_on ? fresh_rows - 1 : pass.rows - 1);
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
