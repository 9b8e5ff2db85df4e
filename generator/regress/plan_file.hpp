// A regression plan: specs x networks x memories x seeds. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "generator/spec/diagnostics.hpp"

namespace arraywright::regress {

constexpr int64_t kMostRuns = 1'000'000;

struct PlanFile {
    std::string name;
    std::vector<std::filesystem::path> specs, networks;  ///< as the plan's folder sees them
    std::vector<std::string> memories = {"latency=20"};  ///< of --memory, without a seed
    uint64_t first_seed = 1;
    int64_t seeds = 1;
    int64_t timeout_seconds = 600;  ///< of one run
};

struct PlanResult {
    std::optional<PlanFile> plan;  ///< set exactly when there are no errors
    spec::Diagnostics diagnostics;
};

/// Reads and checks a plan; the files that it names must exist.
PlanResult read_plan(const std::string& path);

/// One simulation.
struct Run {
    int64_t id = 0;  ///< 0 to run_count - 1; the same plan gives the same run the same id
    std::filesystem::path spec, network;
    std::string memory;  ///< with its seed
    uint64_t seed = 1;
};

int64_t run_count(const PlanFile& plan);
/// Seeds vary fastest, then memories, networks, specs.
Run run_of(const PlanFile& plan, int64_t id);

/// What `simulate` is called with: `program` first.
std::vector<std::string> command_of(const Run& run, const std::string& program);

}  // namespace arraywright::regress
