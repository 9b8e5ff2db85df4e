// Staging, sealing and locking of cache folders. SPDX-License-Identifier: Apache-2.0
#include "sim/cache_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>

#include "generator/files/staging.hpp"
#include "generator/spec/sha256.hpp"

namespace arraywright::sim {
namespace fs = std::filesystem;
namespace {

constexpr char kSeal[] = "seal.sha256";

/// One build at a time of one key; the kernel releases it when the process dies.
class FileLock {
public:
    explicit FileLock(const fs::path& path)
        : descriptor_(::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666)) {
        if (descriptor_ < 0) {
            throw std::system_error(errno, std::generic_category(),
                                    "cannot write to the cache: " + path.string());
        }
        // Without locks on this file system two builds only do the same work twice.
        while (::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
        }
    }
    ~FileLock() { ::close(descriptor_); }
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

private:
    int descriptor_;
};

/// Removes the staging folders of processes that were killed.
void remove_stale_staging(const fs::path& cache) {
    for (const fs::directory_entry& entry : fs::directory_iterator(cache)) {
        const pid_t owner = files::staging_owner(entry.path());
        if (owner > 0 && ::kill(owner, 0) != 0 && errno == ESRCH) {
            std::error_code ignored;
            fs::remove_all(entry.path(), ignored);
        }
    }
}

/// Digest and name of every file in `folder` but the seal, in name order; empty for what cannot be
/// read.
std::string contents(const fs::path& folder) {
    std::map<std::string, std::string> digests;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (name == kSeal) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(file), {}};
        if (!file.is_open() || file.bad()) return {};
        digests[name] = spec::sha256_hex(bytes);
    }
    std::string text;
    for (const auto& [name, digest] : digests) text += fmt::format("{}  {}\n", digest, name);
    return error ? std::string{} : text;
}

bool is_whole(const fs::path& folder) {
    std::ifstream file(folder / kSeal, std::ios::binary);
    const std::string seal{std::istreambuf_iterator<char>(file), {}};
    return file.is_open() && !seal.empty() && seal == contents(folder);
}

void seal(const fs::path& folder) {
    std::ofstream file(folder / kSeal, std::ios::binary);
    file << contents(folder);
    if (!file.flush()) {
        throw std::system_error(errno, std::generic_category(),
                                "cannot write to the cache: " + folder.string());
    }
}

}  // namespace

bool fill_cache_folder(const fs::path& cache, const std::string& key,
                       const std::function<void(const fs::path&)>& fill) {
    const fs::path target = cache / key;
    if (is_whole(target)) return true;
    fs::create_directories(cache);
    const FileLock lock(cache / (key + ".lock"));
    if (is_whole(target)) return true;
    if (fs::exists(target)) {
        spdlog::warn("{} is damaged: it is made again", target.string());
        fs::remove_all(target);
    }
    remove_stale_staging(cache);
    files::Staging staging(target);
    fs::remove_all(staging.path());
    fs::create_directories(staging.path());
    fill(staging.path());
    seal(staging.path());
    const auto held = files::staging_lock();
    std::error_code error;
    fs::rename(staging.path(), target, error);
    if (error && !is_whole(target)) throw fs::filesystem_error("rename", staging.path(), error);
    if (!error) staging.release();
    return false;
}

}  // namespace arraywright::sim
