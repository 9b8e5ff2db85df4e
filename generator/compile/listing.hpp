// Listing: a program as text, commands disassembled. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "generator/compile/program.hpp"

namespace arraywright::compile {

/// One line a command and a host operator, under a line for every step.
std::string listing_text(const Program& program);

}  // namespace arraywright::compile
