// Layout of a decoded command in a unit's queue. SPDX-License-Identifier: Apache-2.0
#include "generator/emit/command_layout.hpp"

#include <algorithm>

namespace arraywright::emit {

std::vector<isa::Opcode> opcodes_of(const plan::Plan& plan, isa::Unit unit) {
    std::vector<isa::Opcode> opcodes = {static_cast<isa::Opcode>(static_cast<int>(unit) + 1)};
    if (unit == isa::Unit::kVector && plan.elementwise) opcodes.push_back(isa::Opcode::kCombine);
    return opcodes;
}

QueueLayout queue_layout(const plan::Plan& plan, isa::Unit unit) {
    QueueLayout layout;
    const auto add = [&layout](std::string name, int32_t bits, const isa::CommandField* source,
                               std::string value = {}) {
        const bool known = std::any_of(layout.fields.begin(), layout.fields.end(),
                                       [&](const QueueField& f) { return f.name == name; });
        if (known || bits == 0) return;
        layout.fields.push_back({std::move(name), layout.bits, bits, source, std::move(value)});
        layout.bits += bits;
    };
    add("index", plan.index_bits, nullptr, "index_i");
    const bool wants_layer = unit == isa::Unit::kCompute || unit == isa::Unit::kVector;
    for (const isa::CommandField& field : isa::header_fields()) {
        if (field.name == "opcode" || (field.name == "layer" && !wants_layer)) continue;
        add(std::string(field.name), field.bits, &field);
    }
    const std::vector<isa::Opcode> opcodes = opcodes_of(plan, unit);
    if (opcodes.size() > 1) add("combine", 1, nullptr, "opcode == 8'd5");
    for (const isa::Opcode opcode : opcodes) {
        for (const isa::CommandField& field : isa::command_fields(opcode))
            add(std::string(field.name), plan.field_bits(field), &field);
    }
    return layout;
}

}  // namespace arraywright::emit
