// What the layers of a workload read from one another. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "generator/network/workload.hpp"

namespace arraywright::network {

/// Finds the layers that layer `index` reads, takes over their shape and zero point, or reports
/// what does not fit. Layers before `index` must have been linked and checked. A layer that reads
/// one that is not sound becomes so itself, without a report.
void link_layer(Workload& workload, size_t index, spec::Diagnostics& diagnostics);

}  // namespace arraywright::network
