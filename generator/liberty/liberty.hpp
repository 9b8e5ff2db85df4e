// Liberty files (.lib): the groups and attributes that flows need. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace arraywright::liberty {

/// A library that cannot be read, or not be used. `what` is the whole line for the user.
class Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// `name (arguments) { attributes, groups }`; text outside is the file's own.
struct Group {
    std::string name;
    std::vector<std::string> arguments;
    /// Simple (`name : value ;`) and complex (`name (a, b) ;`) attributes, quotes taken off.
    std::vector<std::pair<std::string, std::string>> attributes;
    std::vector<Group> groups;
    size_t begin = 0, end = 0;  ///< of the group in its file, bytes
    size_t body = 0;            ///< behind its opening brace

    /// Value of the first attribute of that name, "" without one.
    std::string attribute(const std::string& key) const;
    /// First argument, "" without any: the name of a cell or pin.
    std::string title() const { return arguments.empty() ? "" : arguments.front(); }
};

/// The library group. Throws Error with file and line at the first thing that cannot be read.
Group read_liberty(const std::filesystem::path& file);

/// One library with the header of the first file and the cells of all: mapping takes one file.
std::string merged_liberty(const std::vector<std::filesystem::path>& files);

/// Smallest cell whose only output repeats its only input; "" without one.
std::string smallest_buffer(const Group& library);

}  // namespace arraywright::liberty
