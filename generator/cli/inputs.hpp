// Spec and network of a command, read and compiled. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "generator/cli/command.hpp"
#include "generator/compile/compile.hpp"
#include "generator/network/network.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::cli {

/// Changes of the weights that the user asks for; nothing is changed otherwise.
struct WeightOptions {
    std::string prune;             ///< "2:4", or empty
    int32_t codebook = 0;          ///< 16, 256, or 0
    std::optional<uint64_t> seed;  ///< of a workload's data, instead of its own
};
void add_weight_options(CLI::App& command, WeightOptions& options);

/// Reads a workload (.yaml, .yml) or a .tflite and changes its weights as asked, which it says on
/// stderr and in `json`. Prints what is wrong and adds it to `json`.
std::optional<network::Network> load_network(const std::string& file, const WeightOptions& options,
                                             Json& json);

/// Random bytes for every network input.
std::vector<std::vector<uint8_t>> random_inputs(const network::Network& network, uint64_t seed);

/// Reads and plans a spec. Prints what is wrong and adds it to `json`.
/// `target`: instead of the spec's own.
std::optional<plan::Plan> load_plan(const std::string& file, Json& json,
                                    std::optional<spec::Target> target = {});

/// Compiles; prints the layers that cannot be compiled and adds them to `json`.
std::optional<compile::Program> compile_program(const network::Network& network,
                                                const std::string& file, const plan::Plan& plan,
                                                Json& json,
                                                const compile::CompileOptions& options = {});

}  // namespace arraywright::cli
