// arraywright generate: writes the RTL and its companions. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>

#include "generator/cli/atomic_file.hpp"
#include "generator/cli/command.hpp"
#include "generator/cli/output_folder.hpp"
#include "generator/emit/design.hpp"
#include "generator/spec/spec_reader.hpp"

namespace arraywright::cli {
namespace {

int run_generate(const std::string& spec_file, const std::string& folder,
                 const std::string& json_file) {
    check_json_target(json_file, spec_file);
    const spec::SpecResult result = spec::read_spec(spec_file);
    Json json = {{"command", "generate"}, {"passed", result.spec.has_value()}};
    if (!result.spec) {
        print_diagnostics(result.diagnostics);
        json["errors"] = diagnostics_json(result.diagnostics);
        write_json(json_file, json);
        return kInputWrong;
    }
    const std::vector<emit::File> files = emit::emit_design(plan::make_plan(*result.spec));
    OutputFolder output(folder);
    int64_t verilog_lines = 0;
    std::vector<std::string> names;
    for (const emit::File& file : files) {
        output.write(file.path, file.text);
        names.push_back(file.path);
        if (file.path.ends_with(".v")) {
            verilog_lines += std::count(file.text.begin(), file.text.end(), '\n');
        }
    }
    output.commit();
    json["top"] = result.spec->name;
    json["verilog_lines"] = verilog_lines;
    json["files"] = names;
    write_json(json_file, json);
    if (prints_text(json_file)) {
        write_standard_output(fmt::format("{}: {} files, {} lines of Verilog, top module {}\n",
                                          folder, files.size(), verilog_lines, result.spec->name));
    }
    return kPassed;
}

}  // namespace

void add_generate(CLI::App& app, int& exit_code) {
    struct Options {
        std::string spec_file, folder, json_file;
    };
    const auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "generate", "Write Verilog, file list, register map, command set and constraints");
    command->add_option("SPEC", options->spec_file, "the accelerator's description, a YAML file")
        ->required();
    command->add_option("-o,--output", options->folder, "folder for the results")->required();
    add_json_option(*command, options->json_file);
    command->callback([options, &exit_code] {
        exit_code = run_generate(options->spec_file, options->folder, options->json_file);
    });
}

}  // namespace arraywright::cli
