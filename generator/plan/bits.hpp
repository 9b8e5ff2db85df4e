// Widths of numbers. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace arraywright::plan {

/// Bits of an index below `count`; 0 for 1.
inline int32_t ceil_log2(int64_t count) {
    int32_t bits = 0;
    while ((int64_t{1} << bits) < count) ++bits;
    return bits;
}

}  // namespace arraywright::plan
