// Bursts on the read channel. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/read_channel.hpp"

#include <algorithm>

namespace arraywright::estimate {

void ReadChannel::request(Cycle now, BeatSink& sink, const Burst& burst, int32_t command) {
    requests_.push_back({&sink, burst, command, now + latency_});
    address_free_ = now + 1;
}

Cycle ReadChannel::ready() const {
    if (requests_.empty()) return kNever;
    const Request& request = requests_.front();
    const Cycle free = request.sink->free();
    if (free == kNever) return kNever;
    return bandwidth_.next(std::max({request.due, data_free_, free}));
}

void ReadChannel::act(Cycle now, Cycle) {
    Request& request = requests_.front();
    const Burst burst = request.burst;
    const bool whole = request.sink->takes_whole(request.command, now);
    Cycle valid = now;
    do {
        bandwidth_.use(valid);
        data_free_ = request.sink->take(valid, burst, next_beat_, request.command) + 1;
        valid = bandwidth_.next(data_free_);
        ++beats_;
    } while (++next_beat_ < burst.beats && whole);
    if (next_beat_ == burst.beats) {
        requests_.pop_front();
        next_beat_ = 0;
    }
}

}  // namespace arraywright::estimate
