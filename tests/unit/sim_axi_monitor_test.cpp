// Each AXI4 rule, broken on purpose. SPDX-License-Identifier: Apache-2.0
#include "sim/axi_monitor.hpp"

#include <catch2/catch.hpp>

using namespace arraywright::sim;

namespace {

/// Drives the monitor of a 64-bit bus with 32-bit addresses by hand.
struct Bench {
    ViolationLog log;
    DesignInfo design;
    AxiMonitor monitor;
    AxiSignals axi;
    uint64_t cycle = 100;

    static DesignInfo small_design() {
        DesignInfo design;
        design.data_bits = 64;
        design.outstanding_reads = 2;
        design.outstanding_writes = 2;
        return design;
    }
    Bench() : design(small_design()), monitor(design, log) {}

    void step(bool in_reset = false) {
        monitor.sample(axi, in_reset, cycle++);
        axi = {};
    }
    static AddressBeat beat(uint64_t address, int32_t beats, uint8_t id = 0) {
        return {address, id, static_cast<uint8_t>(beats - 1), 3, 1, 0b0011, 0};
    }
    void ar(const AddressBeat& b, bool ready = true) { axi.ar = {true, ready, b}; }
    void aw(const AddressBeat& b, bool ready = true) { axi.aw = {true, ready, b}; }
    void w(bool last, uint64_t strobe = 0xff, bool ready = true) {
        axi.w.valid = true;
        axi.w.ready = ready;
        axi.w.last = last;
        axi.w.strobe = strobe;
    }
    void r(uint8_t id, bool last, uint8_t response = kOkay, bool ready = true) {
        axi.r.valid = true;
        axi.r.ready = ready;
        axi.r.id = id;
        axi.r.last = last;
        axi.r.response = response;
    }
    void b(uint8_t id, uint8_t response = kOkay, bool ready = true) {
        axi.b = {true, ready, id, response};
    }
    /// "AR burst-crosses-4k" of the only violation, "" for none, "many" for several.
    std::string found() const {
        if (log.empty()) return "";
        if (log.violations().size() > 1) return "many";
        const Violation& violation = log.violations()[0];
        return std::string(violation.channel) + " " + std::string(violation.rule);
    }
};

}  // namespace

TEST_CASE("axi monitor: legal traffic is silent", "[sim]") {
    Bench bench;
    bench.step(true);
    bench.step(true);
    bench.ar(Bench::beat(0xfc0, 8, 1), false);
    bench.step();
    bench.ar(Bench::beat(0xfc0, 8, 1));
    bench.step();
    bench.ar(Bench::beat(0xfffffff8, 1, 0));
    bench.step();
    for (int i = 0; i < 4; ++i) bench.r(1, false), bench.step();
    bench.r(0, true, kDecodeError), bench.step();  // another ID in between
    for (int i = 4; i < 8; ++i) bench.r(1, i == 7), bench.step();
    bench.w(false, 0x0f), bench.step();  // W before AW
    bench.w(true, 0x00), bench.step();
    bench.aw(Bench::beat(0x40, 2, 3)), bench.step();
    bench.b(3, kSlaveError), bench.step();
    bench.aw(Bench::beat(0x40, 1, 3)), bench.w(true), bench.step();
    bench.b(3, kOkay, false), bench.step();
    bench.b(3), bench.step();
    bench.monitor.finish(bench.cycle);
    REQUIRE(bench.found() == "");
}

TEST_CASE("axi monitor: valid must not fall before ready", "[sim][error]") {
    const auto check = [](auto drive, const std::string& expected) {
        Bench bench;
        drive(bench);
        bench.step();
        bench.step();
        REQUIRE(bench.found() == expected);
        REQUIRE(bench.log.violations()[0].cycle == 101);
    };
    check([](Bench& t) { t.ar(Bench::beat(0, 1), false); }, "AR valid-dropped");
    check([](Bench& t) { t.aw(Bench::beat(0, 1), false); }, "AW valid-dropped");
    check([](Bench& t) { t.w(true, 0xff, false); }, "W valid-dropped");
    check([](Bench& t) { t.r(0, true, kOkay, false); }, "R valid-dropped");
    check([](Bench& t) { t.b(0, kOkay, false); }, "B valid-dropped");
}

