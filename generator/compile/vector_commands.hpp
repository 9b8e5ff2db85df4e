// Constants of vector and combine commands. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "generator/compile/vector_layer.hpp"
#include "generator/isa/commands.hpp"

namespace arraywright::compile {

/// A combine command of `layer` with everything but loops and addresses.
isa::Command combine_command(int32_t layer, const Combine& combine);

}  // namespace arraywright::compile
