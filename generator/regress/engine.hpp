// Who works off the runs of a plan. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "generator/regress/plan_file.hpp"
#include "generator/regress/result_store.hpp"

namespace arraywright::regress {

struct EngineOptions {
    std::string program;    ///< arraywright itself
    std::string plan_path;  ///< absolute
    int32_t jobs = 2;       ///< local: processes at once
    int64_t chunk = 25;     ///< slurm: runs of one task
};

/// Called now and then while results come in.
using Progress = std::function<void()>;

/// Runs `ids` on this machine, `jobs` at a time.
void run_locally(const PlanFile& plan, const std::vector<int64_t>& ids, const ResultStore& store,
                 const EngineOptions& options, const Progress& progress);

/// Submits the runs without a result as a job array and waits until each has one. A job array that
/// an earlier regress left behind is waited for first. What was lost with its node is submitted
/// again, up to five times. Throws std::runtime_error when Slurm's commands fail.
void run_on_slurm(const PlanFile& plan, const ResultStore& store, const EngineOptions& options,
                  const Progress& progress);

/// One task of the job array: runs `chunk` ids of the list in `file` from index * chunk on, except
/// those that have a result.
void run_chunk(const PlanFile& plan, const std::string& file, int64_t index,
               const ResultStore& store, const EngineOptions& options);

}  // namespace arraywright::regress
