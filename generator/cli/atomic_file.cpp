// Files that appear whole or not at all. SPDX-License-Identifier: Apache-2.0
#include "generator/cli/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include "generator/cli/errors.hpp"
#include "generator/files/staging.hpp"

namespace arraywright::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what, const fs::path& path, int error) {
    throw OutputError(fmt::format("cannot {} '{}': {}", what, path.string(),
                                  std::generic_category().message(error)));
}

/// An open file, called `name` in errors; closed at the end of its scope, with the error ignored if
/// there was one before.
class Descriptor {
public:
    Descriptor(const fs::path& path, int flags, fs::path name) : name_(std::move(name)) {
        value_ = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
        if (value_ < 0) fail("write", name_, errno);
    }
    ~Descriptor() {
        if (value_ >= 0) ::close(value_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    void write(std::string_view content) const {
        while (!content.empty()) {
            const ssize_t written = ::write(value_, content.data(), content.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) fail("write", name_, errno);
            content.remove_prefix(static_cast<size_t>(written));
        }
    }

    /// Devices and pipes have nothing to sync.
    void sync() const {
        if (::fsync(value_) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS) {
            fail("write", name_, errno);
        }
    }

    /// Some file systems report a full disk only now.
    void close() {
        const int descriptor = std::exchange(value_, -1);
        if (::close(descriptor) != 0) fail("write", name_, errno);
    }

private:
    fs::path name_;
    int value_ = -1;
};

void write_open(Descriptor& file, std::string_view content) {
    file.write(content);
    file.sync();
    file.close();
}

}  // namespace

void write_and_sync(const fs::path& path, std::string_view content) {
    Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC, path);
    write_open(file, content);
}

void sync_folder(const fs::path& folder) {
    const Descriptor descriptor(folder.empty() ? fs::path(".") : folder, O_RDONLY | O_DIRECTORY,
                                folder);
    descriptor.sync();
}

void write_file_atomically(const fs::path& path, std::string_view content) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (fs::is_directory(status)) fail("write", path, EISDIR);
    if (fs::exists(status) && !fs::is_regular_file(status)) {
        Descriptor file(path, O_WRONLY, path);
        write_open(file, content);
        return;
    }
    const fs::path destination = fs::exists(status) ? fs::canonical(path, error) : path;
    const auto lock = files::staging_lock();
    files::Staging staging(destination);
    {
        Descriptor file(staging.path(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, path);
        write_open(file, content);
    }
    if (fs::exists(status)) fs::permissions(staging.path(), status.permissions(), error);
    if (std::rename(staging.path().c_str(), destination.c_str()) != 0) {
        fail("write", path, errno);
    }
    staging.release();
    sync_folder(destination.parent_path());
}

void write_standard_output(std::string_view content) {
    const bool is_written =
        std::fwrite(content.data(), 1, content.size(), stdout) == content.size() &&
        std::fflush(stdout) == 0;
    if (!is_written) {
        throw OutputError(fmt::format("cannot write to standard output: {}",
                                      std::generic_category().message(errno)));
    }
}

}  // namespace arraywright::cli
