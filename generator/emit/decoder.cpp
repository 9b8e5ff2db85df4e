// Command decoder from the command table. SPDX-License-Identifier: Apache-2.0
#include "generator/emit/decoder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/command_layout.hpp"
#include "generator/emit/verilog.hpp"

namespace arraywright::emit {

namespace {

std::string slice(const isa::CommandField& field, int32_t bits, int32_t from = 0) {
    const int32_t lsb = field.word * 32 + field.lsb + from;
    return bits == 1 ? fmt::format("command_i[{}]", lsb)
                     : fmt::format("command_i[{}:{}]", lsb + bits - 1, lsb);
}

/// Means nothing without another field, which is refused where it is absent.
bool belongs_to_flag(const isa::CommandField& field) {
    return field.width == isa::Width::kCodedField || field.width == isa::Width::kSlot;
}

/// Modes of a compute command that this design lacks, and what each asks of its fields.
std::vector<std::string> mode_checks(const plan::Plan& plan) {
    const auto field = [](std::string_view name, int32_t bits = 0) {
        const auto& fields = isa::command_fields(isa::Opcode::kCompute);
        const auto found = std::find_if(fields.begin(), fields.end(),
                                        [&](const isa::CommandField& f) { return f.name == name; });
        return slice(*found, bits == 0 ? found->bits : bits);
    };
    const std::string mode = field("mode");
    std::vector<std::string> result;
    if (plan.depthwise) {
        result.push_back(fmt::format("{} == 2'd1 && {} > 8'd{}  // rows of the window", mode,
                                     field("count_ky"), plan.window_lines + 1));
        result.push_back(fmt::format("{} == 2'd1 && {} > 16'd{}  // columns of the line buffers",
                                     mode, field("count_x"), plan.line_words));
        const std::string start = field("line_start");
        result.push_back(
            fmt::format("{0} == 2'd1 && {{7'd0, {1}, 4'd0}} + {2} > 16'd{3}  // end of the rows in "
                        "the line buffers",
                        mode, start, field("count_x"), plan.line_words));
        result.push_back(fmt::format("{} == 2'd1 && |{} && {}  // rows of odd length lie at word 0",
                                     mode, start, field("count_x", 1)));
        for (const char* name : {"share", "stride_x", "stride_y"}) {
            result.push_back(fmt::format("{} == 2'd1 && !(|{})  // {}", mode, field(name), name));
        }
    } else if (plan.tap_packing) {
        result.push_back(mode + " == 2'd1  // no depthwise window");
    }
    if (plan.tap_packing) {
        result.push_back(fmt::format("{} == 2'd2 && {} > 8'd{}  // vectors of a position", mode,
                                     field("count_kx"), plan.pack_vectors));
    } else if (plan.depthwise) {
        result.push_back(mode + " == 2'd2  // no tap packing");
    }
    if (plan.has_window_stage()) result.push_back("&" + mode + "  // mode");
    return result;
}

/// Conditions under which a command is malformed.
std::vector<std::string> checks(const plan::Plan& plan, isa::Opcode opcode) {
    std::vector<std::string> result;
    for (const isa::CommandField& field : isa::command_fields(opcode)) {
        const int32_t bits = plan.field_bits(field);
        if (bits == 0 && belongs_to_flag(field)) continue;
        if (bits < field.bits && !field.wraps()) {
            result.push_back(fmt::format("|{}  // {} is too large",
                                         slice(field, field.bits - bits, bits), field.name));
        }
        if (field.nonzero) {
            result.push_back(fmt::format("{} == {}'d0  // {}", slice(field, field.bits), field.bits,
                                         field.name));
        }
    }
    if (opcode == isa::Opcode::kCompute) {
        const std::vector<std::string> more = mode_checks(plan);
        result.insert(result.end(), more.begin(), more.end());
    }
    return result;
}

/// Bits of a field as the unit's queue wants them.
std::string field_value(const QueueField& field) {
    if (field.source == nullptr) return field.value;
    const std::string value = slice(*field.source, std::min(field.bits, field.source->bits));
    if (field.bits <= field.source->bits) return value;
    // The design is wider than the command: sign or zero above it.
    const std::string sign =
        field.source->is_signed ? slice(*field.source, 1, field.source->bits - 1) : "1'b0";
    return fmt::format("{{{}{{{}}}}}, {}", field.bits - field.source->bits, sign, value);
}

std::string unit_text(const plan::Plan& plan, isa::Unit unit) {
    const std::string name(isa::unit_name(unit));
    const QueueLayout layout = queue_layout(plan, unit);
    std::string out = section(name);
    out += fmt::format("    assign {}_o = {{\n", name);
    // Three fields a line, highest first, their names beside them.
    for (size_t i = layout.fields.size(); i-- > 0;) {
        std::string values = field_value(layout.fields[i]) + (i > 0 ? "," : "");
        std::string names = layout.fields[i].name;
        for (int32_t more = 0; more < 2 && i > 0; ++more) {
            --i;
            values += " " + field_value(layout.fields[i]) + (i > 0 ? "," : "");
            names += ", " + layout.fields[i].name;
        }
        out += fmt::format("        {:64}  // {}\n", values, names);
    }
    out += "    };\n";
    for (const isa::Opcode opcode : opcodes_of(plan, unit)) {
        out += fmt::format("    wire {}_bad =\n", isa::opcode_name(opcode));
        const std::vector<std::string> conditions = checks(plan, opcode);
        // As many conditions a line as fit, what they say beside them.
        constexpr size_t kConditionColumns = kLineColumns - 20;
        for (size_t i = 0; i < conditions.size(); ++i) {
            const auto split = [](const std::string& text) {
                const size_t at = text.find("  //");
                return std::pair(text.substr(0, at), text.substr(at + 4));
            };
            const bool first = i == 0;
            auto [condition, meaning] = split(conditions[i]);
            std::string line = fmt::format("({})", condition);
            while (i + 1 < conditions.size()) {
                const auto [next, its] = split(conditions[i + 1]);
                if (line.size() + next.size() + meaning.size() + its.size() > kConditionColumns)
                    break;
                line += fmt::format(" || ({})", next);
                meaning += "," + its;
                ++i;
            }
            out += fmt::format("        {} {}{}  //{}\n", first ? "  " : "||", line,
                               i + 1 < conditions.size() ? "" : ";", meaning);
        }
    }
    return out;
}

}  // namespace

File emit_decoder(const plan::Plan& plan, const std::string& banner) {
    std::string out = banner;
    out +=
        "// Command decoder: cuts a 64-byte command into the fields of its unit, in the widths of "
        "this\n"
        "// design, and refuses fields that are out of range. Combinational.\n"
        "`default_nettype none\n\nmodule aw_decode (\n";
    out += fmt::format("    input  wire [511:0] command_i,\n    input  wire {} index_i,\n",
                       range(plan.index_bits));
    for (int32_t u = 0; u < isa::kUnits; ++u) {
        const auto unit = static_cast<isa::Unit>(u);
        out += fmt::format("    output wire {} {}_o,\n", range(queue_layout(plan, unit).bits),
                           isa::unit_name(unit));
    }
    out +=
        "    output wire [3:0] unit_o,        // one-hot: store, vector, compute, load\n"
        "    output wire       bad_opcode_o,\n"
        "    output wire       bad_field_o\n);\n"
        "    wire [7:0] opcode = command_i[7:0];\n"
        "    assign unit_o = {opcode == 8'd4, opcode == 8'd3";
    out += plan.elementwise ? " || opcode == 8'd5" : "";
    out +=
        ", opcode == 8'd2, opcode == 8'd1};\n"
        "    assign bad_opcode_o = unit_o == 4'd0;\n";
    for (int32_t u = 0; u < isa::kUnits; ++u) out += unit_text(plan, static_cast<isa::Unit>(u));
    out += plan.elementwise
               ? "\n    wire vector_unit_bad = (opcode == 8'd5) ? combine_bad : vector_bad;\n"
               : "\n    wire vector_unit_bad = vector_bad;\n";
    out +=
        "    assign bad_field_o = |(unit_o & {store_bad, vector_unit_bad, compute_bad, "
        "load_bad});\n\n"
        "    // Bits that no field uses are ignored.\n"
        "    wire unused_ok = &{1'b0, command_i};\n"
        "endmodule\n\n`default_nettype wire\n";
    return {"rtl/aw_decode.v", out};
}

}  // namespace arraywright::emit
