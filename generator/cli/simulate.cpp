// arraywright simulate: RTL, program, SystemC run, comparison. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "generator/cli/atomic_file.hpp"
#include "generator/cli/built_design.hpp"
#include "generator/cli/estimate_report.hpp"
#include "generator/cli/inputs.hpp"
#include "generator/cli/output_folder.hpp"
#include "generator/cli/trace_file.hpp"
#include "generator/network/random_stream.hpp"
#include "sim/result_json.hpp"
#include "sim/result_table.hpp"

namespace arraywright::cli {
namespace {

struct Options {
    std::string spec_file, network_file, json_file, output, trace;
    std::string memory = "latency=20";
    std::vector<std::string> inputs, netlist;
    bool keep_tensors = false;
    uint32_t hang_cycles = 0;
    WeightOptions weights;
};

/// The files given, else the workload's own data. Throws OutputError for a file of wrong size.
std::vector<Inputs> read_inputs(const Options& options, const network::Network& network) {
    std::vector<Inputs> runs;
    if (options.inputs.empty()) {
        if (!network.synthetic_inputs.empty()) {
            runs.push_back(network.synthetic_inputs);
        } else if (options.weights.seed) {
            runs.push_back(random_inputs(network, *options.weights.seed));
        } else {
            throw OutputError(
                "the network has no input of its own: give --input FILE, raw elements, or --seed");
        }
        return runs;
    }
    if (network.inputs.size() != 1) throw OutputError("--input needs a network with one input");
    const network::Tensor& tensor = network.tensors[static_cast<size_t>(network.inputs[0])];
    for (const std::string& name : options.inputs) {
        std::ifstream file(name, std::ios::binary);
        if (!file) throw OutputError(fmt::format("{}: cannot be read", name));
        std::vector<uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
        if (static_cast<int64_t>(bytes.size()) != tensor.bytes()) {
            throw OutputError(fmt::format("{}: has {} bytes; input '{}' needs {}", name,
                                          bytes.size(), tensor.name, tensor.bytes()));
        }
        runs.push_back({std::move(bytes)});
    }
    return runs;
}

std::string as_text(const std::vector<uint8_t>& bytes) {
    return {bytes.begin(), bytes.end()};
}

/// result.json, output_NNN.bin of every input and, if kept, every layer's tensor of the first.
void write_output(const Options& options, const sim::SimulationResult& result, const Json& json,
                  const network::Network& network) {
    OutputFolder output(options.output);
    output.write("result.json", json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    for (size_t run = 0; run < result.runs.size(); ++run) {
        const sim::RunResult& one = result.runs[run];
        for (size_t i = 0; i < one.outputs.size(); ++i) {
            const std::string suffix = one.outputs.size() == 1 ? "" : fmt::format("_{}", i);
            output.write(fmt::format("output_{:03}{}.bin", run, suffix), as_text(one.outputs[i]));
        }
    }
    if (options.keep_tensors && !result.runs.empty()) {
        for (size_t i = 0; i < network.operators.size(); ++i) {
            const network::Operator& op = network.operators[i];
            output.write(fmt::format("layers/{:03}_{}.bin", op.source_index, op.name),
                         as_text(result.runs[0].tensors[static_cast<size_t>(op.output)]));
        }
    }
    output.commit();
}

struct Prepared {
    plan::Plan plan;
    network::Network network;
    compile::Program program;
    sim::MemoryConfig memory;
};

std::optional<Prepared> prepare(const Options& options, Json& json) {
    Prepared prepared;
    const auto memory = sim::parse_memory_config(options.memory);
    if (const auto* message = std::get_if<std::string>(&memory)) {
        throw OutputError("--memory: " + *message);
    }
    prepared.memory = std::get<sim::MemoryConfig>(memory);
    std::optional<plan::Plan> plan = load_plan(options.spec_file, json);
    if (!plan) return std::nullopt;
    std::optional<network::Network> network =
        load_network(options.network_file, options.weights, json);
    if (!network) return std::nullopt;
    prepared.plan = std::move(*plan);
    prepared.network = std::move(*network);
    std::optional<compile::Program> program =
        compile_program(prepared.network, options.network_file, prepared.plan, json,
                        {.keep_all_tensors = options.keep_tensors});
    if (!program) return std::nullopt;
    prepared.program = std::move(*program);
    return prepared;
}

int run_simulate(const Options& options) {
    // Standard output belongs to the result.
    if (!spdlog::get("arraywright"))
        spdlog::set_default_logger(spdlog::stderr_color_mt("arraywright"));
    Json json = {{"command", "simulate"}, {"passed", false}};
    check_json_target(options.json_file, options.spec_file);
    check_json_target(options.json_file, options.network_file);
    const std::optional<Prepared> prepared = prepare(options, json);
    if (!prepared) {
        write_json(options.json_file, json);
        return kInputWrong;
    }
    for (const std::string& file : options.netlist) {
        if (!std::filesystem::is_regular_file(file))
            throw OutputError(fmt::format("--netlist: {} is no file", file));
    }
    const auto inputs = read_inputs(options, prepared->network);
    TraceFile trace(options.trace);

    const BuiltDesign design = build_design(prepared->plan, trace.is_wanted(),
                                            {options.netlist.begin(), options.netlist.end()});
    sim::SimulationOptions simulation;
    simulation.memory = prepared->memory;
    simulation.trace = trace.path();
    simulation.keep_tensors = options.keep_tensors;
    simulation.hang_cycles = options.hang_cycles;
    sim::SimulationResult result =
        run_design(design, prepared->network, prepared->program, inputs,
                   golden_results(prepared->network, inputs, prepared->plan), simulation);
    trace.commit();
    if (const auto timing = memory_timing(prepared->memory)) {
        add_estimate(estimate::estimate_program(prepared->program, prepared->network,
                                                prepared->plan, *timing),
                     result);
    }
    Json report = {{"command", "simulate"}};
    report.update(Json::parse(sim::to_json(result).dump()));
    if (!options.output.empty()) write_output(options, result, report, prepared->network);
    write_json(options.json_file, report);
    if (prints_text(options.json_file)) write_standard_output(sim::to_table(result));
    return result.exit_code();
}

}  // namespace

void add_simulate(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "simulate", "Generate, verilate and run a network under SystemC; compare every tensor");
    command->add_option("SPEC", options->spec_file, "the accelerator's description, a YAML file")
        ->required();
    command->add_option("NETWORK", options->network_file, "a .tflite model or a workload YAML")
        ->required();
    command->add_option("--input", options->inputs, "raw input tensor; may be given several times")
        ->take_all();
    CLI::Option* output = command->add_option("--output", options->output,
                                              "folder for result.json and output tensors");
    command
        ->add_flag("--layers", options->keep_tensors,
                   "with --output: every layer's tensor of the first input")
        ->needs(output);
    command->add_option("--memory", options->memory,
                        "latency=20,write_latency=1,stall=0,bandwidth=1,reorder=0,seed=1");
    command->add_option("--seed", options->weights.seed,
                        "of a workload's data instead of its own; of a model's random input");
    command->add_option("--trace", options->trace, "write a waveform, FST");
    command
        ->add_option(
            "--netlist", options->netlist,
            "run this Verilog instead of the RTL: a netlist of SPEC's design and its cells")
        ->take_all();
    command->add_option("--hang-cycles", options->hang_cycles,
                        "cycles without progress that end the run as a hang");
    add_weight_options(*command, options->weights);
    add_json_option(*command, options->json_file);
    command->callback([options, &exit_code] { exit_code = run_simulate(*options); });
}

}  // namespace arraywright::cli
