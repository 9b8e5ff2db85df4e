// The program as a user runs it, in a folder of its own. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace arraywright::e2e {

namespace fs = std::filesystem;

inline const std::string kProgram = std::string(AW_BINARY_DIR) + "/arraywright";

struct Run {
    int exit_code = -1;
    std::string output;  ///< standard output, then standard error
};

/// Runs a shell command in which $AW is the program.
inline Run run(const std::string& command) {
    ::setenv("AW", kProgram.c_str(), 1);
    FILE* pipe = ::popen(("exec 2>&1; " + command).c_str(), "r");
    REQUIRE(pipe != nullptr);
    Run result;
    std::array<char, 4096> chunk{};
    while (const size_t got = std::fread(chunk.data(), 1, chunk.size(), pipe)) {
        result.output.append(chunk.data(), got);
    }
    const int status = ::pclose(pipe);
    if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
    return result;
}

/// A folder of its own that is the current one until the test ends.
struct Scratch {
    fs::path before = fs::current_path();
    fs::path path;
    Scratch() {
        std::string name = (fs::temp_directory_path() / "arraywright-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
        fs::current_path(path);
        std::ofstream("good.yaml") << "name: edge16\narray: {rows: 16, cols: 8}\n";
        std::ofstream("bad.yaml") << "name: edge16\narray: {rows: 16, colls: 8}\n";
    }
    ~Scratch() {
        fs::current_path(before);
        fs::remove_all(path);
    }
};

inline std::string contents(const std::string& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace arraywright::e2e
