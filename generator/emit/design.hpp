// Plan to files: the whole output of `generate`. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "generator/emit/file.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::emit {

/// RTL under rtl/ and companions, sorted as a reader would open them. Deterministic.
std::vector<File> emit_design(const plan::Plan& plan);

/// Verilog files of `files` in compile order.
std::vector<File> rtl_files(const std::vector<File>& files);

/// A file of rtl_templates, e.g. "array/aw_pe.v"; throws std::out_of_range for an unknown path.
const std::string& rtl_template(const std::string& path);

/// A file of generator/runtime, e.g. "aw_runtime.c"; throws std::out_of_range for an unknown path.
const std::string& runtime_source(const std::string& path);

/// Templates that the design of `plan` consists of, in data-flow order.
std::vector<std::string> chosen_templates(const plan::Plan& plan);

}  // namespace arraywright::emit
