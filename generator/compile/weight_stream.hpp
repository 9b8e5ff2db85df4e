// Weight tiles as the weight decoder reads them: a stream of nibbles. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/compile/layer.hpp"
#include "generator/compile/tiling.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::compile {

/// Writes the tiles of one load command, in order.
class WeightStream {
public:
    WeightStream(const Layer& layer, const plan::Plan& plan) : layer_(layer), plan_(plan) {}

    /// A tile of `columns` * rows weights, column after column.
    void add_tile(const int8_t* weights, int32_t columns);
    /// Channel tile `tile`: all its chunks of `range`, or its list.
    void add_tiles(int32_t tile, const ReductionRange& range);

    /// Tiles that the array sees.
    int64_t tiles() const { return tiles_; }
    std::vector<uint8_t> take();
    int64_t nibbles() const { return nibbles_; }
    /// Cycles in which the weight decoder takes it, when it never waits.
    int64_t decode_cycles() const { return cycles_; }

private:
    void put(uint32_t nibble);
    void add_list(int32_t tile, const ReductionRange& range);
    void add_chunk(int32_t tile, int32_t ky, int32_t kx, int32_t s, bool header);
    void add_structured_column(const int8_t* run, int32_t first);
    void add_column(const int8_t* weights);
    void add_bitmap_column(const int8_t* weights);
    void add_weight(int8_t weight);

    const Layer& layer_;
    const plan::Plan& plan_;
    std::vector<uint8_t> bytes_;
    /// Decoder cycles of `columns` columns of a tile.
    int64_t column_cycles(int32_t columns) const;

    int64_t nibbles_ = 0, tiles_ = 0, cycles_ = 0;
    int32_t lists_ = 0;
};

/// Bytes of all weights of a layer in plain mode, in its form, without the codebook.
int64_t stored_weight_bytes(const Layer& layer, const plan::Plan& plan);

}  // namespace arraywright::compile
