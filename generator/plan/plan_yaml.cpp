// plan.yaml: the completed plan, readable and stable. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "generator/spec/spec_names.hpp"

#include "generator/plan/plan.hpp"

namespace arraywright::plan {

namespace {

std::string banking(const Banking& bank) {
    return fmt::format("{{groups: {}, group_rows: {}, last_rows: {}}}", bank.groups,
                       bank.group_rows, bank.last_rows);
}

}  // namespace

std::string to_yaml(const Plan& plan) {
    std::string out = fmt::format("# Plan of {} (spec {}, SHA-256 {})\nname: {}\n", plan.spec.name,
                                  plan.spec.file, plan.spec.sha256, plan.spec.name);
    const auto section = [&out](std::string_view name) { out += fmt::format("{}:\n", name); };
    const auto value = [&out](std::string_view key, const auto& v) {
        out += fmt::format("  {}: {}\n", key, v);
    };
    out += fmt::format("target: {}\n", spec::name_of(plan.spec.target));
    section("array");
    value("module", plan.weight_stationary ? "aw_array_weight_stationary" : "aw_array_broadcast");
    value("rows", plan.rows);
    value("cols", plan.cols);
    value("sum_bits", plan.sum_bits);
    value("accumulator_bits", plan.accumulator_bits);
    value("sum_latency_cycles", plan.sum_latency_cycles);
    if (plan.chain > 1) value("chain", plan.chain);
    if (plan.product_register) value("product_register", plan.product_register);
    value("tile_gap_cycles", plan.tile_gap_cycles);
    value("depthwise", plan.depthwise);
    if (plan.depthwise) {
        value("window_lines", plan.window_lines);
        value("line_words", plan.line_words);
    }
    value("tap_packing", plan.tap_packing);
    if (plan.tap_packing) value("pack_vectors", plan.pack_vectors);
    section("sparsity");
    value("structured",
          plan.structured() ? fmt::format("'{}:{}'", plan.group_n, plan.group_m) : "none");
    if (plan.structured()) value("wide_rows", plan.wide_rows());
    value("block", plan.block);
    if (plan.block > 0) value("blocks_per_tile", plan.blocks_per_tile());
    value("codebook", plan.codebook);
    value("codecs", plan.codecs);
    if (plan.codecs) value("block_slots", plan.block_slots);
    if (plan.codecs) value("frame_words", plan.frame_words);
    value("zero_gating", plan.zero_gating);
    section("rams");
    value("ports", plan.two_port_rams ? "1R1W weights and sums, 1RW others" : "1RW");
    section("bus");
    value("bytes", plan.bus_bytes);
    value("burst_bytes", plan.burst_bytes);
    value("address_bits", plan.address_bits);
    value("outstanding", plan.outstanding);
    section("activation_buffer");
    value("bytes", plan.activation_bytes);
    value("word_bytes", plan.word_bytes);
    value("address_bits", plan.activation_address_bits);
    value("banking", banking(plan.activation));
    section("weight_buffer");
    value("tiles", plan.weight_tiles);
    value("tile_bytes", plan.rows * plan.cols);
    value("address_bits", plan.weight_address_bits);
    value("column_bits", plan.weight_column_bits());
    value("write_cols", plan.write_cols);
    value("code_cols", plan.code_cols);
    value("banking", banking(plan.weight));
    section("accumulator_buffer");
    value("words", plan.accumulator_words);
    value("address_bits", plan.accumulator_address_bits);
    value("banking", banking(plan.accumulator));
    section("vector");
    value("lanes", plan.lanes);
    value("raw_lanes", plan.raw_lanes);
    if (plan.serial) value("serial", plan.serial);
    value("parameter_rows", plan.parameter_rows);
    value("bias_row_bytes", plan.bias_row_bytes);
    value("scale_row_bytes", plan.scale_row_bytes);
    section("control");
    value("queue_depth", plan.queue_depth);
    value("counters", plan.counters);
    value("fetch_depth", plan.fetch_depth);
    value("fetch_in_ram", plan.fetch_in_ram);
    value("token_bits", plan.token_bits);
    value("buffer_bits", plan.buffer_bits);
    return out;
}

}  // namespace arraywright::plan
