// Program: the compiler's output, a memory image with commands, weights and tensor places.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "generator/compile/constant_channels.hpp"
#include "generator/compile/weight_form.hpp"
#include "generator/isa/commands.hpp"
#include "generator/runtime/aw_host_ops.h"

namespace arraywright::compile {

enum class RegionKind { kCommands, kWeights, kParameters, kTensor };

/// A range of DRAM. Regions do not overlap and are sorted by address.
struct Region {
    RegionKind kind = RegionKind::kTensor;
    std::string name;
    uint64_t address = 0;
    uint64_t bytes = 0;
    int32_t layer = -1;          ///< layer it belongs to (weights, parameters)
    int32_t tensor = -1;         ///< tensor index in the network (kTensor)
    std::vector<uint8_t> image;  ///< initial contents; empty for activations
};

/// A loop nest that the host runs, with what it looks up.
struct HostOperator {
    aw_host_op op{};
    std::vector<uint8_t> table;  ///< AW_HOST_TABLE: 256 results, by the byte of the input
};

/// A part of the program: commands for the accelerator, or an operator that the host runs.
struct Step {
    enum class Kind { kRun, kHost };
    Kind kind = Kind::kRun;
    uint64_t command_address = 0;  ///< kRun: 64-byte aligned
    uint32_t command_count = 0;
    int32_t operator_index = -1;               ///< kHost: operator of the network
    std::vector<HostOperator> host_operators;  ///< kHost: what the host does for it, in order
};

/// Bursts that one load or store command makes on the bus.
struct Transfer {
    int32_t layer = 0;
    uint64_t bursts = 0;
    /// Of coded commands in a row: what they move decides on the bursts, all within [low, high).
    bool coded = false;
    uint64_t low = 0, high = 0;
};

/// A tensor that is in memory as a stream without its zeros.
struct CodedTensor {
    int32_t tensor = -1;
    uint64_t low = 0, high = 0;  ///< addresses of its stream
    int64_t bytes = 0;           ///< of the tensor
    int64_t block_bytes = 0;     ///< of the tensor, in a block
    int32_t bus_bytes = 0;
    int32_t zero = 0;  ///< value that the stream leaves out
};

/// What the compiler knows of one layer before it runs.
struct LayerInfo {
    std::string name;
    std::string op;     ///< "gemm", "conv2d", ... as in a workload
    std::string block;  ///< "array", "vector", "host", or "none": nobody has to do anything
    std::string note;   ///< why nobody has to: "done with conv_3", "in place"
    int32_t output_tensor = -1;
    int64_t macs = 0;
    int64_t weight_bytes = 0;      ///< without bias
    int64_t compulsory_bytes = 0;  ///< input + weights + bias + output, each moved once
    int64_t array_steps = 0;       ///< compute cycles that the program asks of the array
    int64_t vector_results = 0;    ///< results that the vector unit writes
    int64_t loaded_bytes = 0;      ///< useful bytes asked of the load unit
    int64_t stored_bytes = 0;
    bool proven_safe = false;  ///< no accumulation of any input can overflow
    WeightStorage storage;
};

struct Program {
    std::vector<Region> regions;
    uint64_t command_address = 0;        ///< of the first run, 64-byte aligned
    uint32_t command_count = 0;          ///< of all runs, which follow each other
    std::vector<isa::Command> commands;  ///< as encoded at command_address
    std::vector<WeightNotes> notes;      ///< by command
    std::vector<Step> steps;             ///< in execution order
    std::vector<LayerInfo> layers;       ///< one an operator
    /// By tensor: the tensor whose region holds it, -1 if it never leaves the chip; a tensor beyond
    /// the end has a region of its own.
    std::vector<int32_t> tensor_regions;
    /// By tensor: channels that its region holds; a tensor beyond the end has all of them.
    std::vector<KeptChannels> channels;
    std::vector<Transfer> loads, stores;  ///< in program order
    std::vector<CodedTensor> coded;
    std::string listing;  ///< one line a command
    uint64_t end_address = 0;

    /// Region that holds `tensor` from its first byte on; null if it never leaves the chip.
    const Region* region_of_tensor(int32_t tensor) const;
    const TileLists* lists_of(size_t command) const {
        return command < notes.size() ? notes[command].lists.get() : nullptr;
    }
    const KeptChannels& channels_of_tensor(int32_t tensor) const;
};

}  // namespace arraywright::compile
