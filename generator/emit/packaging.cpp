// FuseSoC core file, Vivado script and constraints. SPDX-License-Identifier: Apache-2.0
#include "generator/emit/packaging.hpp"

#include <fmt/format.h>

namespace arraywright::emit {

File emit_fusesoc_core(const plan::Plan& plan, const std::vector<File>& files) {
    const std::string& name = plan.spec.name;
    std::string out = fmt::format(
        "CAPI=2:\n\nname: \"arraywright:accelerators:{}:0.1.0\"\n"
        "description: \"INT8 inference accelerator, {} x {} multipliers\"\n\nfilesets:\n  rtl:\n"
        "    files:\n",
        name, plan.rows, plan.cols);
    const auto list = [&](const char* folder) {
        for (const File& file : files) {
            if (file.path.starts_with(folder) && file.path.ends_with(".v"))
                out += fmt::format("      - \"{}\"\n", file.path);
        }
        out += "    file_type: \"verilogSource-2005\"\n";
    };
    list("rtl/");
    // Behaviour of SRAM macros: not for synthesis.
    const bool has_models = !plan.spec.memories.macros.empty();
    if (has_models) {
        out += "  models:\n    files:\n";
        list("models/");
    }
    out += "  constraints:\n    files:\n";
    out += fmt::format("      - \"{}.xdc\":\n          file_type: \"xdc\"\n\n", name);
    out += "targets:\n";
    const auto target = [&](const char* key, const std::string& more, const char* more_sets = "") {
        out += fmt::format("  {}:\n    filesets:\n      - \"rtl\"\n{}    toplevel: \"{}\"\n{}", key,
                           more_sets, name, more);
    };
    target("default", "");
    const char* models = has_models ? "      - \"models\"\n" : "";
    target("lint",
           "    default_tool: \"verilator\"\n    tools:\n      verilator:\n        mode: "
           "\"lint-only\"\n        verilator_options:\n          - \"-Wall\"\n",
           models);
    target("vivado", "    default_tool: \"vivado\"\n", "      - \"constraints\"\n");
    const char* arch = plan.spec.target == spec::Target::kXilinx7 ? "xilinx"
                       : plan.spec.target == spec::Target::kEcp5  ? "ecp5"
                       : plan.spec.target == spec::Target::kIce40 ? "ice40"
                                                                  : nullptr;
    if (arch != nullptr) {
        target("synth",
               fmt::format("    default_tool: \"yosys\"\n    tools:\n      yosys:\n        arch: "
                           "\"{}\"\n",
                           arch));
    }
    return {name + ".core", out};
}

File emit_xdc(const plan::Plan& plan) {
    return {plan.spec.name + ".xdc",
            fmt::format(
                "# Constraints of {}: one clock; the other side of every port is registered.\n"
                "# Set the period (ns) that your device reaches.\n"
                "create_clock -name clk -period 10.000 [get_ports clk]\n"
                "set_input_delay  -clock clk 3.000 [get_ports -filter {{DIRECTION == IN && NAME != "
                "\"clk\"}}]\n"
                "set_output_delay -clock clk 3.000 [get_ports -filter {{DIRECTION == OUT}}]\n",
                plan.spec.name)};
}

File emit_vivado_script(const plan::Plan& plan) {
    return {"vivado.tcl",
            fmt::format(
                "# Synthesis of {0} out of context: vivado -mode batch -source vivado.tcl -tclargs "
                "PART\n"
                "set folder [file dirname [file normalize [info script]]]\n"
                "set part   [expr {{$argc > 0 ? [lindex $argv 0] : \"xc7k325tffg900-2\"}}]\n"
                "create_project -in_memory -part $part\n"
                "set list [open $folder/rtl.f]\n"
                "foreach file [split [string trim [read $list]] \"\\n\"] {{ read_verilog "
                "$folder/$file }}\n"
                "close $list\n"
                "read_xdc -mode out_of_context $folder/{0}.xdc\n"
                "synth_design -top {0} -part $part -mode out_of_context\n"
                "report_utilization -hierarchical -file $folder/{0}_utilization.txt\n"
                "report_timing_summary -file $folder/{0}_timing.txt\n"
                "write_checkpoint -force $folder/{0}.dcp\n",
                plan.spec.name)};
}

}  // namespace arraywright::emit
