// Compares memory with the golden kernel. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "generator/compile/program.hpp"
#include "generator/network/network.hpp"
#include "sim/memory_store.hpp"
#include "sim/result.hpp"
#include "verif/golden/golden.hpp"

namespace arraywright::sim {

/// The region of `tensor`; throws std::invalid_argument when the program has none.
const compile::Region& tensor_region(const compile::Program& program, int32_t tensor);

/// Compares every output tensor of every layer, element by element, and every written byte with
/// the places where a byte may be written. Adds to `result`: mismatches, the first of them, and a
/// failure sentence for writes outside the outputs.
void compare_memory(const compile::Program& program, const network::Network& network,
                    const golden::Result& golden, MemoryStore& store, RunResult& result);

}  // namespace arraywright::sim
