// Runs tools as child processes and keeps what they print. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace arraywright::sim {

struct ProcessResult {
    int32_t exit_code = 0;  ///< 128 + signal number when killed
    std::string output;     ///< stdout and stderr as they came
};

/// Runs `arguments[0]` (looked up in PATH) in `folder` and waits.
/// Throws std::system_error when it cannot be started.
ProcessResult run_process(const std::vector<std::string>& arguments,
                          const std::filesystem::path& folder);

/// Full path of a program in PATH, empty when there is none.
std::filesystem::path find_program(const std::string& name);

}  // namespace arraywright::sim
