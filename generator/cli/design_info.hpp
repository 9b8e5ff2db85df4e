// What the testbench must know of a planned design. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "generator/plan/plan.hpp"
#include "sim/design_info.hpp"

namespace arraywright::cli {

/// Everything but rtl_files, which depend on where the design is written.
sim::DesignInfo design_info(const plan::Plan& plan);

}  // namespace arraywright::cli
