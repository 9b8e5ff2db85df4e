// Weights of one layer in the order in which the array consumes them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "generator/compile/layer.hpp"
#include "generator/compile/tiling.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::compile {

class WeightStream;

/// Runs of tiles in DRAM, in the form of the layer: for each channel tile, for each chunk of the
/// reduction, for each used column, its weights. A run starts on a bus word; zero where a run of
/// the input ends within a chunk. Depthwise windows: for each pass, for each channel tile.
class WeightImage {
public:
    WeightImage(const Layer& layer, const plan::Plan& plan) : layer_(layer), plan_(plan) {}

    struct Chunk {
        int64_t offset = 0;  ///< bytes from the start of the layer's weights
        int64_t bytes = 0;
        int64_t decode_cycles = 0;  ///< 0 of a plain stream
    };
    /// Tiles [tile, tile + count), all with the same number of columns; made once, then found.
    Chunk chunk(int32_t tile, int32_t count, const ReductionRange& range);

    std::vector<uint8_t> take() { return std::move(bytes_); }
    int64_t size() const { return static_cast<int64_t>(bytes_.size()); }
    /// Of all weights, without what aligns them.
    int64_t estimated_bytes() const;

private:
    void add_window_tiles(WeightStream& stream, int32_t tile, int32_t count);
    void add_packed_tiles(WeightStream& stream, int32_t tile);

    const Layer& layer_;
    const plan::Plan& plan_;
    std::vector<uint8_t> bytes_;
    std::map<std::tuple<int32_t, int32_t, int64_t, int64_t>, Chunk> chunks_;
};

/// Bias table rows of all channel tiles: `lanes` int32 a row, padded to whole bus words.
std::vector<uint8_t> bias_image(const Layer& layer, const plan::Plan& plan);
/// Scale table rows: multiplier (4 bytes) and exponent (1 byte) a lane.
std::vector<uint8_t> scale_image(const Layer& layer, const plan::Plan& plan);

}  // namespace arraywright::compile
