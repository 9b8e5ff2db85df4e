// A planned design, verilated. SPDX-License-Identifier: Apache-2.0
#include "generator/cli/built_design.hpp"

#include <fmt/format.h>

#include <fstream>

#include "generator/cli/design_info.hpp"
#include "generator/cli/errors.hpp"
#include "generator/emit/design.hpp"
#include "generator/files/staging.hpp"
#include "sim/model_builder.hpp"
#include "sim/simulate.hpp"

namespace arraywright::cli {

namespace fs = std::filesystem;

BuiltDesign build_design(const plan::Plan& plan, bool traced,
                         const std::vector<fs::path>& netlist) {
    BuiltDesign design;
    design.info = design_info(plan);
    if (!netlist.empty()) {
        design.info.rtl_files = netlist;
        design.model = sim::build_model({netlist, design.info.top, traced, true}).library;
        return design;
    }
    const std::vector<emit::File> rtl = emit::rtl_files(emit::emit_design(plan));
    // Verilator reads files; the model does not need them once it is built.
    files::Staging staging(fs::temp_directory_path() / "rtl");
    for (const emit::File& file : rtl) {
        fs::create_directories((staging.path() / file.path).parent_path());
        // Nobody needs them after a crash, so they are not synced, which would take half a second.
        std::ofstream stream(staging.path() / file.path, std::ios::binary);
        stream << file.text;
        if (!stream.flush())
            throw OutputError(
                fmt::format("cannot write {}", (staging.path() / file.path).string()));
        design.info.rtl_files.push_back(staging.path() / file.path);
    }
    design.model =
        sim::build_model({design.info.rtl_files, design.info.top, traced, false}).library;
    return design;
}

golden::AccumulatorModel accumulator_of(const plan::Plan& plan) {
    return {plan.accumulator_bits, design_info(plan).on_overflow, plan.rows, plan.zero_gating};
}

std::vector<golden::Result> golden_results(const network::Network& network,
                                           const std::vector<Inputs>& inputs,
                                           const plan::Plan& plan) {
    std::vector<golden::Result> results;
    results.reserve(inputs.size());
    for (const Inputs& one : inputs)
        results.push_back(golden::run(network, one, accumulator_of(plan)));
    return results;
}

sim::SimulationResult run_design(const BuiltDesign& design, const network::Network& network,
                                 const compile::Program& program, const std::vector<Inputs>& inputs,
                                 const std::vector<golden::Result>& expected,
                                 const sim::SimulationOptions& options) {
    sim::SimulationRequest request;
    request.program = &program;
    request.network = &network;
    request.design = design.info;
    request.model_library = design.model;
    request.options = options;
    for (size_t i = 0; i < inputs.size(); ++i) request.runs.push_back({inputs[i], &expected[i]});
    return sim::simulate(request);
}

}  // namespace arraywright::cli