TEST_CASE("axi monitor: the payload must not change before ready", "[sim][error]") {
    const auto check = [](auto before, auto after, const std::string& expected) {
        Bench bench;
        before(bench);
        bench.step();
        after(bench);
        bench.step();
        REQUIRE(bench.found() == expected);
    };
    check([](Bench& t) { t.ar(Bench::beat(0, 1), false); },
          [](Bench& t) { t.ar(Bench::beat(8, 1), false); }, "AR payload-changed");
    check([](Bench& t) { t.aw(Bench::beat(0, 1, 1), false); },
          [](Bench& t) { t.aw(Bench::beat(0, 1, 2), false); }, "AW payload-changed");
    check([](Bench& t) { t.w(true, 0xff, false); }, [](Bench& t) { t.w(true, 0x7f, false); },
          "W payload-changed");
    check([](Bench& t) { t.w(true, 0xff, false); },
          [](Bench& t) { t.w(true, 0xff, false), t.axi.w.data[7] = 1; }, "W payload-changed");
    check([](Bench& t) { t.r(0, true, kOkay, false); },
          [](Bench& t) { t.r(0, true, kOkay, false), t.axi.r.data[0] = 1; }, "R payload-changed");
    check([](Bench& t) { t.b(0, kOkay, false); }, [](Bench& t) { t.b(0, kSlaveError, false); },
          "B payload-changed");
}

TEST_CASE("axi monitor: no valid in reset from its second cycle on", "[sim][error]") {
    const auto check = [](auto drive, const std::string& expected) {
        Bench bench;
        drive(bench);
        bench.step(true);
        REQUIRE(bench.found() == "");
        drive(bench);
        bench.step(true);
        REQUIRE(bench.found() == expected);
    };
    check([](Bench& t) { t.ar(Bench::beat(0, 1)); }, "AR valid-in-reset");
    check([](Bench& t) { t.aw(Bench::beat(0, 1)); }, "AW valid-in-reset");
    check([](Bench& t) { t.w(true); }, "W valid-in-reset");
    check([](Bench& t) { t.r(0, true); }, "R valid-in-reset");
    check([](Bench& t) { t.b(0); }, "B valid-in-reset");
}

TEST_CASE("axi monitor: address rules hold on AR and AW", "[sim][error]") {
    const auto check = [](const AddressBeat& beat, const std::string& rule) {
        Bench read;
        read.ar(beat);
        read.step();
        REQUIRE(read.found() == "AR " + rule);
        Bench write;
        write.aw(beat);
        write.step();
        REQUIRE(write.found() == "AW " + rule);
    };
    const auto changed = [](auto change) {
        AddressBeat beat = Bench::beat(0x100, 4);
        change(beat);
        return beat;
    };
    check(Bench::beat(0xfc8, 8), "burst-crosses-4k");
    check(changed([](AddressBeat& b) { b.burst = 0; }), "burst-not-incr");
    check(changed([](AddressBeat& b) { b.burst = 2; }), "burst-not-incr");
    check(changed([](AddressBeat& b) { b.size = 2; }), "size-not-bus");
    check(changed([](AddressBeat& b) { b.address = 0x104; }), "address-unaligned");
    check(changed([](AddressBeat& b) { b.address = 0x100000000; }), "address-out-of-range");
    check(changed([](AddressBeat& b) { b.cache = 0b0100; }), "cache-illegal");
}

TEST_CASE("axi monitor: the number of bursts in flight is limited", "[sim][error]") {
    Bench bench;
    for (uint8_t id = 0; id < 2; ++id) bench.ar(Bench::beat(0, 1, id)), bench.step();
    REQUIRE(bench.found() == "");
    bench.ar(Bench::beat(0, 1, 2)), bench.step();
    REQUIRE(bench.found() == "AR outstanding-exceeded");
    Bench write;
    for (int i = 0; i < 2; ++i) write.aw(Bench::beat(0, 1)), write.w(true), write.step();
    write.b(0), write.step();
    write.aw(Bench::beat(0, 1)), write.step();
    REQUIRE(write.found() == "");
    write.aw(Bench::beat(0, 1)), write.step();
    REQUIRE(write.found() == "AW outstanding-exceeded");
}

