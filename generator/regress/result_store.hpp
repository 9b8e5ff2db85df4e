// Results of a regression in a folder, one file a run. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace arraywright::regress {

/// What became of a run.
struct RunRecord {
    int64_t id = 0;
    std::string outcome;  ///< passed, mismatch, overflow, hang, timeout, input, crash
    int32_t exit_code = 0;
    int64_t cycles = 0;  ///< 0: not measured
    double seconds = 0;
    std::string host;
    std::string message;  ///< of a run that did not pass
    bool passed() const { return outcome == "passed"; }
};

/// results/<thousand>/<id>.json below a folder. A result appears whole or not at all, and the first
/// one of a run stays: another of the same run is dropped, so that none is ever counted twice.
class ResultStore {
public:
    /// Creates the folder. Throws std::system_error.
    explicit ResultStore(std::filesystem::path folder);

    bool has(int64_t id) const;
    /// False when the run had a result already.
    bool add(const RunRecord& record) const;
    /// Throws std::runtime_error for a file that is no result.
    std::optional<RunRecord> read(int64_t id) const;
    /// Of 0 to `count` - 1, those without a result.
    std::vector<int64_t> missing(int64_t count) const;
    const std::filesystem::path& folder() const { return folder_; }

private:
    std::filesystem::path file_of(int64_t id) const;
    std::filesystem::path folder_;
};

}  // namespace arraywright::regress
