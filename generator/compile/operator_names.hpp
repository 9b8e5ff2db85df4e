// Names of operators in reports. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "generator/network/network.hpp"

namespace arraywright::compile {

/// "conv2d", "average_pool2d": as in a workload YAML.
const char* operator_name(network::OpKind kind);

}  // namespace arraywright::compile
