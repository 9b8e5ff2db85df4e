// The waveform of a simulation on its way to the user. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "generator/files/staging.hpp"

namespace arraywright::cli {

/// Written in a folder beside its destination, checked and renamed when whole.
class TraceFile {
public:
    /// Throws OutputError when `destination` is no regular file or its folder cannot be written;
    /// an empty one means no trace.
    explicit TraceFile(const std::string& destination);

    bool is_wanted() const { return staging_.has_value(); }
    /// Where the simulation writes; empty without a trace.
    std::filesystem::path path() const;
    /// Throws OutputError when the file is not whole (a full disk); then the destination is as it
    /// was before.
    void commit();

private:
    std::filesystem::path destination_;
    std::optional<files::Staging> staging_;
};

}  // namespace arraywright::cli
