// arraywright synth: a design through the tools of a target; figures of netlists that work.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "generator/cli/atomic_file.hpp"
#include "generator/cli/built_design.hpp"
#include "generator/cli/inputs.hpp"
#include "generator/cli/output_folder.hpp"
#include "generator/compile/compile.hpp"
#include "generator/files/staging.hpp"
#include "generator/network/workload_reader.hpp"
#include "generator/spec/spec_names.hpp"
#include "generator/synth/cells.hpp"
#include "generator/synth/gate_check.hpp"
#include "generator/synth/place.hpp"
#include "generator/synth/tool.hpp"
#include "sim/result_table.hpp"

namespace arraywright::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string spec_file, json_file, output, target, device = "hx8k", package = "ct256";
    std::vector<std::string> liberty, networks;
    double clock_ns = 0;
    bool place = false;
};

/// The netlist does not do what the RTL does.
class NetlistWrong : public synth::ToolError {
public:
    using ToolError::ToolError;
};

struct Prepared {
    network::Network network;
    compile::Program program;
};

/// Networks for the netlist, compiled; empty where one of them cannot be, which is printed.
std::vector<Prepared> prepare_networks(const Options& options, const plan::Plan& plan, Json& json) {
    std::vector<Prepared> prepared;
    const auto add = [&](const std::string& file, std::optional<network::Network> network) {
        if (!network) return false;
        std::optional<compile::Program> program = compile_program(*network, file, plan, json);
        if (!program) return false;
        prepared.push_back({std::move(*network), std::move(*program)});
        return true;
    };
    if (options.networks.empty()) {
        for (const synth::GateNetwork& built_in : synth::gate_networks()) {
            if (!add(built_in.name,
                     network::parse_workload(built_in.name, built_in.workload).network))
                return {};
        }
    }
    for (const std::string& file : options.networks) {
        if (!add(file, load_network(file, {}, json))) return {};
    }
    return prepared;
}

/// Runs a network on RTL and netlist; throws NetlistWrong where they differ.
std::string run_network(const Prepared& prepared, const plan::Plan& plan, const BuiltDesign& rtl,
                        const BuiltDesign& gates) {
    const network::Network& network = prepared.network;
    sim::SimulationOptions simulation;
    simulation.memory.latency_cycles = 20;
    simulation.memory.stall = 0.2;
    const std::vector<Inputs> inputs = {
        network.synthetic_inputs.empty() ? random_inputs(network, 1) : network.synthetic_inputs};
    const std::vector<golden::Result> expected = golden_results(network, inputs, plan);
    const auto run = [&](const BuiltDesign& design, const char* what) {
        const sim::SimulationResult result =
            run_design(design, network, prepared.program, inputs, expected, simulation);
        if (result.exit_code() != kPassed)
            throw NetlistWrong(fmt::format("{} does not pass on the {}:\n{}", network.name, what,
                                           sim::to_table(result)));
        return result.runs.front().latency_cycles.value();
    };
    const auto cycles = run(rtl, "RTL");
    const auto at_gates = run(gates, "netlist");
    if (cycles != at_gates)
        throw NetlistWrong(fmt::format("{} takes {} cycles on the netlist and {} on the RTL",
                                       network.name, at_gates, cycles));
    return fmt::format("{}, bit-exact in the RTL's {} cycles", network.name, cycles);
}

std::optional<spec::Target> asked_target(const Options& options) {
    for (const auto& [name, target] : spec::target_names()) {
        if (name == options.target) return target;
    }
    return std::nullopt;
}

synth::FlowOptions flow_options(const Options& options, const plan::Plan& plan) {
    synth::FlowOptions flow;
    flow.target = plan.spec.target;
    flow.clock_ns = options.clock_ns > 0                  ? options.clock_ns
                    : flow.target == spec::Target::kIce40 ? 20.0
                                                          : 5.0;
    for (const std::string& file : options.liberty) flow.liberty.push_back(fs::absolute(file));
    const bool is_asic = flow.target == spec::Target::kAsic;
    if (is_asic && flow.liberty.empty())
        throw OutputError("target asic needs --liberty FILE, the cells to map to");
    if (!is_asic && !flow.liberty.empty())
        throw OutputError(
            fmt::format("--liberty is for target asic, not {}", spec::name_of(flow.target)));
    if (options.place && flow.target != spec::Target::kIce40)
        throw OutputError(
            fmt::format("--place is for target ice40, not {}", spec::name_of(flow.target)));
    if (options.clock_ns > 0 && !is_asic && !options.place)
        throw OutputError("--clock is for target asic, and for ice40 with --place");
    return flow;
}

