// YAML text to a tree with positions; the only code that knows yaml-cpp.
// SPDX-License-Identifier: Apache-2.0
#include "generator/spec/yaml_reader.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <exception>
#include <map>
#include <sstream>
#include <utility>

#include "generator/spec/source_text.hpp"
#include "generator/spec/yaml_limits.hpp"

namespace arraywright::spec {
namespace {

/// yaml-cpp counts lines and bytes from 0; people count lines and characters from 1.
class Positions {
public:
    explicit Positions(std::string_view text) : text_(text) {
        starts_.push_back(0);
        for (size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n') starts_.push_back(i + 1);
        }
        while (starts_.size() > 1 && line(starts_.size() - 1).empty()) starts_.pop_back();
    }

    /// A mark past the end (an unclosed bracket) becomes the end of the last line with text.
    Location of(const YAML::Mark& mark) {
        if (mark.is_null()) return {};
        auto index = static_cast<size_t>(mark.line);
        auto byte = static_cast<size_t>(std::max(mark.column, 0));
        if (index >= starts_.size()) {
            index = starts_.size() - 1;
            byte = line(index).size();
        }
        return {static_cast<int32_t>(index + 1), column(index, byte)};
    }

    /// The column of a tab before the first word of a line. yaml-cpp blames what follows it.
    std::optional<int32_t> tab_in_indentation(int32_t line_number) const {
        if (line_number < 1) return std::nullopt;
        const std::string_view text = line(static_cast<size_t>(line_number - 1));
        const size_t tab = text.substr(0, text.find_first_not_of(" \t")).find('\t');
        if (tab == std::string_view::npos) return std::nullopt;
        return static_cast<int32_t>(tab + 1);
    }

    /// Whether a quoted text that starts at `mark` ends; true for anything else.
    /// yaml-cpp takes the end of the file for the closing quote.
    bool is_quote_closed(const YAML::Mark& mark) const {
        const size_t start = starts_[std::min(static_cast<size_t>(mark.line), starts_.size() - 1)] +
                             static_cast<size_t>(mark.column);
        if (start >= text_.size() || (text_[start] != '"' && text_[start] != '\'')) return true;
        const char quote = text_[start];
        for (size_t i = start + 1; i < text_.size(); ++i) {
            if (text_[i] == '\\' && quote == '"') {
                ++i;
            } else if (text_[i] == quote) {
                if (quote == '"' || i + 1 == text_.size() || text_[i + 1] != quote) return true;
                ++i;  // '' is one quote inside single quotes
            }
        }
        return false;
    }

private:
    std::string_view line(size_t index) const {
        const std::string_view rest = text_.substr(starts_[index]);
        return rest.substr(0, rest.find_first_of("\r\n"));
    }

    /// Marks mostly come in rising order: going on from the last one keeps long lines linear.
    int32_t column(size_t index, size_t byte) {
        if (index != last_line_ || byte < last_byte_) {
            last_line_ = index;
            last_byte_ = 0;
            last_column_ = 1;
        }
        const std::string_view text = line(index);
        while (last_byte_ < std::min(byte, text.size())) {
            last_byte_ += std::max<size_t>(utf8_length(text.substr(last_byte_)), 1);
            ++last_column_;
        }
        return last_column_;
    }

    std::string_view text_;
    std::vector<size_t> starts_;
    size_t last_line_ = 0;
    size_t last_byte_ = 0;
    int32_t last_column_ = 1;
};

/// Thrown by the builder after it reported why the rest is not worth reading.
struct Stop {};

/// Builds the tree from yaml-cpp's events. Aliases are never expanded, so none can explode.
class Builder : public YAML::EventHandler {
public:
    Builder(Positions& positions, Diagnostics& diagnostics)
        : positions_(positions), diagnostics_(diagnostics) {}

    YamlNode& root() { return root_; }
    bool has_document() const { return documents_ > 0; }

