// aw_registers.v: register file generated from the register table.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "generator/emit/file.hpp"
#include "generator/isa/registers.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::emit {

File emit_register_file(const plan::Plan& plan, const std::string& banner);

/// True for registers whose value is fixed at generation (ID, VERSION, CAP_*, SPEC_HASH_*).
bool is_constant_register(const isa::Register& reg);
/// False for a counter that the design does not have: it reads 0.
bool has_register(const plan::Plan& plan, const isa::Register& reg);
/// Value of a constant register in this design.
uint32_t constant_register_value(const plan::Plan& plan, const isa::Register& reg);
/// "program_addr_lo" of "PROGRAM_ADDR_LO".
std::string lower_case(std::string_view name);

}  // namespace arraywright::emit
