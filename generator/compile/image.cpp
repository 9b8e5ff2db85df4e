// DRAM image under construction. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/image.hpp"

#include <algorithm>

namespace arraywright::compile {

namespace {
constexpr uint64_t kFetchBytes = 256;  // four commands
}

Image::Image(uint64_t base, int32_t burst_bytes)
    : alignment_(std::max(kFetchBytes, static_cast<uint64_t>(burst_bytes))), next_(base) {}

uint64_t Image::reserve(RegionKind kind, const std::string& name, uint64_t bytes, int32_t layer,
                        int32_t tensor) {
    Region region;
    region.kind = kind;
    region.name = name;
    region.address = next_;
    region.bytes = bytes;
    region.layer = layer;
    region.tensor = tensor;
    next_ = (next_ + bytes + alignment_ - 1) / alignment_ * alignment_;
    regions_.push_back(std::move(region));
    return regions_.back().address;
}

uint64_t Image::add(RegionKind kind, const std::string& name, std::vector<uint8_t> image,
                    int32_t layer) {
    const uint64_t address = reserve(kind, name, image.size(), layer, -1);
    regions_.back().image = std::move(image);
    return address;
}

}  // namespace arraywright::compile
