// RAMs of a design, buffer by buffer. SPDX-License-Identifier: Apache-2.0
#include "generator/plan/rams.hpp"

#include <algorithm>

namespace arraywright::plan {

namespace {

/// RAMs of `banking`, `each` of them a group; a last group of other size is a row of its own.
void add_groups(std::vector<Ram>& rams, const Banking& banking, Ram ram, int32_t each,
                int32_t rows_per_word = 1) {
    const bool is_even = banking.last_rows == banking.group_rows;
    ram.count = int64_t{each} * (is_even ? banking.groups : banking.groups - 1);
    ram.words = int64_t{banking.group_rows} * rows_per_word;
    if (ram.count > 0) rams.push_back(ram);
    if (is_even) return;
    ram.purpose += ", last bank";
    ram.count = each;
    ram.words = int64_t{banking.last_rows} * rows_per_word;
    rams.push_back(ram);
}

std::string weight_instance(const Plan& plan, const std::string& buffer) {
    return buffer + (plan.two_port_rams ? ".g_column.u_ram" : ".g_column.g_ram.u_ram");
}

void add_weights(std::vector<Ram>& rams, const Plan& plan, Ram ram, int32_t columns) {
    ram.write_bits = ram.bits;
    ram.two_ports = plan.two_port_rams;
    if (plan.two_port_rams) {
        ram.count = columns;
        ram.words = plan.weight_tiles;
        rams.push_back(ram);
    } else {
        add_groups(rams, plan.weight, ram, columns);
    }
}

/// A row of a parameter table lies in whole bus words, at most eight of them in a RAM.
void add_table(std::vector<Ram>& rams, const Plan& plan, const char* purpose, const char* instance,
               int32_t beats) {
    constexpr int32_t kBeats = 8;
    const int32_t bus = plan.bus_bytes * 8;
    const auto add = [&](int32_t count, int32_t words_wide) {
        if (count > 0)
            rams.push_back(
                {purpose, instance, count, plan.parameter_rows, words_wide * bus, bus, false});
    };
    add(beats / kBeats, kBeats);
    add(beats % kBeats > 0 ? 1 : 0, beats % kBeats);
}

}  // namespace

std::vector<Ram> ram_list(const Plan& plan) {
    std::vector<Ram> rams;
    const int32_t lane = plan.lane_value_bits();
    const int32_t bus = plan.bus_bytes * 8;
    add_groups(
        rams, plan.activation,
        {"activation buffer", "u_activation_buffer.g_ram.u_ram", 0, 0, plan.word_bytes * 8, 8}, 2);
    add_weights(rams, plan,
                {"weight buffer", weight_instance(plan, "u_weight_buffer"), 0, 0,
                 plan.weight_column_bits()},
                plan.cols);
    if (plan.block > 0)
        add_weights(rams, plan, {"tile lists", weight_instance(plan, "u_tile_list"), 0, 0, 16}, 1);
    const int32_t sums = plan.cols * plan.accumulator_bits;
    add_groups(rams, plan.accumulator,
               {"accumulator buffer", "u_accumulator_buffer.g_ram.u_ram", 0, 0, sums, sums,
                plan.two_port_rams},
               plan.two_port_rams ? 1 : 2, plan.two_port_rams ? 2 : 1);
    add_table(rams, plan, "bias table", "u_bias_table.g_ram.u_ram", plan.bias_row_beats());
    add_table(rams, plan, "scale table", "u_scale_table.g_ram.u_ram", plan.scale_row_beats());
    if (plan.tables)
        rams.push_back({"lookup tables", "u_vector.g_tables.g_lookup.u_lookup.u_table", plan.lanes,
                        64, 32, 32});
    if (plan.depthwise) {
        const int32_t bits = plan.window_lines * plan.cols * lane;
        rams.push_back(
            {"line buffers", "u_window.g_half.u_ram", 2, plan.line_words / 2, bits, bits});
    }
    if (plan.tap_packing)
        rams.push_back({"packed positions", "u_packer.g_bank.u_ram", 4, plan.pack_vectors / 2,
                        plan.rows * lane, plan.rows * lane});
    if (plan.codebook > 0)
        rams.push_back({"codebook", "u_weight_decoder.g_slice.g_lane.g_codebook.u_codebook",
                        int64_t{plan.code_cols} * plan.rows, plan.codebook, 8, 8});
    if (plan.codecs) {
        rams.push_back({"frames of the encoder", "u_coded_store.u_encoder.g_ring.u_ring", 2,
                        plan.frame_words, bus, bus});
        rams.push_back({"block table", "u_block_table.u_offsets", 1, plan.block_slots, 24, 24});
    }
    if (plan.fetch_in_ram) {
        const int32_t beats = isa::kCommandBytes / plan.bus_bytes;
        rams.push_back({"fetched commands", "u_fetch.g_beats.u_beats.u_words", 1,
                        plan.fetch_depth * beats, bus, bus, true});
    }
    if (plan.layer_log > 0)
        rams.push_back({"layer log", "u_layer_log.u_log", 1, plan.layer_log, 32, 32});
    return rams;
}

}  // namespace arraywright::plan
