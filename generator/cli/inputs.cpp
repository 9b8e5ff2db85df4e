// Spec and network of a command. SPDX-License-Identifier: Apache-2.0
#include "generator/cli/inputs.hpp"

#include <fmt/format.h>

#include "generator/network/tflite_reader.hpp"
#include "generator/network/workload_reader.hpp"
#include "generator/spec/spec_reader.hpp"

namespace arraywright::cli {

std::optional<network::Network> load_network(const std::string& file, Json& json) {
    if (file.ends_with(".tflite")) {
        spec::Diagnostics diagnostics(file, "");
        std::optional<network::Network> network = network::read_tflite(file, diagnostics);
        if (!network) {
            print_diagnostics(diagnostics);
            json["errors"] = diagnostics_json(diagnostics);
        }
        return network;
    }
    network::WorkloadResult result = network::read_workload(file);
    if (!result.network) {
        print_diagnostics(result.diagnostics);
        json["errors"] = diagnostics_json(result.diagnostics);
    }
    return std::move(result.network);
}

std::optional<plan::Plan> load_plan(const std::string& file, Json& json) {
    const spec::SpecResult result = spec::read_spec(file);
    if (!result.spec) {
        print_diagnostics(result.diagnostics);
        json["errors"] = diagnostics_json(result.diagnostics);
        return std::nullopt;
    }
    return plan::make_plan(*result.spec);
}

std::optional<compile::Program> compile_program(const network::Network& network,
                                                const std::string& file, const plan::Plan& plan,
                                                Json& json,
                                                const compile::CompileOptions& options) {
    compile::CompileResult result = compile::compile_network(network, plan, options);
    if (result.errors.empty()) return std::move(result.program);
    spec::Diagnostics diagnostics(file, "");
    for (const compile::CompileError& error : result.errors) {
        diagnostics.error(spec::DiagnosticId::kCannotCompile, {error.line, error.line > 0 ? 1 : 0},
                          fmt::format("{}: {}", error.layer, error.message));
    }
    print_diagnostics(diagnostics);
    json["errors"] = diagnostics_json(diagnostics);
    return std::nullopt;
}

}  // namespace arraywright::cli
