// Waveforms appear whole or not at all. SPDX-License-Identifier: Apache-2.0
#include "generator/cli/trace_file.hpp"

#include <fmt/format.h>

#include <system_error>

#include "generator/cli/errors.hpp"
#include "sim/fst_file.hpp"

namespace arraywright::cli {
namespace fs = std::filesystem;

TraceFile::TraceFile(const std::string& destination) : destination_(destination) {
    if (destination.empty()) return;
    std::error_code error;
    const fs::file_status status = fs::status(destination_, error);
    if (fs::exists(status) && !fs::is_regular_file(status)) {
        throw OutputError(fmt::format("--trace: '{}' is no regular file", destination));
    }
    if (fs::exists(status)) destination_ = fs::canonical(destination_);
    staging_.emplace(destination_);
    if (!fs::create_directory(staging_->path(), error) && error) {
        throw OutputError(
            fmt::format("--trace: cannot write '{}': {}", destination, error.message()));
    }
}

fs::path TraceFile::path() const {
    return staging_ ? staging_->path() / "trace.fst" : fs::path();
}

void TraceFile::commit() {
    if (!staging_) return;
    const std::string problem = sim::fst_problem(path());
    if (!problem.empty()) {
        throw OutputError(
            fmt::format("--trace: cannot write '{}': the waveform {}; is the disk full?",
                        destination_.string(), problem));
    }
    const auto lock = files::staging_lock();
    std::error_code error;
    fs::rename(path(), destination_, error);
    if (error) {
        throw OutputError(
            fmt::format("--trace: cannot write '{}': {}", destination_.string(), error.message()));
    }
}

}  // namespace arraywright::cli
