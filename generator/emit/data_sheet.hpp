// DATASHEET.md of a design: what one who integrates it looks up. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include "generator/emit/file.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::emit {

File emit_data_sheet(const plan::Plan& plan,
                     const std::vector<std::pair<std::string, std::string>>& configuration);

}  // namespace arraywright::emit
