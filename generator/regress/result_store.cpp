// Results in a folder. SPDX-License-Identifier: Apache-2.0
#include "generator/regress/result_store.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <system_error>

namespace arraywright::regress {

namespace fs = std::filesystem;

ResultStore::ResultStore(fs::path folder) : folder_(std::move(folder)) {
    fs::create_directories(folder_ / "results");
}

fs::path ResultStore::file_of(int64_t id) const {
    return folder_ / "results" / fmt::format("{:04}", id / 1000) / fmt::format("{:07}.json", id);
}

bool ResultStore::has(int64_t id) const {
    return fs::exists(file_of(id));
}

bool ResultStore::add(const RunRecord& record) const {
    static std::atomic<int64_t> number{0};
    const fs::path file = file_of(record.id);
    fs::create_directories(file.parent_path());
    const fs::path draft =
        folder_ / "results" /
        fmt::format(".{}-{}-{}-{}", record.host, ::getpid(), number++, record.id);
    const nlohmann::ordered_json json = {
        {"id", record.id},          {"outcome", record.outcome}, {"exit_code", record.exit_code},
        {"cycles", record.cycles},  {"seconds", record.seconds}, {"host", record.host},
        {"message", record.message}};
    {
        std::ofstream stream(draft);
        stream << json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
               << "\n";
        if (!stream.flush()) {
            throw std::system_error(errno, std::generic_category(),
                                    "cannot write " + draft.string());
        }
    }
    // A link never replaces what is there.
    const bool first = ::link(draft.c_str(), file.c_str()) == 0;
    const int error = errno;
    ::unlink(draft.c_str());
    if (!first && error != EEXIST) {
        throw std::system_error(error, std::generic_category(), "cannot write " + file.string());
    }
    return first;
}

std::optional<RunRecord> ResultStore::read(int64_t id) const {
    std::ifstream stream(file_of(id));
    if (!stream) return std::nullopt;
    const auto json = nlohmann::ordered_json::parse(stream, nullptr, false);
    if (json.is_discarded() || json.value("id", int64_t{-1}) != id)
        throw std::runtime_error(file_of(id).string() + ": is no result of this run");
    RunRecord record;
    record.id = id;
    record.outcome = json.value("outcome", "");
    record.exit_code = json.value("exit_code", 0);
    record.cycles = json.value("cycles", int64_t{0});
    record.seconds = json.value("seconds", 0.0);
    record.host = json.value("host", "");
    record.message = json.value("message", "");
    return record;
}

std::vector<int64_t> ResultStore::missing(int64_t count) const {
    std::vector<int64_t> ids;
    for (int64_t id = 0; id < count; ++id)
        if (!has(id)) ids.push_back(id);
    return ids;
}

}  // namespace arraywright::regress
