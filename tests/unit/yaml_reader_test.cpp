// YAML trees and positions. SPDX-License-Identifier: Apache-2.0
#include "generator/spec/yaml_reader.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "generator/spec/source_text.hpp"
#include "generator/spec/suggest.hpp"
#include "generator/spec/yaml_values.hpp"

namespace {

using namespace arraywright::spec;
using Kind = YamlNode::Kind;

YamlNode parsed(const std::string& text) {
    Diagnostics diagnostics("test.yaml", text);
    auto root = read_yaml(text, diagnostics);
    CAPTURE(diagnostics.render());
    REQUIRE(root.has_value());
    REQUIRE_FALSE(diagnostics.has_errors());
    return *root;
}

std::string error_of(const std::string& text) {
    Diagnostics diagnostics("t", text);
    read_yaml(text, diagnostics);
    REQUIRE(diagnostics.has_errors());
    return std::string(text_id(diagnostics.errors().front().id));
}

YamlNode scalar(const std::string& text) {
    return parsed("key: " + text).entries.at(0).value;
}

std::string integer_error(const std::string& text) {
    Diagnostics diagnostics("t", text);
    const auto value = read_integer(scalar(text), "key", {-10, 1000}, diagnostics);
    if (value) return std::to_string(*value);
    return std::string(text_id(diagnostics.errors().at(0).id));
}

}  // namespace

TEST_CASE("yaml: positions are 1-based, in characters, through every line end", "[spec][yaml]") {
    for (const std::string end : {"\n", "\r\n"}) {
        const YamlNode root = parsed("a: 1" + end + "bé:" + end + "  - {c: é, d: 2}" + end);
        REQUIRE(root.kind == Kind::kMapping);
        CHECK(root.entries[0].location.line == 1);
        CHECK(root.entries[0].location.column == 1);
        CHECK(root.entries[0].value.location.column == 4);
        CHECK(root.entries[1].location.line == 2);
        const YamlNode& item = root.entries[1].value.items.at(0);
        CHECK(item.location.line == 3);
        CHECK(item.location.column == 5);
        CHECK(item.entries[1].location.column == 12);
        CHECK(item.entries[1].value.location.column == 15);
    }
}

TEST_CASE("yaml: scalars stay text and remember their quotes", "[spec][yaml]") {
    const YamlNode root = parsed("[010, yes, '3', \"x\\ty\", ~, null, '', 1:2]");
    REQUIRE(root.items.size() == 8);
    CHECK(root.items[0].text == "010");
    CHECK(root.items[1].text == "yes");
    CHECK(root.items[1].is_plain);
    CHECK_FALSE(root.items[2].is_plain);
    CHECK(root.items[3].text == "x\ty");
    CHECK(root.items[4].kind == Kind::kNull);
    CHECK(root.items[5].kind == Kind::kNull);
    CHECK(root.items[6].kind == Kind::kScalar);
    CHECK(root.items[7].text == "1:2");
}

TEST_CASE("yaml: quotes of both kinds may span lines and hold each other", "[spec][yaml]") {
    CHECK(parsed("a: 'it''s'\nb: \"\\\"#\"\n").entries[0].value.text == "it's");
    CHECK(parsed("a: \"one\n  two\"\n").entries[0].value.text == "one two");
    CHECK(parsed("a: x'y\nb: '[,]'\n").entries[0].value.text == "x'y");
    CHECK(error_of("a: \"\\\"") == "syntax");
    CHECK(error_of("a: 'x''") == "syntax");
}

TEST_CASE("yaml: an absent value has the position of its key", "[spec][yaml]") {
    const YamlNode root = parsed("a:\n\n\nb: 2\n");
    CHECK(root.entries[0].value.kind == Kind::kNull);
    CHECK(root.entries[0].value.location.line == 1);
}

TEST_CASE("yaml: of duplicate keys the first is kept", "[spec][yaml]") {
    Diagnostics diagnostics("t", "");
    const auto root = read_yaml("a: 1\nb: 2\na: 3\n", diagnostics);
    REQUIRE(root.has_value());
    CHECK(root->entries.size() == 2);
    CHECK(root->entries[0].value.text == "1");
    REQUIRE(diagnostics.errors().size() == 1);
    CHECK(diagnostics.errors()[0].location.line == 3);
}

TEST_CASE("yaml: what a file may not hold is refused, never thrown", "[spec][yaml][error]") {
    CHECK(error_of("a: &x 1\nb: *x\n") == "unsupported-yaml");
    CHECK(error_of("a: !!binary x\n") == "unsupported-yaml");
    CHECK(error_of("a: 1\n---\nb: 2\n") == "unsupported-yaml");
    CHECK(error_of("%YAML 9.9\n---\na: 1\n") == "syntax");
    CHECK(error_of("a: [1, 2") == "syntax");
    CHECK(error_of("a: \"\\q\"") == "syntax");
    CHECK(error_of("a:\n\t- 1\n") == "syntax");
    CHECK(error_of("# only this\n") == "empty");
    CHECK(error_of(std::string(17, '[') + std::string(17, ']')) == "too-deep");
}

