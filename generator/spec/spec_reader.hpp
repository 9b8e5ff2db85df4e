// spec.yaml to a checked Spec. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "generator/spec/diagnostics.hpp"
#include "generator/spec/spec.hpp"

namespace arraywright::spec {

/// `spec` is set exactly when there are no errors.
struct SpecResult {
    std::optional<Spec> spec;
    Diagnostics diagnostics;
};

/// Reads and checks the file at `path`; all errors in one run, never an exception.
/// `target`: instead of the file's own.
SpecResult read_spec(const std::string& path, std::optional<Target> target = {});

/// The same for YAML in memory; `file` is the name in messages and in Spec::file.
SpecResult parse_spec(const std::string& file, const std::string& yaml);

}  // namespace arraywright::spec
