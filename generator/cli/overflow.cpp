// arraywright overflow: proves accumulators wide enough, or shows the input that overflows them.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <string>

#include "generator/cli/atomic_file.hpp"
#include "generator/cli/built_design.hpp"
#include "generator/cli/inputs.hpp"
#include "generator/cli/output_folder.hpp"
#include "generator/cli/overflow_report.hpp"

namespace arraywright::cli {
namespace {

struct Options {
    std::string spec_file, network_file, json_file, output;
    bool no_run = false;
    WeightOptions weights;
};

WitnessRun run_witness(const BuiltDesign& design, const plan::Plan& plan,
                       const OverflowFindings& findings, size_t index) {
    const overflow::LayerOverflow& layer = findings.analysis.layers[index];
    WitnessRun run;
    run.layer = index;
    run.witness =
        overflow::make_witness(*findings.network, findings.analysis, layer, findings.arithmetic);
    const network::Network& network = run.witness.network;
    compile::CompileResult compiled =
        compile::compile_network(network, plan, {.allow_overflow = true});
    if (!compiled.errors.empty()) {
        run.failures.push_back("cannot be compiled: " + compiled.errors.front().message);
        return run;
    }
    const std::vector<Inputs> inputs = {{run.witness.input}};
    const std::vector<golden::Result> expected = golden_results(network, inputs, plan);
    const auto& events = expected.front().layers.front().overflow.events;
    run.predicted = std::any_of(events.begin(), events.end(), [&](const auto& event) {
        return event.channel == run.witness.channel && event.position == run.witness.position &&
               event.step == run.witness.step;
    });
    const sim::SimulationResult result =
        run_design(design, network, compiled.program, inputs, expected, {});
    if (result.runs.empty()) {
        run.failures.push_back("the simulation did not run");
        return run;
    }
    run.failures = result.runs.front().failures;
    run.first = result.runs.front().overflow.first;
    return run;
}

void run_witnesses(const plan::Plan& plan, OverflowFindings& findings) {
    if (findings.analysis.safe()) return;
    const BuiltDesign design = build_design(plan, false);
    for (size_t i = 0; i < findings.analysis.layers.size(); ++i) {
        if (findings.analysis.layers[i].verdict == overflow::Verdict::kSafe) continue;
        findings.runs.push_back(run_witness(design, plan, findings, i));
    }
}

/// overflow.json and, of every witness, the raw input of its one output position.
void write_output(const std::string& folder, const OverflowFindings& findings, const Json& json) {
    OutputFolder output(folder);
    output.write("overflow.json", json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    for (const WitnessRun& run : findings.runs) {
        const std::vector<uint8_t>& input = run.witness.input;
        const auto op = static_cast<size_t>(findings.analysis.layers[run.layer].op);
        output.write(fmt::format("witness_{}.bin", findings.network->operators[op].name),
                     std::string(input.begin(), input.end()));
    }
    output.commit();
}

int run_overflow(const Options& options) {
    if (!spdlog::get("arraywright"))
        spdlog::set_default_logger(spdlog::stderr_color_mt("arraywright"));
    Json json = {{"command", "overflow"}, {"passed", false}};
    check_json_target(options.json_file, options.spec_file);
    check_json_target(options.json_file, options.network_file);
    const std::optional<plan::Plan> plan = load_plan(options.spec_file, json);
    const std::optional<network::Network> network =
        plan ? load_network(options.network_file, options.weights, json) : std::nullopt;
    if (!network) {
        write_json(options.json_file, json);
        return kInputWrong;
    }
    OverflowFindings findings;
    findings.network = &*network;
    findings.design = plan->spec.name;
    findings.arithmetic = {plan->accumulator_bits, plan->rows, plan->zero_gating};
    findings.analysis = overflow::analyse(*network, findings.arithmetic);
    if (!options.no_run) run_witnesses(*plan, findings);
    add_overflow_json(findings, json);
    if (!options.output.empty()) write_output(options.output, findings, json);
    write_json(options.json_file, json);
    if (prints_text(options.json_file)) write_standard_output(overflow_table(findings));
    const bool agree = std::all_of(findings.runs.begin(), findings.runs.end(),
                                   [](const WitnessRun& run) { return run.confirmed(); });
    if (!agree) return kMismatch;
    return findings.analysis.safe() ? kPassed : kOverflow;
}

}  // namespace

void add_overflow(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "overflow",
        "Prove every accumulator wide enough, or run an input that overflows it in RTL and golden");
    command->add_option("SPEC", options->spec_file, "the accelerator's description, a YAML file")
        ->required();
    command->add_option("NETWORK", options->network_file, "a .tflite model or a workload YAML")
        ->required();
    command->add_flag("--no-run", options->no_run, "verdicts only; witnesses are not run in RTL");
    command->add_option("--output", options->output,
                        "folder for overflow.json and the witness inputs");
    add_weight_options(*command, options->weights);
    add_json_option(*command, options->json_file);
    command->callback([options, &exit_code] { exit_code = run_overflow(*options); });
}

}  // namespace arraywright::cli
