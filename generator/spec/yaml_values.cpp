// Single YAML values as typed C++ values, with the diagnostics that a person needs.
// SPDX-License-Identifier: Apache-2.0
#include "generator/spec/yaml_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "generator/spec/source_text.hpp"

namespace arraywright::spec {
namespace {

bool all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view without_sign(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    return text;
}

Diagnostic& wrong_type(const YamlNode& node, const std::string& name, std::string_view wanted,
                       Diagnostics& diagnostics) {
    return diagnostics.error(
        DiagnosticId::kWrongType, node.location,
        fmt::format("'{}' must be {}, found {}", name, wanted, describe(node)));
}

/// Reports anything but a scalar without quotes. `is_value`: the text inside the quotes would do.
bool is_plain_scalar(const YamlNode& node, const std::string& name, std::string_view wanted,
                     bool is_value, Diagnostics& diagnostics) {
    if (node.kind == YamlNode::Kind::kRefused) return false;
    if (node.kind == YamlNode::Kind::kScalar && node.is_plain) return true;
    Diagnostic& error = wrong_type(node, name, wanted, diagnostics);
    if (node.kind == YamlNode::Kind::kScalar && is_value) {
        error.notes.push_back({{}, fmt::format("write {} without quotes", printable(node.text))});
    }
    return false;
}

/// The value that a number in another notation seems to mean; empty if it is no number.
std::optional<int64_t> intended_integer(std::string_view text) {
    const bool is_negative = text.starts_with('-');
    text = without_sign(text);
    int base = 10;
    if (text.starts_with("0x") || text.starts_with("0X")) base = 16;
    if (text.starts_with("0o") || text.starts_with("0O")) base = 8;
    if (text.starts_with("0b") || text.starts_with("0B")) base = 2;
    if (base != 10) text.remove_prefix(2);
    std::string digits(text.substr(0, base == 10 ? text.find('.') : text.size()));
    const bool is_whole =
        digits.size() == text.size() ||
        text.substr(digits.size() + 1).find_first_not_of('0') == std::string_view::npos;
    std::erase(digits, '_');
    int64_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    const bool is_number = error == std::errc() && end == digits.data() + digits.size();
    if (!is_number || !is_whole) return std::nullopt;
    return is_negative ? -value : value;
}

void report_not_decimal(const YamlNode& node, const std::string& name, Diagnostics& diagnostics) {
    const std::string_view text = node.text;
    const std::string_view digits = without_sign(text);
    if (digits.empty() || digits.find_first_of("0123456789") != 0) {
        wrong_type(node, name, "an integer", diagnostics);
        return;
    }
    Diagnostic& error = diagnostics.error(
        DiagnosticId::kBadValue, node.location,
        fmt::format("'{}' is {}, which is not a plain decimal integer", name, quoted(text)));
    const std::optional<int64_t> intended = intended_integer(text);
    const bool is_octal_trap = all_digits(digits) && digits.size() > 1 && digits[0] == '0';
    if (intended && is_octal_trap) {
        error.notes.push_back({{},
                               fmt::format("write {}: some YAML readers take a leading zero "
                                           "for octal",
                                           *intended)});
    } else if (intended) {
        error.notes.push_back({{}, fmt::format("write {}", *intended)});
    }
}

void report_range(const YamlNode& node, const std::string& name, const IntegerRule& rule,
                  std::optional<int64_t> value, Diagnostics& diagnostics) {
    Diagnostic& error =
        diagnostics.error(DiagnosticId::kOutOfRange, node.location,
                          fmt::format("'{}' is {}, allowed: {}", name,
                                      printable(node.text.substr(0, 24)), allowed_values(rule)));
    if (!value || rule.allowed.empty()) return;
    const auto above = std::upper_bound(rule.allowed.begin(), rule.allowed.end(), *value);
    if (above != rule.allowed.begin() && above != rule.allowed.end()) {
        error.notes.push_back({{}, fmt::format("the nearest are {} and {}", *(above - 1), *above)});
    }
}

}  // namespace

std::string allowed_values(const IntegerRule& rule) {
    if (rule.allowed.empty()) return fmt::format("{} to {}", rule.min, rule.max);
    return fmt::format("{}", fmt::join(rule.allowed, ", "));
}

std::optional<int64_t> read_integer(const YamlNode& node, const std::string& name,
                                    const IntegerRule& rule, Diagnostics& diagnostics) {
    const bool could_be = all_digits(without_sign(node.text));
    if (!is_plain_scalar(node, name, "an integer", could_be, diagnostics)) return std::nullopt;
    const std::string_view text = node.text;
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    const bool has_leading_zero = digits.size() > 1 && digits[0] == '0';
    if (!all_digits(digits) || has_leading_zero || text == "-0") {
        report_not_decimal(node, name, diagnostics);
        return std::nullopt;
    }
    int64_t value = 0;
    const bool fits =
        std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
    const bool is_allowed = rule.allowed.empty()
                                ? value >= rule.min && value <= rule.max
                                : std::count(rule.allowed.begin(), rule.allowed.end(), value) > 0;
    if (fits && is_allowed) return value;
    report_range(node, name, rule, fits ? std::optional(value) : std::nullopt, diagnostics);
    return std::nullopt;
}

std::optional<bool> read_boolean(const YamlNode& node, const std::string& name,
                                 Diagnostics& diagnostics) {
    const bool could_be = node.text == "true" || node.text == "false";
    if (!is_plain_scalar(node, name, "true or false", could_be, diagnostics)) return std::nullopt;
    if (could_be) return node.text == "true";
    std::string folded = node.text;
    std::transform(folded.begin(), folded.end(), folded.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const std::vector<std::string> meant_true = {"true", "yes", "on", "y", "1"};
    const std::vector<std::string> meant_false = {"false", "no", "off", "n", "0"};
    const auto is_in = [&](const std::vector<std::string>& words) {
        return std::count(words.begin(), words.end(), folded) > 0;
    };
    Diagnostic& error =
        diagnostics.error(DiagnosticId::kBadValue, node.location,
                          fmt::format("'{}' is {}, allowed: true, false", name, quoted(node.text)));
    if (is_in(meant_true)) error.notes.push_back({{}, "write true"});
    if (is_in(meant_false)) error.notes.push_back({{}, "write false"});
    return std::nullopt;
}

std::optional<double> read_real(const YamlNode& node, const std::string& name, double min,
                                double max, Diagnostics& diagnostics) {
    if (!is_plain_scalar(node, name, "a number", false, diagnostics)) return std::nullopt;
    double value = 0;
    const std::string& text = node.text;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    const bool is_number = error == std::errc() && end == text.data() + text.size() &&
                           text.find_first_not_of("-.0123456789") == std::string::npos;
    if (!is_number) {
        wrong_type(node, name, "a decimal number such as 0.25", diagnostics);
        return std::nullopt;
    }
    if (value >= min && value <= max) return value;
    diagnostics.error(
        DiagnosticId::kOutOfRange, node.location,
        fmt::format("'{}' is {}, allowed: {} to {}", name, text.substr(0, 24), min, max));
    return std::nullopt;
}

std::optional<std::string> read_text(const YamlNode& node, const std::string& name,
                                     const std::string& wanted, Diagnostics& diagnostics) {
    if (node.kind == YamlNode::Kind::kScalar) return node.text;
    if (node.kind != YamlNode::Kind::kRefused) wrong_type(node, name, wanted, diagnostics);
    return std::nullopt;
}

std::optional<size_t> read_word(const YamlNode& node, const std::string& name,
                                const std::vector<std::string>& words, Diagnostics& diagnostics) {
    const std::string wanted = "one of: " + join(words);
    const std::optional<std::string> text = read_text(node, name, wanted, diagnostics);
    if (!text) return std::nullopt;
    const auto found = std::find(words.begin(), words.end(), *text);
    if (found != words.end()) return static_cast<size_t>(found - words.begin());
    diagnostics
        .error(DiagnosticId::kBadValue, node.location,
               fmt::format("'{}' cannot be {}", name, quoted(*text)))
        .notes.push_back({{}, suggestion(*text, "allowed values", words)});
    return std::nullopt;
}

}  // namespace arraywright::spec