TEST_CASE("axi monitor: W beats must match the burst length", "[sim][error]") {
    Bench early;
    early.aw(Bench::beat(0, 3)), early.w(false), early.step();
    early.w(true), early.step();
    REQUIRE(early.found() == "W wlast-early");
    Bench missing;
    missing.aw(Bench::beat(0, 2)), missing.w(false), missing.step();
    REQUIRE(missing.found() == "");
    missing.w(false), missing.step();
    REQUIRE(missing.found() == "W wlast-missing");
    Bench before;  // three beats before an address of two
    before.w(false), before.step();
    before.w(false), before.step();
    before.w(true), before.step();
    before.aw(Bench::beat(0, 2)), before.step();
    REQUIRE(before.found() == "W wlast-missing");
}

TEST_CASE("axi monitor: strobes below an unaligned address are illegal", "[sim][error]") {
    Bench bench;
    bench.aw(Bench::beat(0x104, 1)), bench.w(true, 0xf8), bench.step();
    REQUIRE(bench.log.violations().size() == 2);
    REQUIRE(bench.log.violations()[0].rule == "address-unaligned");
    REQUIRE(bench.log.violations()[1].rule == "strobe-before-address");
    Bench legal;
    legal.aw(Bench::beat(0x104, 1)), legal.w(true, 0xf0), legal.step();
    REQUIRE(legal.found() == "AW address-unaligned");
}

TEST_CASE("axi monitor: read data needs a request and the right RLAST", "[sim][error]") {
    Bench unasked;
    unasked.ar(Bench::beat(0, 2, 1)), unasked.step();
    unasked.r(2, false), unasked.step();
    REQUIRE(unasked.found() == "R data-without-request");
    Bench same_cycle;
    same_cycle.ar(Bench::beat(0, 1)), same_cycle.r(0, true), same_cycle.step();
    REQUIRE(same_cycle.found() == "R data-without-request");
    Bench early;
    early.ar(Bench::beat(0, 2)), early.step();
    early.r(0, true), early.step();
    REQUIRE(early.found() == "R rlast-wrong");
    Bench late;
    late.ar(Bench::beat(0, 1)), late.step();
    late.r(0, false), late.step();
    REQUIRE(late.found() == "R rlast-wrong");
    Bench exclusive;
    exclusive.ar(Bench::beat(0, 1)), exclusive.step();
    exclusive.r(0, true, kExclusiveOkay), exclusive.step();
    REQUIRE(exclusive.found() == "R exclusive-okay");
}

TEST_CASE("axi monitor: B needs a complete write of its ID", "[sim][error]") {
    Bench data_missing;
    data_missing.aw(Bench::beat(0, 1)), data_missing.step();
    data_missing.b(0), data_missing.step();
    REQUIRE(data_missing.found() == "B response-without-request");
    Bench address_missing;
    address_missing.w(true), address_missing.step();
    address_missing.b(0), address_missing.step();
    REQUIRE(address_missing.found() == "B response-without-request");
    Bench wrong_id;
    wrong_id.aw(Bench::beat(0, 1, 1)), wrong_id.w(true), wrong_id.step();
    wrong_id.b(2), wrong_id.step();
    REQUIRE(wrong_id.found() == "B response-without-request");
    Bench exclusive;
    exclusive.aw(Bench::beat(0, 1, 1)), exclusive.w(true), exclusive.step();
    exclusive.b(1, kExclusiveOkay), exclusive.step();
    REQUIRE(exclusive.found() == "B exclusive-okay");
}

TEST_CASE("axi monitor: nothing may be under way at the end of a run", "[sim][error]") {
    Bench read;
    read.ar(Bench::beat(0, 1)), read.step();
    read.monitor.finish(read.cycle);
    REQUIRE(read.found() == "R unfinished-burst");
    Bench write;
    write.aw(Bench::beat(0, 1)), write.w(true), write.step();
    write.monitor.finish(write.cycle);
    REQUIRE(write.found() == "W unfinished-burst");
    Bench stray;
    stray.w(true), stray.step();
    stray.monitor.finish(stray.cycle);
    REQUIRE(stray.found() == "W unfinished-burst");
}

TEST_CASE("axi monitor: a violation reads as cycle, channel, rule and detail", "[sim][error]") {
    Bench bench;
    bench.ar(Bench::beat(0xfc8, 8, 1)), bench.step();
    REQUIRE(bench.log.violations()[0].to_string() ==
            "cycle 100: AR: burst-crosses-4k: address 0xfc8, id 1, 8 beats of 8 bytes");
}
