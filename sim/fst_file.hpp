// Waveform files in the FST format. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace arraywright::sim {

/// What is missing from an FST file that was written and closed, empty when it is whole: its blocks
/// follow each other to the end of the file, with all sections of values that the header announces.
/// The writer itself does not report a full disk.
std::string fst_problem(const std::filesystem::path& file);

}  // namespace arraywright::sim
