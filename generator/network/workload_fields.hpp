// The YAML of a workload, read field by field. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "generator/network/workload.hpp"
#include "generator/spec/yaml_reader.hpp"

namespace arraywright::network {

/// Reads every key and checks each value alone. A layer with an error has is_sound = false.
Workload read_workload_fields(const spec::YamlNode& root, spec::Diagnostics& diagnostics);

/// One entry of `layers`; `index` counts from 0.
WorkloadLayer read_workload_layer(const spec::YamlNode& node, size_t index, bool is_chain,
                                  spec::Diagnostics& diagnostics);

/// Reads a name that goes into file names and listings: at most 64 letters, digits, '_', '-', '.',
/// not starting with '.' or '-'. Anything else is reported and gives an empty optional.
std::optional<std::string> read_plain_name(const spec::YamlNode& node, const std::string& name,
                                           spec::Diagnostics& diagnostics);

}  // namespace arraywright::network
