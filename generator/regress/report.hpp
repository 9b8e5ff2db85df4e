// The results of a regression as text, JSON and JUnit XML. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "generator/regress/plan_file.hpp"
#include "generator/regress/result_store.hpp"

namespace arraywright::regress {

struct Report {
    std::vector<RunRecord> records;           ///< by id; every run has one
    std::map<std::string, int64_t> outcomes;  ///< how many of each
    std::map<std::string, int64_t> hosts;
    std::map<int64_t, std::string> traces;  ///< waveform of a run that failed
    int64_t failed = 0;
};

/// Reads all results. Throws std::runtime_error when one is missing.
Report collect(const PlanFile& plan, const ResultStore& store);

/// One line that runs it again: `simulate` with spec, network, memory and seed.
std::string replay_command(const PlanFile& plan, int64_t id);

std::string report_text(const PlanFile& plan, const Report& report);
nlohmann::ordered_json report_json(const PlanFile& plan, const Report& report);
std::string junit_xml(const PlanFile& plan, const Report& report);

}  // namespace arraywright::regress
