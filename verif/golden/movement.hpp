// PAD, CONCATENATION and TRANSPOSE: elements of any type move as they are.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "verif/golden/operand.hpp"

namespace arraywright::golden {

/// The input, with op.pads elements of op.pad_value around it.
Bytes run_pad(const network::Operator& op, const Operand& input, const network::Tensor& output);

/// The inputs one behind the other along op.axis.
Bytes run_concatenation(const network::Operator& op, const std::vector<Operand>& inputs,
                        const network::Tensor& output);

/// Output axis i is input axis op.permutation[i].
Bytes run_transpose(const network::Operator& op, const Operand& input,
                    const network::Tensor& output);

}  // namespace arraywright::golden