    /// The innermost `{` or `[` that is open; nullptr outside flow style.
    const YamlNode* open_flow() const {
        return !open_.empty() && open_.back().is_flow ? &open_.back().node : nullptr;
    }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ == 1) return;
        diagnostics_.error(DiagnosticId::kUnsupportedYaml, positions_.of(mark),
                           "a second document starts here; a file holds one");
        throw Stop{};
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        add(node(YamlNode::Kind::kNull, mark, "?", anchor));
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
        diagnostics_.error(DiagnosticId::kUnsupportedYaml, positions_.of(mark),
                           "aliases are not read; write the value again");
        add(node(YamlNode::Kind::kRefused, mark, "?", 0));
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        YamlNode scalar = node(YamlNode::Kind::kScalar, mark, tag, anchor);
        scalar.text = value;
        scalar.is_plain = tag == "?";
        if (!scalar.is_plain && !positions_.is_quote_closed(mark)) {
            diagnostics_.error(DiagnosticId::kSyntax, scalar.location,
                               "the quoted text that starts here is never closed");
            throw Stop{};
        }
        add(std::move(scalar));
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value style) override {
        open(node(YamlNode::Kind::kSequence, mark, tag, anchor), style);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value style) override {
        open(node(YamlNode::Kind::kMapping, mark, tag, anchor), style);
    }
    void OnMapEnd() override { close(); }

private:
    /// A collection whose end has not been seen.
    struct Open {
        YamlNode node;
        bool is_flow = false;
        std::optional<YamlEntry> entry;  ///< its key is known, its value is not
        bool is_entry_refused = false;
        std::map<std::string, Location> keys;
    };

    YamlNode node(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor) {
        YamlNode result;
        result.kind = kind;
        result.location = positions_.of(mark);
        if (anchor != 0) {
            diagnostics_.error(DiagnosticId::kUnsupportedYaml, result.location,
                               "anchors are not read; write each value where it is used");
        }
        if (!tag.empty() && tag != "?" && tag != "!") {
            diagnostics_.error(DiagnosticId::kUnsupportedYaml, result.location,
                               "tags are not read; the schema gives every value its type");
            result.kind = YamlNode::Kind::kRefused;
        }
        return result;
    }

    void open(YamlNode collection, YAML::EmitterStyle::value style) {
        if (open_.size() == kMaxYamlDepth) {
            diagnostics_.error(
                DiagnosticId::kTooDeep, collection.location,
                fmt::format("values are nested more than {} levels deep", kMaxYamlDepth));
            throw Stop{};
        }
        open_.push_back({std::move(collection), style == YAML::EmitterStyle::Flow, {}, false, {}});
    }

    void close() {
        YamlNode done = std::move(open_.back().node);
        open_.pop_back();
        add(std::move(done));
    }

    void add(YamlNode value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (Open& parent = open_.back(); parent.node.kind == YamlNode::Kind::kSequence) {
            parent.node.items.push_back(std::move(value));
        } else if (!parent.entry) {
            begin_entry(parent, std::move(value));
        } else {
            end_entry(parent, std::move(value));
        }
    }

    void begin_entry(Open& parent, YamlNode key) {
        parent.is_entry_refused = key.kind != YamlNode::Kind::kScalar;
        if (parent.is_entry_refused && key.kind != YamlNode::Kind::kRefused) {
            diagnostics_.error(DiagnosticId::kUnsupportedYaml, key.location,
                               fmt::format("a key must be a word, found {}", describe(key)));
        }
        parent.entry = YamlEntry{std::move(key.text), key.location, {}};
        if (parent.is_entry_refused) return;
        const auto [first, is_new] = parent.keys.emplace(parent.entry->key, key.location);
        if (!is_new) {
            diagnostics_
                .error(DiagnosticId::kDuplicateKey, key.location,
                       fmt::format("key {} is given twice", quoted(parent.entry->key)))
                .notes.push_back({first->second, "it is first given here"});
            parent.is_entry_refused = true;
        }
    }

