// Weights and parameters as the hardware reads them. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/weight_image.hpp"

#include <algorithm>
#include <functional>

#include "generator/compile/array_mode.hpp"
#include "generator/compile/weight_stream.hpp"
#include "generator/compile/window_weights.hpp"

namespace arraywright::compile {

WeightImage::Chunk WeightImage::chunk(int32_t tile, int32_t count, const ReductionRange& range) {
    const auto key = std::make_tuple(tile, count, range.first_step, range.chunks());
    const auto found = chunks_.find(key);
    if (found != chunks_.end()) return found->second;
    WeightStream stream(layer_, plan_);
    if (layer_.mode == ArrayMode::kWindow) {
        add_window_tiles(stream, tile, count);
    } else {
        for (int32_t t = tile; t < tile + count; ++t) {
            if (layer_.mode == ArrayMode::kPacked) {
                add_packed_tiles(stream, t);
            } else {
                stream.add_tiles(t, range);
            }
        }
    }
    const std::vector<uint8_t> bytes = stream.take();
    const Chunk chunk{size(), static_cast<int64_t>(bytes.size()),
                      layer_.form.plain() ? 0 : stream.decode_cycles()};
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    const auto bus = static_cast<size_t>(plan_.bus_bytes);
    bytes_.resize((bytes_.size() + bus - 1) / bus * bus);
    chunks_.emplace(key, chunk);
    return chunk;
}

int64_t WeightImage::estimated_bytes() const {
    return layer_.form.plain() || layer_.mode != ArrayMode::kPlain
               ? layer_.reduction() * layer_.out_c
               : stored_weight_bytes(layer_, plan_);
}

void WeightImage::add_window_tiles(WeightStream& stream, int32_t tile, int32_t count) {
    const WindowKernel kernel = window_kernel(layer_);
    for (const WindowPass& pass : window_passes(kernel, plan_)) {
        for (int32_t t = tile; t < tile + count; ++t) {
            const int32_t columns = tile_columns(layer_, t);
            stream.add_tile(
                window_tile(kernel, pass, tile_channel(layer_, t), columns, plan_).data(), columns);
        }
    }
}

void WeightImage::add_packed_tiles(WeightStream& stream, int32_t tile) {
    const int64_t taps = layer_.reduction();
    const int32_t columns = tile_columns(layer_, tile);
    for (int64_t first = 0; first < taps; first += plan_.rows) {
        const int64_t last = std::min<int64_t>(taps, first + plan_.rows);
        std::vector<int8_t> weights(static_cast<size_t>(columns * plan_.rows), 0);
        for (int32_t c = 0; c < columns; ++c) {
            const int8_t* row = layer_.weights + (tile_channel(layer_, tile) + c) * taps;
            std::copy(row + first, row + last, weights.begin() + c * plan_.rows);
        }
        stream.add_tile(weights.data(), columns);
    }
}

namespace {

/// Rows of all tiles; `put` writes the bytes of one lane for a channel.
std::vector<uint8_t> table_image(const Layer& layer, const plan::Plan& plan, int32_t row_beats,
                                 size_t lane_bytes,
                                 const std::function<void(uint8_t*, int32_t)>& put) {
    const int32_t tiles = tile_count(layer);
    const size_t row_bytes = static_cast<size_t>(row_beats) * static_cast<size_t>(plan.bus_bytes);
    const size_t tile_bytes = row_bytes * static_cast<size_t>(plan.groups_per_tile());
    std::vector<uint8_t> bytes(tile_bytes * static_cast<size_t>(tiles), 0);
    for (int32_t tile = 0; tile < tiles; ++tile) {
        const int32_t channel = tile_channel(layer, tile);
        for (int32_t c = 0; c < tile_columns(layer, tile); ++c) {
            const size_t row = static_cast<size_t>(tile) * tile_bytes +
                               static_cast<size_t>(c / plan.lanes) * row_bytes;
            put(bytes.data() + row + static_cast<size_t>(c % plan.lanes) * lane_bytes, channel + c);
        }
    }
    return bytes;
}

void put_int32(uint8_t* at, int32_t value) {
    for (int32_t b = 0; b < 4; ++b)
        at[b] = static_cast<uint8_t>(static_cast<uint32_t>(value) >> (8 * b));
}

}  // namespace

std::vector<uint8_t> bias_image(const Layer& layer, const plan::Plan& plan) {
    return table_image(layer, plan, plan.bias_row_beats(), 4, [&](uint8_t* at, int32_t n) {
        put_int32(at, layer.bias[static_cast<size_t>(n)]);
    });
}

std::vector<uint8_t> scale_image(const Layer& layer, const plan::Plan& plan) {
    return table_image(layer, plan, plan.scale_row_beats(), 5, [&](uint8_t* at, int32_t n) {
        const Scale& scale = layer.scales[static_cast<size_t>(n)];
        put_int32(at, scale.multiplier);
        at[4] = static_cast<uint8_t>(scale.exponent & 0x3f);
    });
}

}  // namespace arraywright::compile
