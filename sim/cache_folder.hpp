// Folders of a cache that are whole or not there. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace arraywright::sim {

/// Fills `<cache>/<key>` with `fill`, unless it is there: in a staging folder that is sealed with
/// the digests of its files and renamed when complete, so that concurrent, interrupted or killed
/// builds leave nothing half-made behind. A folder that does not match its seal is built again.
/// True if it was there. Throws what `fill` throws, and std::system_error.
bool fill_cache_folder(const std::filesystem::path& cache, const std::string& key,
                       const std::function<void(const std::filesystem::path&)>& fill);

}  // namespace arraywright::sim
