// Oracle data: real networks with inputs, expected outputs and layer dumps.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace oracle {

/// Folder of the networks: models/ in $ARRAYWRIGHT_DATA, by default ../shared beside the source
/// folder. nullopt, with a message, where it does not exist: such tests are skipped.
inline std::optional<std::filesystem::path> models_folder() {
    const char* given = std::getenv("ARRAYWRIGHT_DATA");
    const std::filesystem::path data =
        std::filesystem::path(AW_SOURCE_DIR) / (given != nullptr ? given : "../shared");
    const std::filesystem::path models = data / "models";
    if (std::filesystem::is_directory(models)) return models;
    std::printf("SKIPPED: no oracle data in %s (set ARRAYWRIGHT_DATA)\n", models.c_str());
    return std::nullopt;
}

inline std::vector<uint8_t> read_bytes(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw std::runtime_error("cannot read " + file.string());
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// Bytes of layers/KKK_<operator>.bin, the output of operator `index` for input_000.
inline std::vector<uint8_t> layer_dump(const std::filesystem::path& model, int32_t index) {
    char prefix[16];
    std::snprintf(prefix, sizeof prefix, "%03d_", index);
    for (const auto& entry : std::filesystem::directory_iterator(model / "layers")) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(prefix) && name.find("_state") == std::string::npos) {
            return read_bytes(entry.path());
        }
    }
    throw std::runtime_error("no dump of operator " + std::to_string(index));
}

/// "input_007.bin" of ("input", 7).
inline std::string numbered(const std::string& stem, int32_t number) {
    const std::string digits = std::to_string(number);
    return stem + "_" + std::string(digits.size() < 3 ? 3 - digits.size() : 0, '0') + digits +
           ".bin";
}

}  // namespace oracle
