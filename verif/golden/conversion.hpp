// QUANTIZE and DEQUANTIZE. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verif/golden/operand.hpp"

namespace arraywright::golden {

/// From int8 or uint8: y = rq(x - z_in, s_in / s_out) + z_out. From float32:
/// y = round(x / s_out) + z_out, the quotient in float32, ties away from zero; NaN gives the
/// smallest value. Saturated to int8 or uint8.
Bytes run_quantize(const Operand& input, const network::Tensor& output);

/// y = s_in * (x - z_in), rounded once to float32.
Bytes run_dequantize(const Operand& input);

}  // namespace arraywright::golden
