// Load and store commands of one run of bytes. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "generator/isa/commands.hpp"

namespace arraywright::compile {

/// Values of the field `target` of a load command.
enum LoadTarget {
    kActivationTarget = 0,
    kWeightTarget = 1,
    kBiasTarget = 2,
    kScaleTarget = 3,
    kTableTarget = 4
};

isa::Command load_command(int32_t layer, LoadTarget target, int64_t address, int64_t buffer,
                          int64_t bytes);
isa::Command store_command(int32_t layer, int64_t address, int64_t buffer, int64_t bytes);

}  // namespace arraywright::compile
