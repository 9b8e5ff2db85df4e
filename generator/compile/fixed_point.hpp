// Fixed-point logistic and hyperbolic tangent of the reference integer kernels.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "generator/network/scale.hpp"

namespace arraywright::compile {

using network::divide_rounded;
using network::multiply_rounded;

/// `x` has 4 integer and 27 fraction bits, the result 31 fraction bits.
int32_t fixed_logistic(int32_t x);
int32_t fixed_tanh(int32_t x);

}  // namespace arraywright::compile
