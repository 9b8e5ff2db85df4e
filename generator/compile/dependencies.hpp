// Order of commands and the tokens that keep it. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "generator/compile/item.hpp"

namespace arraywright::compile {

/// Fills the first `count` places with loads and computations, as far as no vector or store command
/// that they pass conflicts: nothing else is fetched before the array can start.
std::vector<Item> start_array(const std::vector<Item>& items, size_t count);

/// How far a load may be moved: past `commands` compute commands, or past more of them, up to
/// `most_commands`, to where the bus has nothing else to do.
struct LoadAhead {
    int32_t commands = 4;
    int32_t most_commands = 4;
    /// Of the array for a compute command, of the bus for a load.
    std::function<int64_t(const Item&)> cycles_of;
};

/// Moves loads ahead of commands that they do not conflict with, not before position `first`, so
/// that data arrives before it is needed. Loads keep their order.
std::vector<Item> hoist_loads(const std::vector<Item>& items, size_t first, const LoadAhead& ahead);

/// Sets wait and signal masks so that conflicting commands of different units run in list order.
/// A wait takes the token of exactly the command that it waits for: the latest that conflicts, but
/// none with more than `most_behind` later commands of its unit before the one that waits.
void assign_tokens(std::vector<Item>& items, size_t most_behind);

/// Runs the program on a model of the queues and token counters, without time. Returns an empty
/// text when it ends, leaves no token over and fills no counter, else where it stands. Execution
/// is monotone (a command that can start stays able to), so one order decides for all timings.
std::string check_program(const std::vector<isa::Command>& commands, int32_t queue_depth,
                          int32_t max_tokens);

}  // namespace arraywright::compile
