// The words of spec.yaml for enumerations: one table for reading and printing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "generator/spec/spec.hpp"

namespace arraywright::spec {

const std::vector<std::pair<std::string, Dataflow>>& dataflow_names();
const std::vector<std::pair<std::string, OnOverflow>>& on_overflow_names();
const std::vector<std::pair<std::string, Target>>& target_names();

/// "weight_stationary" of Dataflow::kWeightStationary.
std::string name_of(Dataflow dataflow);
std::string name_of(OnOverflow on_overflow);
std::string name_of(Target target);

}  // namespace arraywright::spec
