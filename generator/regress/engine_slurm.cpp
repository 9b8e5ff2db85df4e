// Runs as a Slurm job array. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "generator/regress/engine.hpp"
#include "generator/regress/executor.hpp"
#include "sim/process.hpp"

namespace arraywright::regress {

namespace fs = std::filesystem;

namespace {

constexpr int32_t kMostSubmissions = 5;
constexpr auto kPollPause = std::chrono::milliseconds(500);
constexpr int32_t kPollsPerQueue = 6;  // squeue burdens the controller

std::string slurm(const std::vector<std::string>& command) {
    const sim::ProcessResult result = sim::run_process(command, fs::current_path());
    if (result.exit_code != 0) {
        throw std::runtime_error(
            fmt::format("{} failed ({}): {}", command[0], result.exit_code, result.output));
    }
    return result.output;
}

/// In single quotes for a shell.
std::string quoted(const std::string& text) {
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? "'\\''" : std::string(1, c);
    return result + "'";
}

/// The folder of what Slurm needs, and the job array that works on it.
class SlurmFolder {
public:
    explicit SlurmFolder(const ResultStore& store) : path_(fs::absolute(store.folder() / "slurm")) {
        fs::create_directories(path_);
    }

    std::string job() const {
        std::ifstream stream(path_ / "job.txt");
        std::string id;
        stream >> id;
        return id;
    }

    /// The number of the next submission; every one has a list of its own.
    int32_t next_submission() const {
        int32_t number = 0;
        while (fs::exists(list(number))) ++number;
        return number;
    }

    void submit(const std::vector<int64_t>& ids, int32_t number, const ResultStore& store,
                const EngineOptions& options) {
        {
            std::ofstream stream(list(number));
            for (const int64_t id : ids) stream << id << "\n";
            if (!stream.flush()) throw std::runtime_error("cannot write " + list(number).string());
        }
        const fs::path script = path_ / fmt::format("job_{}.sh", number);
        {
            std::ofstream stream(script);
            stream << "#!/bin/sh\nexec " << quoted(options.program) << " regress "
                   << quoted(options.plan_path) << " --output "
                   << quoted(fs::absolute(store.folder()).string()) << " --chunk-runs "
                   << options.chunk << " --list " << quoted(list(number).string())
                   << " --task \"$SLURM_ARRAY_TASK_ID\"\n";
            if (!stream.flush()) throw std::runtime_error("cannot write " + script.string());
        }
        const auto tasks = (static_cast<int64_t>(ids.size()) + options.chunk - 1) / options.chunk;
        std::string id =
            slurm({"sbatch", "--parsable", "--requeue", "--export=ALL",
                   "--job-name=arraywright-regress", fmt::format("--array=0-{}", tasks - 1),
                   "--output=" + (path_ / "task_%A_%a.log").string(), script.string()});
        id = id.substr(0, id.find_first_of(";\n"));
        std::ofstream(path_ / "job.txt") << id << "\n";
        spdlog::info("submitted job array {}: {} tasks of {} runs", id, tasks, options.chunk);
    }

private:
    fs::path list(int32_t number) const { return path_ / fmt::format("runs_{}.txt", number); }
    fs::path path_;
};

/// Whether any task of the array waits or runs.
bool is_queued(const std::string& job) {
    const sim::ProcessResult result =
        sim::run_process({"squeue", "--noheader", "--jobs", job}, fs::current_path());
    if (result.exit_code == 0) return !result.output.empty();
    // The controller forgets a job some minutes after its end.
    if (result.output.find("Invalid job id") != std::string::npos) return false;
    throw std::runtime_error("squeue failed: " + result.output);
}

/// Returns when all of `ids` have a result or the job is gone.
void wait_for(const std::string& job, std::vector<int64_t> ids, const ResultStore& store,
              const Progress& progress) {
    for (int32_t poll = 1;; ++poll) {
        std::erase_if(ids, [&](int64_t id) { return store.has(id); });
        progress();
        if (ids.empty()) return;
        if (poll % kPollsPerQueue == 0 && !is_queued(job)) return;
        std::this_thread::sleep_for(kPollPause);
    }
}

}  // namespace

void run_on_slurm(const PlanFile& plan, const ResultStore& store, const EngineOptions& options,
                  const Progress& progress) {
    if (sim::find_program("sbatch").empty()) {
        throw std::runtime_error("sbatch is not in PATH: install Slurm, or use --engine local");
    }
    SlurmFolder folder(store);
    std::vector<int64_t> ids = store.missing(run_count(plan));
    const std::string before = folder.job();
    if (!ids.empty() && !before.empty() && is_queued(before)) {
        spdlog::info("job array {} is still at work: waiting for it", before);
        wait_for(before, ids, store, progress);
        ids = store.missing(run_count(plan));
    }
    for (int32_t i = 0; i < kMostSubmissions && !ids.empty(); ++i) {
        folder.submit(ids, folder.next_submission(), store, options);
        wait_for(folder.job(), ids, store, progress);
        ids = store.missing(run_count(plan));
        if (!ids.empty()) spdlog::warn("{} runs were lost with their tasks", ids.size());
    }
    if (!ids.empty()) {
        throw std::runtime_error(fmt::format("{} runs have no result after {} submissions; see {}",
                                             ids.size(), kMostSubmissions,
                                             (store.folder() / "slurm").string()));
    }
}

void run_chunk(const PlanFile& plan, const std::string& file, int64_t index,
               const ResultStore& store, const EngineOptions& options) {
    std::ifstream stream(file);
    if (!stream) throw std::runtime_error("cannot read " + file);
    std::vector<int64_t> ids;
    for (int64_t id = 0; stream >> id;) ids.push_back(id);
    const auto end =
        std::min<int64_t>((index + 1) * options.chunk, static_cast<int64_t>(ids.size()));
    for (int64_t i = index * options.chunk; i < end; ++i) {
        const int64_t id = ids[static_cast<size_t>(i)];
        if (id < 0 || id >= run_count(plan))
            throw std::runtime_error(fmt::format("{}: run {} is not of this plan", file, id));
        if (!store.has(id)) store.add(execute(plan, id, options.program));
    }
}

}  // namespace arraywright::regress
