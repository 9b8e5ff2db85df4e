// AXI4 protocol rules. SPDX-License-Identifier: Apache-2.0
#include "sim/axi_monitor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace arraywright::sim {
namespace {

bool same_data(const BeatBytes& a, const BeatBytes& b, int32_t bytes) {
    return std::equal(a.begin(), a.begin() + bytes, b.begin());
}

std::string describe(const AddressBeat& beat) {
    return fmt::format("address {:#x}, id {}, {} beats of {} bytes", beat.address, beat.id,
                       beat.beats(), 1 << beat.size);
}

}  // namespace

AxiMonitor::AxiMonitor(const DesignInfo& design, ViolationLog& log) : design_(design), log_(log) {}

void AxiMonitor::fail(std::string_view channel, std::string_view rule, std::string detail) {
    log_.add(cycle_, channel, rule, std::move(detail));
}

void AxiMonitor::check_reset(const AxiSignals& axi) {
    // Synchronous reset: the outputs follow from the second edge on.
    if (++reset_cycles_ < 2) return;
    const auto check = [&](bool valid, std::string_view channel) {
        if (valid) fail(channel, "valid-in-reset", "valid is high while rst_n is low");
    };
    check(axi.ar.valid, "AR");
    check(axi.r.valid, "R");
    check(axi.aw.valid, "AW");
    check(axi.w.valid, "W");
    check(axi.b.valid, "B");
}

void AxiMonitor::check_stability(const AxiSignals& axi) {
    const auto check = [&](const auto& before, const auto& now, std::string_view channel,
                           auto same) {
        if (!before.valid || before.ready) return;
        if (!now.valid) {
            fail(channel, "valid-dropped", "valid fell before ready was seen");
        } else if (!same(before, now)) {
            fail(channel, "payload-changed", "the payload changed before ready was seen");
        }
    };
    const auto same_address = [](const AddressChannel& a, const AddressChannel& b) {
        return a.beat == b.beat;
    };
    check(previous_.ar, axi.ar, "AR", same_address);
    check(previous_.aw, axi.aw, "AW", same_address);
    check(previous_.w, axi.w, "W", [&](const WriteChannel& a, const WriteChannel& b) {
        return a.last == b.last && a.strobe == b.strobe &&
               same_data(a.data, b.data, design_.bus_bytes());
    });
    check(previous_.r, axi.r, "R", [&](const ReadChannel& a, const ReadChannel& b) {
        return a.last == b.last && a.id == b.id && a.response == b.response &&
               same_data(a.data, b.data, design_.bus_bytes());
    });
    check(previous_.b, axi.b, "B", [](const ResponseChannel& a, const ResponseChannel& b) {
        return a.id == b.id && a.response == b.response;
    });
}

void AxiMonitor::check_address(const AddressBeat& beat, std::string_view channel) {
    const auto bus_bytes = static_cast<uint64_t>(design_.bus_bytes());
    if (beat.burst != 1) {
        fail(channel, "burst-not-incr", fmt::format("burst type {}", beat.burst));
    }
    if ((uint64_t{1} << beat.size) != bus_bytes) {
        fail(channel, "size-not-bus",
             fmt::format("{} bytes a beat on a bus of {}", 1 << beat.size, bus_bytes));
    }
    if (beat.address % bus_bytes != 0) fail(channel, "address-unaligned", describe(beat));
    const uint64_t first = beat.address & ~(bus_bytes - 1);
    const uint64_t last = first + static_cast<uint64_t>(beat.beats()) * bus_bytes - 1;
    if (first / kBurstBoundaryBytes != last / kBurstBoundaryBytes) {
        fail(channel, "burst-crosses-4k", describe(beat));
    }
    const uint64_t top =
        design_.address_bits >= 64 ? ~uint64_t{0} : (uint64_t{1} << design_.address_bits) - 1;
    if (beat.address > top || last > top || last < first) {
        fail(channel, "address-out-of-range", describe(beat));
    }
    // A transaction that may not be modified must not allocate.
    if ((beat.cache & 0b0010) == 0 && (beat.cache & 0b1100) != 0) {
        fail(channel, "cache-illegal", fmt::format("cache {:#06b} is reserved", beat.cache));
    }
}

void AxiMonitor::on_read_address(const AddressBeat& beat) {
    check_address(beat, "AR");
    if (++reads_in_flight_ > design_.outstanding_reads) {
        fail("AR", "outstanding-exceeded",
             fmt::format("{} bursts in flight, allowed {}", reads_in_flight_,
                         design_.outstanding_reads));
    }
    Ring<int32_t, kDepth>& queue = read_beats_left_[beat.id];
    if (!queue.full()) queue.push(beat.beats());
}

