// RELU, RELU6, LOGISTIC and TANH of an int8 tensor. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verif/golden/operand.hpp"

namespace arraywright::golden {

/// y = max(rq(x - z_in, s_in / s_out) + z_out, z_out), saturated to int8.
Bytes run_relu(const Operand& input, const network::Tensor& output);

/// y = clamp(x) to z_in and z_in + round(6 / s_in), whatever the output's scale is.
Bytes run_relu6(const Operand& input);

/// With d = x - z_in, frac * 2^k = s_in * 2^27 and radius r = floor(15 * 2^27 / 2^k):
/// d <= -r gives -128, d >= r gives 127, else y = round(f(rq(d, s_in * 2^27)) / 2^(31-n)) + z
/// where f is the fixed-point function from Q4.27 to Q0.31, ties away from zero, saturated.
/// LOGISTIC: n = 8, z = -128; TANH: n = 7, z = 0.
Bytes run_logistic(const Operand& input);
Bytes run_tanh(const Operand& input);

}  // namespace arraywright::golden
