// Network and plan to program. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/compile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "generator/compile/dependencies.hpp"
#include "generator/compile/image.hpp"
#include "generator/compile/listing.hpp"
#include "generator/compile/scheduler.hpp"

namespace arraywright::compile {

namespace {

/// Compute commands that a load may be moved ahead of.
constexpr int32_t kLoadAhead = 4;
/// Commands at the start of a program that hold only loads and computations: three fetch bursts.
constexpr size_t kFirstCommands = 12;

/// Loads and results that the commands of each layer ask for.
void count_work(const plan::Plan& plan, const std::vector<isa::Command>& commands,
                std::vector<LayerInfo>& layers) {
    for (const isa::Command& command : commands) {
        LayerInfo& info = layers[static_cast<size_t>(command.get("layer"))];
        const auto product = [&command](std::initializer_list<const char*> names) {
            int64_t value = 1;
            for (const char* name : names) value *= command.get(name);
            return value;
        };
        switch (command.unit()) {
            case isa::Unit::kLoad:
                info.loaded_bytes += product({"run_bytes", "count_x", "count_y"});
                break;
            case isa::Unit::kStore:
                info.stored_bytes += product({"run_bytes", "count_x", "count_y"});
                break;
            case isa::Unit::kCompute:
                info.array_steps +=
                    product({"count_n", "count_x", "count_y", "count_kx", "count_ky", "count_s"});
                break;
            case isa::Unit::kVector:
                info.vector_results +=
                    product({"count_x", "count_y"}) *
                    ((command.get("count_n") - 1) * plan.cols + command.get("last_cols"));
                break;
        }
    }
}

LayerInfo describe(const Layer& layer, const network::Network& network) {
    LayerInfo info;
    info.name = layer.name;
    info.op = layer.op;
    info.block = "array";
    info.output_tensor = layer.output_tensor;
    info.macs = network::mac_count(network, *layer.source);
    info.proven_safe = layer.proven_safe;
    const auto bytes = [&network](int32_t tensor) {
        return network.tensors[static_cast<size_t>(tensor)].bytes();
    };
    info.compulsory_bytes = bytes(layer.input_tensor) + bytes(layer.output_tensor) +
                            layer.reduction() * layer.out_c +
                            (layer.source->bias >= 0 ? 4 * int64_t{layer.out_c} : 0);
    return info;
}

/// Reserves every tensor that an operator reads or writes.
std::map<int32_t, int64_t> place_tensors(const network::Network& network, Image& image) {
    std::map<int32_t, int64_t> addresses;
    for (const network::Operator& op : network.operators) {
        for (const int32_t tensor : {op.input, op.output}) {
            if (addresses.contains(tensor)) continue;
            const network::Tensor& t = network.tensors[static_cast<size_t>(tensor)];
            addresses[tensor] = static_cast<int64_t>(image.reserve(
                RegionKind::kTensor, t.name, static_cast<uint64_t>(t.bytes()), -1, tensor));
        }
    }
    return addresses;
}

std::vector<uint8_t> command_image(const std::vector<isa::Command>& commands) {
    std::vector<uint8_t> bytes;
    bytes.reserve(commands.size() * isa::kCommandBytes);
    for (const isa::Command& command : commands) {
        for (const uint32_t word : command.words()) {
            for (int32_t b = 0; b < 4; ++b) bytes.push_back(static_cast<uint8_t>(word >> (8 * b)));
        }
    }
    return bytes;
}

}  // namespace

const Region* Program::region_of_tensor(int32_t tensor) const {
    const auto found = std::find_if(regions.begin(), regions.end(), [tensor](const Region& region) {
        return region.kind == RegionKind::kTensor && region.tensor == tensor;
    });
    return found == regions.end() ? nullptr : &*found;
}

CompileResult compile_network(const network::Network& network, const plan::Plan& plan,
                              uint64_t base) {
    CompileResult result;
    std::vector<Layer> layers;
    for (size_t i = 0; i < network.operators.size(); ++i) {
        LayerResult made = make_layer(network, static_cast<int32_t>(i), plan.accumulator_bits);
        const auto fail = [&](const std::string& message) {
            result.errors.push_back({made.layer.name, network.operators[i].source_line, message});
        };
        if (!made.error.empty()) fail(made.error);
        if (plan.accumulator_bits < 32 && !made.layer.proven_safe) {
            fail(fmt::format(
                "{} accumulator bits are not proven safe for its weights; 32 are needed",
                plan.accumulator_bits));
        }
        layers.push_back(std::move(made.layer));
    }
    if (!result.errors.empty()) return result;

    Image image(base);
    const std::map<int32_t, int64_t> tensors = place_tensors(network, image);
    Scheduler scheduler(plan);
    std::vector<LayerInfo> infos;
    for (Layer& layer : layers) {
        LayerAddresses addresses;
        addresses.input = tensors.at(layer.input_tensor);
        addresses.output = tensors.at(layer.output_tensor);
        if (layer.has_bias) {
            addresses.bias =
                static_cast<int64_t>(image.add(RegionKind::kParameters, layer.name + ".bias",
                                               bias_image(layer, plan), layer.index));
        }
        if (layer.per_channel && !layer.raw) {
            addresses.scales =
                static_cast<int64_t>(image.add(RegionKind::kParameters, layer.name + ".scale",
                                               scale_image(layer, plan), layer.index));
        }
        addresses.weights = static_cast<int64_t>(image.end());
        WeightImage weights(layer, plan);
        scheduler.add(layer, addresses, weights);
        image.add(RegionKind::kWeights, layer.name + ".weights", weights.take(), layer.index);
        infos.push_back(describe(layer, network));
    }

    std::vector<Item> items =
        hoist_loads(start_array(scheduler.items(), kFirstCommands), kFirstCommands, kLoadAhead);
    assign_tokens(items);
    std::vector<isa::Command> commands;
    for (const Item& item : items) commands.push_back(item.command);
    const std::string problem =
        check_program(commands, plan.queue_depth, (1 << plan.token_bits) - 1);
    if (!problem.empty()) throw std::logic_error("the compiled program is wrong: " + problem);

    Program& program = result.program;
    program.command_address =
        image.add(RegionKind::kCommands, "commands", command_image(commands), -1);
    program.command_count = static_cast<uint32_t>(commands.size());
    program.end_address = image.end();
    program.layers = std::move(infos);
    count_work(plan, commands, program.layers);
    program.commands = std::move(commands);
    Step run;
    run.command_address = program.command_address;
    run.command_count = program.command_count;
    program.steps.push_back(std::move(run));
    program.listing = listing_text(program);
    program.regions = image.take();
    if (plan.address_bits < 64 && program.end_address > (uint64_t{1} << plan.address_bits)) {
        result.errors.push_back(
            {network.name, 0,
             fmt::format("the program needs {} bytes; bus.address_bits = {} reaches {}",
                         program.end_address, plan.address_bits,
                         uint64_t{1} << plan.address_bits)});
    }
    return result;
}

}  // namespace arraywright::compile
