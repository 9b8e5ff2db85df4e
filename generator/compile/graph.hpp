// Graph: which operator runs where, which tensors share memory, what is done together.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/compile/extent.hpp"
#include "generator/network/network.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::compile {

/// Who executes an operator. kNone: nobody has to, its output shares memory with its input, or it
/// is done together with another operator.
enum class Block { kArray, kVector, kHost, kNone };
const char* block_name(Block block);

/// A tensor as a part of the tensor that owns its memory.
struct View {
    int32_t root = -1;         ///< owner; the tensor itself if nothing is shared
    int64_t offset_bytes = 0;  ///< of the first element in the owner
    int64_t pixel_bytes = 0;   ///< between neighbours of one row (the last axis is a pixel)
    int64_t row_bytes = 0;     ///< between rows
};

/// One piece of work, in execution order.
struct GraphOp {
    int32_t index = 0;  ///< operator of the network
    Block block = Block::kHost;
    std::vector<int32_t> inputs;  ///< activations read, a PAD before it taken away
    int32_t output = -1;
    network::Padding padding;  ///< of a window, a PAD before it included
    /// Operator ADD whose other input is added to the result, or -1; `inputs[1]` is that input and
    /// `output` the ADD's.
    int32_t residual_add = -1;
};

struct Graph {
    std::vector<GraphOp> ops;
    std::vector<View> views;         ///< by tensor
    std::vector<Block> blocks;       ///< by operator of the network
    std::vector<std::string> notes;  ///< by operator: "done with conv_3", or empty
};

struct GraphOptions {
    /// Every tensor goes to memory of its own, so that each can be compared: nothing is fused.
    bool keep_all_tensors = false;
};

Graph build_graph(const network::Network& network, const plan::Plan& plan, GraphOptions options);

}  // namespace arraywright::compile
