// Operators to blocks, shared memory, fusion. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/graph.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "generator/compile/vector_parts.hpp"

namespace arraywright::compile {

using network::Network;
using network::Operator;
using network::OpKind;
using network::Tensor;

const char* block_name(Block block) {
    switch (block) {
        case Block::kArray:
            return "array";
        case Block::kVector:
            return "vector";
        case Block::kHost:
            return "host";
        case Block::kNone:
            return "none";
    }
    return "none";
}

namespace {

class Builder {
public:
    Builder(const Network& network, const plan::Plan& plan, GraphOptions options)
        : network_(network), plan_(plan), options_(options) {
        const size_t tensors = network.tensors.size();
        readers_.resize(tensors);

        for (size_t i = 0; i < network.operators.size(); ++i) {
            const Operator& op = network.operators[i];
            for (const int32_t input : op.all_inputs())
                readers_[static_cast<size_t>(input)].push_back(static_cast<int32_t>(i));
        }
        graph_.views.resize(tensors);
        for (size_t t = 0; t < tensors; ++t) graph_.views[t] = whole(static_cast<int32_t>(t));
        graph_.blocks.assign(network.operators.size(), Block::kNone);
        graph_.notes.resize(network.operators.size());
    }

    Graph build() {
        for (size_t i = 0; i < network_.operators.size(); ++i) add(static_cast<int32_t>(i));
        if (!options_.keep_all_tensors) {
            fold_pads();
            fuse_residuals();
            join_concatenations();
        }
        share_reshapes();
        for (const GraphOp& op : graph_.ops)
            graph_.blocks[static_cast<size_t>(op.index)] = op.block;
        return std::move(graph_);
    }

private:
    const Tensor& tensor(int32_t index) const {
        return network_.tensors[static_cast<size_t>(index)];
    }
    const Operator& source(const GraphOp& op) const {
        return network_.operators[static_cast<size_t>(op.index)];
    }
    const std::vector<int32_t>& readers(int32_t t) const {
        return readers_[static_cast<size_t>(t)];
    }
    bool is_output(int32_t t) const {
        return std::find(network_.outputs.begin(), network_.outputs.end(), t) !=
               network_.outputs.end();
    }
    bool is_input(int32_t t) const {
        return std::find(network_.inputs.begin(), network_.inputs.end(), t) !=
               network_.inputs.end();
    }

    View whole(int32_t t) const {
        const Extent extent = extent_of(tensor(t));
        const int64_t pixel = int64_t{extent.c} * network::element_bytes(tensor(t).type);
        return {t, 0, pixel, pixel * extent.w};
    }

    void add(int32_t index) {
        const Operator& op = network_.operators[static_cast<size_t>(index)];
        GraphOp node;
        node.index = index;
        node.inputs = op.all_inputs();
        node.output = op.output;
        node.padding = op.conv.padding;
        if (network::has_weights(op.kind)) {
            node.block = Block::kArray;
        } else if (runs_on_vector_unit(network_, op, plan_)) {
            node.block = Block::kVector;
        }
        graph_.ops.push_back(std::move(node));
    }

    /// The work that writes tensor `t`, or null.
    GraphOp* producer(int32_t t) {
        const auto found = std::find_if(graph_.ops.begin(), graph_.ops.end(),
                                        [t](const GraphOp& op) { return op.output == t; });
        return found == graph_.ops.end() ? nullptr : &*found;
    }

    void remove(const GraphOp* op, std::string note) {
        graph_.notes[static_cast<size_t>(op->index)] = std::move(note);
        graph_.ops.erase(graph_.ops.begin() + (op - graph_.ops.data()));
    }

    /// A PAD of rows and columns becomes padding of the windows that read it.
    void fold_pads() {
        for (size_t i = 0; i < graph_.ops.size();) {
            const Operator& pad = source(graph_.ops[i]);
            if (pad.kind != OpKind::kPad || !can_fold(pad)) {
                ++i;
                continue;
            }
            const size_t rank = pad.pads.size();
            std::string note = "done with";
            for (GraphOp& reader : graph_.ops) {
                if (reader.inputs.front() != pad.output) continue;
                reader.inputs.front() = pad.input;
                reader.padding.top += pad.pads[rank - 3].first;
                reader.padding.bottom += pad.pads[rank - 3].second;
                reader.padding.left += pad.pads[rank - 2].first;
                reader.padding.right += pad.pads[rank - 2].second;
                note += " " + source(reader).name;
            }
            remove(&graph_.ops[i], note);
        }
    }

    bool can_fold(const Operator& pad) const {
        const size_t rank = pad.pads.size();
        if (rank != 4 || pad.pads[0] != std::pair{0, 0} || pad.pads[3] != std::pair{0, 0}) {
            return false;
        }
        if (is_output(pad.output) || readers(pad.output).empty()) return false;
        const auto& points = tensor(pad.input).quantization.zero_points;
        if (pad.pad_value != (points.empty() ? 0 : points.front())) return false;
        return std::all_of(readers(pad.output).begin(), readers(pad.output).end(), [&](int32_t r) {
            const OpKind kind = network_.operators[static_cast<size_t>(r)].kind;
            return kind == OpKind::kConv2d || kind == OpKind::kDepthwiseConv2d;
        });
    }

