// Patches: the activations that one output position multiplies, in the order of the reduction.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/network/network.hpp"

namespace arraywright::golden {

/// An operator seen as dot products: each of `positions` output positions has one patch of
/// `terms` activations per group, multiplied by `channels_per_group` rows of weights.
struct DotProducts {
    int64_t positions = 0;
    int64_t groups = 1;
    int64_t channels_per_group = 0;
    int64_t terms = 0;      ///< reduction length K
    int64_t runs = 1;       ///< the patch is `runs` runs of `run_terms`; see AccumulatorModel
    int64_t run_terms = 0;  ///< runs * run_terms == terms
};

/// Zero point of an activation tensor; 0 if it is not quantized.
int32_t zero_point_of(const network::Tensor& tensor);

/// gemm and fully connected: one position per row of K, whatever the rank of the tensors.
DotProducts dot_products(const network::Network& network, const network::Operator& op);

/// Patch of `group` at output `position` (row * output width + column; gemm: row).
/// `input` is the input tensor, convolutions [1, H, W, C]; padded taps give the zero point.
void gather_patch(const network::Network& network, const network::Operator& op, const int8_t* input,
                  int64_t position, int64_t group, std::vector<int8_t>& patch);

}  // namespace arraywright::golden
