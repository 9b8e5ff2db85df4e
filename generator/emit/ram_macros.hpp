// RAMs made of SRAM macros: aw_ram, one module for every size of RAM, models of the macros.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "generator/emit/file.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::emit {

/// rtl/aw_ram.v, which takes the place of the template, and rtl/aw_ram_<words>x<bits>.v; only for
/// a plan with macros.
std::vector<File> emit_macro_rams(const plan::Plan& plan, const std::string& banner);

/// models/<macro>.v of every macro in use: behaviour for simulation, not for synthesis.
std::vector<File> emit_macro_models(const plan::Plan& plan, const std::string& banner);

}  // namespace arraywright::emit
