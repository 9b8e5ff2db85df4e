// SOFTMAX of int8 along the last axis. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verif/golden/operand.hpp"

namespace arraywright::golden {

/// Per row, with m its maximum, (q, k) the multiplier of min(beta * s * 2^26, 2^31 - 1) and
/// d_min = -floor(31 * 2^26 / 2^k): elements with x - m < d_min count as 0. The others give
/// e = exp(rq(x - m, q, k)) from Q5.26 to Q0.31, and the sum of e / 2^12 (ties away from zero)
/// in Q12.19 is S. With S = (1 + f) * 2^(31 - h), h its leading zeros, and r = 1 / (1 + f):
///   y = clamp(round(r * e / 2^(35 - h)) - 128), ties away from zero.
Bytes run_softmax(const network::Operator& op, const Operand& input);

}  // namespace arraywright::golden
