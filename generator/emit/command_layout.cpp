// Layout of a decoded command in a unit's queue. SPDX-License-Identifier: Apache-2.0
#include "generator/emit/command_layout.hpp"

namespace arraywright::emit {

QueueLayout queue_layout(const plan::Plan& plan, isa::Unit unit) {
    QueueLayout layout;
    const auto add = [&layout](std::string name, int32_t bits, const isa::CommandField* source) {
        if (bits == 0) return;  // a field of an option that this design lacks
        layout.fields.push_back({std::move(name), layout.bits, bits, source});
        layout.bits += bits;
    };
    add("index", plan.index_bits, nullptr);
    const bool wants_layer = unit == isa::Unit::kCompute || unit == isa::Unit::kVector;
    for (const isa::CommandField& field : isa::header_fields()) {
        if (field.name == "opcode" || (field.name == "layer" && !wants_layer)) continue;
        add(std::string(field.name), field.bits, &field);
    }
    for (const isa::CommandField& field : isa::command_fields(unit)) {
        add(std::string(field.name), plan.field_bits(field), &field);
    }
    return layout;
}

}  // namespace arraywright::emit
