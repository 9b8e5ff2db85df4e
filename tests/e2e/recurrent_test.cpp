// Recurrent cells of the operators that they are made of. SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/e2e/simulate_run.hpp"

using namespace arraywright;
using namespace arraywright::e2e;

namespace {

/// Two steps of an LSTM of 40, block-sparse; the first starts from zeros. The embedding is the
/// network's input under another shape: nothing has to write it.
const std::string kLstm = R"(name: lstm
chain: true
layers:
  - {op: reshape, name: x, input: [2, 20], shape: [40]}
  - {op: fully_connected, input: x, outputs: 40, weight_blocks: {size: 8, density: 0.3}, bias: true}
  - {op: logistic, name: input1}
  - {op: fully_connected, input: x, outputs: 40, weight_blocks: {size: 8, density: 0.3}, bias: true}
  - {op: tanh, name: new1}
  - {op: mul, name: state1, inputs: [input1, new1]}
  - {op: fully_connected, input: x, outputs: 40, weight_blocks: {size: 8, density: 0.3}, bias: true}
  - {op: logistic, name: output1}
  - {op: tanh, name: squashed1, input: state1}
  - {op: mul, name: hidden, inputs: [output1, squashed1]}
  - {op: fully_connected, name: forget_x, input: x, outputs: 40, bias: true}
  - {op: fully_connected, name: forget_h, input: hidden, outputs: 40, bias: true}
  - {op: add, inputs: [forget_x, forget_h]}
  - {op: logistic, name: forget}
  - {op: fully_connected, name: new_x, input: x, outputs: 40, weight_blocks: {size: 8, density: 0.1}}
  - {op: fully_connected, name: new_h, input: hidden, outputs: 40, bias: true}
  - {op: add, inputs: [new_x, new_h]}
  - {op: tanh, name: new}
  - {op: mul, name: kept, inputs: [forget, state1]}
  - {op: mul, name: added, inputs: [input1, new]}
  - {op: add, name: state, inputs: [kept, added]}
  - {op: tanh, name: squashed, input: state}
  - {op: mul, name: result, inputs: [output1, squashed]}
)";

}  // namespace

TEST_CASE("recurrent: two steps of an LSTM, plain and with blocks", "[recurrent]") {
    const std::string sparsity = GENERATE("", "sparsity: {block: 8, codecs: true}\n");
    CAPTURE(sparsity);
    const Design design("name: lstm\narray: {rows: 16, cols: 16}\n" + sparsity);
    const sim::SimulationResult result = design.run(kLstm);
    INFO(failures(result));
    CHECK(result.passed());
    CHECK(result.runs.size() == 1);
}
