// Liberty reader. SPDX-License-Identifier: Apache-2.0
#include "generator/liberty/liberty.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace arraywright::liberty {

namespace {

class Reader {
public:
    Reader(std::string file, const std::string& text) : file_(std::move(file)), text_(text) {}

    Group library() {
        Group group = statement_group();
        if (group.name != "library") fail("a file begins with library (name) { ... }");
        return group;
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        const auto line = std::count(text_.begin(), text_.begin() + static_cast<long>(at_), '\n');
        throw Error(fmt::format("{}:{}: {}", file_, line + 1, what));
    }
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    /// Blanks, comments and line continuations.
    void skip() {
        while (at_ < text_.size()) {
            if (text_.compare(at_, 2, "/*") == 0) {
                const size_t close = text_.find("*/", at_ + 2);
                if (close == std::string::npos) fail("a comment without an end");
                at_ = close + 2;
            } else if (text_.compare(at_, 2, "//") == 0) {
                at_ = std::min(text_.find('\n', at_), text_.size());
            } else if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0 ||
                       text_[at_] == '\\') {
                ++at_;
            } else {
                return;
            }
        }
    }

    /// A word, or what stands in quotes.
    std::string word() {
        skip();
        if (peek() == '"') {
            const size_t close = text_.find('"', at_ + 1);
            if (close == std::string::npos) fail("a quote without an end");
            std::string value = text_.substr(at_ + 1, close - at_ - 1);
            at_ = close + 1;
            return value;
        }
        const size_t begin = at_;
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) == 0 &&
               std::string("(){};:,\"").find(text_[at_]) == std::string::npos) {
            ++at_;
        }
        return text_.substr(begin, at_ - begin);
    }

    std::vector<std::string> arguments() {
        std::vector<std::string> list;
        ++at_;  // (
        for (skip(); peek() != ')'; skip()) {
            if (peek() == '\0') fail("an argument list without an end");
            if (peek() == ',') {
                ++at_;
                continue;
            }
            const std::string value = word();
            if (value.empty() && peek() != ',' && peek() != ')')
                ++at_;  // ':' of a bus range
            else
                list.push_back(value);
        }
        ++at_;
        return list;
    }

    /// The value of a simple attribute: words up to the end of the statement.
    std::string simple_value() {
        std::string value;
        for (skip(); peek() != ';' && peek() != '}' && peek() != '\0'; skip_blanks()) {
            if (peek() == '\n') break;
            const std::string part = word();
            if (part.empty()) {
                value += text_[at_++];
            } else {
                value += part;
            }
        }
        return value;
    }
    void skip_blanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\r') ++at_;
    }

    Group statement_group() {
        skip();
        Group group;
        group.begin = at_;
        group.name = word();
        skip();
        if (group.name.empty() || peek() != '(') fail("expected a group: name (arguments) {");
        group.arguments = arguments();
        skip();
        if (peek() != '{') fail("expected '{'");
        body(group);
        return group;
    }

    void body(Group& group) {
        ++at_;  // {
        group.body = at_;
        for (skip(); peek() != '}'; skip()) {
            if (peek() == '\0') fail(fmt::format("group {} has no end", group.name));
            if (peek() == ';') {
                ++at_;
                continue;
            }
            const size_t begin = at_;
            const std::string name = word();
            if (name.empty()) fail(fmt::format("unexpected '{}'", peek()));
            skip();
            if (peek() == ':') {
                ++at_;
                group.attributes.emplace_back(name, simple_value());
            } else if (peek() == '(') {
                std::vector<std::string> list = arguments();
                skip();
                if (peek() == '{') {
                    Group inner;
                    inner.name = name;
                    inner.arguments = std::move(list);
                    inner.begin = begin;
                    body(inner);
                    group.groups.push_back(std::move(inner));
                } else {
                    group.attributes.emplace_back(name, fmt::format("{}", fmt::join(list, ",")));
                }
            } else {
                fail(fmt::format("expected ':' or '(' after '{}'", name));
            }
        }
        ++at_;
        group.end = at_;
    }

    std::string file_;
    const std::string& text_;
    size_t at_ = 0;
};

std::string read_text(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw Error(fmt::format("{}: cannot be read", file.string()));
    return text.str();
}

Group parse(const std::filesystem::path& file, const std::string& text) {
    if (text.starts_with("\x1f\x8b"))
        throw Error(fmt::format("{}: is packed; unpack it first (gunzip -k)", file.string()));
    return Reader(file.string(), text).library();
}

}  // namespace

std::string Group::attribute(const std::string& key) const {
    const auto found = std::find_if(attributes.begin(), attributes.end(),
                                    [&](const auto& entry) { return entry.first == key; });
    return found == attributes.end() ? "" : found->second;
}

Group read_liberty(const std::filesystem::path& file) {
    const std::string text = read_text(file);
    return parse(file, text);
}

std::string merged_liberty(const std::vector<std::filesystem::path>& files) {
    std::string first = read_text(files.front());
    if (files.size() == 1) return first;
    const Group library = parse(files.front(), first);
    std::string more;
    for (size_t i = 1; i < files.size(); ++i) {
        const std::string text = read_text(files[i]);
        const Group other = parse(files[i], text);
        for (const char* unit : {"time_unit", "capacitive_load_unit"}) {
            // Without one it is that of the format.
            if (!other.attribute(unit).empty() && !library.attribute(unit).empty() &&
                other.attribute(unit) != library.attribute(unit))
                throw Error(
                    fmt::format("{} has {} {} and {} has {}: libraries with different units "
                                "cannot be one",
                                files.front().string(), unit, library.attribute(unit),
                                files[i].string(), other.attribute(unit)));
        }
        for (const Group& group : other.groups) {
            if (group.name == "cell" || group.name.ends_with("_template"))
                more += "\n" + text.substr(group.begin, group.end - group.begin) + "\n";
        }
    }
    return first.insert(library.end - 1, more);
}

std::string smallest_buffer(const Group& library) {
    std::string best;
    double best_area = 0;
    for (const Group& cell : library.groups) {
        if (cell.name != "cell") continue;
        std::string input, function;
        int32_t pins = 0;
        for (const Group& pin : cell.groups) {
            if (pin.name != "pin") continue;
            ++pins;
            if (pin.attribute("direction") == "input") input = pin.title();
            if (pin.attribute("direction") == "output") function = pin.attribute("function");
        }
        std::erase_if(function, [](char c) { return c == '(' || c == ')' || c == ' '; });
        if (pins != 2 || input.empty() || function != input) continue;
        const double area = std::atof(cell.attribute("area").c_str());
        if (best.empty() || area < best_area) {
            best = cell.title();
            best_area = area;
        }
    }
    return best;
}

}  // namespace arraywright::liberty
