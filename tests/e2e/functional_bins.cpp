// Functional bins. SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/functional_bins.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "generator/compile/operator_names.hpp"
#include "generator/spec/spec_names.hpp"

namespace arraywright::e2e {

using isa::Command;
using network::OpKind;

namespace {

bool has_window(OpKind kind) {
    return kind == OpKind::kConv2d || kind == OpKind::kDepthwiseConv2d ||
           kind == OpKind::kAveragePool || kind == OpKind::kMaxPool;
}

std::string memory_kind(const sim::MemoryConfig& memory) {
    if (memory.reorder) return "reordered";
    if (memory.gap_cycles > 0) return "gaps";
    if (memory.stall > 0) return "stalls";
    if (memory.bandwidth < 1) return "narrow";
    return memory.latency_cycles > 40 ? "slow" : "quick";
}

class Bins {
public:
    template <typename... Values>
    void add(const std::string& cross, const Values&... values) {
        std::string bin = cross + ":";
        ((bin += " " + std::string(values) + ","), ...);
        bin.pop_back();
        bins.insert(bin);
    }
    std::set<std::string> bins;
};

void add_operators(const network::Network& network, const compile::Program& program,
                   const std::string& dataflow, const std::string& memory, Bins& bins) {
    for (size_t i = 0; i < network.operators.size(); ++i) {
        const network::Operator& op = network.operators[i];
        const std::string name = compile::operator_name(op.kind);
        if (program.layers[i].block == "host") continue;
        bins.add("operator x dataflow", name, dataflow);
        if (network::has_weights(op.kind)) bins.add("operator x memory", name, memory);
        if (!has_window(op.kind)) continue;
        const network::Padding& pad = op.conv.padding;
        const bool rows = pad.top + pad.bottom > 0, columns = pad.left + pad.right > 0;
        bins.add("operator x padding", name,
                 rows ? (columns ? "both" : "rows") : (columns ? "columns" : "none"));
        const bool one = op.conv.stride_h == 1 && op.conv.stride_w == 1;
        const bool same = op.conv.stride_h == op.conv.stride_w;
        bins.add("operator x stride", name, one ? "one" : same ? "equal" : "unequal");
        if (op.kind == OpKind::kConv2d) {
            bins.add("convolution", op.conv.groups > 1 ? "groups" : "no groups",
                     op.conv.dilation_h > 1 || op.conv.dilation_w > 1 ? "dilation" : "no dilation");
        }
    }
}

void add_compute(const Command& command, const plan::Plan& plan, const std::string& dataflow,
                 Bins& bins) {
    const char* const modes[] = {"plain", "window", "packed"};
    const auto mode = static_cast<size_t>(command.get("mode"));
    if (mode < 3) bins.add("mode x dataflow", modes[mode], dataflow);
    bins.add("weights x dataflow", command.get("structured") != 0 ? "structured" : "dense",
             command.get("listed") != 0 ? "listed" : "all tiles", dataflow);
    const auto shape = [&](const char* what) { bins.add("tile x dataflow", what, dataflow); };
    if (command.get("tail") != 0 && command.get("tail") < plan.rows) shape("ragged lanes");
    if (command.get("cols") < plan.cols) shape("ragged columns");
    if (command.get("accumulate") != 0) shape("continues a sum");
    if (command.get("count_n") > 1) shape("several channel tiles");
    if (command.get("count_s") > 1) shape("several steps");
    if (command.get("count_x") * command.get("count_y") == 1) shape("one position");
}

void add_vector(const Command& command, const std::string& dataflow, Bins& bins) {
    if (command.opcode() == isa::Opcode::kCombine) {
        const char* const ops[] = {"sum", "difference", "product", "largest"};
        bins.add("combine", ops[command.get("op")],
                 command.get("two_operands") != 0 ? "two operands" : "one operand");
        return;
    }
    if (command.get("raw") != 0) {
        bins.add("results x dataflow", "raw", dataflow);
        return;
    }
    bins.add("results x dataflow",
             command.get("per_channel") != 0 ? "scale per channel" : "one scale", dataflow);
    if (command.get("table") != 0) bins.add("results x dataflow", "table", dataflow);
    if (command.get("use_bias") != 0) bins.add("results x dataflow", "bias", dataflow);
}

void add_overflow(const sim::SimulationResult& result, const std::string& mode,
                  const std::string& dataflow, Bins& bins) {
    for (const sim::RunResult& run : result.runs) {
        const auto& first = run.overflow.first;
        bins.add("overflow x mode x dataflow",
                 !first                     ? "none"
                 : first->first_is_bias     ? "bias"
                 : run.overflow.results > 0 ? "partial sum and result"
                                            : "partial sum only",
                 mode, dataflow);
    }
}

}  // namespace

std::set<std::string> functional_bins(const network::Network& network,
                                      const compile::Program& program, const plan::Plan& plan,
                                      const sim::MemoryConfig& memory,
                                      const sim::SimulationResult& result) {
    Bins bins;
    const std::string dataflow = spec::name_of(plan.spec.array.dataflow);
    const std::string kind = memory_kind(memory);
    add_operators(network, program, dataflow, kind, bins);
    for (const Command& command : program.commands) {
        switch (command.unit()) {
            case isa::Unit::kCompute:
                add_compute(command, plan, dataflow, bins);
                break;
            case isa::Unit::kVector:
                add_vector(command, dataflow, bins);
                break;
            case isa::Unit::kLoad:
                bins.add("transfer x bus x memory",
                         command.get("coded") != 0 ? "coded load" : "load",
                         fmt::format("{}", plan.spec.bus.data_bits), kind);
                break;
            case isa::Unit::kStore:
                bins.add("transfer x bus x memory",
                         command.get("coded") != 0 ? "coded store" : "store",
                         fmt::format("{}", plan.spec.bus.data_bits), kind);
                break;
        }
    }
    add_overflow(result, spec::name_of(plan.spec.arithmetic.on_overflow), dataflow, bins);
    return std::move(bins.bins);
}

void record_bins(const std::set<std::string>& bins) {
    const char* file = std::getenv("ARRAYWRIGHT_BINS");
    if (file == nullptr || *file == '\0') return;
    std::string text;
    for (const std::string& bin : bins) text += bin + "\n";
    // One write of an appending file: lines of processes at the same time do not mix.
    std::ofstream(file, std::ios::app) << text << std::flush;
}

}  // namespace arraywright::e2e
