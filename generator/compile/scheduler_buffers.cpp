// Scheduler: where the tiles of input, output and residual lie in the activation buffer.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "generator/compile/division.hpp"
#include "generator/compile/scheduler.hpp"

namespace arraywright::compile {

void Scheduler::place_buffers() {
    streams_ = false;
    const Layer& layer = *layer_;
    const TileRoom room = tile_room();
    const int32_t h = tiling_.block_h;
    const int32_t w = tiling_.block_w;
    // The sizes that choose_tiling counted with.
    int64_t in = room.input_on_chip ? 0 : input_tile_bytes(layer, plan_, h, w);
    if (tiling_.split_reduction) {
        in = h * (int64_t{tiling_.split_chunks} * layer.chunk_bytes + 2 * plan_.bus_bytes) +
             2 * plan_.bus_bytes;
    }
    const int64_t channels =
        std::min<int64_t>(layer.out_c, int64_t{tiling_.slice_tiles} * layer.tile_filters);
    const int64_t out =
        room.output_on_chip ? 0 : output_tile_bytes(layer, plan_, room, h, w, channels);
    const int64_t residual =
        room.residual_tiles ? residual_tile_bytes(layer, plan_, room, h, w, channels) : 0;
    if (residual == 0 && in > 0 && out > 0 && places_.room.low == 0 &&
        places_.room.high == plan_.activation_bytes) {
        place_streams(in, out);
        return;
    }
    // In the order of use, so that what is read, written and added lie in different banks.
    std::vector<Piece> pieces;
    for (size_t i = 0; i < 2; ++i) {
        if (in > 0 && static_cast<int32_t>(i) < tiling_.input_buffers)
            pieces.emplace_back(&input_regions_[i], in);
        if (out > 0 && static_cast<int32_t>(i) < tiling_.output_buffers)
            pieces.emplace_back(&output_regions_[i], out);
        if (residual > 0 && static_cast<int32_t>(i) < tiling_.output_buffers)
            pieces.emplace_back(&residual_regions_[i], residual);
    }
    const int64_t bank = int64_t{2} * plan_.activation.group_rows * plan_.word_bytes;
    place_pieces(pieces, places_.room, bank);
    if (pieces.size() == 1 && in > 0) straddle_banks(in, bank);
    if (tiling_.input_buffers < 2) input_regions_[1] = input_regions_[0];
    if (tiling_.output_buffers < 2) {
        output_regions_[1] = output_regions_[0];
        residual_regions_[1] = residual_regions_[0];
    }
}

/// A single input lies across two banks: the first one holds what the array reads until the rest
/// has been loaded, at most half. Neither holds results, if that is possible.
void Scheduler::straddle_banks(int64_t in, int64_t bank) {
    const int64_t cycles = int64_t{layer_->out_h} * layer_->out_w * steps_ * tiles_;
    const int64_t part = in / std::max<int64_t>(2, cycles * plan_.bus_bytes / in);
    const int64_t first = std::max<int64_t>(1, part / plan_.bus_bytes) * plan_.bus_bytes;
    const int64_t results = places_.output.chip;
    const int64_t results_end = results + layer_->out_h * places_.output.row_bytes;
    const auto meets_results = [&](int64_t low) {
        return results >= 0 && low / bank <= (results_end - 1) / bank &&
               results / bank <= (low + in - 1) / bank;
    };
    const int64_t nearest = ceil_div(places_.room.low + first, bank) * bank - first;
    int64_t low = nearest;
    while (low + in <= places_.room.high && meets_results(low)) low += bank;
    if (low + in > places_.room.high) low = nearest;
    if (low + in <= places_.room.high) input_regions_.fill(low);
}

/// The whole buffer for one layer whose input and output stream through it.
void Scheduler::place_streams(int64_t in, int64_t out) {
    const int64_t bank = int64_t{2} * plan_.activation.group_rows * plan_.word_bytes;
    const int64_t space = plan_.activation_bytes;
    // Different banks for everything when they are large enough, else packed.
    if (plan_.activation.groups == 4 && space == 4 * bank && in <= bank && out <= bank) {
        input_regions_ = {0, bank};
        // A single input lies across two banks: the array reads its first half while the second
        // half is written.
        if (tiling_.input_buffers == 1) {
            input_regions_.fill(bank - in / 2 / plan_.bus_bytes * plan_.bus_bytes);
        }
        output_regions_ = {2 * bank, 3 * bank};
        streams_ = can_stream_windows();
        if (streams_) {
            tiling_.block_h = std::min(tiling_.block_h, 2 * window_rows(layer_->out_w));
            tiles_per_command_ = 1;
            tiling_.slice_tiles = tiles_;
        }
        return;
    }
    input_regions_ = {0, tiling_.input_buffers == 2 ? in : 0};
    const int64_t inputs = in * tiling_.input_buffers;
    // Results go to the far end, away from the banks of the input, unless only packed they fit.
    const int64_t out_words = ceil_div(out, plan_.word_bytes) * plan_.word_bytes;
    const int64_t far =
        (space - out_words * tiling_.output_buffers) / plan_.word_bytes * plan_.word_bytes;
    // In two banks of their own one leaves while the other is written.
    const int64_t last_bank = (space - 1) / bank * bank;
    if (tiling_.output_buffers == 2 && plan_.activation.groups > 2 && out_words <= bank &&
        out_words <= space - last_bank && inputs <= last_bank - bank) {
        output_regions_ = {last_bank - out_words,
                           space / plan_.word_bytes * plan_.word_bytes - out_words};
        return;
    }
    const bool apart = far >= inputs;
    const int64_t first_out = apart ? far : inputs;
    const int64_t out_room = apart ? out_words : (space - inputs) / tiling_.output_buffers;
    output_regions_ = {first_out, tiling_.output_buffers == 2 ? first_out + out_room : first_out};
}

}  // namespace arraywright::compile
