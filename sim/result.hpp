// What a simulation found. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/host_driver.hpp"
#include "sim/traffic.hpp"
#include "sim/violations.hpp"

namespace arraywright::sim {

/// The values are the exit codes of `arraywright simulate`.
enum class Outcome { kPassed = 0, kMismatch = 3, kOverflow = 4, kHang = 5 };

/// One element of an output tensor that differs.
struct Mismatch {
    std::string tensor;
    std::string layer;
    std::vector<int64_t> coordinates;
    int64_t got = 0;
    int64_t expected = 0;
    bool never_written = false;  ///< then `got` is what was in memory before

    /// "tensor 'x' of layer 'y' at [0, 3, 2, 1]: got 5, expected 6"
    std::string to_string() const;
};

struct LayerReport {
    std::string name;
    std::string op;
    std::string block;
    int64_t macs = 0;
    int64_t nonzero_macs = 0;
    /// From the end of the layers before (or the doorbell) to its last result.
    std::optional<uint64_t> cycles;
    std::optional<uint64_t> estimated_cycles;   ///< the same by the cost model
    std::optional<double> utilization;          ///< macs / (cycles * multipliers)
    std::optional<double> nonzero_utilization;  ///< the same of the nonzero_macs
    std::optional<uint64_t> dram_read_bytes;    ///< bus beats times bytes of a beat
    std::optional<uint64_t> dram_write_bytes;
    int64_t compulsory_bytes = 0;
    compile::WeightStorage storage;  ///< of weights that the array uses
};

/// A tensor that was in memory as a stream without its zeros.
struct CodedReport {
    std::string tensor;
    int64_t bytes = 0;         ///< of its values
    int64_t stored_bytes = 0;  ///< whole bus words of the stream
    double bits_per_value() const {
        return 8.0 * static_cast<double>(stored_bytes) / static_cast<double>(bytes);
    }
};

struct OverflowSummary {
    bool flagged = false;  ///< by the RTL
    /// OVERFLOW_COUNT of the RTL, equal to the golden kernel's; absent in a design without
    /// counters.
    std::optional<uint64_t> steps;
    uint64_t results = 0;  ///< of the golden kernel: exact sums out of range
    std::optional<OverflowRegisters>
        first;  ///< absent without a step overflow, or without counters
};

/// One inference.
struct RunResult {
    Outcome outcome = Outcome::kPassed;
    std::vector<std::string> failures;  ///< one sentence each; empty when nothing is wrong
    std::vector<Violation> violations;
    uint64_t mismatches = 0;
    uint64_t compared_tensors = 0;  ///< outputs of layers found in memory
    std::vector<Mismatch> first_mismatches;
    std::optional<uint64_t> latency_cycles;  ///< doorbell to interrupt, as seen at the pins
    std::optional<Counters> counters;        ///< absent when the program did not end
    OverflowSummary overflow;
    HostReport host;
    std::vector<LayerReport> layers;
    std::vector<CodedReport> coded;
    uint64_t command_bytes = 0;
    std::string hang;  ///< what was last seen, when outcome is kHang
    /// Contents of memory after the run: per network output, and per tensor if asked for.
    std::vector<std::vector<uint8_t>> outputs;
    std::vector<std::vector<uint8_t>> tensors;
};

struct SimulationResult {
    std::string design;
    std::string network;
    std::string memory;  ///< MemoryConfig::to_string
    bool synthetic = false;
    int64_t multipliers = 0;
    bool zero_gating = false;     ///< multipliers hold where an operand is zero, and count
    std::vector<RunResult> runs;  ///< fewer than inputs if a run ended in a hang or violation
    size_t requested_runs = 0;
    std::optional<uint64_t> estimated_cycles;  ///< CYCLES by the cost model
    uint64_t simulated_cycles = 0;
    double wall_seconds = 0;  ///< of the clocked part, without loading and comparing

    /// The worst of all runs: hang, mismatch, overflow, passed.
    Outcome outcome() const;
    bool passed() const { return outcome() == Outcome::kPassed; }
    int32_t exit_code() const { return static_cast<int32_t>(outcome()); }
    uint64_t mismatches() const;
};

}  // namespace arraywright::sim
