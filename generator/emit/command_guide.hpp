// How commands execute, with examples: the second half of commands.md.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "generator/plan/plan.hpp"

namespace arraywright::emit {

/// Markdown sections. The examples are encoded and disassembled from the command table.
std::string command_guide(const plan::Plan& plan);

}  // namespace arraywright::emit
