// Choice of the array's mode. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/array_mode.hpp"

#include <algorithm>

#include "generator/compile/tiling.hpp"

namespace arraywright::compile {

namespace {

/// Half of a buffer is filled while the other is in use.
int32_t half(int32_t total) {
    return std::max(1, total / 2);
}

bool try_window(const plan::Plan& plan, Layer& layer) {
    // Where a sum can overflow, taps are added one by one, as the golden kernel has it.
    if (!plan.depthwise || !layer.proven_safe || layer.multiplier() > std::min(8, plan.cols))
        return false;
    layer.mode = ArrayMode::kWindow;
    layer.tile_filters = std::min(plan.rows, plan.cols / layer.multiplier()) * layer.multiplier();
    const std::vector<WindowPass> passes = window_passes(window_kernel(layer), plan);
    const bool wide = std::any_of(passes.begin(), passes.end(), [&](const WindowPass& pass) {
        return pass.columns > plan.line_words;
    });
    if (static_cast<int32_t>(passes.size()) <= half(plan.weight_tiles) && !wide) return true;
    set_plain_mode(plan, layer);
    return false;
}

/// Reads that collect the taps of one position: a kernel row, or its pieces within one vector.
int64_t gather_pieces(const Layer& layer, const plan::Plan& plan) {
    if (wide_pieces(layer, plan)) return layer.conv.kernel_h;
    const int32_t rows = plan.rows;
    int64_t pieces = 0;
    for (int32_t ky = 0; ky < layer.conv.kernel_h; ++ky) {
        const int64_t first = int64_t{ky} * layer.run_bytes();
        const int64_t last = first + layer.run_bytes() - 1;
        pieces += last / rows - first / rows + 1;
    }
    return pieces;
}

void try_packing(const plan::Plan& plan, Layer& layer) {
    if (!plan.tap_packing || !layer.merged() || !layer.proven_safe || layer.conv.kernel_h == 1)
        return;
    const int64_t vectors = (layer.reduction() + plan.rows - 1) / plan.rows;
    if (vectors > std::min(plan.pack_vectors, half(plan.weight_tiles))) return;
    const int32_t tiles = tiles_per_group(layer);
    const int64_t packed = packed_cycles(layer, plan, tiles);
    const int64_t plain = steps_per_output(layer) * tiles;
    if (10 * packed < 9 * plain) layer.mode = ArrayMode::kPacked;
}

}  // namespace

bool join_columns(const plan::Plan& plan, Layer& layer) {
    const network::Conv2dAttributes& conv = layer.conv;
    // Coordinates of overflows would be those of the joined layer.
    if (conv.groups > 1 || conv.dilation_w > 1 || layer.raw || !layer.proven_safe) return false;
    const auto chunks = [&](int32_t joined) {
        const int32_t run = (conv.kernel_w + (joined - 1) * conv.stride_w) * layer.in_c;
        return (run + plan.rows - 1) / plan.rows;
    };
    int32_t best = 1;
    for (int32_t joined = 2; joined * layer.out_c <= plan.cols; ++joined) {
        if (layer.out_w % joined == 0 && chunks(joined) * best < chunks(best) * joined)
            best = joined;
    }
    if (best == 1) return false;
    const int32_t wide = conv.kernel_w + (best - 1) * conv.stride_w;
    const int64_t row = int64_t{conv.kernel_w} * layer.in_c;
    const int64_t wide_row = int64_t{wide} * layer.in_c;
    std::vector<int8_t> weights(static_cast<size_t>(best * layer.out_c * conv.kernel_h * wide_row),
                                0);
    for (int32_t p = 0; p < best; ++p) {
        for (int64_t line = 0; line < int64_t{layer.out_c} * conv.kernel_h; ++line) {
            const int8_t* from = layer.weights + line * row;
            std::copy(from, from + row,
                      weights.begin() +
                          (p * int64_t{layer.out_c} * conv.kernel_h + line) * wide_row +
                          int64_t{p} * conv.stride_w * layer.in_c);
        }
    }
    layer.own_weights = std::move(weights);
    layer.weights = layer.own_weights.data();
    layer.joined_columns = best;
    layer.out_c *= best;
    layer.out_w /= best;
    layer.conv.kernel_w = wide;
    layer.conv.stride_w *= best;
    return true;
}

WindowKernel window_kernel(const Layer& layer) {
    const network::Conv2dAttributes& conv = layer.conv;
    return {conv.kernel_h,
            conv.kernel_w,
            conv.dilation_w,
            layer.weights,
            1,
            int64_t{conv.kernel_h} * conv.kernel_w};
}

bool wide_pieces(const Layer& layer, const plan::Plan& plan) {
    const int64_t run = layer.run_bytes();
    if (!plan.structured() || run <= plan.rows || run > 2 * int64_t{plan.rows}) return false;
    int64_t filled = 0;
    for (int32_t ky = 1; ky < layer.conv.kernel_h; ++ky) {
        filled += run;
        if (filled >= 2 * int64_t{plan.rows}) return false;
        if (filled >= plan.rows) filled -= plan.rows;
    }
    return filled + run <= 2 * int64_t{plan.rows};
}

int32_t most_packed_tiles(const Layer& layer, const plan::Plan& plan) {
    const int64_t vectors = (layer.reduction() + plan.rows - 1) / plan.rows;
    // At least eight positions a command.
    return static_cast<int32_t>(std::max<int64_t>(
        1, std::min<int64_t>(half(plan.weight_tiles) / vectors, half(plan.accumulator_words) / 8)));
}

int64_t packed_cycles(const Layer& layer, const plan::Plan& plan, int32_t slice_tiles) {
    const int64_t vectors = (layer.reduction() + plan.rows - 1) / plan.rows;
    const int64_t tiles = tiles_per_group(layer);
    const int64_t together = std::min<int64_t>(slice_tiles, most_packed_tiles(layer, plan));
    return std::max(gather_pieces(layer, plan), together * vectors) *
           ((tiles + together - 1) / together);
}

void set_plain_mode(const plan::Plan& plan, Layer& layer) {
    layer.mode = ArrayMode::kPlain;
    layer.tile_filters = plan.cols;
    set_dense_form(plan, layer);
}

void choose_array_mode(const plan::Plan& plan, Layer& layer) {
    set_plain_mode(plan, layer);
    const bool depthwise = layer.conv.groups > 1 && layer.conv.groups == layer.in_c;
    if (depthwise && try_window(plan, layer)) return;
    try_packing(plan, layer);
}

}  // namespace arraywright::compile
