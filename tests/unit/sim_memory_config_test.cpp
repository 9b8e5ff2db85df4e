// Parsing of --memory. SPDX-License-Identifier: Apache-2.0
#include "sim/memory_config.hpp"

#include <catch2/catch.hpp>

using namespace arraywright::sim;

namespace {

std::string error_of(std::string_view text) {
    const auto parsed = parse_memory_config(text);
    const std::string* error = std::get_if<std::string>(&parsed);
    return error == nullptr ? "" : *error;
}

}  // namespace

TEST_CASE("memory config: every key is taken, the others keep their default", "[sim]") {
    const auto parsed = parse_memory_config("latency=100,stall=0.25,bandwidth=0.5,reorder=1");
    const MemoryConfig& config = std::get<MemoryConfig>(parsed);
    REQUIRE(config.latency_cycles == 100);
    REQUIRE(config.write_latency_cycles == 1);
    REQUIRE(config.stall == 0.25);
    REQUIRE(config.bandwidth == 0.5);
    REQUIRE(config.reorder);
    REQUIRE(config.seed == 1);
}

TEST_CASE("memory config: its text parses back to itself", "[sim]") {
    MemoryConfig config;
    config.write_latency_cycles = 7;
    config.stall = 0.125;
    config.gap_cycles = 12;
    config.seed = 99;
    const auto parsed = parse_memory_config(config.to_string());
    REQUIRE(std::get<MemoryConfig>(parsed).to_string() == config.to_string());
}

TEST_CASE("memory config: errors name the key, the value and the range", "[sim][error]") {
    const std::string keys =
        "allowed keys: latency, write_latency, stall, bandwidth, gap, reorder, seed";
    REQUIRE(error_of("latncy=3") == "unknown key 'latncy'; " + keys);
    REQUIRE(error_of("") == "unknown key ''; " + keys);
    REQUIRE(error_of("latency=3,") == "unknown key ''; " + keys);
    REQUIRE(error_of("latency") == "'latency' has no value; write latency=NUMBER");
    REQUIRE(error_of("latency=3,latency=4") == "'latency' is given twice");
    REQUIRE(error_of("latency=0") == "latency is '0'; allowed: an integer from 1 to 100000");
    REQUIRE(error_of("latency=2.5") == "latency is '2.5'; allowed: an integer from 1 to 100000");
    REQUIRE(error_of("latency=2x") == "latency is '2x'; allowed: an integer from 1 to 100000");
    REQUIRE(error_of("stall=1") == "stall is '1'; allowed: a number from 0 to 0.95");
    REQUIRE(error_of("stall=nan") == "stall is 'nan'; allowed: a number from 0 to 0.95");
    REQUIRE(error_of("bandwidth=0") == "bandwidth is '0'; allowed: a number from 0.001 to 1");
    REQUIRE(error_of("gap=-1") == "gap is '-1'; allowed: an integer from 0 to 100000");
    REQUIRE(error_of("reorder=2") == "reorder is '2'; allowed: an integer from 0 to 1");
}
