// Runs a tool of a flow and says what went wrong in the words of its own log.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace arraywright::synth {

/// A tool is missing or failed. `what` is the whole line for the user.
class ToolError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Tool {
    std::string name;     ///< of the program
    std::string package;  ///< Debian's
};

/// Runs `tool` with `arguments` in `folder`; what it prints is returned and kept in
/// `folder`/`log`. Throws ToolError when it is missing or fails; a line that begins with "Error"
/// is a failure whatever the exit code.
std::string run_tool(const Tool& tool, const std::vector<std::string>& arguments,
                     const std::filesystem::path& folder, const std::string& log);

/// First line of a log that says what failed, else its last line; trimmed.
std::string failing_line(const std::string& log);

std::string read_text(const std::filesystem::path& file);
void write_text(const std::filesystem::path& file, const std::string& text);

}  // namespace arraywright::synth
