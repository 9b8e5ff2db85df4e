// arraywright compile: network to command stream and memory image. SPDX-License-Identifier:
// Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <string>

#include "generator/cli/atomic_file.hpp"
#include "generator/cli/estimate_report.hpp"
#include "generator/cli/inputs.hpp"
#include "generator/cli/output_folder.hpp"
#include "generator/compile/container.hpp"
#include "sim/result_json.hpp"

namespace arraywright::cli {
namespace {

constexpr const char* kRegionNames[] = {"commands", "weights", "parameters", "tensor"};

/// memory_map.yaml: what lies where.
std::string memory_map(const compile::Program& program) {
    std::string out =
        fmt::format("command_address: {:#x}\ncommand_count: {}\nend_address: {:#x}\nregions:\n",
                    program.command_address, program.command_count, program.end_address);
    for (const compile::Region& region : program.regions) {
        out +=
            fmt::format("  - {{address: {:#x}, bytes: {}, kind: {}, name: '{}', in_image: {}}}\n",
                        region.address, region.bytes, kRegionNames[static_cast<int>(region.kind)],
                        region.name, region.image.empty() ? "false" : "true");
    }
    return out;
}

/// Everything with contents, from the first region's address; gaps are zero.
std::string memory_image(const compile::Program& program, uint64_t base) {
    std::string image(program.end_address - base, '\0');
    for (const compile::Region& region : program.regions) {
        std::copy(region.image.begin(), region.image.end(),
                  image.begin() + static_cast<std::ptrdiff_t>(region.address - base));
    }
    return image;
}

Json layers_json(const compile::Program& program) {
    Json layers = Json::array();
    for (const compile::LayerInfo& layer : program.layers) {
        layers.push_back({{"name", layer.name},
                          {"op", layer.op},
                          {"block", layer.block},
                          {"macs", layer.macs},
                          {"array_steps", layer.array_steps},
                          {"loaded_bytes", layer.loaded_bytes},
                          {"stored_bytes", layer.stored_bytes},
                          {"weight_bytes", layer.weight_bytes},
                          {"weights", sim::weights_json(layer.storage)},
                          {"compulsory_bytes", layer.compulsory_bytes},
                          {"proven_safe", layer.proven_safe}});
    }
    return layers;
}

Json steps_json(const compile::Program& program) {
    Json steps = Json::array();
    for (const compile::Step& step : program.steps) {
        if (step.kind == compile::Step::Kind::kRun) {
            steps.push_back({{"kind", "run"}, {"commands", step.command_count}});
        } else {
            const auto layer = static_cast<size_t>(step.operator_index);
            steps.push_back({{"kind", "host"}, {"layer", program.layers[layer].name}});
        }
    }
    return steps;
}

struct Options {
    std::string spec_file, network_file, folder, json_file;
    bool listing = false;
    WeightOptions weights;
};

void write_folder(const Options& options, const plan::Plan& plan, const network::Network& network,
                  const compile::Program& program) {
    const uint64_t base = program.regions.front().address;
    const std::vector<uint8_t> container =
        compile::write_container(program, network, plan.spec.sha256);
    OutputFolder output(options.folder);
    output.write("program.awp",
                 {reinterpret_cast<const char*>(container.data()), container.size()});
    output.write("program.lst", program.listing);
    output.write("memory_map.yaml", memory_map(program));
    output.write(fmt::format("image_{:08x}.bin", base), memory_image(program, base));
    output.commit();
}

int run_compile(const Options& options) {
    check_json_target(options.json_file, options.spec_file);
    check_json_target(options.json_file, options.network_file);
    if (options.folder.empty() && !options.listing) {
        throw OutputError("nothing to do: give -o FOLDER, --listing or both");
    }
    if (options.listing && options.json_file == "-") {
        throw OutputError("--listing and --json - both want standard output");
    }
    const std::string& json_file = options.json_file;
    Json json = {{"command", "compile"}, {"passed", false}};
    const std::optional<plan::Plan> plan = load_plan(options.spec_file, json);
    const std::optional<network::Network> network =
        plan ? load_network(options.network_file, options.weights, json) : std::nullopt;
    const std::optional<compile::Program> program =
        network ? compile_program(*network, options.network_file, *plan, json) : std::nullopt;
    if (!program) {
        write_json(json_file, json);
        return kInputWrong;
    }
    if (!options.folder.empty()) write_folder(options, *plan, *network, *program);
    if (options.listing) write_standard_output(program->listing);
    const uint64_t base = program->regions.front().address;
    json["passed"] = true;
    json["commands"] = program->command_count;
    json["image_bytes"] = program->end_address - base;
    json["steps"] = steps_json(*program);
    const estimate::Estimate estimate =
        estimate::estimate_program(*program, *network, *plan, estimate::MemoryTiming{});
    json["estimated_cycles"] = estimate.cycles;
    json["estimate_memory"] = sim::MemoryConfig{}.to_string();
    json["layers"] = layers_json(*program);
    add_estimated_cycles(estimate, json["layers"]);
    write_json(json_file, json);
    if (prints_text(json_file) && !options.listing) {
        write_standard_output(fmt::format(
            "{}: {} commands, {} bytes of memory from {:#x}, {} layers\n", options.folder,
            program->command_count, program->end_address - base, base, program->layers.size()));
    }
    return kPassed;
}

}  // namespace

void add_compile(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<Options>();
    CLI::App* command =
        app.add_subcommand("compile", "Turn a network into commands and a memory image");
    command->add_option("SPEC", options->spec_file, "the accelerator's description, a YAML file")
        ->required();
    command->add_option("NETWORK", options->network_file, "a .tflite model or a workload YAML")
        ->required();
    command->add_option("-o,--output", options->folder, "folder for the results");
    command->add_flag("--listing", options->listing,
                      "print the program, commands disassembled, on standard output");
    add_weight_options(*command, options->weights);
    add_json_option(*command, options->json_file);
    command->callback([options, &exit_code] { exit_code = run_compile(*options); });
}

}  // namespace arraywright::cli
