// RAMs made of SRAM macros. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/liberty/sram_macro.hpp"
#include "generator/plan/rams.hpp"

namespace arraywright::plan {

/// Part of a RAM's word that lies in one macro.
struct MacroPart {
    int32_t first = 0, bits = 0;
};

/// A RAM as macros: `parts` beside one another, `rows` of them by the high address bits.
struct MacroTiling {
    const liberty::SramMacro* macro = nullptr;
    std::vector<MacroPart> parts;
    int32_t rows = 1;
    int64_t count() const { return static_cast<int64_t>(parts.size()) * rows; }
    double area() const { return static_cast<double>(count()) * macro->area; }
};

/// The smallest area of `macros`, which must not be empty; of equal ones the fewest macros. A macro
/// without a mask holds bits that are written together.
MacroTiling tile_macros(const Ram& ram, const std::vector<liberty::SramMacro>& macros);

/// "aw_ram_512x128x8": the module of all RAMs of one size.
std::string macro_module(const Ram& ram);

/// One RAM of every size.
std::vector<Ram> ram_sizes(const std::vector<Ram>& rams);

}  // namespace arraywright::plan
