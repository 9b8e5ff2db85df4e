// workload.yaml to a Network with seeded synthetic data. SPDX-License-Identifier: Apache-2.0
#include "generator/network/workload_reader.hpp"

#include <utility>

#include "generator/network/workload_builder.hpp"
#include "generator/network/workload_checks.hpp"
#include "generator/network/workload_fields.hpp"
#include "generator/network/workload_scales.hpp"
#include "generator/spec/source_file.hpp"
#include "generator/spec/yaml_fields.hpp"
#include "generator/spec/yaml_reader.hpp"

namespace arraywright::network {
namespace {

WorkloadResult read_checked(spec::SourceFile source, std::optional<uint64_t> seed) {
    WorkloadResult result{std::nullopt, std::move(source.diagnostics)};
    spec::Diagnostics& diagnostics = result.diagnostics;
    if (!source.text) return result;
    const std::optional<spec::YamlNode> root = spec::read_yaml(*source.text, diagnostics);
    if (!root || !spec::is_section(*root, "a workload", "name: gemm64", diagnostics)) return result;
    Workload workload = read_workload_fields(*root, diagnostics);
    workload.seed = seed.value_or(workload.seed);
    check_workload(workload, diagnostics);
    if (!diagnostics.has_errors()) choose_scales(workload, diagnostics);
    if (!diagnostics.has_errors()) result.network = build_network(workload);
    return result;
}

}  // namespace

WorkloadResult read_workload(const std::string& path, std::optional<uint64_t> seed) {
    return read_checked(spec::read_source_file(path), seed);
}

WorkloadResult parse_workload(const std::string& file, const std::string& yaml) {
    return read_checked(spec::check_source(file, yaml), {});
}

}  // namespace arraywright::network
