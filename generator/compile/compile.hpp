// Network and plan to program. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "generator/compile/coded_tensors.hpp"
#include "generator/compile/program.hpp"
#include "generator/network/network.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::compile {

/// Why one layer cannot be compiled, and what would help.
struct CompileError {
    std::string layer;
    int32_t line = 0;  ///< line of a workload YAML, else 0
    std::string message;
};

struct CompileResult {
    Program program;
    std::vector<CompileError> errors;  ///< empty when the program is complete
};

struct CompileOptions {
    uint64_t base = 0x1000;  ///< first bus address
    /// Every tensor is written to DRAM, so that each can be compared; nothing is fused.
    bool keep_all_tensors = false;
    /// 256 MiB of them; a longer program would run for hours on any array.
    int64_t most_commands = int64_t{1} << 22;
    /// Compiles layers that can overflow narrow accumulators, to show that they do.
    bool allow_overflow = false;
    /// Which tensors are coded, on a design with codecs. Tests take other rules.
    CodingRules coding = {};
};

/// Weights, commands and tensors at bus addresses from `options.base`. The program is checked for
/// deadlock and full token counters; a failure of that check is a bug and throws.
CompileResult compile_network(const network::Network& network, const plan::Plan& plan,
                              const CompileOptions& options = {});

}  // namespace arraywright::compile
