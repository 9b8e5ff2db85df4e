// Companions of the RTL. SPDX-License-Identifier: Apache-2.0
#include "generator/emit/companions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <optional>

#include "generator/emit/command_guide.hpp"
#include "generator/emit/register_file.hpp"
#include "generator/isa/commands.hpp"
#include "generator/isa/registers.hpp"

namespace arraywright::emit {

namespace {

std::string upper_case(std::string_view name) {
    std::string out(name);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
}

std::string_view access_name(isa::Access access) {
    switch (access) {
        case isa::Access::kReadOnly:
            return "RO";
        case isa::Access::kReadWrite:
            return "RW";
        case isa::Access::kWriteOnly:
            return "WO";
        case isa::Access::kWriteOneToClear:
            return "W1C";
    }
    return "";
}

std::string bits_name(int32_t lsb, int32_t bits) {
    return bits == 1 ? fmt::format("[{}]", lsb) : fmt::format("[{}:{}]", lsb + bits - 1, lsb);
}

/// C macros of all registers, fields and error codes; `value`: of a constant register.
std::string register_macros(
    const std::string& prefix,
    const std::function<std::optional<uint32_t>(const isa::Register&)>& value) {
    std::string out;
    for (const isa::Register& reg : isa::registers()) {
        out += fmt::format("/* {} {} */\n#define {}_{} 0x{:03x}u\n", access_name(reg.access),
                           reg.description, prefix, reg.name, reg.offset);
        if (const std::optional<uint32_t> constant = value(reg)) {
            out += fmt::format("#define {}_{}_VALUE 0x{:08x}u\n", prefix, reg.name, *constant);
        }
        for (const isa::RegisterField& field : reg.fields) {
            const uint32_t mask =
                field.bits == 32 ? 0xffffffffu : ((1u << field.bits) - 1) << field.lsb;
            out += fmt::format(
                "#define {0}_{1}_{2}_SHIFT {3}\n#define {0}_{1}_{2}_MASK 0x{4:08x}u  /* {5} */\n",
                prefix, reg.name, field.name, field.lsb, mask, field.description);
        }
    }
    out += "\n/* Values of ERROR_CODE */\n";
    for (const isa::ErrorCode& error : isa::error_codes()) {
        out += fmt::format("#define {}_ERROR_{} {}u  /* {} */\n", prefix, error.name, error.code,
                           error.description);
    }
    return out;
}

}  // namespace

File emit_c_header(const plan::Plan& plan, const std::string& banner) {
    const std::string prefix = upper_case(plan.spec.name);
    std::string out = banner;
    out += fmt::format("#ifndef {0}_REGISTERS_H\n#define {0}_REGISTERS_H\n\n", prefix);
    out += register_macros(prefix, [&plan](const isa::Register& reg) {
        return is_constant_register(reg) ? std::optional(constant_register_value(plan, reg))
                                         : std::nullopt;
    });
    return {plan.spec.name + "_registers.h", out + "\n#endif\n"};
}

File emit_runtime_header() {
    std::string out =
        "/* Registers that all accelerators of arraywright share, generated from the register\n"
        "   table. SPDX-License-Identifier: Apache-2.0 */\n/* clang-format off */\n"
        "#ifndef AW_REGISTERS_H\n#define AW_REGISTERS_H\n\n";
    out += register_macros("AW", [](const isa::Register& reg) -> std::optional<uint32_t> {
        if (reg.name == "ID") return isa::kIdValue;
        if (reg.name == "VERSION") return isa::kVersionValue;
        return std::nullopt;
    });
    return {"aw_registers.h", out + "\n#endif\n"};
}

File emit_register_page(const plan::Plan& plan) {
    std::string out = fmt::format(
        "# Registers of {}\n\nAXI4-Lite, 32 bits, byte offsets. Writes must cover all four bytes; "
        "anything else "
        "answers SLVERR.\n\n| offset | register | access | description |\n|---|---|---|---|\n",
        plan.spec.name);
    for (const isa::Register& reg : isa::registers()) {
        out +=
            fmt::format("| 0x{:03x} | {} | {} | {}", reg.offset, reg.name,
                        access_name(has_register(plan, reg) ? reg.access : isa::Access::kReadOnly),
                        reg.description);
        if (reg.name == "PROGRAM_COMMANDS")
            out += fmt::format(" At most {}.", (int64_t{1} << plan.index_bits) - 1);
        if (is_constant_register(reg))
            out += fmt::format(" Value 0x{:08x}.", constant_register_value(plan, reg));
        if (!has_register(plan, reg)) out += " Not in this design: 0.";
        out += " |\n";
        for (const isa::RegisterField& field : reg.fields) {
            out += fmt::format("| | {} {} | | {} |\n", bits_name(field.lsb, field.bits), field.name,
                               field.description);
        }
    }
    if (plan.counters && plan.queue_depth == 0)
        out +=
            "\nWithout queues no command waits for tokens: WAIT_LOAD are cycles without a step in "
            "which the load unit works, WAIT_STORE those of the vector or store unit (RESULT_WAIT "
            "of the vector unit), COMMAND those in which no unit has a command yet.\n";
    out += "\n## Error codes\n\n| code | name | meaning and address |\n|---|---|---|\n";
    for (const isa::ErrorCode& error : isa::error_codes()) {
        out += fmt::format("| {} | {} | {} |\n", error.code, error.name, error.description);
    }
    return {"registers.md", out};
}

File emit_command_page(const plan::Plan& plan) {
    const char* order =
        plan.queue_depth > 0
            ? "They are dispatched in order to four queues (load, compute, vector, store), each "
              "executed in order; `wait` and `signal` masks (bit 0 load, 1 compute, 2 vector, 3 "
              "store) join them by tokens: a command takes one token of every unit in `wait` "
              "before it starts and gives one to every unit in `signal` when it is complete. "
            : "They are executed in order: a command starts when all earlier ones of other units "
              "(load, compute, vector, store) are complete. `wait` and `signal` are not read: "
              "queues and tokens are not in this design. ";
    std::string out = fmt::format(
        "# Command set of {}\n\nA program is a list of 64-byte little-endian commands at a 64-byte "
        "aligned address. {}The program ends when all commands are.\n",
        plan.spec.name, order);
    const auto table = [&](const std::vector<isa::CommandField>& fields) {
        out += "\n| word | bits | field | bits here | meaning |\n|---|---|---|---|---|\n";
        for (const isa::CommandField& field : fields) {
            out += fmt::format("| {} | {} | {} | {} | {}{} |\n", field.word,
                               bits_name(field.lsb, field.bits), field.name, plan.field_bits(field),
                               field.description, field.nonzero ? "; not 0" : "");
        }
    };
    out += "\n## All commands\n";
    table(isa::header_fields());
    for (int32_t o = 1; o <= isa::kOpcodes; ++o) {
        const auto opcode = static_cast<isa::Opcode>(o);
        if (opcode == isa::Opcode::kCombine && !plan.elementwise) continue;
        out += fmt::format("\n## {} (opcode {})\n", isa::opcode_name(opcode), o);
        table(isa::command_fields(opcode));
    }
    return {"commands.md", out + command_guide(plan)};
}

File emit_sdc(const plan::Plan& plan) {
    return {plan.spec.name + ".sdc",
            fmt::format(
                "# Timing constraints of {}: one clock, all ports registered by the other side.\n"
                "# Set the period (ns) that your technology reaches.\n"
                "if {{![info exists clock_period]}} {{ set clock_period 10.0 }}\n"
                "create_clock -name clk -period $clock_period [get_ports clk]\n"
                "set_input_delay  [expr 0.3 * $clock_period] -clock clk "
                "[remove_from_collection [all_inputs] [get_ports clk]]\n"
                "set_output_delay [expr 0.3 * $clock_period] -clock clk [all_outputs]\n",
                plan.spec.name)};
}

File emit_file_list(const std::vector<File>& files) {
    std::string out;
    for (const File& file : files) {
        if (file.path.ends_with(".v")) out += file.path + "\n";
    }
    return {"rtl.f", out};
}

}  // namespace arraywright::emit