    static void end_entry(Open& parent, YamlNode value) {
        // yaml-cpp marks an absent value at the next token, often on another line.
        if (value.kind == YamlNode::Kind::kNull) value.location = parent.entry->location;
        parent.entry->value = std::move(value);
        if (!parent.is_entry_refused) parent.node.entries.push_back(std::move(*parent.entry));
        parent.entry.reset();
    }

    Positions& positions_;
    Diagnostics& diagnostics_;
    std::vector<Open> open_;
    YamlNode root_;
    int32_t documents_ = 0;
};

/// yaml-cpp's texts in words that say what to look for.
std::string plain_words(const std::string& message) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kTexts = {{
        {"end of map flow not found", "expected ',' or '}'"},
        {"end of sequence flow not found", "expected ',' or ']'"},
        {"end of map not found", "expected a key at the indentation of the ones above, or ':'"},
        {"end of sequence not found", "expected '- ' at the indentation of the items above"},
        {"illegal map value",
         "a ':' is not possible here: put a mapping in braces, a text in quotes"},
        {"illegal map key", "a key is not possible here"},
        {"illegal block entry", "a list item '- ' is not possible here"},
        {"illegal flow end", "this bracket closes nothing"},
        {"illegal EOF in scalar", "a quoted text is never closed"},
        {"illegal tab when looking for indentation", "indentation must be spaces, found a tab"},
        {"unknown token", "this character cannot start a value; quote the text"},
        {"the referenced anchor is not defined", "aliases are not read; write the value again"},
    }};
    for (const auto& [from, to] : kTexts) {
        if (message == from) return std::string(to);
    }
    return printable(message);
}

void report_syntax(const YAML::Exception& error, const Builder& builder, Positions& positions,
                   Diagnostics& diagnostics) {
    const Location at = positions.of(error.mark);
    if (const std::optional<int32_t> tab = positions.tab_in_indentation(at.line)) {
        diagnostics.error(DiagnosticId::kSyntax, {at.line, *tab},
                          "indentation must be spaces, found a tab");
        return;
    }
    Diagnostic& diagnostic = diagnostics.error(DiagnosticId::kSyntax, at, plain_words(error.msg));
    if (const YamlNode* open = builder.open_flow()) {
        const char* bracket = open->kind == YamlNode::Kind::kMapping ? "{" : "[";
        diagnostic.notes.push_back(
            {open->location, fmt::format("this '{}' is not closed before", bracket)});
    }
}

}  // namespace

std::string describe(const YamlNode& node) {
    switch (node.kind) {
        case YamlNode::Kind::kNull:
            return "nothing";
        case YamlNode::Kind::kScalar:
            return node.is_plain ? quoted(node.text) : "the quoted text " + quoted(node.text);
        case YamlNode::Kind::kSequence:
            return "a list";
        case YamlNode::Kind::kMapping:
            return "a mapping";
        case YamlNode::Kind::kRefused:
            break;
    }
    return "an alias";
}

std::optional<YamlNode> read_yaml(std::string_view text, Diagnostics& diagnostics) {
    if (const std::optional<Location> at = crowded_bracket(text)) {
        diagnostics.error(DiagnosticId::kTooLarge, *at,
                          fmt::format("this bracket holds more than {} commas; write one item a "
                                      "line, without brackets",
                                      kMaxBracketCommas));
        return std::nullopt;
    }
    Positions positions(text);
    Builder builder(positions, diagnostics);
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
        if (builder.has_document()) return std::move(builder.root());
        diagnostics.error(DiagnosticId::kEmpty, {}, "the file holds only comments");
    } catch (const Stop&) {
        // reported where it was found
    } catch (const YAML::Exception& error) {
        report_syntax(error, builder, positions, diagnostics);
    } catch (const std::exception& error) {
        diagnostics.error(DiagnosticId::kSyntax, {},
                          fmt::format("the YAML cannot be read: {}", printable(error.what())));
    }
    return std::nullopt;
}

}  // namespace arraywright::spec
