// A design as other tools take it in: FuseSoC, IP-XACT, Vivado. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "generator/emit/file.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::emit {

/// NAME.core, CAPI2: file set of the RTL, targets to lint and to synthesize.
File emit_fusesoc_core(const plan::Plan& plan, const std::vector<File>& files);
/// NAME.xml, IEEE 1685-2022: bus interfaces, registers, ports, files.
File emit_ip_xact(const plan::Plan& plan, const std::vector<File>& files);
/// NAME.xdc and vivado.tcl: clock and port constraints, a run out of context.
File emit_xdc(const plan::Plan& plan);
File emit_vivado_script(const plan::Plan& plan);

}  // namespace arraywright::emit
