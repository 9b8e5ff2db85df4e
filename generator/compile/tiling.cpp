// Tiling. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/tiling.hpp"

#include <algorithm>

#include "generator/compile/array_mode.hpp"
#include "generator/compile/division.hpp"

namespace arraywright::compile {

namespace {

/// Bytes crossing the bus when every block loads its input and, unless all fit, all weights; bus
/// time of packed taps included.
int64_t traffic(const Layer& layer, const plan::Plan& plan, const TileRoom& room,
                const Tiling& tiling) {
    const int64_t steps = steps_per_output(layer);
    const int64_t tiles = int64_t{tile_count(layer)} * steps;
    const int64_t weight_bytes = layer.reduction() * layer.out_c;
    const int64_t blocks =
        ceil_div(layer.out_h, tiling.block_h) * ceil_div(layer.out_w, tiling.block_w);
    const int64_t input =
        room.input_on_chip ? 0
                           : blocks * input_tile_bytes(layer, plan, tiling.block_h, tiling.block_w);
    // Small slices of packed taps cost the array what small blocks cost the bus.
    const int64_t gathering =
        layer.mode == ArrayMode::kPacked
            ? int64_t{layer.out_h} * layer.out_w * plan.bus_bytes *
                  packed_cycles(layer, plan, std::min(tiling.slice_tiles, tiles_per_group(layer)))
            : 0;
    // What is added comes pixel by pixel when a slice is not all channels: short bursts, of which
    // only a few are on their way at a time.
    constexpr int64_t kShortBurstCycles = 16;
    const int64_t slices = ceil_div(tile_count(layer), tiling.slice_tiles);
    const int64_t short_bursts =
        room.residual_tiles && slices > 1
            ? int64_t{layer.out_h} * layer.out_w * slices * kShortBurstCycles * plan.bus_bytes
            : 0;
    // Pixels of ragged width are stored slice by slice with a part of a bus word more a run.
    const bool ragged = room.stores && room.output_pixel_bytes % plan.bus_bytes != 0;
    const int64_t partial_words =
        ragged && slices > 1 ? int64_t{layer.out_h} * layer.out_w * slices * plan.bus_bytes : 0;
    return gathering + short_bursts + partial_words + input +
           (tiles <= plan.weight_tiles ? weight_bytes : weight_bytes * blocks);
}

/// The best slice and buffering for a block, or false when it does not fit at all.
bool fit(const Layer& layer, const plan::Plan& plan, const TileRoom& room, Tiling& tiling) {
    const int64_t input_bytes =
        room.input_on_chip ? 0 : input_tile_bytes(layer, plan, tiling.block_h, tiling.block_w);
    const int32_t tiles = tile_count(layer);
    const bool one_block = tiling.block_h >= layer.out_h && tiling.block_w >= layer.out_w;
    // Slices of two bus words a position, and of 512 bytes in all: efficient stores, spread over
    // the computation. Lists of small blocks are short: twice as many fill up half as many words.
    const int64_t positions = int64_t{tiling.block_h} * tiling.block_w;
    const bool small_blocks = layer.form.listed && plan.blocks_per_tile() > 1;
    const int64_t slice_bytes =
        std::max<int64_t>((small_blocks ? 4 : 2) * plan.bus_bytes, 512 / positions);
    auto wanted = static_cast<int32_t>(
        ceil_div(slice_bytes, int64_t{layer.tile_filters} * layer.out_bytes()));
    // Gathered taps serve all tiles of a slice.
    if (layer.mode == ArrayMode::kPacked) wanted = most_packed_tiles(layer, plan);
    // Results that stay need no slices; what is added to others, and pixels that begin anywhere in
    // a bus word, are best moved in long bursts.
    if (!room.stores || room.residual_tiles || room.output_pixel_bytes % plan.bus_bytes != 0)
        wanted = tiles;
    // Results leave while the next ones come, also where there is no room for the next input; but
    // smaller slices of packed taps cost more than that saves.
    constexpr std::pair<int32_t, int32_t> kBuffers[] = {{2, 2}, {1, 2}, {1, 1}};
    for (const auto& [input_buffers, output_buffers] : kBuffers) {
        const int32_t most = std::min(tiles, wanted);
        const bool whole = layer.mode == ArrayMode::kPacked && input_buffers < output_buffers;
        const int32_t least = whole ? most : 1;
        for (int32_t slice = most; slice >= least; slice /= 2) {
            const int64_t channels =
                std::min<int64_t>(layer.out_c, int64_t{slice} * layer.tile_filters);
            const int32_t inputs = one_block ? 1 : input_buffers;
            const bool one_output = one_block && slice >= tiles;
            const int32_t outputs = one_output ? 1 : output_buffers;
            int64_t out = room.output_on_chip ? 0
                                              : output_tile_bytes(layer, plan, room, tiling.block_h,
                                                                  tiling.block_w, channels);
            if (room.residual_tiles) {
                out += residual_tile_bytes(layer, plan, room, tiling.block_h, tiling.block_w,
                                           channels);
            }
            if (inputs * input_bytes + outputs * out > room.bytes) continue;
            tiling.slice_tiles = slice;
            tiling.input_buffers = inputs;
            tiling.output_buffers = outputs;
            return true;
        }
    }
    return false;
}

/// Input bytes of a block when only `chunks` chunks of one run are loaded.
int64_t split_input_bytes(const Layer& layer, const plan::Plan& plan, const Tiling& tiling) {
    const int64_t span = int64_t{tiling.block_w - 1} * layer.conv.stride_w * layer.in_c +
                         int64_t{tiling.split_chunks} * layer.chunk_bytes;
    return tiling.block_h * (span + 2 * plan.bus_bytes) + 2 * plan.bus_bytes;
}

Tiling split_tiling(const Layer& layer, const plan::Plan& plan, const TileRoom& room) {
    Tiling tiling;
    tiling.split_reduction = true;
    // As many positions as the accumulators hold, and as long a part of the run as fits.
    for (int32_t block = std::min(layer.out_h, plan.accumulator_words / 2); block >= 1;
         block /= 2) {
        tiling.block_h = block;
        for (int32_t chunks = chunks_per_run(layer); chunks >= 1;
             chunks = (chunks == 1) ? 0 : (chunks + 1) / 2) {
            if (block > 1 && chunks < 16 && chunks < chunks_per_run(layer)) break;
            tiling.split_chunks = chunks;
            Tiling candidate = tiling;
            candidate.block_h = std::max(1, candidate.block_h);
            // Input is double-buffered: the next range loads while this one computes.
            const int64_t input = split_input_bytes(layer, plan, candidate);
            const int64_t channels = std::min(plan.cols, layer.out_c);
            int64_t out =
                room.output_on_chip ? 0 : output_tile_bytes(layer, plan, room, block, 1, channels);
            if (room.residual_tiles)
                out += residual_tile_bytes(layer, plan, room, block, 1, channels);
            if (2 * input + 2 * out <= room.bytes) {
                candidate.input_buffers = candidate.output_buffers = 2;
                return candidate;
            }
            if (input + out <= room.bytes && chunks == 1 && block == 1) return candidate;
        }
    }
    return tiling;
}

}  // namespace

int32_t shift_bytes(int64_t tensor_row_bytes, const plan::Plan& plan) {
    // Tensors start on a bus word, so whole rows of whole words never shift.
    return tensor_row_bytes % plan.bus_bytes == 0 ? 0 : plan.bus_bytes;
}

int64_t output_tile_bytes(const Layer& layer, const plan::Plan& plan, const TileRoom& room,
                          int32_t block_h, int32_t block_w, int64_t channels) {
    // Pitches agree with the tensor's modulo the bus word, so each pixel and row may be padded.
    const int64_t tensor_pixel = room.output_pixel_bytes;
    const int64_t bytes = channels * layer.out_bytes();
    const int64_t pixel =
        bytes >= tensor_pixel
            ? bytes
            : bytes + ((tensor_pixel - bytes) % plan.bus_bytes + plan.bus_bytes) % plan.bus_bytes;
    const int32_t shift = shift_bytes(tensor_pixel, plan);
    // A slice may start within a bus word even when rows do not: at a multiple of the filters of a
    // tile, or of a group.
    const auto in_words = [&](int64_t filters) {
        return filters * layer.out_bytes() % plan.bus_bytes == 0;
    };
    const bool aligned =
        room.aligned && (channels >= layer.out_c ||
                         (in_words(layer.tile_filters) && in_words(layer.group_filters())));
    const int32_t start = in_words(channels) && aligned ? shift : plan.bus_bytes;
    return block_h * (block_w * pixel + (block_h > 1 ? shift : 0)) + start;
}

int32_t chunks_per_run(const Layer& layer) {
    return static_cast<int32_t>(ceil_div(layer.run_bytes(), layer.chunk_bytes));
}

int64_t steps_per_output(const Layer& layer) {
    if (layer.mode == ArrayMode::kPacked) return ceil_div(layer.reduction(), layer.chunk_bytes);
    if (layer.form.listed) return layer.form.most_listed;
    return int64_t{layer.conv.kernel_h} * layer.runs_per_row() * chunks_per_run(layer);
}

int32_t tiles_per_group(const Layer& layer) {
    return static_cast<int32_t>(ceil_div(layer.group_filters(), layer.tile_filters));
}

int32_t tile_count(const Layer& layer) {
    return tiles_per_group(layer) * layer.tile_groups();
}

int32_t tile_columns(const Layer& layer, int32_t tile) {
    const int32_t in_group = tile % tiles_per_group(layer);
    return std::min(layer.tile_filters, layer.group_filters() - in_group * layer.tile_filters);
}

int32_t tile_channel(const Layer& layer, int32_t tile) {
    const int32_t per_group = tiles_per_group(layer);
    return tile / per_group * layer.group_filters() + tile % per_group * layer.tile_filters;
}

int64_t residual_tile_bytes(const Layer& layer, const plan::Plan& plan, const TileRoom& room,
                            int32_t block_h, int32_t block_w, int64_t channels) {
    if (!room.output_on_chip)
        return output_tile_bytes(layer, plan, room, block_h, block_w, channels);
    return int64_t{block_h} * layer.out_w * layer.out_c + 2 * plan.bus_bytes;
}

int64_t input_tile_bytes(const Layer& layer, const plan::Plan& plan, int32_t block_h,
                         int32_t block_w) {
    const network::Conv2dAttributes& conv = layer.conv;
    const int64_t rows =
        std::min<int64_t>(layer.in_h, int64_t{block_h - 1} * conv.stride_h +
                                          int64_t{conv.kernel_h - 1} * conv.dilation_h + 1);
    const int64_t cols =
        block_w >= layer.out_w
            ? layer.in_w
            : std::min<int64_t>(layer.in_w, int64_t{block_w - 1} * conv.stride_w +
                                                int64_t{conv.kernel_w - 1} * conv.dilation_w + 1);
    const bool whole_rows = cols == layer.in_w;
    const int32_t shift =
        shift_bytes(layer.in_c % plan.bus_bytes == 0 ? 0 : int64_t{layer.in_w} * layer.in_c, plan);
    return rows * (cols * layer.in_c + (whole_rows ? 0 : plan.bus_bytes)) +
           (whole_rows ? shift : plan.bus_bytes);
}

Tiling choose_tiling(const Layer& layer, const plan::Plan& plan, const TileRoom& room) {
    Tiling best;
    int64_t best_traffic = -1;
    // A depthwise layer that streams in and out keeps all ports busy: its tiles want banks of their
    // own, if that is possible.
    const int64_t bank = int64_t{2} * plan.activation.group_rows * plan.word_bytes;
    bool own_banks = layer.mode == ArrayMode::kWindow && !room.input_on_chip &&
                     !room.output_on_chip && plan.activation.groups >= 4 && room.bytes >= 4 * bank;
    const auto consider = [&](int32_t block_h, int32_t block_w) {
        if (own_banks && input_tile_bytes(layer, plan, block_h, block_w) > bank) return;
        Tiling tiling;
        tiling.block_h = block_h;
        tiling.block_w = block_w;
        if (!fit(layer, plan, room, tiling)) return;
        const int64_t bytes = traffic(layer, plan, room, tiling);
        if (best_traffic < 0 || bytes < best_traffic) {
            best = tiling;
            best_traffic = bytes;
        }
    };
    own_banks = own_banks && input_tile_bytes(layer, plan, 1, layer.out_w) <= bank;
    for (int32_t parts = 1; parts <= layer.out_h; ++parts) {
        const auto block_h = static_cast<int32_t>(ceil_div(layer.out_h, parts));
        consider(block_h, layer.out_w);
        if (best_traffic >= 0 && (parts > 64 || best.block_h > 4 * block_h)) break;
    }
    for (int32_t width = layer.out_w; best_traffic < 0 && width > 1;) {
        width = (width + 1) / 2;
        for (int32_t height = std::min(8, layer.out_h); height >= 1; height /= 2)
            consider(height, width);
        if (width == 1) break;
    }
    if (best_traffic < 0) consider(1, 1);
    return best_traffic >= 0 ? best : split_tiling(layer, plan, room);
}

ReductionRange packed_range(const Layer& layer) {
    ReductionRange range;
    range.count_ky = layer.conv.kernel_h;
    range.count_s = chunks_per_run(layer);
    range.own_steps = steps_per_output(layer);
    return range;
}

std::vector<ReductionRange> cut_reduction(const Layer& layer, const std::vector<int64_t>& sizes) {
    const int32_t chunks = chunks_per_run(layer);
    const int32_t runs = layer.runs_per_row();
    const int64_t row_steps = int64_t{runs} * chunks;
    const int64_t total = row_steps * layer.conv.kernel_h;
    std::vector<ReductionRange> ranges;
    int64_t step = 0;
    for (size_t i = 0; step < total; ++i) {
        const int64_t wanted = std::max<int64_t>(1, sizes[std::min(i, sizes.size() - 1)]);
        ReductionRange range;
        range.first_step = step;
        range.ky = static_cast<int32_t>(step / row_steps);
        range.kx = static_cast<int32_t>(step % row_steps / chunks);
        range.s = static_cast<int32_t>(step % chunks);
        if (range.s == 0 && range.kx == 0 && wanted >= row_steps) {
            range.count_ky = static_cast<int32_t>(
                std::min<int64_t>(wanted / row_steps, layer.conv.kernel_h - range.ky));
            range.count_kx = runs;
            range.count_s = chunks;
        } else if (range.s == 0 && wanted >= chunks) {
            range.count_kx =
                static_cast<int32_t>(std::min<int64_t>(wanted / chunks, runs - range.kx));
            range.count_s = chunks;
        } else {
            range.count_s = static_cast<int32_t>(std::min<int64_t>(wanted, chunks - range.s));
        }
        step += range.steps();
        ranges.push_back(range);
    }
    return ranges;
}

}  // namespace arraywright::compile
