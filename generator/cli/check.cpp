// arraywright check: validates a spec and prints what follows from it.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <string>

#include "generator/cli/atomic_file.hpp"
#include "generator/cli/command.hpp"
#include "generator/spec/derived.hpp"
#include "generator/spec/spec_names.hpp"
#include "generator/spec/spec_reader.hpp"

namespace arraywright::cli {
namespace {

/// "131,071" of 131071; `value` is not negative.
std::string with_commas(int64_t value) {
    if (value < 1000) return fmt::format("{}", value);
    return fmt::format("{},{:03}", with_commas(value / 1000), value % 1000);
}

std::string storage_row(const std::string& name, int32_t kib, int32_t banks,
                        double per_multiplier) {
    return fmt::format("  {:<24}{:>8} KiB   {} bank{:<4} {:>10.2f} bytes per multiplier\n", name,
                       with_commas(kib), banks, banks == 1 ? "" : "s", per_multiplier);
}

std::string report(const spec::Spec& spec, const spec::DerivedFigures& figures) {
    const spec::BufferSpec& buffers = spec.buffers;
    const spec::StoragePerMultiplier& storage = figures.storage;
    std::string text =
        fmt::format("{}: {} x {} INT8 array, {}, inference only\n\n", spec.name, spec.array.rows,
                    spec.array.cols, spec::name_of(spec.array.dataflow));
    const auto row = [&](const std::string& name, const std::string& value) {
        text += fmt::format("  {:<24}{}\n", name, value);
    };
    row("multipliers", with_commas(figures.multipliers));
    row("peak", fmt::format("{} MAC per cycle", with_commas(figures.peak_macs_per_cycle)));
    row("bus", fmt::format("{} bits, {} bytes per cycle each way", spec.bus.data_bits,
                           spec.bus.data_bits / 8));
    row("requantizers", fmt::format("{}{}", spec.vector.lanes,
                                    spec.vector.serial ? ", serial: one bit a cycle" : ""));
    row("accumulator", fmt::format("{} bits, on overflow: {}", spec.arithmetic.accumulator_bits,
                                   spec::name_of(spec.arithmetic.on_overflow)));
    row("safe reduction depth", fmt::format("{} products of int8 x int8, before a bias",
                                            with_commas(figures.safe_reduction_depth)));
    text += "\n";
    text += storage_row("activation buffer", buffers.activation_kib, buffers.activation_banks,
                        storage.activation_bytes);
    text += storage_row("weight buffer", buffers.weight_kib, buffers.weight_banks,
                        storage.weight_bytes);
    text += storage_row("accumulator buffer", buffers.accumulator_kib, buffers.accumulator_banks,
                        storage.accumulator_bytes);
    text += fmt::format("  {:<24}{:>8} KiB   {:<10} {:>10.2f} bytes per multiplier\n", "storage",
                        with_commas(figures.storage_kib), "", storage.total_bytes);
    return text;
}

Json derived_json(const spec::DerivedFigures& figures) {
    return {{"multipliers", figures.multipliers},
            {"peak_macs_per_cycle", figures.peak_macs_per_cycle},
            {"safe_reduction_depth", figures.safe_reduction_depth},
            {"storage_bytes_per_multiplier",
             {{"activation", figures.storage.activation_bytes},
              {"weight", figures.storage.weight_bytes},
              {"accumulator", figures.storage.accumulator_bytes},
              {"total", figures.storage.total_bytes}}},
            {"inference_only", true}};
}

int run_check(const std::string& spec_file, const std::string& json_file) {
    check_json_target(json_file, spec_file);
    const spec::SpecResult result = spec::read_spec(spec_file);
    Json json = {{"command", "check"}, {"passed", result.spec.has_value()}};
    if (!result.spec) {
        print_diagnostics(result.diagnostics);
        json["errors"] = diagnostics_json(result.diagnostics);
        write_json(json_file, json);
        return kInputWrong;
    }
    const spec::DerivedFigures figures = spec::derive(*result.spec);
    json["spec"] = spec_json(*result.spec);
    json["derived"] = derived_json(figures);
    write_json(json_file, json);
    if (prints_text(json_file)) write_standard_output(report(*result.spec, figures));
    return kPassed;
}

}  // namespace

void add_check(CLI::App& app, int& exit_code) {
    struct Options {
        std::string spec_file, json_file;
    };
    const auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "check", "Validate a spec; print multipliers, peak, storage and safe reduction depth");
    command->add_option("SPEC", options->spec_file, "the accelerator's description, a YAML file")
        ->required();
    add_json_option(*command, options->json_file);
    command->callback(
        [options, &exit_code] { exit_code = run_check(options->spec_file, options->json_file); });
}

}  // namespace arraywright::cli
