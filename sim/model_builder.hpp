// Verilates a design into a shared library and keeps it in a cache.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace arraywright::sim {

struct ModelRequest {
    std::vector<std::filesystem::path> rtl_files;
    std::string top;
    bool traced = false;   ///< FST tracing compiled in: slower to build and to run
    bool netlist = false;  ///< written by a synthesis tool: what Verilator warns of is no error
};

/// A tool is missing or failed; what() carries the tool's own lines.
class ModelBuildError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct BuiltModel {
    std::filesystem::path library;
    bool from_cache = false;
    double seconds = 0;  ///< wall time of the build, 0 from the cache
};

/// $ARRAYWRIGHT_CACHE, else $XDG_CACHE_HOME/arraywright, else ~/.cache/arraywright.
std::filesystem::path default_cache_folder();

/// The library of `request`, built if the cache has none for the same bytes of RTL, top, variant,
/// tool versions, flags and shim (see fill_cache_folder).
/// Throws ModelBuildError or std::system_error.
BuiltModel build_model(const ModelRequest& request,
                       const std::filesystem::path& cache = default_cache_folder());

}  // namespace arraywright::sim
