// Operators of the vector unit as one or more vector layers: PAD fills borders and copies,
// CONCATENATION copies its inputs one by one. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/compile/vector_layer.hpp"

namespace arraywright::compile {

struct VectorPart {
    VectorLayer layer;
    std::vector<int32_t> inputs;              ///< tensors; none: results do not depend on any
    int32_t out_y = 0, out_x = 0, out_c = 0;  ///< where the part begins in the output
};

/// True for int8 operators that `vector_parts` takes; otherwise the host runs them.
bool runs_on_vector_unit(const network::Network& network, const network::Operator& op,
                         const plan::Plan& plan);

std::vector<VectorPart> vector_parts(const network::Network& network, int32_t index,
                                     const network::Padding& padding, const plan::Plan& plan);

}  // namespace arraywright::compile
