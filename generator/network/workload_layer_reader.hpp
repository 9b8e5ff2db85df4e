// Reader of the YAML of one workload layer. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "generator/network/workload_fields.hpp"
#include "generator/spec/yaml_fields.hpp"
#include "generator/spec/yaml_values.hpp"

namespace arraywright::network {

/// No dimension of a layer that anybody runs on such an accelerator comes near.
constexpr spec::IntegerRule kLayerExtent{1, 1 << 20};
/// The .tflite reader's limit too.
constexpr size_t kMaxLayerOperands = 63;

/// Reads the keys of one layer; notes whether any of them was wrong.
class LayerReader {
public:
    /// `has_predecessor`: it may read what the layer before it writes.
    LayerReader(const spec::YamlNode& node, const std::string& path, bool is_chain,
                bool has_predecessor, spec::Diagnostics& diagnostics)
        : path_(path),
          fields_(node, path, diagnostics),
          is_chain_(is_chain),
          has_predecessor_(has_predecessor),
          diagnostics_(diagnostics) {}

    WorkloadLayer read(size_t index);

private:
    bool read_op();
    void read_matrix(const std::string& m, const std::string& k, const std::string& n);
    void read_picture();
    void read_shape();
    void read_kernel(const spec::IntegerRule& kernel, const spec::IntegerRule& stride);
    void read_conv();
    void read_depthwise();
    void read_pool();
    void read_pad();
    void read_operands();
    void read_reshape();
    void read_plain();
    void read_padding(const spec::YamlNode& node);
    void read_weights();
    void read_weight_values(const spec::YamlNode& node);
    void read_weight_zeros();
    void read_activation();
    void read_output_zero_point();
    void read_name();
    void read_input_data();

    /// `input: name` is a reference, anything else a shape; nullptr if there is no shape.
    const spec::YamlNode* shape_or_source(const std::string& example);
    void add_source(const spec::YamlNode& node, const std::string& name);
    std::vector<int32_t> dimensions(const spec::YamlNode& node, const std::string& key,
                                    const std::string& example, size_t most);

    void integer(const spec::YamlNode* node, const std::string& key, const spec::IntegerRule& rule,
                 int32_t& value) {
        if (node == nullptr) return;
        const auto read = spec::read_integer(*node, fields_.name_of(key), rule, diagnostics_);
        if (read) value = static_cast<int32_t>(*read);
    }
    void boolean(const std::string& key, bool& value) {
        const spec::YamlNode* node = fields_.find(key);
        if (node == nullptr) return;
        value = spec::read_boolean(*node, fields_.name_of(key), diagnostics_).value_or(value);
    }
    /// A list of as many integers as `values` has places.
    void integers(const spec::YamlNode* node, const std::string& key, const std::string& example,
                  const spec::IntegerRule& rule, const std::vector<int32_t*>& values);
    std::optional<double> density(const std::string& key, spec::Location& location);

    std::string path_;
    spec::FieldReader fields_;
    bool is_chain_;
    bool has_predecessor_;
    spec::Diagnostics& diagnostics_;
    WorkloadLayer layer_;
};

}  // namespace arraywright::network
