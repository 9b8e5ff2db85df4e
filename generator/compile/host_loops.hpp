// Loops of a host operator: extents and strides of at most six axes. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/runtime/aw_host_ops.h"

namespace arraywright::compile {

/// One axis: its extent and the elements between neighbours of each operand.
struct LoopAxis {
    int64_t extent = 1;
    int64_t a = 0, b = 0, out = 0;
};

/// Elements between neighbours along each axis of a row-major tensor.
std::vector<int64_t> row_major_strides(const std::vector<int32_t>& shape);

/// Fewer, longer axes that visit the same elements in the same order.
std::vector<LoopAxis> merge_axes(const std::vector<LoopAxis>& axes);

/// Sets extents, strides and `kept` of `op`: `outer` axes, then `inner` ones (rows of SOFTMAX,
/// reduced axes), which stay apart from them. False if they are more than six.
bool set_loops(const std::vector<LoopAxis>& outer, const std::vector<LoopAxis>& inner,
               aw_host_op& op);

}  // namespace arraywright::compile
