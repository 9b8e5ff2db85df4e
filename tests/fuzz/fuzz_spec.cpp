// Fuzz target of the spec reader: mutated specs; what is accepted is planned and emitted.
// Build with ARRAYWRIGHT_SANITIZE; scripts/fuzz does. SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "generator/emit/design.hpp"
#include "generator/plan/plan.hpp"
#include "generator/spec/spec_reader.hpp"
#include "tests/fuzz/yaml_mutations.hpp"

namespace {

using namespace arraywright;

const char* const kSubject = R"(name: t
array: {rows: 8, cols: 4, dataflow: broadcast, depthwise: true, tap_packing: true}
arithmetic: {accumulator_bits: 32, on_overflow: trap}
buffers: {activation_kib: 16, weight_kib: 16, accumulator_kib: 4, activation_banks: 4, weight_banks: 4}
sparsity:
  structured: "2:4"
  block: 16
  codebook: 16
  codecs: true
  zero_gating: true
vector: {lanes: 4, serial: false}
bus: {data_bits: 64, address_bits: 32, outstanding: 4}
control: {queue_depth: 4}
)";

const std::vector<std::string> kWords = {"0",
                                         "-1",
                                         "64",
                                         "9223372036854775808",
                                         "weight_stationary",
                                         "wrap",
                                         "[",
                                         "]",
                                         "{",
                                         "}",
                                         ": ",
                                         "\n  ",
                                         "null",
                                         "&x",
                                         "*x",
                                         "1e9",
                                         "true",
                                         "none",
                                         "\"1:4\"",
                                         "~",
                                         "unstructured: {}"};

bool read(const std::string& text) {
    const spec::SpecResult result = spec::parse_spec("t.yaml", text);
    if (!result.spec) return result.diagnostics.render().empty();
    return !emit::emit_design(plan::make_plan(*result.spec)).empty();
}

}  // namespace

int main(int argc, char** argv) {
    return fuzz::run(argc, argv, "specs", kSubject, kWords, read);
}