/// The failure that led here is what counts, not that its logs cannot be kept.
void keep_logs(OutputFolder& output) {
    try {
        fmt::print(stderr, "arraywright: scripts and logs are in '{}'\n",
                   output.commit_failed().string());
    } catch (const OutputError& error) {
        fmt::print(stderr, "arraywright: scripts and logs are lost: {}\n", error.what());
    }
}

int run_synth(const Options& options) {
    if (!spdlog::get("arraywright"))
        spdlog::set_default_logger(spdlog::stderr_color_mt("arraywright"));
    Json json = {{"command", "synth"}, {"passed", false}};
    check_json_target(options.json_file, options.spec_file);
    const std::optional<plan::Plan> plan =
        load_plan(options.spec_file, json, asked_target(options));
    if (!plan) {
        write_json(options.json_file, json);
        return kInputWrong;
    }
    const synth::FlowOptions flow = flow_options(options, *plan);
    const std::vector<Prepared> networks = prepare_networks(options, *plan, json);
    if (networks.empty()) {
        write_json(options.json_file, json);
        return kInputWrong;
    }
    std::optional<OutputFolder> output;
    std::optional<files::Staging> temporary;
    if (!options.output.empty())
        output.emplace(options.output);
    else
        temporary.emplace(fs::temp_directory_path() / "synth");
    const fs::path folder = output ? output->staging() : temporary->path();
    fs::remove_all(folder);
    fs::create_directories(folder);
    try {
        synth::Figures figures;
        spdlog::info("synthesis of {} for {}", plan->spec.name, spec::name_of(flow.target));
        synth::Netlist netlist = synth::make_netlist(*plan, flow, folder, figures);
        if (options.place) synth::join_pins(*plan, folder, netlist);
        const bool is_fpga = flow.target == spec::Target::kXilinx7 ||
                             flow.target == spec::Target::kEcp5 ||
                             flow.target == spec::Target::kIce40;
        if (is_fpga) synth::count_fpga_cells(flow.target, figures);
        spdlog::info("the netlist through the testbench");
        const BuiltDesign rtl = build_design(*plan, false);
        const BuiltDesign gates =
            build_design(*plan, false, synth::gate_models(*plan, flow, netlist, folder));
        for (const Prepared& network : networks)
            figures.networks.push_back(run_network(network, *plan, rtl, gates));
        if (options.place)
            synth::place_ice40(folder, options.device, options.package, flow.clock_ns, figures);
        if (flow.target == spec::Target::kAsic)
            synth::analyse_asic(netlist, folder, flow.clock_ns, figures);
        json.update(synth::to_json(figures));
        json["passed"] = true;
        if (output) {
            output->write("figures.json", json.dump(2) + "\n");
            output->commit();
        }
        write_json(options.json_file, json);
        if (prints_text(options.json_file)) write_standard_output(synth::to_table(figures));
        return kPassed;
    } catch (const std::runtime_error& error) {
        fmt::print(stderr, "arraywright: error: {}\n", error.what());
        json["errors"] = {error.what()};
        write_json(options.json_file, json);
        if (output) keep_logs(*output);
        return dynamic_cast<const NetlistWrong*>(&error) != nullptr ? kMismatch : kUsageOrInternal;
    }
}

}  // namespace

void add_synth(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "synth", "Synthesize for a target, run the netlist under the testbench, print its figures");
    command->add_option("SPEC", options->spec_file, "the accelerator's description, a YAML file")
        ->required();
    std::vector<std::string> targets;
    for (const auto& [name, target] : spec::target_names()) targets.push_back(name);
    command->add_option("--target", options->target, "builds for it instead of the spec's own")
        ->check(CLI::IsMember(targets));
    command->add_option("--liberty", options->liberty, "target asic: cells, one or more files")
        ->check(CLI::ExistingFile);
    command->add_option("--clock", options->clock_ns, "period in ns; iCE40 20, ASIC 5 by default")
        ->check(CLI::PositiveNumber);
    command->add_flag("--place", options->place,
                      "target ice40: place and route, too, with fewer pins than ports");
    command->add_option("--device", options->device, "target ice40: hx1k, hx8k, up5k, ...");
    command->add_option("--package", options->package, "target ice40: of the device");
    command->add_option("--network", options->networks,
                        "run these on the netlist instead of three small ones");
    command->add_option("-o,--output", options->output,
                        "folder for netlist, scripts, logs and figures.json");
    add_json_option(*command, options->json_file);
    command->callback([options, &exit_code] { exit_code = run_synth(*options); });
}

}  // namespace arraywright::cli
