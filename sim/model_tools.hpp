// The tools behind the model builder: versions, flags, compile jobs, port table.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace arraywright::sim {

/// What the cache key must say of the tools, and where they are.
struct Toolchain {
    std::string compiler;        ///< $CXX or c++
    bool ccache = false;         ///< prefix compilations with ccache
    std::string verilator_root;  ///< folder with include/verilated.cpp
    std::string versions;        ///< first lines of --version of both
    bool covered = false;        ///< $ARRAYWRIGHT_COVERAGE names a folder for coverage files
};

/// Throws ModelBuildError naming the missing tool and its Debian package.
Toolchain find_toolchain();

/// Flags of the generated C++ and of the shim; `optimize` for code that runs every cycle.
std::vector<std::string> compile_flags(const Toolchain& tools, bool traced, bool optimize);

/// Compiles every source to `<stem>.o` in `folder`, two at a time.
/// Throws ModelBuildError with the compiler's lines.
void compile_all(const Toolchain& tools, const std::filesystem::path& folder,
                 const std::vector<std::filesystem::path>& sources, bool traced);

/// Writes files that include `sources` (in `folder`): two balanced ones of the code that runs every
/// cycle and one of the rest, because Verilator's headers cost more than a small source.
std::vector<std::filesystem::path> merge_sources(const std::filesystem::path& folder,
                                                 const std::vector<std::filesystem::path>& sources);

/// Whole files; they throw ModelBuildError, also on a full disk.
std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view text);

/// Runs one tool; throws ModelBuildError with its output when it fails.
void run_tool(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
              std::string_view purpose);

/// Initializer lines of the port table, from the VL_IN/VL_OUT lines of Verilator's header.
std::string port_table(std::string_view header);

}  // namespace arraywright::sim
