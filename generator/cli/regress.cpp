// arraywright regress: a plan of specs, networks, memories and seeds, here or through Slurm.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>

#include "generator/cli/atomic_file.hpp"
#include "generator/cli/built_design.hpp"
#include "generator/cli/inputs.hpp"
#include "generator/regress/engine.hpp"
#include "generator/regress/executor.hpp"
#include "generator/regress/report.hpp"

namespace arraywright::cli {
namespace {

namespace fs = std::filesystem;

constexpr int32_t kTraces = 3;  ///< of the first failures

struct Options {
    std::string plan_file, json_file, output, engine = "local";
    int32_t jobs = static_cast<int32_t>(std::max(1U, std::thread::hardware_concurrency()));
    int64_t chunk = 25;
    std::string list;   ///< of a task: the file of its runs
    int64_t task = -1;  ///< of a task: its index
};

/// Rate and time left, every few seconds and only when something changed.
class ProgressLine {
public:
    ProgressLine(const regress::PlanFile& plan, const regress::ResultStore& store)
        : plan_(plan), store_(store), start_(Clock::now()), last_(start_) {
        pending_ = store_.missing(regress::run_count(plan_));
        first_ = pending_.size();
    }

    void operator()() {
        const auto now = Clock::now();
        if (now - last_ < std::chrono::seconds(5)) return;
        last_ = now;
        std::erase_if(pending_, [&](int64_t id) {
            if (!store_.has(id)) return false;
            failed_ += store_.read(id)->passed() ? 0 : 1;
            return true;
        });
        const double seconds = std::chrono::duration<double>(now - start_).count();
        const double rate = static_cast<double>(first_ - pending_.size()) / seconds;
        spdlog::info("{} of {} runs, {} failed since the start, {:.1f} a second, {} left",
                     regress::run_count(plan_) - static_cast<int64_t>(pending_.size()),
                     regress::run_count(plan_), failed_, rate,
                     rate > 0 ? fmt::format("{:.0f} s", static_cast<double>(pending_.size()) / rate)
                              : "unknown time");
    }

private:
    using Clock = std::chrono::steady_clock;
    const regress::PlanFile& plan_;
    const regress::ResultStore& store_;
    Clock::time_point start_, last_;
    std::vector<int64_t> pending_;
    size_t first_ = 0;
    int64_t failed_ = 0;
};

std::string read_text(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// A folder belongs to one plan: results of another must not be taken for its own.
void claim_folder(const std::string& plan_file, const fs::path& folder) {
    const fs::path copy = folder / "plan.yaml";
    const std::string text = read_text(plan_file);
    if (!fs::exists(copy)) {
        if (fs::exists(folder) && !fs::is_empty(folder)) {
            throw OutputError(fmt::format(
                "{}: is not empty and holds no regression; nothing was written", folder.string()));
        }
        fs::create_directories(folder);
        write_file_atomically(copy, text);
    } else if (read_text(copy) != text) {
        throw OutputError(fmt::format(
            "{}: holds the results of another plan (its plan.yaml differs); give another --output",
            folder.string()));
    }
}

/// Every file is read once, so that a plan with a wrong one fails before it runs for hours, and
/// every design is verilated, so that the runs find it in the cache.
bool prepare(const regress::PlanFile& plan, Json& json) {
    for (const fs::path& network : plan.networks)
        if (!load_network(network.string(), {}, json)) return false;
    for (const fs::path& spec : plan.specs) {
        const std::optional<plan::Plan> planned = load_plan(spec.string(), json);
        if (!planned) return false;
        build_design(*planned, false);
    }
    return true;
}

void write_reports(const regress::PlanFile& plan, const regress::Report& report,
                   const fs::path& folder) {
    const auto json = regress::report_json(plan, report);
    write_file_atomically(folder / "report.json",
                          json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    write_file_atomically(folder / "junit.xml", regress::junit_xml(plan, report));
}

int run_regress(const Options& options) {
    if (!spdlog::get("arraywright"))
        spdlog::set_default_logger(spdlog::stderr_color_mt("arraywright"));
    Json json = {{"command", "regress"}, {"passed", false}};
    check_json_target(options.json_file, options.plan_file);
    const regress::PlanResult read = regress::read_plan(options.plan_file);
    if (!read.plan) {
        print_diagnostics(read.diagnostics);
        json["errors"] = diagnostics_json(read.diagnostics);
        write_json(options.json_file, json);
        return kInputWrong;
    }
    const regress::PlanFile& plan = *read.plan;
    regress::EngineOptions engine;
    engine.program = fs::read_symlink("/proc/self/exe").string();
    engine.plan_path = fs::absolute(options.plan_file).string();
    engine.jobs = options.jobs;
    engine.chunk = options.chunk;
    const fs::path folder = options.output;
    if (options.task >= 0) {
        regress::run_chunk(plan, options.list, options.task, regress::ResultStore(folder), engine);
        return kPassed;
    }
    claim_folder(options.plan_file, folder);
    const regress::ResultStore store(folder);
    if (!prepare(plan, json)) {
        write_json(options.json_file, json);
        return kInputWrong;
    }
    const std::vector<int64_t> missing = store.missing(regress::run_count(plan));
    spdlog::info("{}: {} runs, {} of them done before", plan.name, regress::run_count(plan),
                 regress::run_count(plan) - static_cast<int64_t>(missing.size()));
    ProgressLine progress(plan, store);
    if (options.engine == "slurm") {
        regress::run_on_slurm(plan, store, engine, std::ref(progress));
    } else {
        regress::run_locally(plan, missing, store, engine, std::ref(progress));
    }
    regress::Report report = regress::collect(plan, store);
    for (const regress::RunRecord& record : report.records) {
        if (record.passed() || record.outcome == "input") continue;
        if (static_cast<int32_t>(report.traces.size()) == kTraces) break;
        fs::create_directories(folder / "traces");
        const std::string trace =
            (folder / "traces" / fmt::format("{:07}.fst", record.id)).string();
        if (regress::write_trace(plan, record.id, engine.program, trace))
            report.traces[record.id] = trace;
    }
    write_reports(plan, report, folder);
    write_json(options.json_file, regress::report_json(plan, report));
    if (prints_text(options.json_file)) write_standard_output(regress::report_text(plan, report));
    return report.failed == 0 ? kPassed : kMismatch;
}

}  // namespace

void add_regress(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand(
        "regress",
        "Run a plan of specs, networks, memories and seeds; JUnit, JSON, replay commands");
    command->add_option("PLAN", options->plan_file, "a YAML file: specs, networks, memories, seeds")
        ->required();
    command
        ->add_option("--output", options->output,
                     "folder of the results; with those of an interrupted run it goes on there")
        ->required();
    command->add_option("--engine", options->engine, "local: this machine; slurm: a job array")
        ->check(CLI::IsMember({"local", "slurm"}));
    command->add_option("--jobs", options->jobs, "local: simulations at once")
        ->check(CLI::Range(1, 1024));
    command->add_option("--chunk-runs", options->chunk, "slurm: runs of one task")
        ->check(CLI::Range(1, 100000));
    command->add_option("--list", options->list)->group("");
    command->add_option("--task", options->task)->group("");
    add_json_option(*command, options->json_file);
    command->callback([options, &exit_code] { exit_code = run_regress(*options); });
}

}  // namespace arraywright::cli
