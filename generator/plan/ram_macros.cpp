// Tiling of RAMs. SPDX-License-Identifier: Apache-2.0
#include "generator/plan/ram_macros.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace arraywright::plan {

namespace {

/// Parts of up to `width` bits; with `at_lanes` none spans two lanes.
std::vector<MacroPart> cut(const Ram& ram, int32_t width, bool at_lanes) {
    std::vector<MacroPart> parts;
    const int32_t unit = at_lanes ? ram.write_bits : ram.bits;
    for (int32_t start = 0; start < ram.bits; start += unit) {
        for (int32_t bit = 0; bit < unit; bit += width)
            parts.push_back({start + bit, std::min(width, unit - bit)});
    }
    return parts;
}

}  // namespace

MacroTiling tile_macros(const Ram& ram, const std::vector<liberty::SramMacro>& macros) {
    MacroTiling best;
    for (const liberty::SramMacro& macro : macros) {
        MacroTiling tiling;
        tiling.macro = &macro;
        tiling.parts = cut(ram, macro.bits, macro.mask.empty() && ram.write_bits < ram.bits);
        tiling.rows = static_cast<int32_t>((ram.words + macro.words - 1) / macro.words);
        if (best.macro == nullptr ||
            std::tuple(tiling.area(), tiling.count()) < std::tuple(best.area(), best.count()))
            best = tiling;
    }
    return best;
}

std::string macro_module(const Ram& ram) {
    const std::string name = fmt::format("aw_ram_{}x{}", ram.words, ram.bits);
    return ram.write_bits == ram.bits ? name : fmt::format("{}x{}", name, ram.write_bits);
}

std::vector<Ram> ram_sizes(const std::vector<Ram>& rams) {
    std::vector<Ram> sizes;
    std::set<std::string> seen;
    for (const Ram& ram : rams) {
        if (seen.insert(macro_module(ram)).second) sizes.push_back(ram);
    }
    return sizes;
}

}  // namespace arraywright::plan
