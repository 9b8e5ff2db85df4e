// Disassembler. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/listing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace arraywright::compile {

namespace {

constexpr const char* kKinds[] = {"move",       "fill", "table",  "requantize", "quantize",
                                  "dequantize", "add",  "sub",    "mul",        "mean",
                                  "average",    "max",  "softmax"};
static_assert(std::size(kKinds) == AW_HOST_KINDS);

std::string command_lines(const Program& program, const Step& step) {
    std::string text;
    const uint64_t first = (step.command_address - program.command_address) / isa::kCommandBytes;
    for (uint64_t i = first; i < first + step.command_count; ++i) {
        text +=
            fmt::format("{:5} {:#010x} {}\n", i, program.command_address + i * isa::kCommandBytes,
                        program.commands[static_cast<size_t>(i)].text());
    }
    return text;
}

std::string operand_text(const aw_operand& operand) {
    return fmt::format("{:#x} [{}]", operand.address, fmt::join(operand.stride, ", "));
}

std::string operator_line(const HostOperator& host) {
    const aw_host_op& op = host.op;
    std::string text = fmt::format("      {:<10} [{}]", kKinds[op.kind], fmt::join(op.dims, ", "));
    const uint32_t inputs = aw_host_op_inputs(&op);
    if (inputs > 0) text += " a=" + operand_text(op.a);
    if (inputs > 1) text += " b=" + operand_text(op.b);
    return text + " out=" + operand_text(op.out) + "\n";
}

}  // namespace

std::string listing_text(const Program& program) {
    std::string text;
    for (size_t i = 0; i < program.steps.size(); ++i) {
        const Step& step = program.steps[i];
        if (step.kind == Step::Kind::kRun) {
            text += fmt::format("step {}: run {} commands from {:#x}\n", i, step.command_count,
                                step.command_address);
            text += command_lines(program, step);
            continue;
        }
        const LayerInfo& layer = program.layers[static_cast<size_t>(step.operator_index)];
        text += fmt::format("step {}: host, {} ({})\n", i, layer.name, layer.op);
        for (const HostOperator& host : step.host_operators) text += operator_line(host);
    }
    return text;
}

}  // namespace arraywright::compile
