// One simulation in a process of its own. SPDX-License-Identifier: Apache-2.0
#include "generator/regress/executor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>
#include <thread>

#include "generator/files/staging.hpp"

extern char** environ;

namespace arraywright::regress {

namespace fs = std::filesystem;

namespace {

/// A folder for the files of one run, removed with them, also by Ctrl-C.
class Scratch {
public:
    explicit Scratch(int64_t id) : staging_(fs::temp_directory_path() / fmt::format("run-{}", id)) {
        fs::remove_all(staging_.path());  // of a killed process that had the same number
        fs::create_directories(staging_.path());
    }
    const fs::path& path() const { return staging_.path(); }

private:
    files::Staging staging_;
};

std::string read_file(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

struct Ended {
    int32_t exit_code = 0;
    bool timed_out = false;
};

/// Runs `arguments`, output to `log`, in a process group that is killed at the time limit.
Ended run_limited(const std::vector<std::string>& arguments, const fs::path& log,
                  std::chrono::seconds limit) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    std::vector<char*> argv;
    for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_t child = 0;
    const int error = ::posix_spawnp(&child, argv[0], &actions, &attributes, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error != 0)
        throw std::system_error(error, std::generic_category(), "cannot run " + arguments[0]);

    const auto end = std::chrono::steady_clock::now() + limit;
    auto pause = std::chrono::milliseconds(1);
    Ended ended;
    int status = 0;
    while (::waitpid(child, &status, WNOHANG) == 0) {
        if (std::chrono::steady_clock::now() >= end) {
            ended.timed_out = true;
            ::kill(-child, SIGKILL);
            ::waitpid(child, &status, 0);
            break;
        }
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, std::chrono::milliseconds(20));
    }
    ended.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return ended;
}

std::string outcome_of(const Ended& ended) {
    if (ended.timed_out) return "timeout";
    switch (ended.exit_code) {
        case 0:
            return "passed";
        case 1:
            return "input";
        case 3:
            return "mismatch";
        case 4:
            return "overflow";
        case 5:
            return "hang";
        default:
            return "crash";
    }
}

/// The failures that `simulate` wrote, else the end of what it printed.
std::string message_of(const nlohmann::json& result, const std::string& log) {
    std::string text;
    if (result.contains("runs")) {
        for (const auto& run : result["runs"]) {
            for (const auto& failure : run.value("failures", nlohmann::json::array()))
                text += failure.get<std::string>() + "\n";
        }
    }
    if (!text.empty()) return text;
    constexpr size_t kMost = 2000;
    return log.size() > kMost ? log.substr(log.size() - kMost) : log;
}

}  // namespace

std::string host_name() {
    if (const char* node = std::getenv("SLURMD_NODENAME")) return node;
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

RunRecord execute(const PlanFile& plan, int64_t id, const std::string& program) {
    const Scratch scratch(id);
    const fs::path json_file = scratch.path() / "result.json", log = scratch.path() / "log.txt";
    std::vector<std::string> command = command_of(run_of(plan, id), program);
    command.insert(command.end(), {"--json", json_file.string()});
    const auto start = std::chrono::steady_clock::now();
    const Ended ended = run_limited(command, log, std::chrono::seconds(plan.timeout_seconds));
    RunRecord record;
    record.id = id;
    record.outcome = outcome_of(ended);
    record.exit_code = ended.exit_code;
    record.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    record.host = host_name();
    const auto result = nlohmann::json::parse(read_file(json_file), nullptr, false);
    if (result.is_object() && result.contains("cycles") && result["cycles"].is_number())
        record.cycles = result["cycles"].get<int64_t>();
    if (!record.passed())
        record.message =
            message_of(result.is_object() ? result : nlohmann::json::object(), read_file(log));
    return record;
}

bool write_trace(const PlanFile& plan, int64_t id, const std::string& program,
                 const std::string& trace) {
    const Scratch scratch(id);
    std::vector<std::string> command = command_of(run_of(plan, id), program);
    command.insert(command.end(), {"--trace", trace});
    run_limited(command, scratch.path() / "log.txt", std::chrono::seconds(plan.timeout_seconds));
    return fs::exists(trace);
}

}  // namespace arraywright::regress
