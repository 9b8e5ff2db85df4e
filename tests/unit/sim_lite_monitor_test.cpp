// Each AXI4-Lite rule, broken on purpose. SPDX-License-Identifier: Apache-2.0
#include "sim/lite_monitor.hpp"

#include <catch2/catch.hpp>

using namespace arraywright::sim;

namespace {

struct Bench {
    ViolationLog log;
    LiteMonitor monitor{log};
    LiteSignals lite;
    uint64_t cycle = 7;

    void step(bool in_reset = false) {
        monitor.sample(lite, in_reset, cycle++);
        lite = {};
    }
    std::string found() const {
        if (log.empty()) return "";
        if (log.violations().size() > 1) return "many";
        const Violation& violation = log.violations()[0];
        return std::string(violation.channel) + " " + std::string(violation.rule);
    }
};

struct Channel {
    const char* name;
    LiteChannel LiteSignals::*member;
};

constexpr Channel kChannels[] = {{"s_axil AW", &LiteSignals::aw},
                                 {"s_axil W", &LiteSignals::w},
                                 {"s_axil B", &LiteSignals::b},
                                 {"s_axil AR", &LiteSignals::ar},
                                 {"s_axil R", &LiteSignals::r}};

}  // namespace

TEST_CASE("lite monitor: legal accesses are silent", "[sim]") {
    Bench bench;
    bench.lite.w = {true, true, 5, 0xf};
    bench.step();
    bench.lite.aw = {true, false, 0x40, 0};
    bench.step();
    bench.lite.aw = {true, true, 0x40, 0};
    bench.lite.ar = {true, true, 0x44, 0};
    bench.step();
    bench.lite.b = {true, true, 0, kSlaveError};
    bench.lite.r = {true, true, 3, kOkay};
    bench.step();
    bench.step();
    bench.monitor.finish(bench.cycle);
    REQUIRE(bench.found() == "");
}

TEST_CASE("lite monitor: valid and payload are held until ready", "[sim][error]") {
    for (const Channel& channel : kChannels) {
        Bench dropped;
        dropped.lite.*channel.member = {true, false, 0, 0};
        dropped.step();
        dropped.step();
        REQUIRE(dropped.found() == std::string(channel.name) + " valid-dropped");
        REQUIRE(dropped.log.violations()[0].cycle == 8);
        Bench changed;
        changed.lite.*channel.member = {true, false, 0, 0};
        changed.step();
        changed.lite.*channel.member = {true, false, 0, 2};
        changed.step();
        REQUIRE(changed.found() == std::string(channel.name) + " payload-changed");
    }
}

TEST_CASE("lite monitor: no valid in reset from its second cycle on", "[sim][error]") {
    for (const Channel& channel : kChannels) {
        Bench bench;
        for (int i = 0; i < 2; ++i) {
            REQUIRE(bench.found() == "");
            bench.lite.*channel.member = {true, false, 0, 0};
            bench.step(true);
        }
        REQUIRE(bench.found() == std::string(channel.name) + " valid-in-reset");
    }
}

TEST_CASE("lite monitor: addresses are multiples of four, EXOKAY does not exist", "[sim][error]") {
    Bench address;
    address.lite.ar = {true, false, 0x42, 0};
    address.step();
    REQUIRE(address.found() == "s_axil AR address-unaligned");
    Bench exclusive;
    exclusive.lite.b = {true, false, 0, kExclusiveOkay};
    exclusive.step();
    REQUIRE(exclusive.found() == "s_axil B exclusive-okay");
}

TEST_CASE("lite monitor: answers need requests and requests answers", "[sim][error]") {
    Bench write;
    write.lite.aw = {true, true, 0, 0};
    write.step();
    write.lite.b = {true, true, 0, kOkay};
    write.step();
    REQUIRE(write.found() == "s_axil B response-without-request");
    Bench read;
    read.lite.r = {true, true, 0, kOkay};
    read.step();
    REQUIRE(read.found() == "s_axil R data-without-request");
    Bench unanswered;
    unanswered.lite.ar = {true, true, 0, 0};
    unanswered.step();
    unanswered.monitor.finish(unanswered.cycle);
    REQUIRE(unanswered.found() == "s_axil R unfinished-burst");
    Bench half;
    half.lite.w = {true, true, 0, 0xf};
    half.step();
    half.monitor.finish(half.cycle);
    REQUIRE(half.found() == "s_axil B unfinished-burst");
}
