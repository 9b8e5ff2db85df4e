// What every command shares. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "generator/cli/errors.hpp"
#include "generator/spec/diagnostics.hpp"
#include "generator/spec/spec.hpp"

namespace arraywright::cli {

/// Each adds its command; when chosen, it runs and leaves what the process returns in `exit_code`.
/// Errors that end a command with one line are thrown as OutputError.
void add_check(CLI::App& app, int& exit_code);
void add_generate(CLI::App& app, int& exit_code);
void add_compile(CLI::App& app, int& exit_code);
void add_estimate(CLI::App& app, int& exit_code);
void add_simulate(CLI::App& app, int& exit_code);
void add_overflow(CLI::App& app, int& exit_code);
void add_regress(CLI::App& app, int& exit_code);
void add_synth(CLI::App& app, int& exit_code);

/// Keys in the order they are written: results read as they were planned.
using Json = nlohmann::ordered_json;

/// Adds `--json FILE` to a command.
void add_json_option(CLI::App& command, std::string& json_file);

/// Throws OutputError if `--json` names the input itself, which it would replace.
void check_json_target(const std::string& json_file, const std::string& input);

/// Writes `result` to `json_file`: "-" is standard output, "" is nowhere.
void write_json(const std::string& json_file, const Json& result);

/// Whether people read standard output: not when it carries the JSON.
bool prints_text(const std::string& json_file);

/// Reports to standard error; the same as JSON: [{id, line, column, message, notes}].
void print_diagnostics(const spec::Diagnostics& diagnostics);
Json diagnostics_json(const spec::Diagnostics& diagnostics);

/// {name, file, sha256} and every field of the spec, with the defaults filled in.
Json spec_json(const spec::Spec& spec);

}  // namespace arraywright::cli
