// Division that rounds up. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace arraywright::compile {

/// Smallest integer not below a / b; a >= 0, b > 0.
constexpr int64_t ceil_div(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}

}  // namespace arraywright::compile
