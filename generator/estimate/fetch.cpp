// Command fetch and dispatch. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/fetch.hpp"

#include <algorithm>

namespace arraywright::estimate {

Fetch::Fetch(const Run& run, ReadChannel& channel, int64_t address)
    : run_(run),
      channel_(channel),
      beats_per_command_(isa::kCommandBytes / run.plan.bus_bytes),
      address_(address),
      left_(static_cast<int64_t>(run.commands.size())),
      room_(run.plan.fetch_depth),
      bursts_(kFetchBursts) {}

/// Commands of the next burst: up to the boundary or the end of the program.
int64_t Fetch::next_burst() const {
    const int64_t to_boundary =
        (kFetchBoundaryBytes - address_ % kFetchBoundaryBytes) / isa::kCommandBytes;
    return std::min(left_, to_boundary);
}

/// First cycle without a load command and without a burst of commands in flight.
Cycle Fetch::no_load() const {
    if (in_flight_ > 0) return kNever;
    const UnitQueue& loads = run_.queue(isa::Unit::kLoad);
    const Cycle from = std::max(flight_over_, loads.empty_from());
    return loads.empty() || loads.head_visible() > from ? from : kNever;
}

/// At the start of a program the first loads come before more commands.
Cycle Fetch::released() const {
    size_t wanted = 0;
    if (offered_ == 1 && beats_per_command_ > kNarrowBeats) wanted = kSecondLoads;
    if (offered_ == 2) wanted = kThirdLoads;
    if (offered_ > 2) wanted = kLaterLoads;
    if (wanted == 0) return 0;
    Cycle when = no_load();
    if (run_.loads_taken.size() >= wanted) when = std::min(when, run_.loads_taken[wanted - 1]);
    if (run_.load_bursts.size() >= kLoadBursts) when = std::min(when, run_.load_bursts.back());
    return when;
}

Cycle Fetch::ready() const {
    if (left_ == 0) return kNever;
    const Cycle places = std::max({room_.available(next_burst()), bursts_.available(), released()});
    if (places == kNever) return kNever;
    return std::max(std::max(offer_, places) + kOfferToAddress, channel_.address_free());
}

void Fetch::act(Cycle now, Cycle) {
    Burst burst;
    const int64_t commands = next_burst();
    burst.beats = static_cast<int32_t>(commands * beats_per_command_);
    channel_.request(now, *this, burst, 0);
    room_.use(commands);
    bursts_.use();
    left_ -= commands;
    address_ += commands * isa::kCommandBytes;
    offer_ = now + 1;
    ++offered_;
    ++in_flight_;
}

Cycle Fetch::take(Cycle valid, const Burst& burst, int32_t beat, int32_t) {
    if ((beat + 1) % beats_per_command_ == 0) {
        arrived_.push_back(valid + kVisible + (run_.plan.fetch_in_ram ? kFetchRamCycles : 0));
    }
    if (beat + 1 == burst.beats) {
        bursts_.release(valid + kVisible);
        flight_over_ = valid + kVisible;
        --in_flight_;
    }
    return valid;
}

void Fetch::pop(Cycle now) {
    arrived_.pop_front();
    room_.release(now + kVisible);
    if (run_.plan.fetch_in_ram) joined_ = now + beats_per_command_;
}

Cycle Dispatch::ready() const {
    if (next_ == run_.headers.size()) return kNever;
    if (shown_) return queue().empty() ? queue().empty_from() - kVisible : kNever;
    if (run_.plan.queue_depth == 0)
        return std::max({fetch_.head_visible(), run_.turn(unit()), free_});
    return std::max({fetch_.head_visible(), queue().room(), free_});
}

void Dispatch::act(Cycle now, Cycle) {
    if (shown_) {
        shown_ = false;
        leave(now);
        return;
    }
    ++run_.work[static_cast<size_t>(unit())].open;
    if (run_.plan.queue_depth == 0) {
        queue().show(static_cast<int32_t>(next_), now);
        shown_ = true;
        return;
    }
    queue().push(static_cast<int32_t>(next_), now);
    leave(now);
}

/// The command leaves the fetch FIFO.
void Dispatch::leave(Cycle now) {
    fetch_.pop(now);
    ++next_;
    free_ = now + 1;
}

}  // namespace arraywright::estimate
