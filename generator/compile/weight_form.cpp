// Choice of weight forms. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/weight_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "generator/compile/layer.hpp"
#include "generator/compile/tiling.hpp"
#include "generator/compile/weight_stream.hpp"

namespace arraywright::compile {

namespace {

/// A form must save this part of what it replaces, in percent.
constexpr int64_t kLeastGain = 3;

bool pays(int64_t with, int64_t without) {
    return 100 * with <= (100 - kLeastGain) * without;
}

const int8_t* run_of(const Layer& layer, int32_t channel, int64_t run) {
    return layer.weights + channel * layer.reduction() + run * layer.run_bytes();
}

int64_t runs_of(const Layer& layer) {
    return int64_t{layer.conv.kernel_h} * layer.runs_per_row();
}

void find_nonzero_tiles(Layer& layer) {
    const int32_t chunks = chunks_per_run(layer);
    const int32_t tiles = tile_count(layer);
    const int64_t steps = runs_of(layer) * chunks;
    layer.form.nonzero.assign(static_cast<size_t>(tiles * steps), false);
    for (int32_t tile = 0; tile < tiles; ++tile) {
        for (int32_t c = 0; c < tile_columns(layer, tile); ++c) {
            for (int64_t run = 0; run < runs_of(layer); ++run) {
                const int8_t* weights = run_of(layer, tile_channel(layer, tile) + c, run);
                for (int32_t i = 0; i < layer.run_bytes(); ++i) {
                    if (weights[i] == 0) continue;
                    const int64_t step = run * chunks + i / layer.chunk_bytes;
                    layer.form.nonzero[static_cast<size_t>(tile * steps + step)] = true;
                }
            }
        }
    }
}

ReductionRange whole_range(const Layer& layer) {
    ReductionRange range;
    range.count_ky = layer.conv.kernel_h;
    range.count_kx = layer.runs_per_row();
    range.count_s = chunks_per_run(layer);
    return range;
}

void try_lists(const plan::Plan& plan, Layer& layer) {
    find_nonzero_tiles(layer);
    const ReductionRange range = whole_range(layer);
    int64_t listed = 0;
    for (int32_t tile = 0; tile < tile_count(layer); ++tile) {
        const auto length = static_cast<int64_t>(tile_list(layer, tile, range).size());
        listed += length;
        layer.form.most_listed = std::max(layer.form.most_listed, length);
    }
    layer.form.imbalance = static_cast<double>(layer.form.most_listed) * tile_count(layer) /
                           static_cast<double>(listed);
    layer.form.listed = pays(listed, range.steps() * tile_count(layer));
    if (!layer.form.listed && plan.blocks_per_tile() > 1 && !layer.form.structured) {
        // Blocks smaller than a tile save bytes where no tile is zero.
        layer.form.listed = true;
        const int64_t with = stored_weight_bytes(layer, plan);
        layer.form.listed = false;
        layer.form.listed = pays(with, stored_weight_bytes(layer, plan));
    }
    if (!layer.form.listed) {
        layer.form.nonzero.clear();
        layer.form.most_listed = 0;
        layer.form.imbalance = 1;
    }
}

void try_codes(const plan::Plan& plan, Layer& layer) {
    std::array<bool, 256> used{};
    used[128] = true;  // zero, behind the end of a run
    const int64_t weights = int64_t{layer.out_c} * layer.reduction();
    for (int64_t i = 0; i < weights; ++i) used[static_cast<size_t>(layer.weights[i] + 128)] = true;
    const auto distinct = std::count(used.begin(), used.end(), true);
    if (distinct > plan.codebook) return;
    layer.form.codes = distinct <= 16 ? 1 : 2;
    for (int32_t value = -128; value < 128; ++value) {
        if (used[static_cast<size_t>(value + 128)])
            layer.form.codebook.push_back(static_cast<int8_t>(value));
    }
    layer.form.codebook.resize(layer.form.codes == 1 ? 16 : 256, 0);
}

void try_bitmap(const plan::Plan& plan, Layer& layer) {
    // The decoder takes one column of a bitmap a cycle: no slower than the bus only where that is
    // what a cycle brings.
    if (layer.form.structured || plan.write_cols > 1 || layer.mode == ArrayMode::kWindow) return;
    const int64_t without = stored_weight_bytes(layer, plan);
    layer.form.bitmap = true;
    layer.form.bitmap = pays(stored_weight_bytes(layer, plan), without);
}

}  // namespace

bool meets_pattern(const Layer& layer, int32_t n, int32_t m) {
    for (int32_t channel = 0; channel < layer.out_c; ++channel) {
        for (int64_t run = 0; run < runs_of(layer); ++run) {
            const int8_t* weights = run_of(layer, channel, run);
            for (int32_t first = 0; first < layer.run_bytes(); first += m) {
                const int32_t last = std::min(layer.run_bytes(), first + m);
                const auto zeros = std::count(weights + first, weights + last, 0);
                if (last - first - zeros > n) return false;
            }
        }
    }
    return true;
}

std::vector<ListEntry> tile_list(const Layer& layer, int32_t tile, const ReductionRange& range) {
    const int32_t chunks = chunks_per_run(layer);
    const int64_t first = tile * runs_of(layer) * chunks;
    std::vector<ListEntry> list;
    size_t needed = 0;  // entries up to the last tile that is not zero
    for (int32_t run = 0; run < range.count_ky * range.count_kx; ++run) {
        const int32_t ky = range.ky + run / range.count_kx;
        const int32_t kx = range.kx + run % range.count_kx;
        const int64_t at = first + (int64_t{ky} * layer.runs_per_row() + kx) * chunks + range.s;
        const size_t before = list.size();
        for (int32_t s = 0; s < range.count_s; ++s) {
            if (layer.form.nonzero[static_cast<size_t>(at + s)]) list.push_back({run, s, false});
        }
        if (list.size() > before) {
            needed = list.size();
        } else {
            list.push_back({run, 0, true});
        }
    }
    list.resize(std::max<size_t>(1, needed));
    return list;
}

int64_t tile_total(const TileLists& lists) {
    int64_t tiles = 0;
    for (const std::vector<ListEntry>& list : lists) tiles += static_cast<int64_t>(list.size());
    return tiles;
}

double WeightStorage::bits_per_nonzero() const {
    return nonzero == 0 ? 0
                        : 8.0 * static_cast<double>(stored_bytes) / static_cast<double>(nonzero);
}

std::string form_text(const plan::Plan& plan, const Layer& layer) {
    const std::string pattern = fmt::format("{}:{}", plan.group_n, plan.group_m);
    std::string text;
    const auto add = [&text](const std::string& part) {
        text += (text.empty() ? "" : " + ") + part;
    };
    if (layer.form.structured) add(pattern);
    if (layer.form.listed) add("blocks");
    if (layer.form.bitmap) add("bitmap");
    if (layer.form.codes > 0) add(layer.form.codes == 1 ? "4-bit codes" : "8-bit codes");
    if (text.empty()) text = "dense";
    if (plan.structured() && !layer.form.structured && layer.mode == ArrayMode::kPlain)
        text += layer.proven_safe ? fmt::format(" (not {})", pattern) : " (sums may overflow)";
    return text;
}

int64_t walked_weights(const plan::Plan& plan, const Layer& layer) {
    if (layer.mode != ArrayMode::kPlain || (!layer.form.listed && !layer.form.structured))
        return int64_t{layer.out_c} * layer.reduction();
    // Of a chunk: its bytes within the run, of structured weights n of each group.
    const auto of_chunk = [&](int32_t s) {
        const int32_t bytes =
            std::min(layer.chunk_bytes, layer.run_bytes() - s * layer.chunk_bytes);
        if (!layer.form.structured) return bytes;
        return bytes / plan.group_m * plan.group_n + std::min(bytes % plan.group_m, plan.group_n);
    };
    const ReductionRange range = whole_range(layer);
    int64_t walked = 0;
    for (int32_t tile = 0; tile < tile_count(layer); ++tile) {
        int64_t weights = 0;
        if (layer.form.listed) {
            for (const ListEntry& entry : tile_list(layer, tile, range))
                weights += entry.zero ? 0 : of_chunk(entry.s);
        } else {
            for (int32_t s = 0; s < range.count_s; ++s)
                weights += of_chunk(s) * int64_t{range.count_ky} * range.count_kx;
        }
        walked += weights * tile_columns(layer, tile);
    }
    return walked;
}

void set_dense_form(const plan::Plan& plan, Layer& layer) {
    layer.form = {};
    layer.chunk_bytes = plan.rows;
}

void choose_weight_form(const plan::Plan& plan, Layer& layer) {
    set_dense_form(plan, layer);
    if (layer.mode == ArrayMode::kPlain && layer.proven_safe) {
        layer.form.structured =
            plan.structured() && meets_pattern(layer, plan.group_n, plan.group_m);
        if (layer.form.structured) layer.chunk_bytes = plan.wide_rows();
        if (plan.block > 0) try_lists(plan, layer);
    }
    if (plan.codebook > 0) try_codes(plan, layer);
    if (plan.codecs) try_bitmap(plan, layer);
}

}  // namespace arraywright::compile
