// Tools of the model builder. SPDX-License-Identifier: Apache-2.0
#include "sim/model_tools.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <mutex>
#include <sstream>
#include <system_error>
#include <thread>

#include "sim/model_builder.hpp"
#include "sim/process.hpp"

namespace arraywright::sim {
namespace {

constexpr int kJobs = 2;

/// Output without the last newline of `program argument`.
std::string ask(const std::string& program, const std::string& argument, std::string_view package) {
    ProcessResult result;
    try {
        result = run_process({program, argument}, "/");
    } catch (const std::system_error&) {
        throw ModelBuildError(
            fmt::format("cannot run '{}'; it is in Debian's package '{}'", program, package));
    }
    if (result.exit_code != 0) {
        throw ModelBuildError(fmt::format("'{} {}' failed:\n{}", program, argument, result.output));
    }
    while (!result.output.empty() && result.output.back() == '\n') result.output.pop_back();
    return result.output;
}

bool is_slow_path(const std::filesystem::path& source) {
    const std::string stem = source.stem().string();
    return stem.ends_with("__Slow") || stem.ends_with("__Syms");
}

/// Below this, splitting saves less than reading Verilator's headers once more costs.
constexpr uintmax_t kSplitBytes = 200000;

}  // namespace

Toolchain find_toolchain() {
    Toolchain tools;
    const char* compiler = std::getenv("CXX");
    tools.compiler = compiler != nullptr && *compiler != '\0' ? compiler : "c++";
    tools.ccache = !find_program("ccache").empty();
    tools.versions = ask("verilator", "--version", "verilator");
    const std::string version = ask(tools.compiler, "--version", "g++");
    tools.versions += "\n" + version.substr(0, version.find('\n'));
    const char* coverage = std::getenv("ARRAYWRIGHT_COVERAGE");
    tools.covered = coverage != nullptr && *coverage != '\0';
    const char* root = std::getenv("VERILATOR_ROOT");
    tools.verilator_root = root != nullptr && *root != '\0' ? root : "/usr/share/verilator";
    if (!std::filesystem::exists(tools.verilator_root + "/include/verilated.cpp")) {
        throw ModelBuildError("no Verilator runtime in " + tools.verilator_root +
                              "/include; set VERILATOR_ROOT");
    }
    return tools;
}

std::vector<std::string> compile_flags(const Toolchain& tools, bool traced, bool optimize) {
    // -fno-gnu-unique: else two loaded models would share the runtime's inline variables.
    std::vector<std::string> flags = {
        "-std=gnu++17",
        "-fPIC",
        "-fvisibility=hidden",
        "-fno-gnu-unique",
        "-fno-plt",
        "-faligned-new",
        "-fcf-protection=none",
        "-w",
        "-DVL_TIME_CONTEXT",
        fmt::format("-DVM_COVERAGE={}", tools.covered ? 1 : 0),
        "-DVM_SC=0",
        "-DVM_TRACE_VCD=0",
        fmt::format("-DVM_TRACE={}", traced ? 1 : 0),
        fmt::format("-DVM_TRACE_FST={}", traced ? 1 : 0),
        fmt::format("-DAW_TRACED={}", traced ? 1 : 0),
        "-I.",
        "-I" + tools.verilator_root + "/include",
    };
    if (optimize && tools.covered) {
        // Coverage counters make a large model: -O2 takes minutes, -O0 runs for minutes.
        flags.emplace_back("-O1");
    } else if (optimize) {
        // -O3 and -march=native were no faster (sim/README.md); without the latter a cache on a
        // shared disk serves every machine.
        flags.insert(flags.end(), {"-O2", "-fno-stack-protector"});
    } else {
        flags.emplace_back("-O0");
    }
    return flags;
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (!stream.is_open() || stream.bad()) throw ModelBuildError("cannot read " + path.string());
    return text;
}

void write_file(const std::filesystem::path& path, std::string_view text) {
    std::ofstream stream(path, std::ios::binary);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    stream.close();
    if (!stream) throw ModelBuildError("cannot write " + path.string());
}

void run_tool(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
              std::string_view purpose) {
    const ProcessResult result = run_process(arguments, folder);
    if (result.exit_code == 0) return;
    throw ModelBuildError(fmt::format("{} failed ({} exited with {}):\n{}", purpose, arguments[0],
                                      result.exit_code, result.output));
}

void compile_all(const Toolchain& tools, const std::filesystem::path& folder,
                 const std::vector<std::filesystem::path>& sources, bool traced) {
    // Largest first, so that the last job to finish is a short one.
    std::vector<std::filesystem::path> queue = sources;
    std::stable_sort(queue.begin(), queue.end(), [](const auto& a, const auto& b) {
        return std::filesystem::file_size(a) > std::filesystem::file_size(b);
    });
    std::atomic<size_t> next{0};
    std::mutex mutex;
    std::exception_ptr failure;
    const auto work = [&] {
        for (size_t index = next++; index < queue.size(); index = next++) {
            const std::filesystem::path& source = queue[index];
            std::vector<std::string> command;
            if (tools.ccache) command.emplace_back("ccache");
            command.push_back(tools.compiler);
            for (std::string& flag : compile_flags(tools, traced, !is_slow_path(source))) {
                command.push_back(std::move(flag));
            }
            command.insert(command.end(),
                           {"-c", source.string(), "-o", source.stem().string() + ".o"});
            try {
                run_tool(command, folder, "compiling the verilated model");
            } catch (...) {
                const std::lock_guard lock(mutex);
                if (!failure) failure = std::current_exception();
                next = queue.size();
            }
        }
    };
    {
        std::vector<std::jthread> workers;
        for (int job = 0; job < kJobs; ++job) workers.emplace_back(work);
    }
    if (failure) std::rethrow_exception(failure);
}

std::vector<std::filesystem::path> merge_sources(
    const std::filesystem::path& folder, const std::vector<std::filesystem::path>& sources) {
    struct Group {
        std::string name;
        std::string text;
        uintmax_t bytes = 0;
    };
    std::array<Group, kJobs> fast = {{{"merged_0", "", 0}, {"merged_1", "", 0}}};
    Group slow{"merged__Slow", "", 0};
    uintmax_t fast_bytes = 0;
    for (const std::filesystem::path& source : sources) {
        if (!is_slow_path(source)) fast_bytes += std::filesystem::file_size(source);
    }
    for (const std::filesystem::path& source : sources) {
        Group& lighter =
            fast_bytes > kSplitBytes && fast[1].bytes < fast[0].bytes ? fast[1] : fast[0];
        Group& group = is_slow_path(source) ? slow : lighter;
        group.text += fmt::format("#include \"{}\"\n", source.filename().string());
        group.bytes += std::filesystem::file_size(source);
    }
    std::vector<std::filesystem::path> merged;
    for (const Group& group : {fast[0], fast[1], slow}) {
        if (group.text.empty()) continue;
        merged.push_back(folder / (group.name + ".cpp"));
        write_file(merged.back(), group.text);
    }
    return merged;
}

std::string port_table(std::string_view header) {
    std::istringstream lines{std::string(header)};
    std::string table;
    for (std::string line; std::getline(lines, line);) {
        // VL_IN8(&name,msb,lsb); VL_OUTW(&name,msb,lsb,words);
        std::array<char, 8> kind{};
        std::array<char, 256> name{};
        int32_t msb = 0;
        int32_t lsb = 0;
        const int found = std::sscanf(line.c_str(), " VL_%7[A-Z0-9](&%255[A-Za-z0-9_],%d,%d",
                                      kind.data(), name.data(), &msb, &lsb);
        const std::string_view direction(kind.data());
        const bool is_input = direction.starts_with("IN");
        if (found != 4 || (!is_input && !direction.starts_with("OUT"))) continue;
        table += fmt::format("        {{\"{0}\", &self->top.{0}, {1}, {2}}},\n", name.data(),
                             msb - lsb + 1, is_input ? 1 : 0);
    }
    return table;
}

}  // namespace arraywright::sim
