// The layer lists of examples/networks against the totals of the published networks.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <filesystem>

#include "generator/network/workload_reader.hpp"

using namespace arraywright::network;

namespace {

Network read_example(const std::string& name) {
    const std::filesystem::path folder = std::filesystem::path(AW_SOURCE_DIR) / "examples";
    WorkloadResult result = read_workload((folder / "networks" / (name + ".yaml")).string());
    INFO(result.diagnostics.render());
    REQUIRE(result.network.has_value());
    return std::move(*result.network);
}

int64_t weight_count(const Network& network) {
    int64_t count = 0;
    for (const Operator& op : network.operators) {
        if (has_weights(op.kind))
            count += network.tensors[static_cast<size_t>(op.weights)].elements();
    }
    return count;
}

}  // namespace

TEST_CASE("examples: layer-list networks have the published sizes", "[network][examples]") {
    struct Size {
        const char* name;
        int64_t macs, weights;
        int32_t weighted_layers;
    };
    const Size size = GENERATE(Size{"alexnet", 724'406'816, 60'954'656, 8},
                               Size{"vgg16", 15'470'264'320, 138'344'128, 16},
                               Size{"resnet50", 3'857'973'248, 25'502'912, 54},
                               Size{"squeezenet1_0", 832'667'936, 1'244'448, 26},
                               Size{"mobilenetv1", 568'740'352, 4'209'088, 28});
    INFO(size.name);
    const Network network = read_example(size.name);
    CHECK(network.synthetic);
    int64_t macs = 0;
    int32_t weighted_layers = 0;
    for (const Operator& op : network.operators) {
        macs += mac_count(network, op);
        weighted_layers += has_weights(op.kind) ? 1 : 0;
    }
    CHECK(macs == size.macs);
    CHECK(weight_count(network) == size.weights);
    CHECK(weighted_layers == size.weighted_layers);
    REQUIRE(network.outputs.size() == 1);
    CHECK(network.operators.back().kind == OpKind::kSoftmax);
    CHECK(network.tensors[static_cast<size_t>(network.outputs[0])].shape ==
          std::vector<int32_t>{1, 1000});
}
