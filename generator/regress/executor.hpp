// Runs one simulation in a process of its own. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "generator/regress/plan_file.hpp"
#include "generator/regress/result_store.hpp"

namespace arraywright::regress {

/// Ends the process group when `plan.timeout_seconds` have passed. `program`: arraywright itself.
RunRecord execute(const PlanFile& plan, int64_t id, const std::string& program);

/// Runs it again with a waveform in `trace`; true when the file was written.
bool write_trace(const PlanFile& plan, int64_t id, const std::string& program,
                 const std::string& trace);

/// Node of a Slurm job, else the machine's name.
std::string host_name();

}  // namespace arraywright::regress
