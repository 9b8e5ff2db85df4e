// A netlist proves itself before its figures are believed: networks run on it under the testbench
// of the RTL. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace arraywright::synth {

struct GateNetwork {
    std::string name;
    std::string workload;  ///< YAML
};

/// Convolution with pooling, fully connected and depthwise layers, a few thousand cycles each.
const std::vector<GateNetwork>& gate_networks();

}  // namespace arraywright::synth
