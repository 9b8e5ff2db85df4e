// How the array walks a layer. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "generator/compile/layer.hpp"
#include "generator/compile/window_weights.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::compile {

/// Sets `mode` and `tile_filters`: depthwise windows where the design has them, packed taps where
/// they save cycles. Packed taps sum in another order than kernel rows, so only layers that cannot
/// overflow use them.
void choose_array_mode(const plan::Plan& plan, Layer& layer);

/// One chunk of the reduction a step, for all columns alike.
void set_plain_mode(const plan::Plan& plan, Layer& layer);

/// Joins output columns of a layer with few filters where that saves steps: out_c grows, out_w
/// shrinks, the bytes of the output stay where they are. True if it did.
bool join_columns(const plan::Plan& plan, Layer& layer);

/// Weights of a depthwise layer, [out_c, kernel_h, kernel_w].
WindowKernel window_kernel(const Layer& layer);

/// Packed taps: a kernel row is read at once, as wide as structured weights read. No row but the
/// last may complete two vectors: one is written a cycle.
bool wide_pieces(const Layer& layer, const plan::Plan& plan);

/// Channel tiles that one command of packed taps can serve.
int32_t most_packed_tiles(const Layer& layer, const plan::Plan& plan);

/// Cycles of one position in all channel tiles, with packed taps and `slice_tiles` at a time: its
/// taps are gathered anew for each slice.
int64_t packed_cycles(const Layer& layer, const plan::Plan& plan, int32_t slice_tiles);

}  // namespace arraywright::compile
