// workload.yaml to a Network with seeded synthetic data. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "generator/network/network.hpp"
#include "generator/spec/diagnostics.hpp"

namespace arraywright::network {

/// Bytes that all tensors of a workload may take together.
constexpr int64_t kMaxWorkloadBytes = int64_t{4} << 30;

/// `network` is set exactly when there are no errors.
struct WorkloadResult {
    std::optional<Network> network;
    spec::Diagnostics diagnostics;
};

/// Reads and checks the file at `path`; all errors in one run, never an exception. `seed`: of the
/// data, instead of the file's own.
WorkloadResult read_workload(const std::string& path, std::optional<uint64_t> seed = {});

/// The same for YAML in memory; `file` is the name in messages.
WorkloadResult parse_workload(const std::string& file, const std::string& yaml);

}  // namespace arraywright::network
