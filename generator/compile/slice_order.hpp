// Order of slices of channel tiles whose lists are of different length.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace arraywright::compile {

/// Places in `work` (array steps of each slice) in the order in which its sum stays closest to a
/// straight line: results of a short slice leave while the array is at a long one. Equal slices
/// keep their order.
std::vector<size_t> even_order(const std::vector<int64_t>& work);

}  // namespace arraywright::compile
