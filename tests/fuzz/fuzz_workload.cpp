// Fuzz target of the workload reader: any number of mutated YAML texts from a seed.
// Build with ARRAYWRIGHT_SANITIZE; scripts/fuzz does. SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "generator/network/workload_builder.hpp"
#include "generator/network/workload_checks.hpp"
#include "generator/network/workload_fields.hpp"
#include "generator/network/workload_scales.hpp"
#include "generator/spec/source_file.hpp"
#include "generator/spec/yaml_fields.hpp"
#include "generator/spec/yaml_reader.hpp"
#include "tests/fuzz/yaml_mutations.hpp"

namespace {

using namespace arraywright;

const char* const kSubject = R"(name: t
seed: 3
values: random
chain: true
layers:
  - {op: conv2d, name: stem, input: [8, 8, 3], filters: 4, kernel: [3, 3], padding: same, bias: true}
  - {op: depthwise_conv2d, name: dw, multiplier: 2, kernel: [3, 2], stride: [2, 2], padding: valid}
  - {op: max_pool2d, name: pool, input: stem, kernel: [2, 2], padding: {top: 1}, stride: [2, 2]}
  - {op: conv2d, name: a, filters: 8, kernel: [1, 1], padding: same, groups: 2, activation: relu6}
  - {op: pad, input: a, padding: {bottom: 1, left: 2}}
  - {op: add, name: sum, inputs: [a, a], output_zero_point: -128}
  - {op: concatenation, inputs: [a, a]}
  - {op: relu6}
  - {op: mean, keep_dims: true}
  - {op: reshape, shape: [4, 4]}
  - {op: fully_connected, inputs: 16, outputs: 10, weight_density: 0.5}
  - {op: tanh}
  - {op: softmax}
)";

/// Words that a reader of numbers, names and structure chokes on.
const std::vector<std::string> kWords = {"0",    "-1",  "1048576",    "9223372036854775808",
                                         "a",    "sum", "[",          "]",
                                         "{",    "}",   ": ",         "\n  - ",
                                         "null", "&x",  "*x",         "1e9",
                                         "same", "mul", "input: a, ", "~"};

/// Reads and checks; builds the data too unless it is large. Returns whether it was built.
bool read(const std::string& text) {
    spec::SourceFile source = spec::check_source("t.yaml", text);
    spec::Diagnostics& diagnostics = source.diagnostics;
    if (!source.text) return false;
    const auto root = spec::read_yaml(*source.text, diagnostics);
    if (!root || !spec::is_section(*root, "a workload", "name: t", diagnostics)) return false;
    network::Workload workload = network::read_workload_fields(*root, diagnostics);
    network::check_workload(workload, diagnostics);
    if (!diagnostics.has_errors()) network::choose_scales(workload, diagnostics);
    if (diagnostics.has_errors()) return diagnostics.render().empty();
    int64_t elements = 0;
    for (const network::WorkloadLayer& layer : workload.layers) {
        elements += network::shape_elements(layer.input_shape()) +
                    network::shape_elements(layer.output_shape());
        if (network::has_weights(layer.kind)) {
            elements += network::shape_elements(layer.weight_shape());
        }
    }
    if (elements > 1 << 20) return false;
    network::build_network(workload);
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    return fuzz::run(argc, argv, "workloads", kSubject, kWords, read);
}
