// Networks for netlists. SPDX-License-Identifier: Apache-2.0
#include "generator/synth/gate_check.hpp"

namespace arraywright::synth {

const std::vector<GateNetwork>& gate_networks() {
    static const std::vector<GateNetwork> networks = {
        {"convolution",
         "name: gate_convolution\nchain: true\nlayers:\n"
         "  - {op: conv2d, input: [6, 6, 5], filters: 8, kernel: [3, 3], padding: same, bias: "
         "true, "
         "per_channel: true, activation: relu}\n"
         "  - {op: max_pool2d, input: [6, 6, 8], kernel: [2, 2], stride: [2, 2], padding: "
         "valid}\n"},
        {"fully_connected",
         "name: gate_fully_connected\nlayers: [{op: fully_connected, inputs: 70, outputs: 24, "
         "bias: "
         "true}]\n"},
        {"depthwise",
         "name: gate_depthwise\nlayers: [{op: depthwise_conv2d, input: [7, 6, 5], kernel: [3, 3], "
         "padding: same}]\n"}};
    return networks;
}

}  // namespace arraywright::synth
