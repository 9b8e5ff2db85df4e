// arraywright: the one program; each command has a file of its own.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "generator/cli/atomic_file.hpp"
#include "generator/cli/command.hpp"
#include "generator/files/staging.hpp"
#include "generator/spec/source_text.hpp"
#include "generator/spec/suggest.hpp"
#include "sim/model_builder.hpp"

namespace {

constexpr const char* kFooter =
    "Exit codes: 0 passed, 1 the input is wrong, 2 usage or internal error, 3 mismatch,\n"
    "4 overflow, 5 hang, 130 interrupted. Results are written whole or not at all.\n\n"
    "Example: arraywright check examples/edge16/spec.yaml";

/// CLI11 would say only that a subcommand is missing.
bool is_unknown_command(const CLI::App& app, const std::string& word) {
    if (word.starts_with('-')) return false;
    std::vector<std::string> commands;
    for (const CLI::App* command : app.get_subcommands({})) commands.push_back(command->get_name());
    if (std::find(commands.begin(), commands.end(), word) != commands.end()) return false;
    fmt::print(stderr, "arraywright: error: unknown command {}\nnote: {}\n",
               arraywright::spec::quoted(word),
               arraywright::spec::suggestion(word, "commands", commands));
    return true;
}

int run(int argc, char** argv) {
    namespace cli = arraywright::cli;
    CLI::App app("One YAML spec becomes a verified INT8 inference accelerator.", "arraywright");
    app.set_version_flag("--version", "arraywright " ARRAYWRIGHT_VERSION);
    app.require_subcommand(1);
    app.footer(kFooter);
    int exit_code = cli::kPassed;
    cli::add_check(app, exit_code);
    cli::add_generate(app, exit_code);
    cli::add_compile(app, exit_code);
    cli::add_estimate(app, exit_code);
    cli::add_simulate(app, exit_code);
    cli::add_overflow(app, exit_code);
    cli::add_regress(app, exit_code);
    cli::add_synth(app, exit_code);
    if (argc == 1) {
        fmt::print(stderr, "{}", app.help());
        return cli::kUsageOrInternal;
    }
    if (is_unknown_command(app, argv[1])) return cli::kUsageOrInternal;
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& wanted) {  // --help, --version
        app.exit(wanted);
        cli::write_standard_output("");
        return cli::kPassed;
    } catch (const CLI::ParseError& error) {
        fmt::print(stderr, "arraywright: error: {}\nTry 'arraywright --help'.\n", error.what());
        return cli::kUsageOrInternal;
    }
    return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
    arraywright::files::clean_up_on_signals(arraywright::cli::kInterrupted);
    try {
        return run(argc, argv);
    } catch (const arraywright::cli::OutputError& error) {
        fmt::print(stderr, "arraywright: error: {}\n", error.what());
    } catch (const arraywright::sim::ModelBuildError& error) {
        fmt::print(stderr, "arraywright: error: {}\n", error.what());
    } catch (const std::system_error& error) {  // of the file system
        fmt::print(stderr, "arraywright: error: {}\n", error.what());
    } catch (const std::bad_alloc&) {
        fmt::print(stderr, "arraywright: error: out of memory\n");
    } catch (const std::exception& error) {
        fmt::print(stderr, "arraywright: internal error: {}\n", error.what());
    }
    return arraywright::cli::kUsageOrInternal;
}
