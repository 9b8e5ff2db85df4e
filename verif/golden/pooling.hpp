// AVERAGE_POOL_2D, MAX_POOL_2D and MEAN of int8 pictures. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verif/golden/operand.hpp"

namespace arraywright::golden {

/// Over the part of the window inside the picture, of N elements:
/// y = clamp(sum x / N), raw values, rounded to nearest, ties away from zero.
Bytes run_average_pool(const network::Operator& op, const Operand& input,
                       const network::Tensor& output);

/// y = clamp(max x) over the part of the window inside the picture.
Bytes run_max_pool(const network::Operator& op, const Operand& input,
                   const network::Tensor& output);

/// Over the N elements of the reduced axes, with (q, e) the multiplier of s_in / s_out:
///   t = min(floor(log2 N), 32, 31 + e), q' = floor(q * 2^t / N), e' = e - t
///   y = clamp(rq(sum x - N * z_in by q', e') + z_out)
Bytes run_mean(const network::Operator& op, const Operand& input, const network::Tensor& output);

}  // namespace arraywright::golden
