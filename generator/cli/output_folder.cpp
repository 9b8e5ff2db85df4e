// A folder of results that appears whole or not at all. SPDX-License-Identifier: Apache-2.0
#include "generator/cli/output_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <system_error>

#include "generator/cli/atomic_file.hpp"
#include "generator/cli/errors.hpp"

namespace arraywright::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& folder, const std::string& why) {
    throw OutputError(fmt::format("cannot write the folder '{}': {}", folder.string(), why));
}

std::string system_message(int error) {
    return std::generic_category().message(error);
}

/// Files (not folders) below `folder`, relative, sorted.
std::set<std::string> files_below(const fs::path& folder) {
    std::set<std::string> files;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_directory() || entry.is_symlink()) {
            files.insert(entry.path().lexically_relative(folder).string());
        }
    }
    return files;
}

/// Refuses a folder with anything in it that no marker lists.
void check_replaceable(const fs::path& folder, const fs::path& given) {
    if (fs::is_empty(folder)) return;
    std::ifstream marker(folder / kMarkerFile);
    if (!marker) {
        fail(given, fmt::format("it is not empty and was not made by arraywright (it has no '{}')",
                                kMarkerFile));
    }
    std::set<std::string> ours = {std::string(kMarkerFile)};
    for (std::string line; std::getline(marker, line);) ours.insert(line);
    for (const std::string& file : files_below(folder)) {
        if (!ours.contains(file)) {
            fail(given, fmt::format("it holds '{}', which arraywright did not write", file));
        }
    }
}

/// Absolute, with links followed, so that a link to a folder stays one.
fs::path resolved(const fs::path& given) {
    fs::path path = fs::weakly_canonical(fs::absolute(given));
    if (!path.has_filename()) path = path.parent_path();
    return path;
}

fs::path checked_destination(const fs::path& given) try {
    if (given.empty()) throw OutputError("the name of the output folder is empty");
    fs::path destination = resolved(given);
    if (destination == destination.root_path() || destination == fs::current_path()) {
        fail(given, "name a folder inside it, which can be replaced as a whole");
    }
    const fs::file_status status = fs::symlink_status(destination);
    if (fs::is_directory(status)) {
        check_replaceable(destination, given);
    } else if (fs::exists(status)) {
        fail(given, "a file of this name exists");
    }
    return destination;
} catch (const fs::filesystem_error& error) {
    fail(given, error.code().message());
}

}  // namespace

OutputFolder::OutputFolder(const fs::path& destination)
    : given_(destination), destination_(checked_destination(destination)), staging_(destination_) {
    const auto lock = files::staging_lock();
    std::error_code error;
    fs::create_directories(destination_.parent_path(), error);
    if (error) fail(given_, error.message());
    fs::remove_all(staging(), error);  // of a killed process that had our number
    fs::create_directory(staging(), error);
    if (error) fail(given_, error.message());
}

void OutputFolder::write(const fs::path& relative, std::string_view content) {
    const auto lock = files::staging_lock();
    const fs::path path = staging() / relative;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) fail(given_, error.message());
    try {
        write_and_sync(path, content);
    } catch (const OutputError& failure) {
        // The staging path means nothing to the user.
        const std::string text = failure.what();
        const size_t colon = text.rfind(": ");
        fail(given_, fmt::format("{}{}", relative.string(), text.substr(colon)));
    }
}

void OutputFolder::commit() try {
    const auto lock = files::staging_lock();
    std::string list;
    for (const std::string& file : files_below(staging())) list += file + "\n";
    write(kMarkerFile, list);
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(staging())) {
        if (entry.is_directory()) sync_folder(entry.path());
    }
    sync_folder(staging());
    replace();
    sync_folder(destination_.parent_path());
} catch (const fs::filesystem_error& error) {
    fail(given_, error.code().message());
}

fs::path OutputFolder::commit_failed() {
    given_ = destination_.lexically_proximate(fs::current_path()).string() + ".failed";
    destination_ = checked_destination(given_);
    commit();
    return given_;
}

void OutputFolder::replace() {
    const char* from = staging().c_str();
    const char* to = destination_.c_str();
    // rename takes the place of nothing and of an empty folder.
    if (std::rename(from, to) == 0) {
        staging_.release();
        return;
    }
    if (errno != ENOTEMPTY && errno != EEXIST) fail(given_, system_message(errno));
    check_replaceable(destination_, given_);  // it may have changed since the start
    if (::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE) == 0) {
        return;  // the former output is staged now, and goes with the staging folder
    }
    // File systems without an exchange: two renames, the first undone if the second fails.
    files::Staging former(destination_.parent_path() /
                          (destination_.filename().string() + ".former"));
    if (std::rename(to, former.path().c_str()) != 0) fail(given_, system_message(errno));
    if (std::rename(from, to) != 0) {
        const int error = errno;
        if (std::rename(former.path().c_str(), to) == 0) former.release();
        fail(given_, system_message(error));
    }
    staging_.release();
}

}  // namespace arraywright::cli
