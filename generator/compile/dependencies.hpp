// Order of commands and the tokens that keep it. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "generator/compile/item.hpp"

namespace arraywright::compile {

/// Moves loads ahead of commands that they do not conflict with, past at most `ahead` compute
/// commands, so that data arrives before it is needed. Loads keep their order.
std::vector<Item> hoist_loads(const std::vector<Item>& items, int32_t ahead);

/// Sets wait and signal masks so that conflicting commands of different units run in list order.
/// A wait takes the token of exactly the command that it waits for.
void assign_tokens(std::vector<Item>& items);

/// Runs the program on a model of the queues and token counters, without time. Returns an empty
/// text when it ends, leaves no token over and fills no counter, else where it stands. Execution
/// is monotone (a command that can start stays able to), so one order decides for all timings.
std::string check_program(const std::vector<isa::Command>& commands, int32_t queue_depth,
                          int32_t max_tokens);

}  // namespace arraywright::compile