    /// ADD right behind the operator with weights that makes one of its inputs: the sum is taken
    /// tile by tile while the array goes on, and what is added need not be on chip as a whole.
    void fuse_residuals() {
        for (size_t i = 0; i < graph_.ops.size();) {
            const GraphOp add = graph_.ops[i];
            const int32_t part = source(add).kind == OpKind::kAdd && add.block == Block::kVector
                                     ? fusible_input(add)
                                     : -1;
            if (part < 0) {
                ++i;
                continue;
            }
            GraphOp* conv = producer(add.inputs[static_cast<size_t>(part)]);
            conv->inputs.push_back(add.inputs[static_cast<size_t>(1 - part)]);
            conv->output = add.output;
            conv->residual_add = add.index;
            remove(&graph_.ops[i], "done with " + source(*conv).name);
        }
    }

    /// Which input of `add` its producer can finish, or -1: the later one of those that only the
    /// sum reads.
    int32_t fusible_input(const GraphOp& add) {
        if (add.inputs.size() != 2 || add.inputs[0] == add.inputs[1]) return -1;
        if (tensor(add.inputs[0]).shape != tensor(add.inputs[1]).shape) return -1;
        int32_t best = -1;
        int32_t latest = -1;
        for (int32_t i = 0; i < 2; ++i) {
            const int32_t t = add.inputs[static_cast<size_t>(i)];
            GraphOp* from = producer(t);
            if (from == nullptr || from->block != Block::kArray || from->residual_add >= 0)
                continue;
            if (source(*from).output_kind != network::OutputKind::kRequantize) continue;
            if (readers(t).size() != 1 || is_output(t)) continue;
            const auto at = static_cast<int32_t>(from - graph_.ops.data());
            if (at > latest) {
                latest = at;
                best = i;
            }
        }
        // Nothing may lie between the two: the other input must exist by then.
        const auto here = static_cast<int32_t>(
            std::find_if(graph_.ops.begin(), graph_.ops.end(),
                         [&](const GraphOp& op) { return op.index == add.index; }) -
            graph_.ops.begin());
        return latest + 1 == here ? best : -1;
    }

    /// Producers write their part of a concatenation in place.
    void join_concatenations() {
        for (size_t i = 0; i < graph_.ops.size();) {
            const GraphOp node = graph_.ops[i];
            const Operator& op = source(node);
            if (op.kind != OpKind::kConcatenation || !can_join(node)) {
                ++i;
                continue;
            }
            const View target = whole(op.output);
            const auto rank = static_cast<int32_t>(tensor(op.output).shape.size());
            int64_t offset = 0;
            for (const int32_t part : node.inputs) {
                View view = whole(part);
                const int64_t bytes = op.axis == rank - 1   ? view.pixel_bytes
                                      : op.axis == rank - 2 ? view.row_bytes
                                                            : tensor(part).bytes();
                view.root = target.root;
                view.offset_bytes = offset;
                view.pixel_bytes = target.pixel_bytes;
                view.row_bytes = target.row_bytes;
                graph_.views[static_cast<size_t>(part)] = view;
                offset += bytes;
            }
            remove(&graph_.ops[i], "in place");
        }
    }

    bool can_join(const GraphOp& node) {
        const Operator& op = source(node);
        const Tensor& out = tensor(op.output);
        const auto rank = static_cast<int32_t>(out.shape.size());
        // Rows of the parts must be rows of the whole.
        if (op.axis < rank - 3 && out.shape[static_cast<size_t>(op.axis)] != 1) return false;
        for (const int32_t part : node.inputs) {
            const GraphOp* from = producer(part);
            if (from == nullptr || from->block == Block::kHost || is_output(part) ||
                readers(part).size() != 1) {
                return false;
            }
            if (source(*from).output_kind == network::OutputKind::kRaw) return false;
            if (graph_.views[static_cast<size_t>(part)].root != part) return false;
            const network::Quantization& a = tensor(part).quantization;
            const network::Quantization& b = out.quantization;
            if (a.scales != b.scales || a.zero_points != b.zero_points) return false;
            if (std::count(node.inputs.begin(), node.inputs.end(), part) != 1) return false;
        }
        return true;
    }

    /// A reshape leaves the bytes where they are.
    void share_reshapes() {
        for (size_t i = 0; i < graph_.ops.size();) {
            const GraphOp node = graph_.ops[i];
            const int32_t in = node.inputs.front();
            // A network's input and output keep separate memory.
            if (source(node).kind != OpKind::kReshape || (is_input(in) && is_output(node.output))) {
                ++i;
                continue;
            }
            View view = whole(node.output);
            view.root = graph_.views[static_cast<size_t>(in)].root;
            view.offset_bytes = graph_.views[static_cast<size_t>(in)].offset_bytes;
            if (graph_.views[static_cast<size_t>(in)].pixel_bytes != whole(in).pixel_bytes) {
                ++i;  // a part of a concatenation has gaps
                continue;
            }
            const int32_t old = node.output;
            for (View& other : graph_.views) {
                if (other.root == old) {
                    other.root = view.root;
                    other.offset_bytes += view.offset_bytes;
                }
            }
            graph_.views[static_cast<size_t>(old)] = view;
            remove(&graph_.ops[i], "in place");
        }
    }

    const Network& network_;
    const plan::Plan& plan_;
    GraphOptions options_;
    Graph graph_;
    std::vector<std::vector<int32_t>> readers_;
};

}  // namespace

Graph build_graph(const Network& network, const plan::Plan& plan, GraphOptions options) {
    return Builder(network, plan, options).build();
}

}  // namespace arraywright::compile
