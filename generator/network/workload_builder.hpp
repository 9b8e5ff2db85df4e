// A checked workload to a Network with data. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "generator/network/network.hpp"
#include "generator/network/workload.hpp"

namespace arraywright::network {

/// `workload` must have passed check_workload. Scales: input 1, weights 1 (per channel: in
/// [0.5, 1)), output 2^shift. In a chain the input has the scale 2^s of the output it reads, and
/// the weights 2^-s times the above, so that every layer's multiplier is 2^-shift again.
/// The same workload gives the same bytes on every platform.
Network build_network(const Workload& workload);

}  // namespace arraywright::network
