// Companions of the RTL: register map, command set, constraints, file list.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "generator/emit/file.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::emit {

File emit_c_header(const plan::Plan& plan, const std::string& banner);
/// aw_registers.h of the runtime: the same registers for every design, without its constants.
File emit_runtime_header();
File emit_register_page(const plan::Plan& plan);
File emit_command_page(const plan::Plan& plan);
File emit_sdc(const plan::Plan& plan);
/// rtl.f: the Verilog files of `files`, one a line.
File emit_file_list(const std::vector<File>& files);

}  // namespace arraywright::emit
