// Height, width and channels of a tensor. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "generator/network/network.hpp"

namespace arraywright::compile {

struct Extent {
    int32_t h = 1, w = 1, c = 1;
};

/// The last axis is channels, the one before width, all others together height; two axes are height
/// and channels.
inline Extent extent_of(const network::Tensor& tensor) {
    Extent extent;
    const size_t rank = tensor.shape.size();
    if (rank > 0) extent.c = tensor.shape[rank - 1];
    if (rank == 2) extent.h = tensor.shape[0];
    if (rank > 2) extent.w = tensor.shape[rank - 2];
    for (size_t axis = 0; axis + 2 < rank; ++axis) extent.h *= tensor.shape[axis];
    return extent;
}

}  // namespace arraywright::compile
