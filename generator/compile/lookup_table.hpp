// Lookup tables: functions of one int8 value. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "generator/network/network.hpp"

namespace arraywright::compile {

using LookupTable = std::array<int8_t, 256>;  ///< index: value + 128

/// True for operators whose int8 results depend on one int8 input alone: LOGISTIC, TANH, RELU,
/// RELU6, QUANTIZE, and ADD, SUB, MUL with a constant of one element as second input.
bool has_lookup_table(const network::Network& network, const network::Operator& op);

/// Results for -128 to 127, with the arithmetic of the reference kernels.
LookupTable lookup_table(const network::Network& network, const network::Operator& op);

}  // namespace arraywright::compile
