// Loops over tiles and strips. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/vector_scheduler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "generator/compile/division.hpp"
#include "generator/compile/input_tile.hpp"
#include "generator/compile/transfers.hpp"
#include "generator/compile/vector_commands.hpp"

namespace arraywright::compile {

using isa::Command;
using isa::Unit;

namespace {

/// Cycles of a command: later commands of other units start on its heels.
constexpr int64_t kCommandCycles = 1024;

}  // namespace

std::string VectorScheduler::add(const VectorLayer& layer, const VectorPlaces& places,
                                 std::vector<Item>& items) {
    layer_ = &layer;
    places_ = places;
    items_ = &items;
    if (layer.combine.table) load_table();
    if (is_flat()) {
        add_flat();
        return {};
    }
    return add_tiles();
}

void VectorScheduler::push(Command command, std::vector<Access> accesses) {
    items_->push_back({command, std::move(accesses)});
}

int64_t VectorScheduler::bank_bytes() const {
    return int64_t{2} * plan_.activation.group_rows * plan_.word_bytes;
}

/// Element by element, and all tensors without gaps: bytes in a row, whatever the shape.
bool VectorScheduler::is_flat() const {
    if (!layer_->element_wise) return false;
    const Layer& shape = layer_->window;
    const auto dense = [&](const TensorPlace& place) {
        return place.pixel_bytes == shape.in_c &&
               place.row_bytes == int64_t{shape.in_w} * shape.in_c;
    };
    const int64_t align = std::lcm<int64_t>(plan_.cols, plan_.bus_bytes);
    const auto streams = static_cast<int64_t>(
        std::count_if(places_.inputs.begin(), places_.inputs.end(),
                      [](const TensorPlace& place) { return place.chip < 0; }) +
        (places_.output.chip < 0 ? 1 : 0));
    return dense(places_.output) &&
           std::all_of(places_.inputs.begin(), places_.inputs.end(), dense) &&
           2 * streams * (align + plan_.bus_bytes) <= places_.room.bytes();
}

void VectorScheduler::add_flat() {
    const Layer& shape = layer_->window;
    const int64_t total = int64_t{shape.in_h} * shape.in_w * shape.in_c;
    const int64_t align = std::lcm<int64_t>(plan_.cols, plan_.bus_bytes);
    std::vector<Piece> regions;
    const auto count_regions = [&](int64_t bytes) {
        regions.clear();
        for (size_t turn = 0; turn < 2; ++turn) {
            for (size_t i = 0; i < places_.inputs.size(); ++i) {
                if (places_.inputs[i].chip < 0) regions.emplace_back(&in_regions_[i][turn], bytes);
            }
            if (places_.output.chip < 0) regions.emplace_back(&out_regions_[turn], bytes);
        }
    };
    const auto taps = static_cast<int64_t>(places_.inputs.size());
    int64_t piece = kCommandCycles / taps * plan_.lanes / align * align;
    piece = std::max(piece, align);
    count_regions(piece + plan_.bus_bytes);
    while (!place_pieces(regions, places_.room, bank_bytes()) && piece > align) {
        piece = std::max(align, piece / 2 / align * align);
        count_regions(piece + plan_.bus_bytes);
    }
    for (int64_t at = 0; at < total; at += piece) {
        const int64_t bytes = std::min(piece, total - at);
        const size_t turn = turn_++ % 2;
        std::array<int64_t, 2> in{};
        for (size_t i = 0; i < places_.inputs.size(); ++i) {
            const TensorPlace place = places_.inputs[i].from(at);
            in[i] = place.chip;
            if (place.chip >= 0) continue;
            in[i] = congruent_address(in_regions_[i][turn], place.dram, plan_.bus_bytes);
            push(load_command(layer_->index, kActivationTarget, place.dram, in[i], bytes),
                 {{Resource::kDram, place.dram, place.dram + bytes, false},
                  {Resource::kActivation, in[i], in[i] + bytes, true}});
        }
        const TensorPlace to = places_.output.from(at);
        const int64_t out = to.chip >= 0
                                ? to.chip
                                : congruent_address(out_regions_[turn], to.dram, plan_.bus_bytes);
        Command command = combine_command(layer_->index, layer_->combine);
        command.set("in_addr", in[0]);
        if (layer_->combine.two_operands) command.set("kx_pitch", in[1] - in[0]);
        command.set("out_addr", out);
        command.set("count_n", ceil_div(bytes, plan_.cols));
        command.set("last_cols", bytes - (ceil_div(bytes, plan_.cols) - 1) * plan_.cols);
        command.set("n_pitch", plan_.cols);
        std::vector<Access> accesses = {{Resource::kActivation, out, out + bytes, true}};
        for (size_t i = 0; i < places_.inputs.size(); ++i)
            accesses.push_back({Resource::kActivation, in[i], in[i] + bytes, false});
        if (layer_->combine.table) accesses.push_back({Resource::kTable, 0, 1, false});
        push(command, std::move(accesses));
        if (to.in_dram()) {
            push(store_command(layer_->index, to.dram, out, bytes),
                 {{Resource::kActivation, out, out + bytes, false},
                  {Resource::kDram, to.dram, to.dram + bytes, true}});
        }
    }
}

void VectorScheduler::load_table() {
    push(load_command(layer_->index, kTableTarget, places_.table, 0, 256),
         {{Resource::kDram, places_.table, places_.table + 256, false},
          {Resource::kTable, 0, 1, true}});
}

int32_t VectorScheduler::input_rows(int32_t rows) const {
    const Layer& window = layer_->window;
    return std::min(window.in_h, (rows - 1) * window.conv.stride_h + window.conv.kernel_h);
}

/// The most rows, then the most channels, whose tiles fit twice (once if need be).
bool VectorScheduler::choose_tile_size() {
    const Layer& window = layer_->window;
    const auto bytes = [&](const TensorPlace& place, int32_t rows, int32_t columns,
                           int32_t channels) {
        if (place.chip >= 0) return int64_t{0};
        const int64_t pixel = channels == window.in_c && place.pixel_bytes == channels
                                  ? channels
                                  : channels + plan_.bus_bytes;
        return rows * (columns * pixel + plan_.bus_bytes) + plan_.bus_bytes;
    };
    for (const int32_t turns : {2, 1}) {
        for (int32_t channels = window.in_c; channels >= 1;
             channels = channels == 1 ? 0 : (channels + 1) / 2) {
            // Slices start on bus words.
            const auto unit = static_cast<int32_t>(std::lcm(plan_.bus_bytes, plan_.cols));
            if (channels < window.in_c) channels = (channels + unit - 1) / unit * unit;
            if (channels >= window.in_c) channels = window.in_c;
            for (int32_t rows = window.out_h; rows >= 1; rows = rows == 1 ? 0 : (rows + 1) / 2) {
                std::vector<Piece> pieces;
                for (size_t turn = 0; turn < static_cast<size_t>(turns); ++turn) {
                    for (size_t i = 0; i < places_.inputs.size(); ++i) {
                        const int64_t size =
                            bytes(places_.inputs[i], input_rows(rows), window.in_w, channels);
                        if (size > 0) pieces.emplace_back(&in_regions_[i][turn], size);
                    }
                    const int64_t size = bytes(places_.output, rows, window.out_w, channels);
                    if (size > 0) pieces.emplace_back(&out_regions_[turn], size);
                }
                if (!place_pieces(pieces, places_.room, bank_bytes())) continue;
                if (turns == 1) {
                    for (auto& region : in_regions_) region[1] = region[0];
                    out_regions_[1] = out_regions_[0];
                }
                tile_rows_ = rows;
                tile_channels_ = channels;
                return true;
            }
            if (channels <= unit) break;
        }
    }
    return false;
}

std::string VectorScheduler::add_tiles() {
    const Layer& window = layer_->window;
    if (!choose_tile_size()) {
        return fmt::format(
            "one row of windows ({} input rows of {} x {} bytes) does not fit the activation "
            "buffer of {} bytes; buffers.activation_kib = {} would hold it",
            input_rows(1), window.in_w,
            std::min(window.in_c, std::lcm(plan_.bus_bytes, plan_.cols)), plan_.activation_bytes,
            ceil_div(2 * int64_t{input_rows(1) + 1} * window.in_w *
                         std::min(window.in_c, 2 * std::lcm(plan_.bus_bytes, plan_.cols)),
                     1024));
    }
    const network::Conv2dAttributes& conv = window.conv;
    for (int32_t c0 = 0; c0 < window.in_c; c0 += tile_channels_) {
        const int32_t channels = std::min(tile_channels_, window.in_c - c0);
        for (int32_t y0 = 0; y0 < window.out_h; y0 += tile_rows_) {
            const Tile tile = make_tile(y0, std::min(window.out_h, y0 + tile_rows_), c0, channels);
            for (size_t i = 0; i < places_.inputs.size(); ++i) {
                if (places_.inputs[i].chip < 0) load(tile, i);
            }
            const std::vector<Strip> columns = strips(0, window.out_w, conv.kernel_w, conv.stride_w,
                                                      conv.padding.left, window.in_w, window.out_w);
            const int64_t row_cycles = int64_t{window.out_w} * ceil_div(channels, plan_.lanes) *
                                       conv.kernel_h * conv.kernel_w;
            const auto most =
                static_cast<int32_t>(std::clamp<int64_t>(kCommandCycles / row_cycles, 1, 65535));
            for (const Strip& rows : strips(tile.y0, tile.y1, conv.kernel_h, conv.stride_h,
                                            conv.padding.top, window.in_h, most)) {
                for (const Strip& part : columns) combine(tile, rows, part);
            }
            if (places_.output.in_dram()) store(tile);
        }
    }
    return {};
}

std::vector<VectorScheduler::Strip> VectorScheduler::strips(int32_t from, int32_t to,
                                                            int32_t kernel, int32_t stride,
                                                            int32_t before, int32_t extent,
                                                            int32_t most) const {
    std::vector<Strip> result;
    bool mergeable = false;
    for (int32_t i = from; i < to; ++i) {
        const int32_t first = i * stride - before;
        const int32_t start = std::clamp(first, 0, extent - 1);
        const int32_t taps = std::max(1, std::min(first + kernel, extent) - start);
        const bool whole = first >= 0;
        if (mergeable && whole && result.back().taps == taps && result.back().count < most) {
            ++result.back().count;
        } else {
            result.push_back({i, 1, start, taps});
        }
        mergeable = whole;
    }
    return result;
}

VectorScheduler::Tile VectorScheduler::make_tile(int32_t y0, int32_t y1, int32_t c0,
                                                 int32_t channels) {
    const Layer& window = layer_->window;
    const network::Conv2dAttributes& conv = window.conv;
    Tile tile;
    tile.y0 = y0;
    tile.y1 = y1;
    tile.c0 = c0;
    tile.channels = channels;
    tile.in_y0 = std::clamp(y0 * conv.stride_h - conv.padding.top, 0, window.in_h - 1);
    tile.in_y1 = std::clamp((y1 - 1) * conv.stride_h - conv.padding.top + conv.kernel_h,
                            tile.in_y0 + 1, window.in_h);
    const size_t turn = turn_++ % 2;
    const auto place = [&](const TensorPlace& whole, int64_t region, int32_t row, int32_t width) {
        TensorPlace part = whole.from(row * whole.row_bytes + c0);
        if (whole.chip >= 0) return part;
        part.pixel_bytes = channels == whole.pixel_bytes
                               ? channels
                               : congruent_pitch(channels, whole.pixel_bytes, plan_.bus_bytes);
        part.row_bytes =
            congruent_pitch(width * part.pixel_bytes, whole.row_bytes, plan_.bus_bytes);
        part.chip = congruent_address(region, part.dram, plan_.bus_bytes);
        return part;
    };
    for (size_t i = 0; i < places_.inputs.size(); ++i)
        tile.in[i] = place(places_.inputs[i], in_regions_[i][turn], tile.in_y0, window.in_w);
    tile.out = place(places_.output, out_regions_[turn], y0, window.out_w);
    return tile;
}

namespace {

/// Rows x columns of runs between a tensor in DRAM and a tile of it.
void set_segments(Command& command, const TensorPlace& tensor, const TensorPlace& tile,
                  int32_t rows, int32_t columns, int32_t channels) {
    command.set("address", tile.dram);
    command.set("buffer", tile.chip);
    command.set("count_x", 1);
    command.set("count_y", 1);
    if (channels == tensor.pixel_bytes) {
        const int64_t row = int64_t{columns} * channels;
        const bool whole = row == tensor.row_bytes && tile.row_bytes == row;
        command.set("run_bytes", whole ? rows * row : row);
        if (!whole && rows > 1) {
            command.set("count_x", rows);
            command.set("stride_x", tensor.row_bytes);
            command.set("buffer_stride_x", tile.row_bytes);
        }
        return;
    }
    command.set("run_bytes", channels);
    command.set("count_x", columns);
    command.set("count_y", rows);
    if (columns > 1) {
        command.set("stride_x", tensor.pixel_bytes);
        command.set("buffer_stride_x", tile.pixel_bytes);
    }
    if (rows > 1) {
        command.set("stride_y", tensor.row_bytes);
        command.set("buffer_stride_y", tile.row_bytes);
    }
}

int64_t span(const TensorPlace& place, int32_t rows, int32_t columns, int32_t channels) {
    return (rows - 1) * place.row_bytes + (columns - 1) * place.pixel_bytes + channels;
}

}  // namespace

void VectorScheduler::load(const Tile& tile, size_t input) {
    const TensorPlace& whole = places_.inputs[input];
    const TensorPlace& part = tile.in[input];
    const int32_t rows = tile.in_y1 - tile.in_y0;
    const int32_t columns = layer_->window.in_w;
    Command command(Unit::kLoad, layer_->index);
    command.set("target", 0);
    command.set("cols", 1);
    set_segments(command, whole, part, rows, columns, tile.channels);
    push(command, {{Resource::kDram, part.dram,
                    part.dram + span(whole, rows, columns, tile.channels), false},
                   {Resource::kActivation, part.chip,
                    part.chip + span(part, rows, columns, tile.channels), true}});
}

void VectorScheduler::store(const Tile& tile) {
    const TensorPlace& whole = places_.output;
    const int32_t rows = tile.y1 - tile.y0;
    const int32_t columns = layer_->window.out_w;
    Command command(Unit::kStore, layer_->index);
    set_segments(command, whole, tile.out, rows, columns, tile.channels);
    push(command, {{Resource::kActivation, tile.out.chip,
                    tile.out.chip + span(tile.out, rows, columns, tile.channels), false},
                   {Resource::kDram, tile.out.dram,
                    tile.out.dram + span(whole, rows, columns, tile.channels), true}});
}

void VectorScheduler::combine(const Tile& tile, const Strip& rows, const Strip& columns) {
    const network::Conv2dAttributes& conv = layer_->window.conv;
    // What depends on no input reads its own place.
    const TensorPlace& in = places_.inputs.empty() ? tile.out : tile.in[0];
    Combine constants = layer_->combine;
    if (layer_->average) {
        const AverageScale average = average_scale(rows.taps * columns.taps);
        constants.a.multiplier = 1 << (11 + average.left_shift);
        constants.scale = average.scale;
    }
    const int32_t in_y0 = places_.inputs.empty() ? tile.y0 : tile.in_y0;
    const int64_t from =
        in.chip + (rows.start - in_y0) * in.row_bytes + columns.start * in.pixel_bytes;
    const int64_t to = tile.out.chip + (rows.first - tile.y0) * tile.out.row_bytes +
                       columns.first * tile.out.pixel_bytes;
    const int64_t tiles = ceil_div(tile.channels, plan_.cols);
    Command command = combine_command(layer_->index, constants);
    command.set("in_addr", from);
    command.set("out_addr", to);
    command.set("count_x", columns.count);
    command.set("count_y", rows.count);
    command.set("count_n", tiles);
    command.set("last_cols", tile.channels - (tiles - 1) * plan_.cols);
    if (tiles > 1) command.set("n_pitch", plan_.cols);
    if (columns.count > 1) {
        command.set("x_pitch", tile.out.pixel_bytes);
        command.set("in_x_pitch", conv.stride_w * in.pixel_bytes);
    }
    if (rows.count > 1) {
        command.set("y_pitch", tile.out.row_bytes);
        command.set("in_y_pitch", conv.stride_h * in.row_bytes);
    }
    if (constants.two_operands) {
        command.set("kx_pitch", tile.in[1].chip - in.chip);
    } else {
        command.set("count_kx", columns.taps);
        command.set("count_ky", rows.taps);
        if (columns.taps > 1) command.set("kx_pitch", in.pixel_bytes);
        if (rows.taps > 1) command.set("ky_pitch", in.row_bytes);
    }
    const int32_t in_rows = (rows.count - 1) * conv.stride_h + rows.taps;
    const int32_t in_columns = (columns.count - 1) * conv.stride_w + columns.taps;
    const int64_t bytes = span(in, in_rows, in_columns, tile.channels);
    std::vector<Access> accesses = {
        {Resource::kActivation, to, to + span(tile.out, rows.count, columns.count, tile.channels),
         true},
        {Resource::kActivation, from, from + bytes, false}};
    if (constants.two_operands) {
        const int64_t other = from + tile.in[1].chip - in.chip;
        accesses.push_back({Resource::kActivation, other, other + bytes, false});
    }
    if (constants.table) accesses.push_back({Resource::kTable, 0, 1, false});
    push(command, std::move(accesses));
}

}  // namespace arraywright::compile
