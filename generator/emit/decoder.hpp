// aw_decode.v: command decoder generated from the command table.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "generator/emit/file.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::emit {

File emit_decoder(const plan::Plan& plan, const std::string& banner);

}  // namespace arraywright::emit
