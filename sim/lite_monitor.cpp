// AXI4-Lite protocol rules. SPDX-License-Identifier: Apache-2.0
#include "sim/lite_monitor.hpp"

#include <fmt/format.h>

namespace arraywright::sim {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"s_axil AW", "s_axil W", "s_axil B",
                                                    "s_axil AR", "s_axil R"};

}  // namespace

void LiteMonitor::check_channel(const LiteChannel& now, Channel channel, bool in_reset,
                                uint64_t cycle) {
    LiteChannel& before = previous_[channel];
    if (in_reset) {
        if (reset_cycles_ >= 2 && now.valid) {
            log_.add(cycle, kNames[channel], "valid-in-reset", "valid is high while rst_n is low");
        }
        before = {};
        return;
    }
    if (before.valid && !before.ready) {
        if (!now.valid) {
            log_.add(cycle, kNames[channel], "valid-dropped", "valid fell before ready was seen");
        } else if (before.value != now.value || before.extra != now.extra) {
            log_.add(
                cycle, kNames[channel], "payload-changed",
                fmt::format("{:#x} became {:#x} before ready was seen", before.value, now.value));
        }
    }
    if ((channel == kAw || channel == kAr) && now.valid && now.value % 4 != 0) {
        log_.add(cycle, kNames[channel], "address-unaligned", fmt::format("{:#x}", now.value));
    }
    if ((channel == kB || channel == kR) && now.valid && now.extra == kExclusiveOkay) {
        log_.add(cycle, kNames[channel], "exclusive-okay", "AXI4-Lite has no EXOKAY");
    }
    before = now;
}

void LiteMonitor::check_responses(const LiteSignals& lite, uint64_t cycle) {
    if (lite.b.fires()) {
        if (addresses_ == 0 || data_ == 0) {
            log_.add(cycle, kNames[kB], "response-without-request", "no complete write");
        } else {
            --addresses_;
            --data_;
        }
    }
    if (lite.r.fires()) {
        if (reads_ == 0) {
            log_.add(cycle, kNames[kR], "data-without-request", "no read in flight");
        } else {
            --reads_;
        }
    }
    if (lite.aw.fires()) ++addresses_;
    if (lite.w.fires()) ++data_;
    if (lite.ar.fires()) ++reads_;
}

void LiteMonitor::sample(const LiteSignals& lite, bool in_reset, uint64_t cycle) {
    const bool active =
        lite.aw.valid || lite.w.valid || lite.b.valid || lite.ar.valid || lite.r.valid;
    // Most cycles of a run: the host waits for the interrupt.
    if (!active && !was_active_ && !in_reset) return;
    was_active_ = active;
    reset_cycles_ = in_reset ? reset_cycles_ + 1 : 0;
    // B carries no value: only its response must be stable.
    LiteChannel b = lite.b;
    b.value = 0;
    check_channel(lite.aw, kAw, in_reset, cycle);
    check_channel(lite.w, kW, in_reset, cycle);
    check_channel(b, kB, in_reset, cycle);
    check_channel(lite.ar, kAr, in_reset, cycle);
    check_channel(lite.r, kR, in_reset, cycle);
    if (!in_reset) check_responses(lite, cycle);
}

void LiteMonitor::finish(uint64_t cycle) {
    if (addresses_ != 0 || data_ != 0) {
        log_.add(cycle, kNames[kB], "unfinished-burst", "a write was not answered");
    }
    if (reads_ != 0) log_.add(cycle, kNames[kR], "unfinished-burst", "a read was not answered");
}

}  // namespace arraywright::sim
