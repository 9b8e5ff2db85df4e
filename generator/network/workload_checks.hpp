// Rules between the fields and between the layers of a workload. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include "generator/network/workload.hpp"

namespace arraywright::network {

/// Resolves SAME and VALID, then reports what does not fit together: kernels larger than their
/// input, groups that do not divide, equal names, a broken chain, too much data. Layers that are
/// not sound are passed over.
void check_workload(Workload& workload, spec::Diagnostics& diagnostics);

}  // namespace arraywright::network
