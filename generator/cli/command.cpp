// What every command shares. SPDX-License-Identifier: Apache-2.0
#include "generator/cli/command.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "generator/cli/atomic_file.hpp"
#include "generator/spec/spec_names.hpp"

namespace arraywright::cli {

void add_json_option(CLI::App& command, std::string& json_file) {
    command
        .add_option(
            "--json", json_file,
            "write the result as JSON to FILE; '-' is standard output, in place of the text")
        ->type_name("FILE");
}

void check_json_target(const std::string& json_file, const std::string& input) {
    std::error_code ignored;
    if (!std::filesystem::equivalent(json_file, input, ignored)) return;
    throw OutputError("--json names the input file '" + input + "', which it would replace");
}

void write_json(const std::string& json_file, const Json& result) {
    if (json_file.empty()) return;
    // What a user wrote may not be UTF-8; a report must be readable all the same.
    const std::string text = result.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    if (json_file == "-") {
        write_standard_output(text);
    } else {
        write_file_atomically(json_file, text);
    }
}

bool prints_text(const std::string& json_file) {
    return json_file != "-";
}

void print_diagnostics(const spec::Diagnostics& diagnostics) {
    const std::string text = diagnostics.render();
    std::fwrite(text.data(), 1, text.size(), stderr);
}

Json diagnostics_json(const spec::Diagnostics& diagnostics) {
    Json list = Json::array();
    for (const spec::Diagnostic& error : diagnostics.errors()) {
        Json notes = Json::array();
        for (const spec::Diagnostic::Note& note : error.notes) {
            notes.push_back({{"line", note.location.line},
                             {"column", note.location.column},
                             {"message", note.message}});
        }
        list.push_back({{"id", spec::text_id(error.id)},
                        {"file", diagnostics.file()},
                        {"line", error.location.line},
                        {"column", error.location.column},
                        {"message", error.message},
                        {"notes", notes}});
    }
    return list;
}

Json spec_json(const spec::Spec& spec) {
    const spec::BufferSpec& buffers = spec.buffers;
    return {
        {"name", spec.name},
        {"file", spec.file},
        {"sha256", spec.sha256},
        {"array",
         {{"rows", spec.array.rows},
          {"cols", spec.array.cols},
          {"dataflow", spec::name_of(spec.array.dataflow)},
          {"depthwise", spec.array.depthwise},
          {"tap_packing", spec.array.tap_packing}}},
        {"arithmetic",
         {{"accumulator_bits", spec.arithmetic.accumulator_bits},
          {"on_overflow", spec::name_of(spec.arithmetic.on_overflow)}}},
        {"buffers",
         {{"activation_kib", buffers.activation_kib},
          {"weight_kib", buffers.weight_kib},
          {"accumulator_kib", buffers.accumulator_kib},
          {"activation_banks", buffers.activation_banks},
          {"weight_banks", buffers.weight_banks},
          {"accumulator_banks", buffers.accumulator_banks}}},
        {"vector", {{"lanes", spec.vector.lanes}, {"serial", spec.vector.serial}}},
        {"bus",
         {{"data_bits", spec.bus.data_bits},
          {"address_bits", spec.bus.address_bits},
          {"outstanding", spec.bus.outstanding}}},
        {"control",
         {{"queue_depth", spec.control.queue_depth}, {"counters", spec.control.counters}}},
    };
}

}  // namespace arraywright::cli
