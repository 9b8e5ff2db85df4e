// Cache of verilated models. SPDX-License-Identifier: Apache-2.0
#include "sim/model_builder.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "generator/spec/sha256.hpp"
#include "sim/cache_folder.hpp"
#include "sim/embedded.hpp"
#include "sim/model_abi.h"
#include "sim/model_tools.hpp"

namespace arraywright::sim {
namespace fs = std::filesystem;
namespace {

constexpr char kLibraryName[] = "model.so";

/// Everything that shapes the objects besides the RTL.
std::string tool_key(const Toolchain& tools, bool traced) {
    std::string text = tools.versions + "\n";
    for (const std::string& flag : compile_flags(tools, traced, true)) text += flag + " ";
    return text;
}

std::vector<std::string> verilator_arguments(const ModelRequest& request, const Toolchain& tools) {
    std::vector<std::string> arguments = {"verilator", "--cc", "-O3", "--x-assign", "fast",
                                          "--x-initial", "fast", "--noassert", "--default-language",
                                          // Vendors' cell models are SystemVerilog.
                                          request.netlist ? "1800-2012" : "1364-2005",
                                          "--output-split", "20000", "--output-split-cfuncs",
                                          "2000", "--prefix", "Vmodel", "--Mdir", ".",
                                          "--top-module", request.top};
    if (request.traced) {
        arguments.emplace_back("--trace-fst");
    }
    if (request.netlist) {
        // Verilator 5.006 rewrites trees of one-bit operators, and gets those of gates wrong.
        arguments.insert(arguments.end(), {"-Wno-fatal", "-Wno-lint", "-fno-const-bit-op-tree"});
    }
    if (tools.covered) arguments.insert(arguments.end(), {"--coverage-line", "--coverage-toggle"});
    return arguments;
}

std::string model_key(const ModelRequest& request, const Toolchain& tools) {
    std::string text = tool_key(tools, request.traced);
    for (const std::string& argument : verilator_arguments(request, tools)) text += "\n" + argument;
    text += kModelAbiHeader;
    text += kModelShimSource;
    for (const fs::path& file : request.rtl_files) {
        const std::string bytes = read_file(file);
        text += fmt::format("\n{} {}\n", file.filename().string(), bytes.size());
        text += bytes;
    }
    return "model-" + spec::sha256_hex(text);
}

/// The objects of Verilator's own sources, compiled once per cache and variant.
fs::path build_runtime(const Toolchain& tools, bool traced, const fs::path& cache) {
    const std::string key = "runtime-" + spec::sha256_hex(tool_key(tools, traced));
    fill_cache_folder(cache, key, [&](const fs::path& staging) {
        spdlog::info("compiling the Verilator runtime (once per cache)");
        const fs::path include = tools.verilator_root + "/include";
        std::vector<fs::path> sources = {include / "verilated.cpp",
                                         include / "verilated_threads.cpp"};
        if (traced) sources.push_back(include / "verilated_fst_c.cpp");
        if (tools.covered) sources.push_back(include / "verilated_cov.cpp");
        compile_all(tools, staging, sources, traced);
    });
    return cache / key;
}

/// Source files first, then objects, both in name order: the result is the same every time.
std::vector<fs::path> files_with_extension(const fs::path& folder, std::string_view extension) {
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == extension) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

void link_library(const Toolchain& tools, const fs::path& staging, const fs::path& runtime,
                  bool traced) {
    std::vector<std::string> command = {tools.compiler,       "-shared", "-Wl,-Bsymbolic",
                                        "-Wl,--no-undefined", "-o",      kLibraryName};
    for (const fs::path& folder : {staging, runtime}) {
        for (const fs::path& object : files_with_extension(folder, ".o")) {
            command.push_back(object.string());
        }
    }
    command.emplace_back("-pthread");
    if (traced) command.emplace_back("-lz");
    run_tool(command, staging, "linking the verilated model");
}

void build_in(const fs::path& staging, const ModelRequest& request, const Toolchain& tools,
              const fs::path& runtime) {
    std::vector<std::string> arguments = verilator_arguments(request, tools);
    for (const fs::path& file : request.rtl_files) arguments.push_back(fs::absolute(file).string());
    run_tool(arguments, staging, "verilating " + request.top);

    const std::string ports = port_table(read_file(staging / "Vmodel.h"));
    std::string shim = kModelShimSource;
    constexpr std::string_view kPlace = "%PORTS%\n";
    shim.replace(shim.find(kPlace), kPlace.size(), ports);
    write_file(staging / "model_abi.h", kModelAbiHeader);
    write_file(staging / "shim.cpp", shim);
    compile_all(tools, staging, merge_sources(staging, files_with_extension(staging, ".cpp")),
                request.traced);
    link_library(tools, staging, runtime, request.traced);
    for (const fs::directory_entry& entry : fs::directory_iterator(staging)) {
        if (entry.path().filename() != kLibraryName) fs::remove_all(entry.path());
    }
}

}  // namespace

fs::path default_cache_folder() {
    const auto value = [](const char* name) -> std::string {
        const char* text = std::getenv(name);
        return text == nullptr ? "" : text;
    };
    if (const std::string cache = value("ARRAYWRIGHT_CACHE"); !cache.empty()) return cache;
    if (const std::string xdg = value("XDG_CACHE_HOME"); !xdg.empty()) {
        return fs::path(xdg) / "arraywright";
    }
    const std::string home = value("HOME");
    if (home.empty()) throw ModelBuildError("no cache folder: set ARRAYWRIGHT_CACHE or HOME");
    return fs::path(home) / ".cache" / "arraywright";
}

BuiltModel build_model(const ModelRequest& request, const fs::path& cache) {
    const Toolchain tools = find_toolchain();
    const fs::path folder = fs::absolute(cache);
    const std::string key = model_key(request, tools);
    const auto start = std::chrono::steady_clock::now();
    BuiltModel built;
    built.from_cache = fill_cache_folder(folder, key, [&](const fs::path& staging) {
        spdlog::info("verilating and compiling {}", request.top);
        build_in(staging, request, tools, build_runtime(tools, request.traced, folder));
    });
    built.library = folder / key / kLibraryName;
    if (!built.from_cache) {
        built.seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    return built;
}

}  // namespace arraywright::sim
