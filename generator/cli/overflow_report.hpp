// What `overflow` found, as a table and as JSON. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generator/cli/command.hpp"
#include "generator/overflow/witness.hpp"
#include "sim/host_driver.hpp"

namespace arraywright::cli {

/// What the RTL and the golden kernel made of a witness.
struct WitnessRun {
    size_t layer = 0;  ///< index in NetworkOverflow::layers
    overflow::Witness witness;
    bool predicted = false;  ///< the golden kernel has the predicted channel, position and step
    std::vector<std::string> failures;            ///< of RTL against golden; empty when they agree
    std::optional<sim::OverflowRegisters> first;  ///< what the RTL reports as the first
    bool confirmed() const { return predicted && failures.empty() && first.has_value(); }
};

/// All that the report needs.
struct OverflowFindings {
    const network::Network* network = nullptr;
    std::string design;
    overflow::Arithmetic arithmetic;
    overflow::NetworkOverflow analysis;
    std::vector<WitnessRun> runs;  ///< empty when nothing overflows or nothing was to be run
};

std::string overflow_table(const OverflowFindings& findings);

/// Adds to `json`.
void add_overflow_json(const OverflowFindings& findings, Json& json);

/// "proven safe", "partial sums only", "unsafe".
const char* verdict_name(overflow::Verdict verdict);

}  // namespace arraywright::cli
