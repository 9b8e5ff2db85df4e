// One operator: dot products, bias, requantization, overflow report and counts.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "verif/golden/golden.hpp"

namespace arraywright::golden {

/// Runs operator `layer` of the network on the bytes of its input tensor; writes the bytes of
/// its output tensor (kRaw: int32 little-endian) to `output`.
LayerResult run_layer(const network::Network& network, int32_t layer,
                      const std::vector<uint8_t>& input, const std::vector<uint8_t>& weights,
                      const AccumulatorModel& accumulator, std::vector<uint8_t>& output);

}  // namespace arraywright::golden
