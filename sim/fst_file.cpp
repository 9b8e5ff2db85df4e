// Block structure of FST: type (1 byte), length without the type (8 bytes, big endian), payload.
// SPDX-License-Identifier: Apache-2.0
#include "sim/fst_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <system_error>

namespace arraywright::sim {
namespace {

enum Block : uint8_t {
    kHeader = 0,
    kValues = 1,
    kGeometry = 3,
    kHierarchy = 4,
    kValuesAliased = 5,
    kHierarchyLz4 = 6,
    kHierarchyLz4Duo = 7,
    kValuesAliased2 = 8,
};
constexpr uint64_t kSectionCount = 65;  ///< byte of the header block: sections of values

uint64_t big_endian(const char* bytes) {
    uint64_t value = 0;
    for (int i = 0; i < 8; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
    return value;
}

}  // namespace

std::string fst_problem(const std::filesystem::path& file) {
    std::error_code error;
    const uint64_t size = std::filesystem::file_size(file, error);
    std::ifstream stream(file, std::ios::binary);
    if (error || !stream) return "cannot be read";
    uint64_t announced = 0, sections = 0, geometries = 0, hierarchies = 0;
    std::array<char, 9> head{};
    for (uint64_t at = 0; at < size;) {
        stream.seekg(static_cast<std::streamoff>(at));
        if (!stream.read(head.data(), head.size())) return "ends within a block";
        const auto type = static_cast<uint8_t>(head[0]);
        const uint64_t length = big_endian(head.data() + 1);
        if (length < 8 || length > size - at - 1) return "ends within a block";
        if ((type == kHeader) != (at == 0)) return "does not begin with one header";
        if (type == kHeader) {
            stream.seekg(kSectionCount);
            if (!stream.read(head.data(), 8)) return "ends within its header";
            announced = big_endian(head.data());
        }
        sections += type == kValues || type == kValuesAliased || type == kValuesAliased2;
        geometries += type == kGeometry;
        hierarchies += type == kHierarchy || type == kHierarchyLz4 || type == kHierarchyLz4Duo;
        at += 1 + length;
    }
    if (sections == 0 || sections != announced) {
        return fmt::format("has {} of {} sections of values", sections, announced);
    }
    if (geometries != 1 || hierarchies != 1) return "lacks its list of signals";
    return {};
}

}  // namespace arraywright::sim
