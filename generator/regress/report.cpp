// The results of a regression. SPDX-License-Identifier: Apache-2.0
#include "generator/regress/report.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace arraywright::regress {

namespace {

constexpr size_t kFailuresShown = 20;

std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            default:
                // XML 1.0 has no other control characters.
                result += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
        }
    }
    return result;
}

std::string shell_word(const std::string& text) {
    const std::string plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,:+@%";
    if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? "'\\''" : std::string(1, c);
    return result + "'";
}

std::string failure_text(const PlanFile& plan, const Report& report, const RunRecord& record) {
    std::string text = record.message;
    if (!text.empty() && text.back() != '\n') text += "\n";
    text += "replay: " + replay_command(plan, record.id) + "\n";
    if (const auto trace = report.traces.find(record.id); trace != report.traces.end())
        text += "trace: " + trace->second + "\n";
    return text;
}

}  // namespace

Report collect(const PlanFile& plan, const ResultStore& store) {
    Report report;
    for (int64_t id = 0; id < run_count(plan); ++id) {
        std::optional<RunRecord> record = store.read(id);
        if (!record) throw std::runtime_error(fmt::format("run {} has no result", id));
        ++report.outcomes[record->outcome];
        ++report.hosts[record->host];
        report.failed += record->passed() ? 0 : 1;
        report.records.push_back(std::move(*record));
    }
    return report;
}

std::string replay_command(const PlanFile& plan, int64_t id) {
    std::string line;
    for (const std::string& word : command_of(run_of(plan, id), "arraywright"))
        line += (line.empty() ? "" : " ") + shell_word(word);
    return line;
}

std::string report_text(const PlanFile& plan, const Report& report) {
    std::string text =
        fmt::format("{}: {} runs, {} failed\n", plan.name, report.records.size(), report.failed);
    for (const auto& [outcome, count] : report.outcomes)
        text += fmt::format("  {:<10} {}\n", outcome, count);
    if (report.hosts.size() > 1) {
        for (const auto& [host, count] : report.hosts)
            text += fmt::format("  on {:<10} {}\n", host, count);
    }
    size_t shown = 0;
    for (const RunRecord& record : report.records) {
        if (record.passed() || shown++ >= kFailuresShown) continue;
        text += fmt::format("\nrun {}: {} (exit code {})\n{}", record.id, record.outcome,
                            record.exit_code, failure_text(plan, report, record));
    }
    if (shown > kFailuresShown)
        text += fmt::format("\n... and {} more, in report.json\n", shown - kFailuresShown);
    return text;
}

nlohmann::ordered_json report_json(const PlanFile& plan, const Report& report) {
    nlohmann::ordered_json json = {{"command", "regress"},    {"passed", report.failed == 0},
                                   {"plan", plan.name},       {"runs", report.records.size()},
                                   {"failed", report.failed}, {"outcomes", report.outcomes},
                                   {"hosts", report.hosts}};
    nlohmann::ordered_json failures = nlohmann::ordered_json::array();
    for (const RunRecord& record : report.records) {
        if (record.passed()) continue;
        failures.push_back({{"id", record.id},
                            {"outcome", record.outcome},
                            {"exit_code", record.exit_code},
                            {"message", record.message},
                            {"replay", replay_command(plan, record.id)}});
        if (const auto trace = report.traces.find(record.id); trace != report.traces.end())
            failures.back()["trace"] = trace->second;
    }
    json["failures"] = std::move(failures);
    return json;
}

std::string junit_xml(const PlanFile& plan, const Report& report) {
    double seconds = 0;
    for (const RunRecord& record : report.records) seconds += record.seconds;
    const std::string counts =
        fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"{:.3f}\"",
                    report.records.size(), report.failed, seconds);
    std::string text = fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {0}>\n<testsuite name=\"{1}\" "
        "{0}>\n",
        counts, escaped(plan.name));
    for (const RunRecord& record : report.records) {
        const Run run = run_of(plan, record.id);
        text += fmt::format("<testcase classname=\"{}\" name=\"{} {}\" time=\"{:.3f}\"",
                            escaped(run.spec.string()), escaped(run.network.string()),
                            escaped(run.memory), record.seconds);
        if (record.passed()) {
            text += "/>\n";
            continue;
        }
        text += fmt::format(
            "><failure type=\"{}\" message=\"exit code {}\">{}</failure></testcase>\n",
            record.outcome, record.exit_code, escaped(failure_text(plan, report, record)));
    }
    return text + "</testsuite>\n</testsuites>\n";
}

}  // namespace arraywright::regress
