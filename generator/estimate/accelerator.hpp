// The modelled accelerator: all units, the bus and the buffers. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "generator/estimate/run.hpp"

namespace arraywright::estimate {

/// What a run of some commands took.
struct RunTrace {
    Cycle cycles = 0;  ///< CYCLES of the register block
    int64_t read_beats = 0;
    std::vector<LayerTrace> layers;
};

/// Runs `commands`, which lie at bus address `address`. Throws std::logic_error for a program that
/// never ends, which the compiler's check excludes.
RunTrace run_commands(const plan::Plan& plan, const MemoryTiming& memory,
                      std::span<const isa::Command> commands, int64_t address, size_t layers,
                      std::span<const compile::WeightNotes> notes = {});

}  // namespace arraywright::estimate