void AxiMonitor::on_write_address(const AddressBeat& beat) {
    check_address(beat, "AW");
    if (++writes_in_flight_ > design_.outstanding_writes) {
        fail("AW", "outstanding-exceeded",
             fmt::format("{} bursts in flight, allowed {}", writes_in_flight_,
                         design_.outstanding_writes));
    }
    if (!write_addresses_.full()) write_addresses_.push(beat);
    match_writes();
}

void AxiMonitor::on_write_data(const WriteChannel& w) {
    if (w_beat_ == 0) first_strobe_ = w.strobe;
    ++w_beat_;
    // The burst in progress belongs to the oldest address, if nothing complete waits before it.
    if (!w.last) {
        if (write_lengths_.empty() && !write_addresses_.empty() &&
            w_beat_ >= write_addresses_.front().beats()) {
            fail("W", "wlast-missing",
                 fmt::format("beat {} of a burst of {} without WLAST", w_beat_,
                             write_addresses_.front().beats()));
        } else if (w_beat_ >= 256) {
            fail("W", "wlast-missing", "256 beats without WLAST");
        }
        return;
    }
    if (!write_lengths_.full()) {
        write_lengths_.push(w_beat_);
        first_strobes_.push(first_strobe_);
    }
    w_beat_ = 0;
    match_writes();
}

void AxiMonitor::match_writes() {
    while (!write_addresses_.empty() && !write_lengths_.empty()) {
        const AddressBeat& beat = write_addresses_.front();
        const int32_t length = write_lengths_.front();
        if (length != beat.beats()) {
            fail("W", length < beat.beats() ? "wlast-early" : "wlast-missing",
                 fmt::format("{} beats of data for {}", length, describe(beat)));
        }
        const auto skipped =
            static_cast<int32_t>(beat.address % static_cast<uint64_t>(design_.bus_bytes()));
        if ((first_strobes_.front() & (full_strobe(skipped))) != 0) {
            fail("W", "strobe-before-address",
                 fmt::format("strobe {:#x} enables bytes below {:#x}", first_strobes_.front(),
                             beat.address));
        }
        ++responses_due_[beat.id];
        write_addresses_.pop();
        write_lengths_.pop();
        first_strobes_.pop();
    }
}

void AxiMonitor::on_read_data(const ReadChannel& r) {
    if (r.response == kExclusiveOkay) fail("R", "exclusive-okay", "EXOKAY without exclusive read");
    Ring<int32_t, kDepth>& queue = read_beats_left_[r.id];
    if (queue.empty()) {
        fail("R", "data-without-request", fmt::format("id {} has no burst in flight", r.id));
        return;
    }
    const int32_t left = --queue.front();
    if (r.last != (left == 0)) {
        fail("R", "rlast-wrong",
             fmt::format("RLAST is {} with {} beats to come", r.last ? 1 : 0, left));
    }
    if (left == 0 || r.last) {
        queue.pop();
        --reads_in_flight_;
    }
}

void AxiMonitor::on_response(const ResponseChannel& b) {
    if (b.response == kExclusiveOkay) fail("B", "exclusive-okay", "EXOKAY without exclusive write");
    if (responses_due_[b.id] == 0) {
        fail("B", "response-without-request", fmt::format("id {} has no complete write", b.id));
        return;
    }
    --responses_due_[b.id];
    --writes_in_flight_;
}

void AxiMonitor::sample(const AxiSignals& axi, bool in_reset, uint64_t cycle) {
    cycle_ = cycle;
    if (in_reset) {
        check_reset(axi);
        any_stalled_ = false;
        return;
    }
    reset_cycles_ = 0;
    if (any_stalled_) check_stability(axi);
    // Responses first: one that answers a request of this very cycle came too early.
    if (axi.r.fires()) on_read_data(axi.r);
    if (axi.b.fires()) on_response(axi.b);
    if (axi.ar.fires()) on_read_address(axi.ar.beat);
    if (axi.aw.fires()) on_write_address(axi.aw.beat);
    if (axi.w.fires()) on_write_data(axi.w);
    any_stalled_ = (axi.ar.valid && !axi.ar.ready) || (axi.aw.valid && !axi.aw.ready) ||
                   (axi.w.valid && !axi.w.ready) || (axi.r.valid && !axi.r.ready) ||
                   (axi.b.valid && !axi.b.ready);
    if (any_stalled_) previous_ = axi;
}

void AxiMonitor::finish(uint64_t cycle) {
    cycle_ = cycle;
    if (reads_in_flight_ != 0) {
        fail("R", "unfinished-burst", fmt::format("{} reads not answered", reads_in_flight_));
    }
    if (writes_in_flight_ != 0 || w_beat_ != 0 || !write_lengths_.empty()) {
        fail("W", "unfinished-burst",
             fmt::format("{} writes not answered, {} data bursts without address",
                         writes_in_flight_, write_lengths_.size() + (w_beat_ != 0 ? 1 : 0)));
    }
}

}  // namespace arraywright::sim
