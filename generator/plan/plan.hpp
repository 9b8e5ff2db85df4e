// Plan: every width, address and module choice of one accelerator, resolved from the spec.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "generator/isa/commands.hpp"
#include "generator/spec/spec.hpp"

namespace arraywright::plan {

/// A memory split into groups of single-port RAMs by its high address bits.
struct Banking {
    int32_t groups = 1;
    int32_t group_rows = 2;  ///< rows of a RAM, a power of two
    int32_t last_rows = 2;   ///< rows of the RAMs of the last group
};

struct Plan {
    spec::Spec spec;

    // Array
    int32_t rows = 0, cols = 0;
    bool weight_stationary = false;
    int32_t tree_levels = 0;  ///< ceil(log2 rows)
    int32_t sum_bits = 0;     ///< exact sum of `rows` products
    int32_t accumulator_bits = 32;
    int32_t lane_count_bits = 0;     ///< counts 0 to rows
    int32_t column_count_bits = 0;   ///< counts 0 to cols
    int32_t tile_gap_cycles = 0;     ///< least distance of two weight tiles (weight stationary)
    int32_t sum_latency_cycles = 0;  ///< from the step register to the sums
    int32_t chain = 1;               ///< multipliers that add to one another's sums (broadcast)
    bool product_register = false;   ///< between multiplier and adder (weight stationary)
    bool two_port_rams = false;      ///< weight and accumulator buffer read and write at once
    int32_t flight_bits = 0;

    // What stands between the input vector and the broadcast array
    bool depthwise = false;     ///< window: every column gets taps of its own channel
    bool tap_packing = false;   ///< packer: runs of few bytes gathered into full vectors
    int32_t window_lines = 2;   ///< rows that the window keeps; a pass has one more
    int32_t line_words = 512;   ///< words of a line buffer; a streamed row takes its pixels
    int32_t pack_vectors = 32;  ///< vectors of a position at most; of half as many 4 are in flight

    /// Vectors pass one more register on their way to the array.
    bool has_window_stage() const { return depthwise || tap_packing; }
    /// Bits of a row count of the window, 0 to window_lines + 1.
    int32_t window_row_bits() const;
    /// Bits of the start of a row in the line buffers, in units of 16 words.
    int32_t line_start_bits() const;
    /// Bits that travel from the sequencer's nest to the window, and to window and packer.
    int32_t window_side_bits() const;
    int32_t side_bits() const;

    // Zeros that are saved
    int32_t group_n = 1, group_m = 1;  ///< structured: weights kept of a group; 1:1 without
    int32_t block = 0;                 ///< side of a block of weights that is skipped; 0: none
    bool zero_gating = false;
    int32_t codebook = 0;  ///< values of a weight code, 16 or 256; 0: none
    bool codecs = false;
    // Coded activations: entries of the block table, words of a frame
    int32_t block_slots = 512, block_slot_bits = 9, frame_words = 32;

    /// Bits of a lane of the input vector: gating takes the zero point off.
    int32_t lane_value_bits() const { return zero_gating ? 9 : 8; }
    bool structured() const { return group_m > 1; }
    /// Weights may be stored in other forms than byte by byte.
    bool decodes_weights() const { return structured() || block > 0 || codebook > 0 || codecs; }
    /// Columns of the weight buffer's write port: a decoder also clears columns beside its own.
    int32_t written_cols() const { return decodes_weights() ? cols : write_cols; }
    /// Activations that a step of structured weights reads, rows * m / n; else rows.
    int32_t wide_rows() const { return rows / group_n * group_m; }
    /// Bits of a weight's place in its group; 0 without structured weights.
    int32_t group_index_bits() const { return group_m > 4 ? 3 : group_m > 1 ? 2 : 0; }
    /// Rows and columns of a block within an array tile: the tile itself when it is not larger.
    int32_t block_rows() const { return block > 0 && block < rows ? block : rows; }
    int32_t block_cols() const { return block > 0 && block < cols ? block : cols; }
    int32_t blocks_per_tile() const { return rows / block_rows() * (cols / block_cols()); }

    // Bus
    int32_t bus_bytes = 0;
    int32_t burst_bytes = 0;  ///< bursts never cross a multiple of this
    int32_t address_bits = 0;
    int32_t outstanding = 0;

    // Activation buffer
    int32_t word_bytes = 0;
    int32_t activation_bytes = 0;  ///< capacity
    int32_t activation_address_bits = 0;
    Banking activation;

    // Weight buffer; a tile is rows x cols bytes
    int32_t weight_tiles = 0;
    int32_t weight_address_bits = 0;
    int32_t write_cols = 0;  ///< columns written at once
    int32_t code_cols = 0;   ///< the same of 4-bit codes
    /// Bits of a column of a tile in the buffer: weights and their places in their groups.
    int32_t weight_column_bits() const { return rows * (8 + group_index_bits()); }
    /// Bits that describe a weight load to its writer: columns, format, tiles.
    int32_t weight_stream_bits() const;
    Banking weight;

    // Accumulator buffer; a word holds one position of all columns
    int32_t accumulator_words = 0;
    int32_t accumulator_address_bits = 0;
    Banking accumulator;

    // Vector unit and its parameter tables
    int32_t lanes = 0;
    int32_t raw_lanes = 0;         ///< 32-bit results per cycle
    int32_t vector_out_bytes = 0;  ///< widest write to the activation buffer
    int32_t parameter_rows = 0;
    int32_t parameter_address_bits = 0;
    int32_t bias_row_bytes = 0;   ///< 4 bytes a lane
    int32_t scale_row_bytes = 0;  ///< 5 bytes a lane: multiplier, exponent
    int32_t parameter_beat_bits = 0;
    bool elementwise = false;  ///< combine commands exist
    bool tables = false;       ///< results may go through a lookup table
    bool serial = false;       ///< one result at a time, a bit of its product a cycle

    // Control
    int32_t queue_depth = 0;    ///< 0: one command at a time
    bool counters = true;       ///< of cycles, beats, results and overflows; layer log
    int32_t fetch_depth = 16;   ///< commands in the fetch FIFO
    bool fetch_in_ram = false;  ///< which is a RAM with a read and a write port, by beats
    int32_t token_bits = 8;     ///< a token counter holds up to 2^bits - 1
    int32_t index_bits = 24;    ///< command index; a program has fewer than 2^index_bits commands
    int32_t buffer_bits = 0;    ///< widest buffer address
    int32_t layer_log = 256;    ///< layers whose end is logged

    /// Bits of `field` in this design.
    int32_t field_bits(const isa::CommandField& field) const;
    /// Bus words of a row of the bias or scale table.
    int32_t bias_row_beats() const { return (bias_row_bytes + bus_bytes - 1) / bus_bytes; }
    int32_t scale_row_beats() const { return (scale_row_bytes + bus_bytes - 1) / bus_bytes; }
    /// Vector groups (table rows) of one tile of columns.
    int32_t groups_per_tile() const { return (cols + lanes - 1) / lanes; }
};

/// Resolves `spec`, which must be valid.
Plan make_plan(const spec::Spec& spec);

/// plan.yaml: every value, sorted as in the struct.
std::string to_yaml(const Plan& plan);

}  // namespace arraywright::plan
