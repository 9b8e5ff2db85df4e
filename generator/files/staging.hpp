// Unfinished output on disk, removed however the process ends. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <mutex>

namespace arraywright::files {

/// A file or folder that is being written beside its destination. Its destructor removes it,
/// and so do Ctrl-C, SIGTERM and SIGHUP, unless `release` was called.
class Staging {
public:
    /// The path that a destination is staged at: ".NAME.arraywright-PID" in the same folder, so
    /// that a rename stays on one file system. Nothing is created.
    explicit Staging(const std::filesystem::path& destination);
    ~Staging();
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;

    const std::filesystem::path& path() const { return path_; }

    /// Gives up ownership: the path was renamed to its destination. Hold `staging_lock`.
    void release();

private:
    std::filesystem::path path_;
};

/// The process that stages at `path`, 0 when that is no staging path.
pid_t staging_owner(const std::filesystem::path& path);

/// Held while something staged is created, written or renamed by this process. An interruption
/// waits for it, so that it meets either no output or a whole one.
std::unique_lock<std::recursive_mutex> staging_lock();

/// From now on SIGINT, SIGTERM and SIGHUP remove everything staged and exit with `exit_code`, and
/// SIGBUS (a mapped file on a full disk) with 2. Child processes keep the default actions. Call
/// once, before threads start; a signal that the caller's parent ignores (nohup) stays ignored.
void clean_up_on_signals(int exit_code);

}  // namespace arraywright::files
