// Files that appear whole or not at all. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

namespace arraywright::cli {

/// Writes `content` beside `path`, syncs it and renames it to `path`, replacing a file there.
/// A symbolic link is followed. What is no regular file (/dev/null, a pipe) is written directly.
/// Throws OutputError with one line; then `path` is as it was before.
void write_file_atomically(const std::filesystem::path& path, std::string_view content);

/// Creates or truncates `path`, writes and syncs it; for files inside a staging folder.
/// Throws OutputError.
void write_and_sync(const std::filesystem::path& path, std::string_view content);

/// Writes to standard output and flushes. Throws OutputError (a full disk behind a redirection).
void write_standard_output(std::string_view content);

/// Makes the names in `folder` durable. Throws OutputError.
void sync_folder(const std::filesystem::path& folder);

}  // namespace arraywright::cli
