// Words that Verilog-2005 or SystemVerilog keep for themselves. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace arraywright::spec {

/// IEEE 1364-2005 Annex B and IEEE 1800-2017 Annex B.
bool is_verilog_reserved(std::string_view word);

}  // namespace arraywright::spec
