// DRAM image under construction: regions and their contents. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/compile/program.hpp"

namespace arraywright::compile {

/// Appends regions one after the other, each aligned for whole bursts.
class Image {
public:
    /// From `base` on; bursts end at multiples of `burst_bytes`, a power of two.
    Image(uint64_t base, int32_t burst_bytes);

    /// Reserves `bytes` (an activation tensor); returns its address.
    uint64_t reserve(RegionKind kind, const std::string& name, uint64_t bytes, int32_t layer,
                     int32_t tensor);
    /// Adds a region with contents.
    uint64_t add(RegionKind kind, const std::string& name, std::vector<uint8_t> image,
                 int32_t layer);

    uint64_t end() const { return next_; }
    std::vector<Region> take() { return std::move(regions_); }

private:
    uint64_t alignment_;
    uint64_t next_;
    std::vector<Region> regions_;
};

}  // namespace arraywright::compile
