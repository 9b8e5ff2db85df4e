// The YAML of workload layers without weights. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <string>
#include <vector>

#include "generator/network/workload_layer_reader.hpp"
#include "generator/spec/source_text.hpp"

namespace arraywright::network {

using spec::YamlNode;

void LayerReader::read_pool() {
    read_picture();
    read_kernel({1, 256}, {1, 256});
    if (const YamlNode* padding = fields_.require("padding", "padding: valid")) {
        read_padding(*padding);
    }
    read_activation();
}

/// The operators without weights.
void LayerReader::read_plain() {
    switch (layer_.kind) {
        case OpKind::kAveragePool:
        case OpKind::kMaxPool:
            read_pool();
            break;
        case OpKind::kMean:
            read_picture();
            boolean("keep_dims", layer_.keep_dims);
            read_output_zero_point();
            break;
        case OpKind::kPad:
            read_pad();
            break;
        case OpKind::kAdd:
        case OpKind::kSub:
        case OpKind::kMul:
            read_operands();
            read_activation();
            read_output_zero_point();
            break;
        case OpKind::kConcatenation:
            read_operands();
            break;
        case OpKind::kReshape:
            read_reshape();
            break;
        case OpKind::kRelu:
            read_shape();
            read_output_zero_point();
            break;
        default:
            read_shape();
            break;
    }
}

void LayerReader::read_shape() {
    const std::string example = "input: [28, 28, 3]";
    const YamlNode* node = shape_or_source(example);
    if (node != nullptr) layer_.shape = dimensions(*node, "input", example, 3);
}

void LayerReader::read_pad() {
    read_picture();
    const YamlNode* padding = fields_.require("padding", "padding: {top: 1, bottom: 1}");
    if (padding == nullptr) return;
    if (padding->kind == YamlNode::Kind::kMapping) {
        read_padding(*padding);
    } else if (padding->kind != YamlNode::Kind::kRefused) {
        diagnostics_.error(
            spec::DiagnosticId::kWrongType, padding->location,
            fmt::format("'{}' must be {{top: 1, bottom: 1, left: 1, right: 1}}, found {}",
                        fields_.name_of("padding"), spec::describe(*padding)));
    }
}

void LayerReader::read_reshape() {
    read_shape();
    const std::string example = "shape: [1000]";
    const YamlNode* node = fields_.require("shape", example);
    if (node != nullptr) layer_.new_shape = dimensions(*node, "shape", example, 3);
}

/// `inputs: [a, b]` names what is read; `input: [h, w, c]` is the shape of inputs of its own.
void LayerReader::read_operands() {
    const bool is_pair = has_two_operands(layer_.kind);
    const YamlNode* node = fields_.find("inputs");
    if (node == nullptr) {
        const std::string example =
            is_chain_ || !is_pair ? "inputs: [left, right]" : "input: [28, 28, 3]";
        const YamlNode* shape = is_pair && !has_predecessor_ ? fields_.find("input") : nullptr;
        if (shape == nullptr) fields_.require(is_pair && !is_chain_ ? "input" : "inputs", example);
        if (shape != nullptr) layer_.shape = dimensions(*shape, "input", example, 3);
        return;
    }
    if (node->kind == YamlNode::Kind::kRefused) return;
    const bool is_list = node->kind == YamlNode::Kind::kSequence;
    if (!is_list || node->items.size() < 2 || (is_pair && node->items.size() != 2) ||
        node->items.size() > kMaxLayerOperands) {
        diagnostics_
            .error(
                spec::DiagnosticId::kWrongType, node->location,
                fmt::format("'{}' must be a list of {} layers, found {}", fields_.name_of("inputs"),
                            is_pair ? "2" : fmt::format("2 to {}", kMaxLayerOperands),
                            is_list ? fmt::format("a list of {}", node->items.size())
                                    : spec::describe(*node)))
            .notes.push_back({{}, "for example: inputs: [left, right]"});
        return;
    }
    layer_.has_shape = false;
    for (size_t i = 0; i < node->items.size(); ++i) {
        add_source(node->items[i], fmt::format("inputs[{}]", i));
    }
}

/// A list of 1 to `most` dimensions, behind a batch of one.
std::vector<int32_t> LayerReader::dimensions(const YamlNode& node, const std::string& key,
                                             const std::string& example, size_t most) {
    if (node.kind == YamlNode::Kind::kRefused) return {};
    layer_.input_location = node.location;
    const bool is_list = node.kind == YamlNode::Kind::kSequence;
    if (!is_list || node.items.empty() || node.items.size() > most) {
        diagnostics_
            .error(spec::DiagnosticId::kWrongType, node.location,
                   fmt::format("'{}' must be a list of 1 to {} integers, found {}",
                               fields_.name_of(key), most,
                               is_list ? fmt::format("a list of {}", node.items.size())
                                       : spec::describe(node)))
            .notes.push_back({{}, "for example: " + example});
        return {};
    }
    std::vector<int32_t> result = {1};
    for (size_t i = 0; i < node.items.size(); ++i) {
        integer(&node.items[i], fmt::format("{}[{}]", key, i), kLayerExtent,
                result.emplace_back(1));
    }
    return result;
}

}  // namespace arraywright::network
