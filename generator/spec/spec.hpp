// The spec of one accelerator, as read from YAML and checked.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/liberty/sram_macro.hpp"

namespace arraywright::spec {

enum class Dataflow { kBroadcast, kWeightStationary };
enum class OnOverflow { kWrap, kSaturate, kTrap };
/// What the RTL is written for; function and command set are the same for all.
enum class Target { kGeneric, kXilinx7, kEcp5, kIce40, kAsic };

/// Array of `rows` x `cols` INT8 multipliers; a column sums `rows` products per cycle.
struct ArraySpec {
    int32_t rows = 0;  ///< 1 to 64
    int32_t cols = 0;  ///< 1 to 64
    Dataflow dataflow = Dataflow::kBroadcast;
    bool depthwise = true;    ///< line-buffered window; broadcast only
    bool tap_packing = true;  ///< taps of few channels in full vectors; broadcast only
};

struct ArithmeticSpec {
    int32_t accumulator_bits = 32;  ///< 20 to 32; below 32 only for networks proven safe
    OnOverflow on_overflow = OnOverflow::kWrap;
};

/// Sizes in KiB (1,024 bytes); banks are single-port blocks selected by the high address bits.
struct BufferSpec {
    int32_t activation_kib = 128;   ///< 1 to 4096
    int32_t weight_kib = 128;       ///< 1 to 4096
    int32_t accumulator_kib = 16;   ///< 1 to 1024
    int32_t activation_banks = 4;   ///< 1, 2, 4 or 8
    int32_t weight_banks = 2;       ///< 1, 2, 4 or 8; 1 where RAMs have two ports
    int32_t accumulator_banks = 2;  ///< 1, 2, 4 or 8; by default 1 where RAMs have two ports
};

/// Zeros that the array and the memory path save.
struct SparsitySpec {
    int32_t structured_n = 0;  ///< at most n nonzero weights ...
    int32_t structured_m = 0;  ///< ... of m along the reduction: 1:4, 2:4, 2:8, 4:8; 0: dense only
    int32_t block = 0;         ///< blocks of zero weights that are skipped: 8, 16, 32; 0: none
    bool zero_gating = false;  ///< multipliers hold where an operand is zero
    int32_t codebook = 0;      ///< weights as codes of so many values: 16, 256; 0: none
    bool codecs = false;       ///< compressed tensors in DRAM
    bool structured() const { return structured_m != 0; }
};

struct VectorSpec {
    int32_t lanes = 0;        ///< 1 to 64 requantizers; by default one a column
    bool elementwise = true;  ///< element-wise operators and pooling; needs 32-bit accumulators
    bool tables = true;       ///< lookup tables for functions of one value
    bool serial = false;      ///< one lane that takes a bit a cycle, without the two above
};

struct BusSpec {
    int32_t data_bits = 128;    ///< 32, 64, 128, 256 or 512
    int32_t address_bits = 32;  ///< 32 to 64
    int32_t outstanding = 4;    ///< 1 to 16 bursts in flight per direction
};

struct ControlSpec {
    /// 1, 2, 4, 8, 16 or 32 commands per unit; 0: one command at a time, no queues, no tokens
    int32_t queue_depth = 8;
    /// Performance counters, layer log, count and place of overflows; else only their flag.
    bool counters = true;
};

/// SRAM macros that the RAMs are made of; none: RAMs stay inferred.
struct MemorySpec {
    std::vector<liberty::SramMacro> macros;
    std::vector<std::string> tie_high;    ///< inputs of no use here that are 1, others are 0
    std::vector<std::string> active_low;  ///< enables and masks that mean yes when they are 0
};

/// Registers that trade cycles of latency for a higher clock.
struct PipelineSpec {
    bool product = false;  ///< between multiplier and adder of a systolic cell
};

/// 1-based source lines of the fields, for "// spec.yaml:14 array.rows = 16"; 0 = default used.
struct SpecLines {
    int32_t name = 0, rows = 0, cols = 0, dataflow = 0, depthwise = 0, tap_packing = 0;
    int32_t accumulator_bits = 0, on_overflow = 0;
    int32_t activation_kib = 0, weight_kib = 0, accumulator_kib = 0;
    int32_t activation_banks = 0, weight_banks = 0, accumulator_banks = 0;
    int32_t lanes = 0, elementwise = 0, tables = 0, serial = 0, data_bits = 0, address_bits = 0,
            outstanding = 0, queue_depth = 0, counters = 0;
    int32_t structured = 0, block = 0, zero_gating = 0, codebook = 0, codecs = 0;
    int32_t target = 0, product = 0;
};

struct Spec {
    std::string name;  ///< top module name: a Verilog identifier
    ArraySpec array;
    ArithmeticSpec arithmetic;
    BufferSpec buffers;
    SparsitySpec sparsity;
    VectorSpec vector;
    BusSpec bus;
    ControlSpec control;
    Target target = Target::kGeneric;
    PipelineSpec pipeline;
    MemorySpec memories;
    /// Block RAMs of the target read and write in one cycle (1R1W): so are the buffers built.
    bool has_two_port_rams() const {
        return target == Target::kXilinx7 || target == Target::kEcp5 || target == Target::kIce40;
    }

    std::string file;    ///< file name without folder, for comments in the output
    std::string sha256;  ///< SHA-256 of the file's bytes, 64 hex digits
    SpecLines lines;
};

}  // namespace arraywright::spec
