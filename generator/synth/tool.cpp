// Child processes of a flow. SPDX-License-Identifier: Apache-2.0
#include "generator/synth/tool.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "sim/process.hpp"

namespace arraywright::synth {

namespace {

bool is_error(const std::string& line) {
    return line.starts_with("ERROR") || line.starts_with("Error") || line.starts_with("error:") ||
           line.find(": ERROR: ") != std::string::npos;
}

std::string trimmed(const std::string& line) {
    const size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos) return "";
    return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

bool has_error(const std::string& log) {
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) {
        if (is_error(line)) return true;
    }
    return false;
}

}  // namespace

std::string failing_line(const std::string& log) {
    std::istringstream lines(log);
    std::string last;
    for (std::string line; std::getline(lines, line);) {
        if (is_error(line)) return trimmed(line);
        if (!trimmed(line).empty()) last = trimmed(line);
    }
    return last.empty() ? "it printed nothing" : last;
}

std::string run_tool(const Tool& tool, const std::vector<std::string>& arguments,
                     const std::filesystem::path& folder, const std::string& log) {
    if (sim::find_program(tool.name).empty()) {
        throw ToolError(
            fmt::format("{} is not installed (Debian package {})", tool.name, tool.package));
    }
    std::vector<std::string> command = {tool.name};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const sim::ProcessResult result = sim::run_process(command, folder);
    write_text(folder / log, result.output);
    if (result.exit_code != 0 || has_error(result.output)) {
        throw ToolError(fmt::format("{} failed: {}", tool.name, failing_line(result.output)));
    }
    return result.output;
}

std::string read_text(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw ToolError(fmt::format("{}: cannot be read", file.string()));
    return {std::istreambuf_iterator<char>(stream), {}};
}

void write_text(const std::filesystem::path& file, const std::string& text) {
    std::ofstream stream(file, std::ios::binary);
    stream << text;
    if (!stream.flush()) throw ToolError(fmt::format("{}: cannot be written", file.string()));
}

}  // namespace arraywright::synth
