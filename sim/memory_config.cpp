// Parser of --memory. SPDX-License-Identifier: Apache-2.0
#include "sim/memory_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace arraywright::sim {
namespace {

struct Key {
    std::string_view name;
    double minimum;
    double maximum;
    bool integer;
    void (*assign)(MemoryConfig&, double);
};

constexpr double kMaxStall = 0.95;
constexpr double kMinBandwidth = 0.001;
constexpr double kMaxSeed = 9007199254740991.0;  // 2^53 - 1: exact as a double

constexpr std::array<Key, 7> kKeys = {{
    {"latency", 1, 100000, true,
     [](MemoryConfig& c, double v) { c.latency_cycles = static_cast<int32_t>(v); }},
    {"write_latency", 1, 100000, true,
     [](MemoryConfig& c, double v) { c.write_latency_cycles = static_cast<int32_t>(v); }},
    {"stall", 0, kMaxStall, false, [](MemoryConfig& c, double v) { c.stall = v; }},
    {"bandwidth", kMinBandwidth, 1, false, [](MemoryConfig& c, double v) { c.bandwidth = v; }},
    {"gap", 0, 100000, true,
     [](MemoryConfig& c, double v) { c.gap_cycles = static_cast<int32_t>(v); }},
    {"reorder", 0, 1, true, [](MemoryConfig& c, double v) { c.reorder = v != 0; }},
    {"seed", 0, kMaxSeed, true,
     [](MemoryConfig& c, double v) { c.seed = static_cast<uint64_t>(v); }},
}};

std::string allowed_keys() {
    std::vector<std::string_view> names;
    for (const Key& key : kKeys) names.push_back(key.name);
    return fmt::format("{}", fmt::join(names, ", "));
}

/// Assigns one `key=value`; returns an error message or an empty string.
std::string assign(MemoryConfig& config, std::string_view item) {
    const size_t equals = item.find('=');
    const std::string_view name = item.substr(0, equals);
    const auto key = std::find_if(kKeys.begin(), kKeys.end(),
                                  [&](const Key& entry) { return entry.name == name; });
    if (key == kKeys.end()) {
        return fmt::format("unknown key '{}'; allowed keys: {}", name, allowed_keys());
    }
    if (equals == std::string_view::npos) {
        return fmt::format("'{0}' has no value; write {0}=NUMBER", name);
    }
    const std::string_view text = item.substr(equals + 1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_number = error == std::errc{} && end == text.data() + text.size();
    const bool in_range = is_number && value >= key->minimum && value <= key->maximum;
    const bool kind_ok =
        in_range && (!key->integer || value == static_cast<double>(static_cast<int64_t>(value)));
    if (!kind_ok) {
        return fmt::format("{} is '{}'; allowed: {} from {} to {}", name, text,
                           key->integer ? "an integer" : "a number", key->minimum, key->maximum);
    }
    key->assign(config, value);
    return {};
}

}  // namespace

std::string MemoryConfig::to_string() const {
    return fmt::format("latency={},write_latency={},stall={},bandwidth={},reorder={},seed={}{}",
                       latency_cycles, write_latency_cycles, stall, bandwidth, reorder ? 1 : 0,
                       seed, gap_cycles > 0 ? fmt::format(",gap={}", gap_cycles) : "");
}

std::variant<MemoryConfig, std::string> parse_memory_config(std::string_view text) {
    MemoryConfig config;
    std::vector<std::string_view> seen;
    for (size_t begin = 0; begin <= text.size();) {
        const size_t comma = std::min(text.find(',', begin), text.size());
        const std::string_view item = text.substr(begin, comma - begin);
        const std::string_view name = item.substr(0, item.find('='));
        if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
            return fmt::format("'{}' is given twice", name);
        }
        seen.push_back(name);
        if (std::string error = assign(config, item); !error.empty()) return error;
        begin = comma + 1;
    }
    return config;
}

}  // namespace arraywright::sim
