// A checked workload to a Network with data. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "generator/network/network.hpp"
#include "generator/network/workload.hpp"

namespace arraywright::network {

/// `workload` must have passed check_workload and choose_scales. Weights per channel have scales
/// in [0.5, 1) of the one that the layer has otherwise.
/// The same workload gives the same bytes on every platform.
Network build_network(const Workload& workload);

}  // namespace arraywright::network
