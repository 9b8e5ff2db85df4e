// A text file that a user names, read within a limit. SPDX-License-Identifier: Apache-2.0
#include "generator/spec/source_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "generator/spec/source_text.hpp"

namespace arraywright::spec {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// An open file descriptor, closed at the end of its scope.
struct File {
    int descriptor;
    explicit File(const std::string& path)
        : descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (descriptor >= 0) ::close(descriptor);
    }
};

std::string system_message(int error) {
    return std::generic_category().message(error);
}

/// Bytes up to one past the limit, so that a larger or endless file is seen but never read.
std::optional<std::string> read_limited(int descriptor) {
    std::string bytes;
    std::string chunk(64 * 1024, '\0');
    while (static_cast<int64_t>(bytes.size()) <= kMaxSourceBytes) {
        const ssize_t got = ::read(descriptor, chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::nullopt;
        if (got == 0) break;
        bytes.append(chunk, 0, static_cast<size_t>(got));
    }
    return bytes;
}

/// Position of the first byte that no text file has, if any.
std::optional<Location> first_non_text(std::string_view text) {
    Location at{1, 1};
    while (!text.empty()) {
        const size_t length = utf8_length(text);
        const auto byte = static_cast<unsigned char>(text[0]);
        const bool is_control =
            byte == 0x7F || (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r');
        if (length == 0 || is_control) return at;
        at = byte == '\n' ? Location{at.line + 1, 1} : Location{at.line, at.column + 1};
        text.remove_prefix(length);
    }
    return std::nullopt;
}

SourceFile failed(const std::string& file, DiagnosticId id, const std::string& message) {
    SourceFile source{std::nullopt, "", Diagnostics(file, "")};
    source.diagnostics.error(id, {}, message);
    return source;
}

}  // namespace

std::string file_name(const std::string& path) {
    return std::filesystem::path(path).filename().string();
}

SourceFile check_source(const std::string& file, std::string bytes) {
    if (static_cast<int64_t>(bytes.size()) > kMaxSourceBytes) {
        return failed(file, DiagnosticId::kTooLarge,
                      fmt::format("the file is larger than {} bytes, the limit for a text that "
                                  "people write",
                                  kMaxSourceBytes));
    }
    std::string text = bytes;
    if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
    SourceFile source{std::nullopt, std::move(bytes), Diagnostics(file, text)};
    if (const std::optional<Location> at = first_non_text(text)) {
        const std::string_view line = source_line(text, at->line);
        size_t offset = 0;
        for (int32_t i = 1; i < at->column; ++i) offset += utf8_length(line.substr(offset));
        const auto byte = offset < line.size() ? static_cast<unsigned char>(line[offset]) : 0x0D;
        source.diagnostics.error(DiagnosticId::kNotText, *at,
                                 fmt::format("byte 0x{:02x} does not belong in UTF-8 text", byte));
    } else if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
        source.diagnostics.error(DiagnosticId::kEmpty, {}, "the file is empty");
    } else {
        source.text = std::move(text);
    }
    return source;
}

SourceFile read_source_file(const std::string& path) {
    const File file(path);
    if (file.descriptor < 0) {
        return failed(path, DiagnosticId::kUnreadable,
                      fmt::format("cannot open the file: {}", system_message(errno)));
    }
    struct stat status {};
    if (::fstat(file.descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
        return failed(path, DiagnosticId::kUnreadable, "this is a folder, not a file");
    }
    std::optional<std::string> bytes = read_limited(file.descriptor);
    if (!bytes) {
        return failed(path, DiagnosticId::kUnreadable,
                      fmt::format("cannot read the file: {}", system_message(errno)));
    }
    return check_source(path, std::move(*bytes));
}

}  // namespace arraywright::spec
