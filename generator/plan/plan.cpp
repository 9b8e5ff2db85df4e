// Spec to Plan. SPDX-License-Identifier: Apache-2.0
#include "generator/plan/plan.hpp"

#include <algorithm>

#include "generator/plan/bits.hpp"

namespace arraywright::plan {

namespace {

/// Operands wait up to kChain - 1 cycles for their turn, most of it within the DSP blocks.
constexpr int32_t kChain = 4;

int32_t power_of_two_at_least(int64_t value) {
    return int32_t{1} << ceil_log2(value);
}

/// At most `banks` groups of a power of two of rows, and at least two rows.
Banking split(int32_t total_rows, int32_t banks) {
    Banking result;
    result.group_rows = std::max(2, power_of_two_at_least((total_rows + banks - 1) / banks));
    result.groups = (total_rows + result.group_rows - 1) / result.group_rows;
    result.last_rows = total_rows - (result.groups - 1) * result.group_rows;
    return result;
}

void plan_array(Plan& plan) {
    const spec::Spec& spec = plan.spec;
    plan.rows = spec.array.rows;
    plan.cols = spec.array.cols;
    plan.weight_stationary = spec.array.dataflow == spec::Dataflow::kWeightStationary;
    plan.tree_levels = ceil_log2(plan.rows);
    plan.sum_bits = 16 + plan.tree_levels;
    plan.accumulator_bits = spec.arithmetic.accumulator_bits;
    plan.column_count_bits = ceil_log2(plan.cols + 1);
    // The accumulators read, add and write back within six cycles.
    plan.tile_gap_cycles = std::max(plan.rows, 6);
    plan.two_port_rams = spec.has_two_port_rams();
    plan.zero_gating = spec.sparsity.zero_gating;
    plan.product_register = spec.pipeline.product;
    // A DSP block of Xilinx 7 adds for nothing; a gated multiplier stands alone.
    const bool chains =
        spec.target == spec::Target::kXilinx7 && !plan.weight_stationary && !plan.zero_gating;
    if (chains) plan.chain = std::min(kChain, power_of_two_at_least(plan.rows));
    // Broadcast: align 2, product or chain, adder tree. Systolic: align 2, skew, PEs and deskew.
    const int32_t sums = (plan.rows + plan.chain - 1) / plan.chain;
    plan.sum_latency_cycles = plan.weight_stationary ? plan.rows + plan.cols + 2
                                                     : 2 + plan.chain + (ceil_log2(sums) + 1) / 2;
    // Operands, or products, in registers of their own.
    if (plan.zero_gating || plan.product_register) ++plan.sum_latency_cycles;
    plan.flight_bits = ceil_log2(plan.sum_latency_cycles + 5) + 1;
    plan.depthwise = spec.array.depthwise;
    plan.tap_packing = spec.array.tap_packing;
    if (spec.sparsity.structured()) {
        plan.group_n = spec.sparsity.structured_n;
        plan.group_m = spec.sparsity.structured_m;
    }
    plan.block = spec.sparsity.block;
    plan.codebook = spec.sparsity.codebook;
    plan.codecs = spec.sparsity.codecs;
    plan.lane_count_bits = ceil_log2(plan.wide_rows() + 1);
}

void plan_buffers(Plan& plan) {
    const spec::BufferSpec& buffers = plan.spec.buffers;
    plan.word_bytes = power_of_two_at_least(
        std::max({plan.wide_rows(), plan.bus_bytes, plan.vector_out_bytes, 4}));
    plan.activation_bytes = buffers.activation_kib * 1024;
    plan.activation_address_bits = ceil_log2(plan.activation_bytes) + 1;
    plan.activation =
        split(plan.activation_bytes / (2 * plan.word_bytes), buffers.activation_banks);

    plan.weight_tiles = buffers.weight_kib * 1024 / (plan.rows * plan.cols);
    plan.weight_address_bits = ceil_log2(std::max(plan.weight_tiles, 2)) + 1;
    plan.weight = split(plan.weight_tiles, buffers.weight_banks);
    plan.write_cols = std::min(plan.cols, std::max(1, plan.bus_bytes / plan.rows));
    if (plan.blocks_per_tile() > 1) {
        // Columns that come together lie in one block.
        while (plan.write_cols > 1 && plan.block_cols() % plan.write_cols != 0) --plan.write_cols;
    }
    const bool pairs = plan.codebook == 16 || plan.rows / plan.block_rows() > 1;
    const bool doubles = pairs && 2 * plan.write_cols <= plan.block_cols() &&
                         plan.block_cols() % (2 * plan.write_cols) == 0;
    plan.code_cols = doubles ? 2 * plan.write_cols : plan.write_cols;

    const int32_t words = buffers.accumulator_kib * 1024 / (4 * plan.cols);
    plan.accumulator = split(words / 2, buffers.accumulator_banks);
    plan.accumulator_words = 2 * (words / 2);
    plan.accumulator_address_bits = ceil_log2(plan.accumulator_words) + 1;
}

void plan_vector(Plan& plan) {
    plan.elementwise = plan.spec.vector.elementwise;
    plan.tables = plan.spec.vector.tables;
    plan.serial = plan.spec.vector.serial;
    plan.lanes = std::min(plan.spec.vector.lanes, plan.cols);
    // A divisor of the lanes: 32-bit results then never straddle two rows of the bias table.
    plan.raw_lanes = std::max(1, plan.lanes / 4);
    while (plan.lanes % plan.raw_lanes != 0) --plan.raw_lanes;
    plan.vector_out_bytes = std::max(4, plan.lanes);
    plan.parameter_rows = power_of_two_at_least(std::max(64, 4 * plan.groups_per_tile()));
    plan.parameter_address_bits = ceil_log2(plan.parameter_rows) + 1;
    plan.bias_row_bytes = 4 * plan.lanes;
    plan.scale_row_bytes = 5 * plan.lanes;
    plan.parameter_beat_bits =
        std::max(1, ceil_log2(std::max(plan.bias_row_beats(), plan.scale_row_beats())));
}

}  // namespace

namespace {
constexpr int32_t kBurstBeats = 32;
}

Plan make_plan(const spec::Spec& spec) {
    Plan plan;
    plan.spec = spec;
    plan.bus_bytes = spec.bus.data_bits / 8;
    // Short bursts: a command fetch waits behind at most `outstanding` of them.
    plan.burst_bytes = kBurstBeats * plan.bus_bytes;
    plan.address_bits = spec.bus.address_bits;
    plan.outstanding = spec.bus.outstanding;
    plan_array(plan);
    plan_vector(plan);
    plan_buffers(plan);
    plan.queue_depth = spec.control.queue_depth;
    plan.counters = spec.control.counters;
    if (plan.queue_depth == 0) plan.index_bits = 16;  // small designs, small networks
    if (!plan.counters) plan.layer_log = 0;
    // No small RAMs for FIFOs: a block RAM, or one burst of commands in flip-flops.
    plan.fetch_in_ram = spec.target == spec::Target::kIce40;
    if (spec.target == spec::Target::kAsic) plan.fetch_depth = 4;
    plan.buffer_bits = std::max(
        {plan.activation_address_bits, plan.weight_address_bits, plan.parameter_address_bits});
    return plan;
}

int32_t Plan::weight_stream_bits() const {
    // Listed, structured, bitmap, codes; above the tiles: no weights, but coded activations.
    constexpr int32_t kFormatBits = 5;
    return column_count_bits + (decodes_weights() ? kFormatBits + weight_address_bits : 0) +
           (codecs ? 1 : 0);
}

int32_t Plan::window_row_bits() const {
    return ceil_log2(window_lines + 2);
}

int32_t Plan::line_start_bits() const {
    return ceil_log2(line_words / 16);
}

int32_t Plan::window_side_bits() const {
    // Is a pixel, row end, rows, share, odd length, start of the row.
    return depthwise ? 7 + window_row_bits() + line_start_bits() : 0;
}

int32_t Plan::side_bits() const {
    // Packer: is a piece, position end, bytes.
    return std::max(1, window_side_bits() + (tap_packing ? 2 + lane_count_bits : 0));
}

int32_t Plan::field_bits(const isa::CommandField& field) const {
    switch (field.width) {
        case isa::Width::kField:
            return field.bits;
        case isa::Width::kBusAddress:
            return address_bits;
        case isa::Width::kBuffer:
            return buffer_bits;
        case isa::Width::kActivation:
        case isa::Width::kActivationModular:
            return activation_address_bits;
        case isa::Width::kColumnModular:
            return activation_address_bits + 2;
        case isa::Width::kWeight:
            return weight_address_bits;
        case isa::Width::kAccumulator:
            return accumulator_address_bits;
        case isa::Width::kParameter:
            return parameter_address_bits;
        case isa::Width::kLane:
            return lane_count_bits;
        case isa::Width::kColumns:
            return column_count_bits;
        case isa::Width::kTarget:
            return tables || codebook > 0 ? field.bits : field.bits - 1;
        case isa::Width::kTable:
            return tables ? field.bits : 0;
        case isa::Width::kMode:
            return has_window_stage() ? field.bits : 0;
        case isa::Width::kWindow:
            return depthwise ? field.bits : 0;
        case isa::Width::kStructured:
            return structured() ? field.bits : 0;
        case isa::Width::kListed:
            return block > 0 ? field.bits : 0;
        case isa::Width::kBitmap:
            return codecs ? field.bits : 0;
        case isa::Width::kCodes:
            return codebook > 0 ? field.bits : 0;
        case isa::Width::kTiles:
            return decodes_weights() ? weight_address_bits : 0;
        case isa::Width::kCoded:
        case isa::Width::kCodedField:
            return codecs ? field.bits : 0;
        case isa::Width::kSlot:
            return codecs ? block_slot_bits : 0;
    }
    return field.bits;
}

}  // namespace arraywright::plan
