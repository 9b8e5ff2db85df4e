// Unfinished output on disk, removed however the process ends. SPDX-License-Identifier: Apache-2.0
#include "generator/files/staging.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <set>
#include <string_view>
#include <system_error>
#include <thread>

namespace arraywright::files {
namespace {

namespace fs = std::filesystem;

constexpr int kFault = 2;  ///< exit code

constexpr std::string_view kMark = ".arraywright-";

/// What must not outlive the process. Never destroyed: a signal may come during exit.
struct Registry {
    std::recursive_mutex mutex;
    std::set<fs::path> paths;
};

Registry& registry() {
    static Registry& instance = *new Registry;
    return instance;
}

/// Written by the handler, which may do nothing more; read by the thread that cleans up.
std::atomic<int> signal_pipe_write = -1;
std::atomic<int> interrupted_code = 1;

void on_signal(int signal) {
    const int saved = errno;
    const auto byte = static_cast<unsigned char>(signal);
    if (::write(signal_pipe_write, &byte, 1) < 0) ::_exit(interrupted_code);
    // A thread that met a fault must not go on.
    while (signal == SIGBUS) ::pause();
    errno = saved;
}

/// Removes a path as well as can be: there is nobody left to tell.
void remove_quietly(const fs::path& path) {
    std::error_code ignored;
    fs::remove_all(path, ignored);
}

[[noreturn]] void clean_up_and_exit(int signal) {
    // Never released: whoever waits for it must not write again. A thread that met a fault may
    // hold it for ever.
    while (!registry().mutex.try_lock() && signal != SIGBUS) ::usleep(1'000);
    for (const fs::path& path : registry().paths) {
        // A child that dies of the same Ctrl-C may still add a file between two attempts.
        constexpr int kAttempts = 20;
        for (int i = 0; i < kAttempts; ++i) {
            remove_quietly(path);
            std::error_code ignored;
            if (!fs::exists(fs::symlink_status(path, ignored))) break;
            ::usleep(10'000);
        }
    }
    const std::string_view message =
        signal == SIGBUS ? "\narraywright: error: a mapped file cannot be read or written; is the "
                           "disk full? No unfinished output is left\n"
                         : "\narraywright: interrupted; no unfinished output is left\n";
    if (::write(STDERR_FILENO, message.data(), message.size()) < 0) {
        // the terminal is gone too
    }
    ::_exit(signal == SIGBUS ? kFault : interrupted_code.load());
}

void wait_for_signal(int pipe_read) {
    unsigned char signal = 0;
    while (::read(pipe_read, &signal, 1) < 0 && errno == EINTR) {
    }
    clean_up_and_exit(signal);
}

}  // namespace

Staging::Staging(const fs::path& destination)
    : path_(destination.parent_path() /
            fmt::format(".{}{}{}", destination.filename().string(), kMark, ::getpid())) {
    const auto lock = staging_lock();
    registry().paths.insert(path_);
}

Staging::~Staging() {
    const auto lock = staging_lock();
    if (registry().paths.erase(path_) > 0) remove_quietly(path_);
}

void Staging::release() {
    registry().paths.erase(path_);
}

pid_t staging_owner(const fs::path& path) {
    const std::string name = path.filename().string();
    const size_t mark = name.rfind(kMark);
    if (!name.starts_with('.') || mark == std::string::npos) return 0;
    return static_cast<pid_t>(std::atol(name.c_str() + mark + kMark.size()));
}

std::unique_lock<std::recursive_mutex> staging_lock() {
    return std::unique_lock(registry().mutex);
}

void clean_up_on_signals(int exit_code) {
    interrupted_code = exit_code;
    // A write beyond a size limit becomes an error code instead of a death that leaves files.
    std::signal(SIGXFSZ, SIG_IGN);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
    signal_pipe_write = ends[1];
    std::thread(wait_for_signal, ends[0]).detach();
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGBUS}) {
        struct sigaction action {};
        if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) continue;
        action.sa_handler = on_signal;
        action.sa_flags = SA_RESTART;
        sigemptyset(&action.sa_mask);
        ::sigaction(signal, &action, nullptr);
    }
}

}  // namespace arraywright::files
