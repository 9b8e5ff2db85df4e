// Network and plan to program. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/compile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>

#include "generator/compile/array_mode.hpp"
#include "generator/compile/dependencies.hpp"
#include "generator/compile/host_operators.hpp"
#include "generator/compile/image.hpp"
#include "generator/compile/listing.hpp"
#include "generator/compile/operator_names.hpp"
#include "generator/compile/scheduler.hpp"
#include "generator/compile/vector_parts.hpp"
#include "generator/compile/vector_scheduler.hpp"
#include "generator/compile/work_count.hpp"
#include "generator/overflow/analysis.hpp"

namespace arraywright::compile {

namespace {

/// Compute commands that a load may be moved ahead of, and more while the bus is idle.
constexpr int32_t kLoadAhead = 4;
constexpr int32_t kMostAhead = 64;
/// Commands at the start of a program that hold only loads and computations: three fetch bursts.
constexpr size_t kFirstCommands = 12;

LayerInfo describe(const network::Network& network, int32_t index, const Graph& graph) {
    const network::Operator& op = network.operators[static_cast<size_t>(index)];
    LayerInfo info;
    info.name = op.name;
    info.op = operator_name(op.kind);
    info.block = block_name(graph.blocks[static_cast<size_t>(index)]);
    info.note = graph.notes[static_cast<size_t>(index)];
    info.output_tensor = op.output;
    info.macs = network::mac_count(network, op);
    const auto bytes = [&network](int32_t tensor) {
        return tensor < 0 ? 0 : network.tensors[static_cast<size_t>(tensor)].bytes();
    };
    info.weight_bytes = network::has_weights(op.kind) ? bytes(op.weights) : 0;
    if (network::has_weights(op.kind)) {
        const std::vector<uint8_t>& data = network.tensors[static_cast<size_t>(op.weights)].data;
        info.storage.weights = static_cast<int64_t>(data.size());
        info.storage.nonzero =
            info.storage.weights - std::count(data.begin(), data.end(), uint8_t{0});
    }
    info.compulsory_bytes = bytes(op.output) + bytes(op.weights) + bytes(op.bias);
    for (const int32_t input : op.all_inputs()) info.compulsory_bytes += bytes(input);
    return info;
}

bool is_safe(const network::Network& network, int32_t index, const plan::Plan& plan) {
    const network::Operator& op = network.operators[static_cast<size_t>(index)];
    if (!network::has_weights(op.kind)) return true;
    const LayerResult made = make_layer(network, index, op.input, op.conv.padding, plan, false);
    return made.error.empty() && made.layer.proven_safe;
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

/// Lowers one network: layers, memory, commands.
class Compiler {
public:
    /// `described` is the network as it came, `network` what is left of it to compute.
    Compiler(const network::Network& described, const network::Network& network,
             const plan::Plan& plan, const CompileOptions& options)
        : described_(described),
          network_(network),
          plan_(plan),
          graph_options_{options.keep_all_tensors},
          image_(options.base, plan.burst_bytes),
          options_(options),
          scheduler_(plan, options.most_commands),
          vector_scheduler_(plan) {}

    CompileResult compile() {
        graph_ = build_graph(network_, plan_, graph_options_);
        make_layers();
        if (!result_.errors.empty()) return std::move(result_);
        map_tensors();
        place_tensors();
        for (size_t i = 0; i < network_.operators.size(); ++i)
            result_.program.layers.push_back(describe(described_, static_cast<int32_t>(i), graph_));
        for (size_t i = 0; i < graph_.ops.size(); ++i) add(i);
        end_run();
        if (result_.errors.empty()) finish();
        return std::move(result_);
    }

private:
    const network::Tensor& tensor(int32_t index) const {
        return network_.tensors[static_cast<size_t>(index)];
    }

    void fail(int32_t op, const std::string& message) {
        const network::Operator& source = network_.operators[static_cast<size_t>(op)];
        result_.errors.push_back({source.name, source.source_line, message});
    }

    void make_layers() {
        layers_.resize(graph_.ops.size());
        for (size_t i = 0; i < graph_.ops.size(); ++i) {
            const GraphOp& op = graph_.ops[i];
            if (op.block != Block::kArray) continue;
            const View& view = graph_.views[static_cast<size_t>(op.output)];
            const Extent shape = extent_of(tensor(op.output));
            LayerResult made = make_layer(network_, op.index, op.inputs.front(), op.padding, plan_,
                                          view.pixel_bytes == shape.c);
            if (!made.error.empty()) fail(op.index, made.error);
            if (!made.layer.proven_safe) check_accumulator(op.index);
            layers_[i] = std::move(made.layer);
        }
    }

    /// Narrow accumulators need a proof, for the order in which they add.
    void check_accumulator(int32_t op) {
        if (plan_.accumulator_bits == 32 || options_.allow_overflow) return;
        if (!overflow_) {
            overflow_ = overflow::analyse(network_,
                                          {plan_.accumulator_bits, plan_.rows, plan_.zero_gating});
        }
        const overflow::LayerOverflow* layer = overflow_->find(op);
        if (layer->verdict == overflow::Verdict::kSafe) return;
        fail(op, fmt::format("can overflow accumulators of {} bits; {} are needed ('overflow' "
                             "shows the input that does it)",
                             plan_.accumulator_bits, layer->bits));
    }

    /// Reserves DRAM for every tensor that needs it and owns its memory.
    void place_tensors() {
        dram_.assign(network_.tensors.size(), kNoAddress);
        // A tensor that is kept for comparison is kept as it is.
        codable_ = graph_options_.keep_all_tensors
                       ? std::vector<bool>(network_.tensors.size(), false)
                       : may_be_coded(network_, graph_, map_, plan_);
        std::vector<bool> used(network_.tensors.size(), false);
        const auto use = [&](int32_t t) {
            used[static_cast<size_t>(graph_.views[static_cast<size_t>(t)].root)] = true;
        };
        for (const int32_t t : network_.inputs) use(t);
        for (const GraphOp& op : graph_.ops) {
            use(op.output);
            for (const int32_t input : op.inputs) use(input);
        }
        for (size_t t = 0; t < used.size(); ++t) {
            if (!used[t] || !map_.in_dram[t]) continue;
            const network::Tensor& one = network_.tensors[t];
            const auto index = static_cast<int32_t>(t);
            const int64_t bytes = codable_[t] ? coded_capacity(plan_, one.bytes()) : one.bytes();
            dram_[t] = static_cast<int64_t>(
                one.is_constant ? image_.add(RegionKind::kWeights, one.name, one.data, -1)
                                : image_.reserve(RegionKind::kTensor, one.name,
                                                 static_cast<uint64_t>(bytes), -1, index));
        }
        std::vector<int32_t>& regions = result_.program.tensor_regions;
        regions.assign(network_.tensors.size(), -1);
        for (size_t t = 0; t < used.size(); ++t) {
            const View& view = graph_.views[t];
            const auto root = static_cast<size_t>(view.root);
            // A part of a concatenation has gaps or starts within its region.
            const bool whole =
                view.offset_bytes == 0 && tensor(view.root).bytes() == network_.tensors[t].bytes();
            if (used[root] && dram_[root] != kNoAddress && whole) regions[t] = view.root;
        }
    }

    TensorPlace place(int32_t t) const {
        const View& view = graph_.views[static_cast<size_t>(t)];
        const auto root = static_cast<size_t>(view.root);
        TensorPlace at;
        at.pixel_bytes = view.pixel_bytes;
        at.row_bytes = view.row_bytes;
        if (dram_[root] != kNoAddress) at.dram = dram_[root] + view.offset_bytes;
        if (map_.on_chip[root] >= 0) at.chip = map_.on_chip[root] + view.offset_bytes;
        return at;
    }

    /// `place` with the pitches of a layer's own shape, unless the tensor has gaps.
    TensorPlace place_as(int32_t t, int64_t pixel_bytes, int32_t width) const {
        TensorPlace at = place(t);
        const Extent extent = extent_of(tensor(t));
        if (at.pixel_bytes == int64_t{extent.c} * network::element_bytes(tensor(t).type)) {
            at.pixel_bytes = pixel_bytes;
            at.row_bytes = pixel_bytes * width;
        }
        return at;
    }

    void add(size_t i) {
        const GraphOp& op = graph_.ops[i];
        if (too_long_) return;
        const size_t before = items_.size();
        try {
            add(op, i);
            check_fields(std::min(before, items_.size()));
        } catch (const isa::FieldOverflow& overflow) {
            fail(op.index, fmt::format("too large for a command: {}", overflow.what()));
        } catch (const ProgramTooLong&) {
            too_long_ = true;
            fail(op.index, fmt::format("the program takes more than {} commands up to here: the "
                                       "array or the buffers are too small for this layer",
                                       options_.most_commands));
        }
    }

    /// Fields hold what this design has bits for, which may be less than a command has.
    void check_fields(size_t first) const {
        for (size_t i = first; i < items_.size(); ++i) {
            const isa::Command& command = items_[i].command;
            for (const isa::CommandField& field : isa::command_fields(command.opcode())) {
                const int32_t bits = plan_.field_bits(field);
                if (bits >= field.bits || field.wraps() || field.is_signed) continue;
                if ((command.get(field.name) >> bits) == 0) continue;
                throw isa::FieldOverflow(fmt::format(
                    "{} {} needs {}, this design has {} bits for it",
                    isa::opcode_name(command.opcode()), field.name, command.get(field.name), bits));
            }
        }
    }

    void add(const GraphOp& op, size_t i) {
        switch (op.block) {
            case Block::kArray:
                add_layer(i);
                break;
            case Block::kVector:
                add_vector(i);
                break;
            case Block::kHost:
                add_host(op);
                break;
            case Block::kNone:
                break;
        }
    }

    void add_host(const GraphOp& op) {
        end_run();
        const network::Operator& source = network_.operators[static_cast<size_t>(op.index)];
        std::optional<LookupTable> table;
        if (has_lookup_table(network_, source)) table = lookup_table(network_, source);
        HostOperatorsResult made = make_host_operators(
            network_, op.index, [this](int32_t t) { return static_cast<uint64_t>(place(t).dram); },
            table ? &*table : nullptr);
        if (!made.error.empty()) fail(op.index, made.error);
        Step step;
        step.kind = Step::Kind::kHost;
        step.operator_index = op.index;
        step.host_operators = std::move(made.operators);
        result_.program.steps.push_back(std::move(step));
    }

    LayerPlaces layer_places(size_t i) const {
        const GraphOp& op = graph_.ops[i];
        const Layer& layer = *layers_[i];
        LayerPlaces places;
        const int64_t out_pixel = int64_t{layer.out_c} * layer.out_bytes();
        places.input = place_as(op.inputs.front(), layer.in_c, layer.in_w);
        places.output = place_as(op.output, out_pixel, layer.out_w);
        places.room = map_.room[i];
        if (op.residual_add >= 0) {
            places.residual = place_as(op.inputs[1], out_pixel, layer.out_w);
            // Pitches of what is added are those of the output's tiles.
            if (places.output.chip < 0) places.residual.chip = -1;
        }
        return places;
    }

    /// A layer whose reduction must be split reads ranges of its input from DRAM and needs all the
    /// room: nothing stays on chip beside it.
    void map_tensors() {
        std::vector<bool> crowded(graph_.ops.size(), false);
        for (bool again = true; again;) {
            again = false;
            map_ = map_memory(network_, graph_, plan_, graph_options_, crowded);
            dram_.assign(network_.tensors.size(), kNoAddress);
            for (size_t t = 0; t < dram_.size(); ++t) {
                if (map_.in_dram[t]) dram_[t] = 0;
            }
            for (size_t i = 0; i < graph_.ops.size(); ++i) {
                if (graph_.ops[i].block != Block::kArray || crowded[i]) continue;
                if (!scheduler_.must_split(*layers_[i], layer_places(i))) continue;
                crowded[i] = again = true;
            }
        }
    }

    void add_layer(size_t i) {
        const GraphOp& op = graph_.ops[i];
        Layer& layer = *layers_[i];
        result_.program.layers[static_cast<size_t>(op.index)].proven_safe = layer.proven_safe;
        LayerPlaces places = layer_places(i);
        Combine sum;
        if (op.residual_add >= 0) {
            const network::Operator& add = network_.operators[static_cast<size_t>(op.residual_add)];
            sum = make_add(network_, add, add.input == op.inputs[1]);
        }
        // Windows and packed taps need all of a position's taps on chip.
        if (scheduler_.must_split(layer, places)) set_plain_mode(plan_, layer);
        const auto parameters = [&](const char* suffix, std::vector<uint8_t> bytes) {
            return static_cast<int64_t>(image_.add(RegionKind::kParameters, layer.name + suffix,
                                                   std::move(bytes), layer.index));
        };
        if (layer.has_bias) places.bias = parameters(".bias", bias_image(layer, plan_));
        if (layer.per_channel && !layer.raw)
            places.scales = parameters(".scale", scale_image(layer, plan_));
        if (!layer.form.codebook.empty()) {
            places.codebook =
                parameters(".codebook", {layer.form.codebook.begin(), layer.form.codebook.end()});
        }
        places.weights = static_cast<int64_t>(image_.end());
        WeightImage weights(layer, plan_);
        scheduler_.add(layer, places, op.residual_add >= 0 ? &sum : nullptr, weights);
        for (Item& item : scheduler_.take_items()) items_.push_back(std::move(item));
        WeightStorage& storage = result_.program.layers[static_cast<size_t>(op.index)].storage;
        storage.form = form_text(plan_, layer);
        storage.imbalance = layer.form.imbalance;
        storage.stored_bytes = weights.size() + static_cast<int64_t>(layer.form.codebook.size());
        // Joined columns have zeros of their own: they are no MACs of the operator.
        const int64_t macs = result_.program.layers[static_cast<size_t>(op.index)].macs;
        const int64_t made =
            network::mac_count(network_, network_.operators[static_cast<size_t>(op.index)]);
        const int64_t positions = int64_t{layer.out_h} * layer.out_w;
        const int64_t dense = int64_t{layer.out_c} * layer.reduction();
        storage.skipped_macs = macs - made;
        if (layer.joined_columns == 1)
            storage.skipped_macs += positions * (dense - walked_weights(plan_, layer));
        if (weights.size() > 0)
            image_.add(RegionKind::kWeights, layer.name + ".weights", weights.take(), layer.index);
    }

    void add_vector(size_t i) {
        const GraphOp& op = graph_.ops[i];
        for (VectorPart& part : vector_parts(network_, op.index, op.padding, plan_)) {
            VectorPlaces places;
            const Layer& shape = part.layer.window;
            // Parts of an operator have smaller shapes than its output, and no view of their own.
            const TensorPlace whole = part.layer.element_wise || part.inputs.empty()
                                          ? place(op.output)
                                          : place_as(op.output, shape.out_c, shape.out_w);
            places.output = whole.from(part.out_y * whole.row_bytes +
                                       part.out_x * whole.pixel_bytes + part.out_c);
            places.room = map_.room[i];
            for (const int32_t input : part.inputs) {
                // A PAD that was folded away is read at its own input.
                places.inputs.push_back(place(part.inputs.size() == op.inputs.size()
                                                  ? op.inputs[places.inputs.size()]
                                                  : input));
            }
            if (part.layer.combine.table) {
                const LookupTable& table = *part.layer.combine.table;
                places.table = static_cast<int64_t>(
                    image_.add(RegionKind::kParameters, part.layer.name + ".table",
                               std::vector<uint8_t>(table.begin(), table.end()), op.index));
            }
            const std::string error = vector_scheduler_.add(part.layer, places, items_);
            if (!error.empty()) fail(op.index, error);
        }
    }

    /// In the order of the first store, which is that of the block table.
    void code_tensors_of_run() {
        std::vector<CodedCandidate> candidates;
        for (const Item& item : items_) {
            if (item.command.unit() != isa::Unit::kStore) continue;
            const int64_t address = item.command.get("address");
            for (size_t t = 0; t < codable_.size(); ++t) {
                const network::Tensor& one = network_.tensors[t];
                if (!codable_[t] || address != dram_[t]) continue;
                codable_[t] = false;
                candidates.push_back({static_cast<int32_t>(t), address, one.bytes(),
                                      place(static_cast<int32_t>(t)).row_bytes,
                                      one.quantization.zero_points.front()});
            }
        }
        std::vector<CodedTensor> coded = code_tensors(plan_, candidates, options_.coding, items_);
        result_.program.coded.insert(result_.program.coded.end(), coded.begin(), coded.end());
    }

    static std::vector<isa::Command> with_tokens(std::vector<Item>& items, size_t most_behind) {
        assign_tokens(items, most_behind);
        std::vector<isa::Command> commands;
        for (const Item& item : items) commands.push_back(item.command);
        return commands;
    }

    /// The commands collected so far become a run of the accelerator.
    void end_run() {
        scheduler_.begin_run();
        if (items_.empty() || !result_.errors.empty()) return;
        code_tensors_of_run();
        std::vector<Item> items =
            hoist_loads(start_array(items_, kFirstCommands), kFirstCommands,
                        {kLoadAhead, kMostAhead, [this](const Item& item) {
                             const isa::Command& c = item.command;
                             return c.unit() == isa::Unit::kCompute
                                        ? array_cycles(plan_, c, item.notes.lists.get())
                                        : load_cycles(plan_, c);
                         }});
        items_.clear();
        const int64_t most = (int64_t{1} << plan_.index_bits) - 1;
        if (std::ssize(items) > most) {
            result_.errors.push_back(
                {network_.name, 0,
                 fmt::format("a run of the accelerator takes {} commands, this design counts {}{}",
                             items.size(), most,
                             plan_.queue_depth == 0 ? " (control.queue_depth = 0)" : "")});
            return;
        }
        std::vector<isa::Command> commands = with_tokens(items, items.size());
        const int32_t most_tokens = (1 << plan_.token_bits) - 1;
        std::string problem = check_program(commands, plan_.queue_depth, most_tokens);
        if (!problem.empty()) {
            // Tokens pile up where many transfers end long before what waits for them: wait for
            // later ones. Beside what the queues hold, no more than that many are then pending.
            commands = with_tokens(items, static_cast<size_t>(most_tokens - plan_.queue_depth - 2));
            problem = check_program(commands, plan_.queue_depth, most_tokens);
        }
        if (!problem.empty()) throw std::logic_error("the compiled program is wrong: " + problem);
        Step step;
        step.command_address = commands_.size() * isa::kCommandBytes;  // from the first one
        step.command_count = static_cast<uint32_t>(commands.size());
        result_.program.steps.push_back(step);
        commands_.insert(commands_.end(), commands.begin(), commands.end());
        for (const Item& item : items) notes_.push_back(item.notes);
    }

    void finish() {
        Program& program = result_.program;
        program.command_address =
            image_.add(RegionKind::kCommands, "commands", command_image(commands_), -1);
        program.command_count = static_cast<uint32_t>(commands_.size());
        for (Step& step : program.steps) {
            if (step.kind == Step::Kind::kRun) step.command_address += program.command_address;
        }
        program.end_address = image_.end();
        for (const isa::Command& command : commands_) {
            if (command.unit() == isa::Unit::kLoad)
                add_transfer(plan_, program.coded, command, program.loads);
            if (command.unit() == isa::Unit::kStore)
                add_transfer(plan_, program.coded, command, program.stores);
        }
        program.commands = std::move(commands_);
        program.notes = std::move(notes_);
        count_work(plan_, program);
        program.listing = listing_text(program);
        program.regions = image_.take();
        if (plan_.address_bits < 64 && program.end_address > (uint64_t{1} << plan_.address_bits)) {
            result_.errors.push_back(
                {network_.name, 0,
                 fmt::format("the program needs {} bytes; bus.address_bits = {} reaches {}",
                             program.end_address, plan_.address_bits,
                             uint64_t{1} << plan_.address_bits)});
        }
    }

    const network::Network& described_;
    const network::Network& network_;
    const plan::Plan& plan_;
    GraphOptions graph_options_;
    CompileResult result_;
    Graph graph_;
    MemoryMap map_;
    std::vector<std::optional<Layer>> layers_;  ///< by work of the graph
    std::vector<int64_t> dram_;                 ///< by tensor, or kNoAddress
    std::vector<bool> codable_;                 ///< by tensor, not yet decided on
    Image image_;
    CompileOptions options_;
    std::optional<overflow::NetworkOverflow> overflow_;  ///< when narrow accumulators need it
    bool too_long_ = false;                              ///< what follows finds no room either
    Scheduler scheduler_;
    VectorScheduler vector_scheduler_;
    std::vector<Item> items_;
    std::vector<isa::Command> commands_;
    std::vector<WeightNotes> notes_;  ///< by command
};

}  // namespace

const Region* Program::region_of_tensor(int32_t tensor) const {
    const auto index = static_cast<size_t>(tensor);
    const int32_t owner = index < tensor_regions.size() ? tensor_regions[index] : tensor;
    const auto found = std::find_if(regions.begin(), regions.end(), [owner](const Region& region) {
        return region.kind == RegionKind::kTensor && region.tensor == owner;
    });
    return owner < 0 || found == regions.end() ? nullptr : &*found;
}

const KeptChannels& Program::channels_of_tensor(int32_t tensor) const {
    static const KeptChannels everything;
    const auto index = static_cast<size_t>(tensor);
    return index < channels.size() ? channels[index] : everything;
}

CompileResult compile_network(const network::Network& network, const plan::Plan& plan,
                              const CompileOptions& options) {
    if (plan.block == 0) return Compiler(network, network, plan, options).compile();
    // What every input gives alike is not computed. Tensors to compare keep what only some read.
    std::vector<bool> safe;
    for (size_t i = 0; i < network.operators.size(); ++i)
        safe.push_back(is_safe(network, static_cast<int32_t>(i), plan));
    FoldedNetwork folded = fold_constant_channels(network, safe, !options.keep_all_tensors);
    CompileResult result = Compiler(network, folded.network, plan, options).compile();
    result.program.channels = std::move(folded.channels);
    return result;
}

}  // namespace arraywright::compile
