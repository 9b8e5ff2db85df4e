// result.json of simulate. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "sim/result.hpp"

namespace arraywright::sim {

/// The figures of the first inference at the top, all inferences in `runs`. A figure that was
/// not measured is the string "not measured". Nothing in it depends on wall time.
nlohmann::ordered_json to_json(const SimulationResult& result);

/// Form, bytes and skipped MACs of a layer's weights; null where the array has none.
nlohmann::ordered_json weights_json(const compile::WeightStorage& storage);

/// "passed", "mismatch", "overflow" or "hang".
const char* outcome_name(Outcome outcome);

}  // namespace arraywright::sim
