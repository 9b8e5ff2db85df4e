// Host operators: an operator of the network as loops for the runtime, parameters precomputed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "generator/compile/program.hpp"
#include "generator/network/network.hpp"

namespace arraywright::compile {

/// Bus address of a tensor's first byte; constants that are read have one too.
using TensorAddress = std::function<uint64_t(int32_t tensor)>;

/// Results of an operator of one int8 value, by value + 128.
using ByteTable = std::array<int8_t, 256>;

struct HostOperatorsResult {
    std::vector<HostOperator> operators;  ///< to run in this order; none for a view of its input
    std::string error;                    ///< why the host cannot run it; empty when it can
};

/// What the host does for operator `index`. Tensors are whole and row-major. With `table`, an
/// operator of one int8 input is looked up; LOGISTIC and TANH need it.
HostOperatorsResult make_host_operators(const network::Network& network, int32_t index,
                                        const TensorAddress& address,
                                        const ByteTable* table = nullptr);

}  // namespace arraywright::compile