TEST_CASE("yaml: brackets, quotes and commas outside flow lists are not counted", "[spec][yaml]") {
    std::string text = "# it's [{ a comment\na: 1 # \"[\nb: [1] # '\nc: '[' # [\nlist:\n";
    for (int i = 0; i < 2000; ++i) text += "  - 1,2 # ,\n";
    CHECK(parsed(text).entries.at(3).value.items.size() == 2000);
    std::string many = "a: [";
    for (int i = 0; i < 1000; ++i) many += "1, ";
    CHECK(parsed(many + "1]").entries.at(0).value.items.size() == 1001);
    CHECK(error_of(many + "1, 1]") == "too-large");
}

TEST_CASE("yaml: every single-byte change of a spec is read or refused", "[spec][yaml][error]") {
    const std::string spec =
        "name: edge16\narray: {rows: 16, cols: 16}\nlayers:\n  - {a: [1, 2], b: 'x'}\n  - \"y\"\n";
    const std::string replacements("\0\t\n \"'[]{}:,-#&*!|>%@`?~\\\x80\xFF", 27);
    for (size_t at = 0; at <= spec.size(); ++at) {
        for (const char c : replacements) {
            std::string replaced = spec, inserted = spec;
            if (at < spec.size()) replaced[at] = c;
            inserted.insert(at, 1, c);
            for (const std::string& text : {replaced, inserted, spec.substr(0, at)}) {
                Diagnostics diagnostics("t", text);
                const bool is_read = read_yaml(text, diagnostics).has_value();
                CHECK((is_read || diagnostics.has_errors()));
                CHECK(diagnostics.render().size() < 10'000);
            }
        }
    }
}

TEST_CASE("yaml values: integers are plain decimals only", "[spec][yaml]") {
    CHECK(integer_error("7") == "7");
    CHECK(integer_error("0") == "0");
    CHECK(integer_error("-10") == "-10");
    CHECK(integer_error("1000") == "1000");
    CHECK(integer_error("1001") == "out-of-range");
    CHECK(integer_error("9223372036854775808") == "out-of-range");
    CHECK(integer_error("010") == "bad-value");
    CHECK(integer_error("0x10") == "bad-value");
    CHECK(integer_error("1e2") == "bad-value");
    CHECK(integer_error("1_0") == "bad-value");
    CHECK(integer_error("12.") == "bad-value");
    CHECK(integer_error("+7") == "bad-value");
    CHECK(integer_error("'7'") == "wrong-type");
    CHECK(integer_error("yes") == "wrong-type");
}

TEST_CASE("yaml values: only true and false are booleans", "[spec][yaml]") {
    Diagnostics diagnostics("t", "");
    CHECK(read_boolean(scalar("true"), "key", diagnostics) == true);
    CHECK(read_boolean(scalar("false"), "key", diagnostics) == false);
    for (const char* text : {"yes", "on", "True", "1", "'true'", "[]", "~"}) {
        CAPTURE(text);
        CHECK_FALSE(read_boolean(scalar(text), "key", diagnostics).has_value());
    }
    CHECK(diagnostics.errors().size() == 7);
}

TEST_CASE("source text: what cannot be printed is replaced, columns stay", "[spec]") {
    CHECK(excerpt("a\tb\x01\xFFz", 6) == "a b??z\n     ^\n");
    CHECK(excerpt("行 x", 3) == "行 x\n   ^\n");
    CHECK(excerpt("abc", 9) == "abc\n   ^\n");
    CHECK(quoted("a\nb\033[0m") == "'a?b?[0m'");
    CHECK(quoted(std::string(50, 'x')) == "'" + std::string(40, 'x') + "...'");
    CHECK(utf8_length("\xED\xA0\x80") == 0);      // a surrogate
    CHECK(utf8_length("\xC0\x80") == 0);          // overlong
    CHECK(utf8_length("\xF4\x90\x80\x80") == 0);  // above U+10FFFF
    CHECK(utf8_length("\xF0\x9F\x98\x80") == 4);
}

TEST_CASE("suggest: slips are recognised, other words are not", "[spec]") {
    const std::vector<std::string> words = {"rows", "cols", "dataflow", "k"};
    CHECK(nearest("rwos", words) == "rows");
    CHECK(nearest("colls", words) == "cols");
    CHECK(nearest("data-flow", words) == "dataflow");
    CHECK(nearest("Rows", words) == "rows");
    CHECK(nearest("x", words).empty());
    CHECK(nearest("banana", words).empty());
    CHECK(nearest(std::string(100'000, 'r'), words).empty());
}
