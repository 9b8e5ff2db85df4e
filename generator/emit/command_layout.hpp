// Layout of a decoded command in a unit's queue. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/isa/commands.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::emit {

/// A field at its place in the queue word; only what the unit uses, in the design's widths.
struct QueueField {
    std::string name;
    int32_t lsb = 0;
    int32_t bits = 0;
    const isa::CommandField* source = nullptr;  ///< null: no field of the command, but `value`
    std::string value;
};

struct QueueLayout {
    std::vector<QueueField> fields;
    int32_t bits = 0;
};

/// Opcodes of a unit that the design has.
std::vector<isa::Opcode> opcodes_of(const plan::Plan& plan, isa::Unit unit);

/// index, wait, signal, layer (compute and vector only), then the unit's fields: those of all its
/// opcodes, each once.
QueueLayout queue_layout(const plan::Plan& plan, isa::Unit unit);

}  // namespace arraywright::emit
