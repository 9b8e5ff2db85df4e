// A text file that a user names, read within a limit. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "generator/spec/diagnostics.hpp"

namespace arraywright::spec {

/// Specs and workloads are written by hand; anything larger is a wrong file.
constexpr int64_t kMaxSourceBytes = 1 << 20;

/// A file's text and the diagnostics about it; `text` is empty if it cannot be used.
struct SourceFile {
    std::optional<std::string> text;  ///< UTF-8 without byte order mark, not blank
    std::string bytes;                ///< as stored, for hashing
    Diagnostics diagnostics;
};

/// Reads at most kMaxSourceBytes. A missing file, a folder, a larger file, binary contents and
/// an empty file become diagnostics; never throws for what a path can be.
SourceFile read_source_file(const std::string& path);

/// The same checks on bytes already in memory; `file` is the name to print.
SourceFile check_source(const std::string& file, std::string bytes);

/// "spec.yaml" of "/a/b/spec.yaml".
std::string file_name(const std::string& path);

}  // namespace arraywright::spec
