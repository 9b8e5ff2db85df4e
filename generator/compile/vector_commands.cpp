// Constants of combine commands. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/vector_commands.hpp"

namespace arraywright::compile {

isa::Command combine_command(int32_t layer, const Combine& combine) {
    isa::Command command(isa::Opcode::kCombine, layer);
    command.set("op", static_cast<int64_t>(combine.op));
    command.set("two_operands", combine.two_operands ? 1 : 0);
    command.set("table", combine.table ? 1 : 0);
    command.set("zero_a", combine.a.zero_point);
    command.set("multiplier_a", combine.a.multiplier);
    command.set("shift_a", combine.a.shift);
    command.set("zero_b", combine.b.zero_point);
    command.set("multiplier_b", combine.b.multiplier);
    command.set("shift_b", combine.b.shift);
    command.set("multiplier", combine.scale.multiplier);
    command.set("exponent", combine.scale.exponent);
    command.set("zero_point", combine.output_zero_point);
    command.set("minimum", combine.clamp_low);
    command.set("maximum", combine.clamp_high);
    command.set("count_kx", combine.two_operands ? 2 : 1);
    command.set("count_ky", 1);
    command.set("count_x", 1);
    command.set("count_y", 1);
    return command;
}

}  // namespace arraywright::compile
