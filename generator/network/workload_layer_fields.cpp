// The YAML of one workload layer, read field by field. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "generator/network/workload_layer_reader.hpp"
#include "generator/spec/source_text.hpp"
#include "generator/spec/yaml_fields.hpp"
#include "generator/spec/yaml_values.hpp"

namespace arraywright::network {
namespace {

using spec::Diagnostics;
using spec::FieldReader;
using spec::IntegerRule;
using spec::Location;
using spec::YamlNode;

constexpr IntegerRule kInt8{-128, 127};

/// Operators that networks have and this version does not run.
constexpr std::array<std::string_view, 10> kNotBuilt = {"lstm",     "gru",       "svdf",
                                                        "rnn",      "attention", "embedding",
                                                        "conv1d",   "conv3d",    "transpose_conv2d",
                                                        "transpose"};

const std::vector<std::pair<std::string, OpKind>> kBuilt = {
    {"gemm", OpKind::kGemm},
    {"fully_connected", OpKind::kFullyConnected},
    {"conv2d", OpKind::kConv2d},
    {"depthwise_conv2d", OpKind::kDepthwiseConv2d},
    {"average_pool2d", OpKind::kAveragePool},
    {"max_pool2d", OpKind::kMaxPool},
    {"mean", OpKind::kMean},
    {"add", OpKind::kAdd},
    {"sub", OpKind::kSub},
    {"mul", OpKind::kMul},
    {"pad", OpKind::kPad},
    {"concatenation", OpKind::kConcatenation},
    {"relu", OpKind::kRelu},
    {"relu6", OpKind::kRelu6},
    {"logistic", OpKind::kLogistic},
    {"tanh", OpKind::kTanh},
    {"reshape", OpKind::kReshape},
    {"softmax", OpKind::kSoftmax}};

std::string built_operators() {
    std::string text;
    for (size_t i = 0; i < kBuilt.size(); ++i) {
        if (i > 0) text += i + 1 == kBuilt.size() ? " and " : ", ";
        text += kBuilt[i].first;
    }
    return text;
}

}  // namespace

void LayerReader::integers(const YamlNode* node, const std::string& key, const std::string& example,
                           const IntegerRule& rule, const std::vector<int32_t*>& values) {
    if (node == nullptr || node->kind == YamlNode::Kind::kRefused) return;
    const std::string name = fields_.name_of(key);
    if (node->kind != YamlNode::Kind::kSequence || node->items.size() != values.size()) {
        const std::string found = node->kind == YamlNode::Kind::kSequence
                                      ? fmt::format("a list of {}", node->items.size())
                                      : spec::describe(*node);
        diagnostics_
            .error(spec::DiagnosticId::kWrongType, node->location,
                   fmt::format("'{}' must be a list of {} integers, found {}", name, values.size(),
                               found))
            .notes.push_back({{}, "for example: " + example});
        return;
    }
    for (size_t i = 0; i < values.size(); ++i) {
        integer(&node->items[i], fmt::format("{}[{}]", key, i), rule, *values[i]);
    }
}

std::optional<double> LayerReader::density(const std::string& key, Location& location) {
    const YamlNode* node = fields_.find(key);
    if (node == nullptr) return std::nullopt;
    location = node->location;
    return spec::read_real(*node, fields_.name_of(key), 0, 1, diagnostics_);
}

bool LayerReader::read_op() {
    const YamlNode* node = fields_.find("op");
    if (node == nullptr) {
        diagnostics_
            .error(spec::DiagnosticId::kMissingKey, fields_.location(),
                   fmt::format("missing key 'op' in '{}'", path_))
            .notes.push_back({{}, "for example: op: gemm"});
        return false;
    }
    if (std::find(kNotBuilt.begin(), kNotBuilt.end(), node->text) != kNotBuilt.end()) {
        diagnostics_
            .error(spec::DiagnosticId::kNotBuilt, node->location,
                   fmt::format("operator '{}' is not built by this version", node->text))
            .notes.push_back({{}, "this version runs " + built_operators()});
        return false;
    }
    const auto kind = spec::read_choice<OpKind>(*node, fields_.name_of("op"), kBuilt, diagnostics_);
    if (kind) layer_.kind = *kind;
    return kind.has_value();
}

void LayerReader::add_source(const YamlNode& node, const std::string& name) {
    if (!is_chain_) {
        diagnostics_
            .error(spec::DiagnosticId::kConflict, node.location,
                   fmt::format("'{}' names a layer, but these layers do not read one another",
                               fields_.name_of(name)))
            .notes.push_back({{}, "write 'chain: true' at the top to connect the layers"});
        return;
    }
    const auto text = read_plain_name(node, fields_.name_of(name), diagnostics_);
    if (text) layer_.sources.push_back({*text, node.location});
}

const YamlNode* LayerReader::shape_or_source(const std::string& example) {
    const YamlNode* node =
        has_predecessor_ ? fields_.find("input") : fields_.require("input", example);
    if (node != nullptr && node->kind == YamlNode::Kind::kScalar) {
        add_source(*node, "input");
        node = nullptr;
    } else if (node != nullptr) {
        layer_.input_location = node->location;
    }
    layer_.has_shape = node != nullptr;
    if (layer_.sources.empty() && has_predecessor_) {
        layer_.sources.push_back({"", fields_.location()});
    }
    return node;
}

void LayerReader::read_matrix(const std::string& m, const std::string& k, const std::string& n) {
    const bool is_batch = m == "batch";
    const YamlNode* source = is_chain_ ? fields_.find("input") : nullptr;
    if (source != nullptr) {
        add_source(*source, "input");
    } else if (has_predecessor_) {
        layer_.sources.push_back({"", fields_.location()});
    }
    const bool may_infer = is_batch && !layer_.sources.empty();
    integer(is_batch ? fields_.find(m) : fields_.require(m), m, kLayerExtent, layer_.m);
    const YamlNode* inner = may_infer ? fields_.find(k) : fields_.require(k);
    layer_.has_shape = inner != nullptr;
    integer(inner, k, kLayerExtent, layer_.k);
    integer(fields_.require(n), n, kLayerExtent, layer_.n);
}

void LayerReader::read_padding(const YamlNode& node) {
    Padding& padding = layer_.conv.padding;
    if (node.kind == YamlNode::Kind::kMapping) {
        FieldReader sides(node, fields_.name_of("padding"), diagnostics_);
        const std::pair<const char*, int32_t*> places[] = {{"top", &padding.top},
                                                           {"bottom", &padding.bottom},
                                                           {"left", &padding.left},
                                                           {"right", &padding.right}};
        for (const auto& [key, value] : places) {
            integer(sides.find(key), std::string("padding.") + key, {0, 63}, *value);
        }
        sides.finish();
        return;
    }
    if (node.kind == YamlNode::Kind::kRefused) return;
    if (node.kind != YamlNode::Kind::kScalar) {
        diagnostics_.error(
            spec::DiagnosticId::kWrongType, node.location,
            fmt::format("'{}' must be same, valid or {{top: 1, bottom: 1, left: 1, right: 1}}, "
                        "found {}",
                        fields_.name_of("padding"), spec::describe(node)));
        return;
    }
    const auto mode = spec::read_choice<PaddingMode>(
        node, fields_.name_of("padding"),
        {{"same", PaddingMode::kSame}, {"valid", PaddingMode::kValid}}, diagnostics_);
    layer_.padding_mode = mode.value_or(PaddingMode::kValid);
}

void LayerReader::read_picture() {
    const std::string example = "input: [28, 28, 3]";
    integers(shape_or_source(example), "input", example, kLayerExtent,
             {&layer_.h, &layer_.w, &layer_.c});
}

void LayerReader::read_kernel(const IntegerRule& kernel, const IntegerRule& stride) {
    Conv2dAttributes& conv = layer_.conv;
    const YamlNode* node = fields_.require("kernel", "kernel: [3, 3]");
    if (node != nullptr) layer_.kernel_location = node->location;
    integers(node, "kernel", "kernel: [3, 3]", kernel, {&conv.kernel_h, &conv.kernel_w});
    integers(fields_.find("stride"), "stride", "stride: [2, 2]", stride,
             {&conv.stride_h, &conv.stride_w});
}

void LayerReader::read_conv() {
    Conv2dAttributes& conv = layer_.conv;
    const auto place = [](const YamlNode* node, Location& location) {
        if (node != nullptr) location = node->location;
        return node;
    };
    read_picture();
    integer(place(fields_.require("filters"), layer_.filters_location), "filters", kLayerExtent,
            layer_.n);
    read_kernel({1, 11}, {1, 4});
    integers(fields_.find("dilation"), "dilation", "dilation: [2, 2]", {1, 8},
             {&conv.dilation_h, &conv.dilation_w});
    integer(place(fields_.find("groups"), layer_.groups_location), "groups", kLayerExtent,
            conv.groups);
    if (const YamlNode* padding = fields_.require("padding", "padding: same")) {
        read_padding(*padding);
    }
}

void LayerReader::read_depthwise() {
    Conv2dAttributes& conv = layer_.conv;
    read_picture();
    integer(fields_.find("multiplier"), "multiplier", {1, 8}, layer_.multiplier);
    read_kernel({1, 11}, {1, 4});
    integers(fields_.find("dilation"), "dilation", "dilation: [2, 2]", {1, 8},
             {&conv.dilation_h, &conv.dilation_w});
    if (const YamlNode* padding = fields_.require("padding", "padding: same")) {
        read_padding(*padding);
    }
}

void LayerReader::read_weight_values(const YamlNode& node) {
    layer_.weights_location = node.location;
    if (node.kind == YamlNode::Kind::kRefused) return;
    if (node.kind != YamlNode::Kind::kSequence) {
        diagnostics_
            .error(spec::DiagnosticId::kWrongType, node.location,
                   fmt::format("'{}' must be a list of integers, found {}",
                               fields_.name_of("weights"), spec::describe(node)))
            .notes.push_back({{}, "for example: weights: [-1, 0, 1]"});
        return;
    }
    for (size_t i = 0; i < node.items.size(); ++i) {
        int32_t value = 0;
        integer(&node.items[i], fmt::format("weights[{}]", i), kInt8, value);
        layer_.weights.push_back(static_cast<int8_t>(value));
    }
}

/// Patterns of zeros, and how many values there are beside them.
void LayerReader::read_weight_zeros() {
    if (const YamlNode* node = fields_.find("weight_pattern")) {
        const auto read = spec::read_choice<std::pair<int32_t, int32_t>>(
            *node, fields_.name_of("weight_pattern"),
            {{"1:4", {1, 4}}, {"2:4", {2, 4}}, {"2:8", {2, 8}}, {"4:8", {4, 8}}}, diagnostics_);
        if (read) layer_.weight_pattern = {read->first, read->second};
    }
    integer(fields_.find("weight_values"), "weight_values", {2, 256}, layer_.weight_values);
    const YamlNode* blocks = fields_.find("weight_blocks");
    if (blocks == nullptr) return;
    const std::string name = fields_.name_of("weight_blocks");
    const std::string example = "weight_blocks: {size: 16, density: 0.1, layout: random}";
    if (!spec::is_section(*blocks, "'" + name + "'", example, diagnostics_)) return;
    FieldReader fields(*blocks, name, diagnostics_);
    BlockPattern& pattern = layer_.weight_blocks;
    if (const YamlNode* size = fields.require("size", "size: 16")) {
        const auto read = spec::read_integer(*size, fields.name_of("size"), {1, 64}, diagnostics_);
        pattern.size = static_cast<int32_t>(read.value_or(0));
    }
    if (const YamlNode* density = fields.require("density", "density: 0.1")) {
        pattern.density =
            spec::read_real(*density, fields.name_of("density"), 0, 1, diagnostics_).value_or(1);
    }
    if (const YamlNode* layout = fields.find("layout")) {
        pattern.banded =
            spec::read_choice<bool>(*layout, fields.name_of("layout"),
                                    {{"random", false}, {"banded", true}}, diagnostics_)
                .value_or(false);
    }
    fields.finish();
}

void LayerReader::read_weights() {
    Location density_location;
    layer_.weight_density = density("weight_density", density_location);
    read_weight_zeros();
    if (const YamlNode* node = fields_.find("weights")) {
        read_weight_values(*node);
        if (layer_.weight_density) {
            diagnostics_
                .error(spec::DiagnosticId::kConflict, density_location,
                       fmt::format("'{}' is of drawn weights", fields_.name_of("weight_density")))
                .notes.push_back({node->location, "but the weights are given here"});
        }
    }
    boolean("bias", layer_.has_bias);
    boolean("per_channel", layer_.is_per_channel);
    read_activation();
    read_output_zero_point();
    if (const YamlNode* node = fields_.find("output")) {
        layer_.output_location = node->location;
        layer_.output_kind =
            spec::read_choice<OutputKind>(
                *node, fields_.name_of("output"),
                {{"int8", OutputKind::kRequantize}, {"int32", OutputKind::kRaw}}, diagnostics_)
                .value_or(OutputKind::kRequantize);
    }
}

void LayerReader::read_activation() {
    if (const YamlNode* node = fields_.find("activation")) {
        layer_.activation_location = node->location;
        layer_.activation = spec::read_choice<Activation>(*node, fields_.name_of("activation"),
                                                          {{"none", Activation::kNone},
                                                           {"relu", Activation::kRelu},
                                                           {"relu6", Activation::kRelu6}},
                                                          diagnostics_)
                                .value_or(Activation::kNone);
    }
}

void LayerReader::read_output_zero_point() {
    if (const YamlNode* node = fields_.find("output_zero_point")) {
        layer_.output_zero_point_location = node->location;
        integer(node, "output_zero_point", kInt8, layer_.output_zero_point.emplace(0));
    }
}

void LayerReader::read_name() {
    if (const YamlNode* name = fields_.find("name")) {
        layer_.name =
            read_plain_name(*name, fields_.name_of("name"), diagnostics_).value_or(layer_.name);
        layer_.location = name->location;
    }
}

void LayerReader::read_input_data() {
    layer_.activation_density = density("activation_density", layer_.activation_density_location);
    if (const YamlNode* node = fields_.find("input_zero_point")) {
        layer_.input_zero_point_location = node->location;
        integer(node, "input_zero_point", kInt8, layer_.input_zero_point.emplace(0));
    }
}

WorkloadLayer LayerReader::read(size_t index) {
    layer_.location = fields_.location();
    const size_t errors_before = diagnostics_.errors().size();
    if (read_op()) {
        for (const auto& [word, kind] : kBuilt) {
            if (kind == layer_.kind) layer_.name = fmt::format("{}_{}", word, index);
        }
        if (layer_.kind == OpKind::kGemm) read_matrix("m", "k", "n");
        if (layer_.kind == OpKind::kFullyConnected) read_matrix("batch", "inputs", "outputs");
        if (layer_.kind == OpKind::kConv2d) read_conv();
        if (layer_.kind == OpKind::kDepthwiseConv2d) read_depthwise();
        if (has_weights(layer_.kind)) {
            read_name();
            read_weights();
        } else {
            read_plain();
            read_name();
        }
        read_input_data();
        fields_.finish();
    }
    layer_.is_sound = diagnostics_.errors().size() == errors_before;
    return std::move(layer_);
}

WorkloadLayer read_workload_layer(const YamlNode& node, size_t index, bool is_chain,
                                  Diagnostics& diagnostics) {
    const std::string path = fmt::format("layers[{}]", index);
    if (!spec::is_section(node, "'" + path + "'", "{op: gemm, m: 64, k: 64, n: 64}", diagnostics)) {
        WorkloadLayer layer;
        layer.is_sound = false;
        return layer;
    }
    return LayerReader(node, path, is_chain, is_chain && index > 0, diagnostics).read(index);
}

}  // namespace arraywright::network
