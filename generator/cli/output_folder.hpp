// A folder of results that appears whole or not at all. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "generator/files/staging.hpp"

namespace arraywright::cli {

/// The file by which a folder is known as ours; it lists the files that were written, one
/// relative path a line, sorted.
constexpr std::string_view kMarkerFile = ".arraywright";

/// Collects files beside `destination`, then swaps the folders in one step. Nothing that
/// arraywright did not write is ever replaced or deleted.
class OutputFolder {
public:
    /// Throws OutputError if `destination` is a file, the current folder, a folder that holds
    /// anything but a former output, or if its parent cannot be written. Missing parents are
    /// created.
    explicit OutputFolder(const std::filesystem::path& destination);

    /// Where the files are until `commit`; tools may write here on their own.
    const std::filesystem::path& staging() const { return staging_.path(); }

    /// Writes `relative` (folders in it are created). Throws OutputError.
    void write(const std::filesystem::path& relative, std::string_view content);

    /// Adds the marker, syncs everything and puts it in the destination's place. Throws
    /// OutputError; then the destination is as it was before.
    void commit();

    /// As `commit`, but into "DESTINATION.failed", which may hold no more than the destination may:
    /// for logs of a run that did not pass. Returns that path.
    std::filesystem::path commit_failed();

private:
    void replace();

    std::filesystem::path given_;  ///< as the user wrote it, for messages
    std::filesystem::path destination_;
    files::Staging staging_;
};

}  // namespace arraywright::cli
