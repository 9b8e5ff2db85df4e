// What a program asks of the units, layer by layer. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "generator/compile/program.hpp"
#include "generator/isa/commands.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::compile {

/// Cycles in which a compute command moves the array: steps, or pixels streaming into windows.
/// `lists`: of a command that walks lists, else null.
int64_t array_cycles(const plan::Plan& plan, const isa::Command& command, const TileLists* lists);

/// Beats of a load command on the bus, when all its bytes are used.
int64_t load_cycles(const plan::Plan& plan, const isa::Command& command);

/// Bursts of a load or store command: a segment is cut at multiples of plan.burst_bytes.
uint64_t bursts(const plan::Plan& plan, const isa::Command& command);

/// Fills array_steps, vector_results, loaded_bytes and stored_bytes of the layers.
void count_work(const plan::Plan& plan, Program& program);

/// Appends what a load or store command moves. Coded commands of a layer in a row are one: nobody
/// knows how many bursts each makes.
void add_transfer(const plan::Plan& plan, const std::vector<CodedTensor>& coded,
                  const isa::Command& command, std::vector<Transfer>& transfers);

}  // namespace arraywright::compile
