// Diagnostics: errors about what the user wrote, collected, sorted and rendered with a caret.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace arraywright::spec {

/// Permanent identifiers; the table diagnostics.def gives each its text id and summary.
enum class DiagnosticId {
#define AW_DIAGNOSTIC(symbol, text_id, summary) symbol,
#include "generator/spec/diagnostics.def"
#undef AW_DIAGNOSTIC
};

/// "unknown-key" of DiagnosticId::kUnknownKey.
std::string_view text_id(DiagnosticId id);

/// 1-based; line 0: the whole file.
struct Location {
    int32_t line = 0;
    int32_t column = 0;
};

struct Diagnostic {
    DiagnosticId id{};
    Location location;
    std::string message;
    /// "did you mean 'cols'? allowed keys: ..." or a note at another line (line 0: no position).
    struct Note {
        Location location;
        std::string message;
    };
    std::vector<Note> notes;
};

/// Errors of one source file. Adding never throws; `render` sorts by position.
class Diagnostics {
public:
    /// `file` is printed as given; `text` (may be empty) supplies the source lines.
    Diagnostics(std::string file, std::string text);
    Diagnostic& error(DiagnosticId id, Location location, std::string message);
    const std::string& file() const { return file_; }
    bool has_errors() const { return !errors_.empty(); }
    const std::vector<Diagnostic>& errors() const { return errors_; }
    /// `spec.yaml:14:9: error: ... [id]`, source line, caret, notes; sorted, one blank-free text.
    std::string render() const;

private:
    std::string file_;
    std::string text_;
    std::vector<Diagnostic> errors_;
};

}  // namespace arraywright::spec
