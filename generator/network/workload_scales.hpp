// Scales of synthetic networks. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "generator/network/workload.hpp"

namespace arraywright::network {

/// Sets the scales and shifts of every layer of a checked workload so that results use the int8
/// range; all scales are powers of two. Reports concatenations of tensors of different scales.
///
/// A layer with weights alone: input 1, weights 1, output 2^shift. In a chain every activation
/// has scale 1/16 (6.0 is 96 steps, so that relu6 cuts only the tail), and the weights make the
/// multiplier 2^-shift; sums and products take the smallest scale at which three deviations fit.
void choose_scales(Workload& workload, spec::Diagnostics& diagnostics);

}  // namespace arraywright::network
