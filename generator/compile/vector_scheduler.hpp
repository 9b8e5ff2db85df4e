// Commands of operators without weights. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "generator/compile/blocks.hpp"
#include "generator/compile/item.hpp"
#include "generator/compile/places.hpp"
#include "generator/compile/vector_layer.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::compile {

/// Where everything is that one operator reads and writes.
struct VectorPlaces {
    std::vector<TensorPlace> inputs;  ///< one or two, of the same shape
    TensorPlace output;
    int64_t table = -1;  ///< bus address of the lookup table
    Room room;           ///< of the activation buffer, for tiles
};

class VectorScheduler {
public:
    explicit VectorScheduler(const plan::Plan& plan) : plan_(plan) {}

    /// Commands of `layer`; empty on success, else what does not fit.
    std::string add(const VectorLayer& layer, const VectorPlaces& places, std::vector<Item>& items);

private:
    /// Output rows [y0, y1), all columns, channels [c0, c0 + channels), and where the tiles are.
    struct Tile {
        int32_t y0 = 0, y1 = 0;
        int32_t c0 = 0, channels = 0;
        int32_t in_y0 = 0, in_y1 = 0;  ///< input rows
        std::array<TensorPlace, 2> in;
        TensorPlace out;
    };
    /// Results whose windows are clipped alike.
    struct Strip {
        int32_t first = 0, count = 0;  ///< results
        int32_t start = 0, taps = 0;   ///< input of the first window, and its size
    };

    void add_flat();
    std::string add_tiles();
    bool choose_tile_size();
    Tile make_tile(int32_t y0, int32_t y1, int32_t c0, int32_t channels);
    void load(const Tile& tile, size_t input);
    void store(const Tile& tile);
    void combine(const Tile& tile, const Strip& rows, const Strip& columns);
    void load_table();
    std::vector<Strip> strips(int32_t from, int32_t to, int32_t kernel, int32_t stride,
                              int32_t before, int32_t extent, int32_t most) const;
    int64_t bank_bytes() const;
    int32_t input_rows(int32_t rows) const;
    bool is_flat() const;
    void push(isa::Command command, std::vector<Access> accesses);

    const plan::Plan& plan_;
    const VectorLayer* layer_ = nullptr;
    VectorPlaces places_;
    std::vector<Item>* items_ = nullptr;
    int32_t tile_rows_ = 0, tile_channels_ = 0;
    std::array<std::array<int64_t, 2>, 2> in_regions_{};  ///< [input][turn]
    std::array<int64_t, 2> out_regions_{};
    size_t turn_ = 0;
};

}  // namespace arraywright::compile
