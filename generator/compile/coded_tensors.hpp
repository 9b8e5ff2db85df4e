// Tensors that cross the bus as a stream without their zeros. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/compile/graph.hpp"
#include "generator/compile/item.hpp"
#include "generator/compile/memory_map.hpp"
#include "generator/compile/program.hpp"
#include "generator/network/network.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::compile {

/// Tensors, by index, that a design with codecs may code: made and read by the accelerator within
/// one run, in DRAM, and likely to have zeros: results of a ReLU or of what keeps its zeros, or
/// with the smallest value as zero point. The host sees none of them.
std::vector<bool> may_be_coded(const network::Network& network, const Graph& graph,
                               const MemoryMap& map, const plan::Plan& plan);

/// Most bytes that the stream of a tensor of `bytes` takes, in whole bus words.
int64_t coded_capacity(const plan::Plan& plan, int64_t bytes);

/// A tensor in DRAM that may be coded, with its region.
struct CodedCandidate {
    int32_t tensor = -1;
    int64_t dram = 0, bytes = 0, row_bytes = 0;
    int32_t zero = 0;
};

/// What decides on coding.
struct CodingRules {
    /// Percent that whole blocks may make loads longer, if the tensor has no zeros after all.
    int64_t most_growth = 2;
    /// Bus words of a block; 0: what suits the loads.
    int64_t block_words = 0;
};

/// Codes those of `candidates` of which every command moves one piece, stores in order, and whose
/// loads fetch little more than they want when they fetch whole blocks.
/// Changes their commands and what these touch; returns what was coded.
std::vector<CodedTensor> code_tensors(const plan::Plan& plan,
                                      const std::vector<CodedCandidate>& candidates,
                                      const CodingRules& rules, std::vector<Item>& items);

}  // namespace arraywright::compile
