// The YAML of one workload layer, read field by field. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "generator/network/workload_fields.hpp"
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

/// No dimension of a layer that anybody runs on such an accelerator comes near.
constexpr IntegerRule kExtent{1, 1 << 20};
constexpr IntegerRule kInt8{-128, 127};

/// Operators that networks have and this version does not run.
constexpr std::array<std::string_view, 19> kNotBuilt = {"depthwise_conv2d",
                                                        "lstm",
                                                        "gru",
                                                        "svdf",
                                                        "rnn",
                                                        "add",
                                                        "sub",
                                                        "mul",
                                                        "concat",
                                                        "softmax",
                                                        "mean",
                                                        "pad",
                                                        "attention",
                                                        "embedding",
                                                        "average_pool_2d",
                                                        "max_pool_2d",
                                                        "conv1d",
                                                        "conv3d",
                                                        "transpose_conv2d"};

const std::vector<std::pair<std::string, OpKind>> kBuilt = {
    {"gemm", OpKind::kGemm},
    {"fully_connected", OpKind::kFullyConnected},
    {"conv2d", OpKind::kConv2d}};

/// Reads the keys of one layer; notes whether any of them was wrong.
class LayerReader {
public:
    LayerReader(const YamlNode& node, const std::string& path, Diagnostics& diagnostics)
        : path_(path), fields_(node, path, diagnostics), diagnostics_(diagnostics) {}

    WorkloadLayer read(size_t index);

private:
    bool read_op();
    void read_matrix(const std::string& m, const std::string& k, const std::string& n);
    void read_conv();
    void read_padding(const YamlNode& node);
    void read_common();

    void integer(const YamlNode* node, const std::string& key, const IntegerRule& rule,
                 int32_t& value) {
        if (node == nullptr) return;
        const auto read = spec::read_integer(*node, fields_.name_of(key), rule, diagnostics_);
        if (read) value = static_cast<int32_t>(*read);
    }
    void boolean(const std::string& key, bool& value) {
        const YamlNode* node = fields_.find(key);
        if (node == nullptr) return;
        value = spec::read_boolean(*node, fields_.name_of(key), diagnostics_).value_or(value);
    }
    /// A list of as many integers as `values` has places.
    void integers(const YamlNode* node, const std::string& key, const std::string& example,
                  const IntegerRule& rule, const std::vector<int32_t*>& values);
    std::optional<double> density(const std::string& key, Location& location);

    std::string path_;
    FieldReader fields_;
    Diagnostics& diagnostics_;
    WorkloadLayer layer_;
};

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
            .notes.push_back({{}, "this version runs gemm, fully_connected and conv2d"});
        return false;
    }
    const auto kind = spec::read_choice<OpKind>(*node, fields_.name_of("op"), kBuilt, diagnostics_);
    if (kind) layer_.kind = *kind;
    return kind.has_value();
}

void LayerReader::read_matrix(const std::string& m, const std::string& k, const std::string& n) {
    const bool is_batch = m == "batch";
    integer(is_batch ? fields_.find(m) : fields_.require(m), m, kExtent, layer_.m);
    integer(fields_.require(k), k, kExtent, layer_.k);
    integer(fields_.require(n), n, kExtent, layer_.n);
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

void LayerReader::read_conv() {
    Conv2dAttributes& conv = layer_.conv;
    const auto place = [](const YamlNode* node, Location& location) {
        if (node != nullptr) location = node->location;
        return node;
    };
    integers(place(fields_.require("input", "input: [28, 28, 3]"), layer_.input_location), "input",
             "input: [28, 28, 3]", kExtent, {&layer_.h, &layer_.w, &layer_.c});
    integer(place(fields_.require("filters"), layer_.filters_location), "filters", kExtent,
            layer_.n);
    integers(place(fields_.require("kernel", "kernel: [3, 3]"), layer_.kernel_location), "kernel",
             "kernel: [3, 3]", {1, 11}, {&conv.kernel_h, &conv.kernel_w});
    integers(fields_.find("stride"), "stride", "stride: [2, 2]", {1, 4},
             {&conv.stride_h, &conv.stride_w});
    integers(fields_.find("dilation"), "dilation", "dilation: [2, 2]", {1, 8},
             {&conv.dilation_h, &conv.dilation_w});
    integer(place(fields_.find("groups"), layer_.groups_location), "groups", kExtent, conv.groups);
    if (const YamlNode* padding = fields_.require("padding", "padding: same")) {
        read_padding(*padding);
    }
}

void LayerReader::read_common() {
    if (const YamlNode* name = fields_.find("name")) {
        layer_.name =
            read_plain_name(*name, fields_.name_of("name"), diagnostics_).value_or(layer_.name);
        layer_.location = name->location;
    }
    Location unused;
    layer_.weight_density = density("weight_density", unused);
    layer_.activation_density = density("activation_density", layer_.activation_density_location);
    boolean("bias", layer_.has_bias);
    boolean("per_channel", layer_.is_per_channel);
    if (const YamlNode* node = fields_.find("activation")) {
        layer_.activation_location = node->location;
        layer_.activation = spec::read_choice<Activation>(*node, fields_.name_of("activation"),
                                                          {{"none", Activation::kNone},
                                                           {"relu", Activation::kRelu},
                                                           {"relu6", Activation::kRelu6}},
                                                          diagnostics_)
                                .value_or(Activation::kNone);
    }
    if (const YamlNode* node = fields_.find("input_zero_point")) {
        layer_.input_zero_point_location = node->location;
        integer(node, "input_zero_point", kInt8, layer_.input_zero_point.emplace(0));
    }
    if (const YamlNode* node = fields_.find("output_zero_point")) {
        layer_.output_zero_point_location = node->location;
        integer(node, "output_zero_point", kInt8, layer_.output_zero_point);
    }
    if (const YamlNode* node = fields_.find("output")) {
        layer_.output_location = node->location;
        layer_.output_kind =
            spec::read_choice<OutputKind>(
                *node, fields_.name_of("output"),
                {{"int8", OutputKind::kRequantize}, {"int32", OutputKind::kRaw}}, diagnostics_)
                .value_or(OutputKind::kRequantize);
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
        read_common();
        fields_.finish();
    }
    layer_.is_sound = diagnostics_.errors().size() == errors_before;
    return std::move(layer_);
}

}  // namespace

WorkloadLayer read_workload_layer(const YamlNode& node, size_t index, Diagnostics& diagnostics) {
    const std::string path = fmt::format("layers[{}]", index);
    if (!spec::is_section(node, "'" + path + "'", "{op: gemm, m: 64, k: 64, n: 64}", diagnostics)) {
        WorkloadLayer layer;
        layer.is_sound = false;
        return layer;
    }
    return LayerReader(node, path, diagnostics).read(index);
}

}  // namespace arraywright::network
