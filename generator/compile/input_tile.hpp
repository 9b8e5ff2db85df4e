// Input of one output block in the activation buffer. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "generator/compile/blocks.hpp"
#include "generator/compile/layer.hpp"
#include "generator/compile/tiling.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::compile {

/// A rectangle of the input tensor: rows [y_low, y_high), bytes [x_low, x_high) of a row. Bus and
/// buffer addresses agree modulo the bus word in every row.
struct InputTile {
    int32_t y_low = 0, y_high = 0;
    int64_t x_low = 0, x_high = 0;
    int64_t base = 0;   ///< buffer address of (y_low, x_low)
    int64_t pitch = 0;  ///< buffer bytes between rows
    int64_t dram = 0;   ///< bus address of (y_low, x_low)
    int64_t dram_pitch = 0;

    int32_t rows() const { return y_high - y_low; }
    int64_t row_bytes() const { return x_high - x_low; }
    bool contiguous() const { return pitch == dram_pitch && row_bytes() == dram_pitch; }
    int64_t buffer_end() const {
        return rows() == 0 ? base : base + (rows() - 1) * pitch + row_bytes();
    }
};

/// First address >= `low` that agrees with `dram` modulo the bus word.
int64_t congruent_address(int64_t low, int64_t dram, int32_t bus_bytes);
/// First pitch >= `least` that agrees with `dram_pitch` modulo the bus word.
int64_t congruent_pitch(int64_t least, int64_t dram_pitch, int32_t bus_bytes);

/// The whole input, resident at `chip`.
InputTile whole_tensor(const Layer& layer, int64_t chip, int64_t row_pitch);

/// Input rows and pixels that the windows of `block` touch, clipped to the tensor.
InputTile whole_windows(const Layer& layer, const plan::Plan& plan, const Area& block,
                        int64_t region, int64_t tensor);

/// One input row per output row of `block`: the bytes of `range`, part of a single run.
InputTile run_part(const Layer& layer, const plan::Plan& plan, const Area& block, int32_t group,
                   const ReductionRange& range, int64_t region, int64_t tensor);

}  // namespace arraywright::compile
