// Diagnostics: the table of ids and the rendered report. SPDX-License-Identifier: Apache-2.0
#include "generator/spec/diagnostics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "generator/spec/source_text.hpp"

namespace arraywright::spec {
namespace {

/// A report longer than this helps nobody; the rest is counted.
constexpr size_t kMostRendered = 50;

constexpr std::array kTextIds = {
#define AW_DIAGNOSTIC(symbol, text_id, summary) std::string_view(text_id),
#include "generator/spec/diagnostics.def"
#undef AW_DIAGNOSTIC
};

/// "spec.yaml:14:9: " or, without a line, "spec.yaml: ".
std::string prefix(const std::string& file, Location location) {
    if (location.line == 0) return file + ": ";
    return fmt::format("{}:{}:{}: ", file, location.line, location.column);
}

std::string excerpt_at(std::string_view text, Location location) {
    const std::string_view line = source_line(text, location.line);
    // An empty line says nothing; the position alone is enough.
    if (location.line == 0 || line.empty()) return "";
    return excerpt(line, location.column);
}

}  // namespace

std::string_view text_id(DiagnosticId id) {
    return kTextIds.at(static_cast<size_t>(id));
}

Diagnostics::Diagnostics(std::string file, std::string text)
    : file_(std::move(file)), text_(std::move(text)) {}

Diagnostic& Diagnostics::error(DiagnosticId id, Location location, std::string message) {
    errors_.push_back({id, location, std::move(message), {}});
    return errors_.back();
}

std::string Diagnostics::render() const {
    std::vector<const Diagnostic*> sorted;
    sorted.reserve(errors_.size());
    for (const Diagnostic& error : errors_) sorted.push_back(&error);
    std::stable_sort(sorted.begin(), sorted.end(), [](const Diagnostic* a, const Diagnostic* b) {
        return std::pair(a->location.line, a->location.column) <
               std::pair(b->location.line, b->location.column);
    });

    const std::string file = printable(file_);
    std::string out;
    for (size_t i = 0; i < std::min(sorted.size(), kMostRendered); ++i) {
        const Diagnostic& error = *sorted[i];
        out += fmt::format("{}error: {} [{}]\n", prefix(file, error.location), error.message,
                           text_id(error.id));
        out += excerpt_at(text_, error.location);
        for (const Diagnostic::Note& note : error.notes) {
            const std::string where = note.location.line == 0 ? "" : prefix(file, note.location);
            out += fmt::format("{}note: {}\n", where, note.message);
            out += excerpt_at(text_, note.location);
        }
    }
    if (sorted.size() > kMostRendered) {
        out += fmt::format("note: {} more errors are not shown\n", sorted.size() - kMostRendered);
    }
    return out;
}

}  // namespace arraywright::spec
