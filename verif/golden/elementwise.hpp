// ADD, SUB and MUL of two int8 tensors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verif/golden/operand.hpp"

namespace arraywright::golden {

/// With twice = 2 max(s1, s2) and rq the requantization by a real multiplier:
///   v_i = rq((x_i - z_i) * 2^20, s_i / twice)
///   y = clamp(rq(v_1 +- v_2, twice / (2^20 * s_out)) + z_out)
/// ADD computes the multipliers in double, SUB in float32. Inputs broadcast as NumPy does.
Bytes run_add(const network::Operator& op, const Operand& a, const Operand& b,
              const network::Tensor& output);
Bytes run_sub(const network::Operator& op, const Operand& a, const Operand& b,
              const network::Tensor& output);

/// y = clamp(rq((x_1 - z_1) * (x_2 - z_2), s_1 * s_2 / s_out) + z_out), the multiplier in double.
Bytes run_mul(const network::Operator& op, const Operand& a, const Operand& b,
              const network::Tensor& output);

}  // namespace arraywright::golden
