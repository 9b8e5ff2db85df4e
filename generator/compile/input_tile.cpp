// Input of one output block. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/input_tile.hpp"

#include <algorithm>

namespace arraywright::compile {

namespace {

void place(InputTile& tile, const Layer& layer, const plan::Plan& plan, int64_t dram_pitch,
           int64_t region, int64_t tensor) {
    const int64_t row_pitch = int64_t{layer.in_w} * layer.in_c;
    tile.dram = tensor + tile.y_low * row_pitch + tile.x_low;
    tile.dram_pitch = dram_pitch;
    tile.base = congruent_address(region, tile.dram, plan.bus_bytes);
    tile.pitch = congruent_pitch(tile.row_bytes(), dram_pitch, plan.bus_bytes);
    if (tile.rows() <= 1) tile.pitch = tile.row_bytes();
}

}  // namespace

int64_t congruent_address(int64_t low, int64_t dram, int32_t bus_bytes) {
    return low + ((dram - low) % bus_bytes + bus_bytes) % bus_bytes;
}

int64_t congruent_pitch(int64_t least, int64_t dram_pitch, int32_t bus_bytes) {
    return congruent_address(least, dram_pitch, bus_bytes);
}

InputTile whole_tensor(const Layer& layer, int64_t chip, int64_t row_pitch) {
    InputTile tile;
    tile.y_high = layer.in_h;
    tile.x_high = int64_t{layer.in_w} * layer.in_c;
    tile.base = chip;
    tile.pitch = tile.dram_pitch = row_pitch;
    return tile;
}

InputTile whole_windows(const Layer& layer, const plan::Plan& plan, const Area& block,
                        int64_t region, int64_t tensor) {
    const network::Conv2dAttributes& conv = layer.conv;
    InputTile tile;
    const int32_t y_first = block.y0 * conv.stride_h - conv.padding.top;
    const int32_t y_last =
        (block.y1 - 1) * conv.stride_h - conv.padding.top + (conv.kernel_h - 1) * conv.dilation_h;
    const int32_t x_first = block.x0 * conv.stride_w - conv.padding.left;
    const int32_t x_last =
        (block.x1 - 1) * conv.stride_w - conv.padding.left + (conv.kernel_w - 1) * conv.dilation_w;
    tile.y_low = std::clamp(y_first, 0, layer.in_h);
    tile.y_high = std::clamp(y_last + 1, tile.y_low, layer.in_h);
    tile.x_low = int64_t{std::clamp(x_first, 0, layer.in_w)} * layer.in_c;
    tile.x_high = std::max(tile.x_low, int64_t{std::clamp(x_last + 1, 0, layer.in_w)} * layer.in_c);
    // A nearly whole row is loaded whole: one long burst instead of one a row.
    const int64_t row = int64_t{layer.in_w} * layer.in_c;
    if (block.width() >= layer.out_w && tile.rows() > 1) {
        tile.x_low = 0;
        tile.x_high = row;
    }
    place(tile, layer, plan, row, region, tensor);
    return tile;
}

InputTile run_part(const Layer& layer, const plan::Plan& plan, const Area& block, int32_t group,
                   const ReductionRange& range, int64_t region, int64_t tensor) {
    const network::Conv2dAttributes& conv = layer.conv;
    const int64_t row = int64_t{layer.in_w} * layer.in_c;
    const auto row_of = [&](int32_t y) {
        return y * conv.stride_h - conv.padding.top + range.ky * conv.dilation_h;
    };
    InputTile tile;
    // The rows of the tile are output rows; those whose input row exists are contiguous.
    int32_t y0 = block.y0;
    int32_t y1 = block.y1;
    while (y0 < y1 && row_of(y0) < 0) ++y0;
    while (y1 > y0 && row_of(y1 - 1) >= layer.in_h) --y1;
    tile.y_low = y0;
    tile.y_high = y1;
    const int64_t first = int64_t{block.x0 * conv.stride_w - conv.padding.left} * layer.in_c +
                          int64_t{group} * (conv.groups > 1 ? layer.group_c() : 0) +
                          int64_t{range.kx} * conv.dilation_w * layer.in_c +
                          int64_t{range.s} * layer.chunk_bytes;
    const int64_t span =
        int64_t{block.width() - 1} * conv.stride_w * layer.in_c +
        std::min<int64_t>(int64_t{range.count_s} * layer.chunk_bytes,
                          layer.run_bytes() - int64_t{range.s} * layer.chunk_bytes);
    tile.x_low = std::clamp<int64_t>(first, 0, row);
    tile.x_high = std::clamp<int64_t>(first + span, tile.x_low, row);
    tile.dram = tensor + (tile.rows() > 0 ? row_of(y0) * row : 0) + tile.x_low;
    tile.dram_pitch = row * conv.stride_h;
    tile.base = congruent_address(region, tile.dram, plan.bus_bytes);
    tile.pitch = congruent_pitch(tile.row_bytes(), tile.dram_pitch, plan.bus_bytes);
    return tile;
}

}  // namespace arraywright::compile
