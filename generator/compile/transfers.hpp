// Load and store commands of one run of bytes. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "generator/compile/layer.hpp"
#include "generator/isa/commands.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::compile {

/// Values of the field `target` of a load command.
enum LoadTarget {
    kActivationTarget = 0,
    kWeightTarget = 1,
    kBiasTarget = 2,
    kScaleTarget = 3,
    kTableTarget = 4,
    kCodebookTarget = 5
};

isa::Command load_command(int32_t layer, LoadTarget target, int64_t address, int64_t buffer,
                          int64_t bytes);
/// Says in which form a weight load brings `tiles` tiles of `columns` columns.
void set_weight_form(isa::Command& load, const Layer& layer, const plan::Plan& plan,
                     int32_t columns, int64_t tiles);
isa::Command store_command(int32_t layer, int64_t address, int64_t buffer, int64_t bytes);

}  // namespace arraywright::compile
