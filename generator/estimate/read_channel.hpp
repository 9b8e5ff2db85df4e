// The AXI read channel and the memory behind it: bursts are answered in the order of their
// addresses, a beat a cycle (aw_axi_read, sim/axi_memory). SPDX-License-Identifier: Apache-2.0
#pragma once

#include "generator/estimate/actor.hpp"
#include "generator/estimate/work.hpp"

namespace arraywright::estimate {

/// Who asked for a burst and takes its beats.
class BeatSink {
public:
    virtual ~BeatSink() = default;
    /// A beat that is valid from `valid` on; returns the cycle in which it is taken.
    /// Whether all beats of a burst that begins now can be taken at once: nobody else decides
    /// when.
    virtual bool takes_whole(int32_t command, Cycle now) const = 0;
    /// First cycle in which it can take a beat, kNever as far as known.
    virtual Cycle free() const = 0;
    virtual Cycle take(Cycle valid, const Burst& burst, int32_t beat, int32_t command) = 0;
};

class ReadChannel : public Actor {
public:
    explicit ReadChannel(const MemoryTiming& memory)
        : latency_(memory.latency_cycles), bandwidth_(memory.bandwidth) {}
    /// First cycle in which an address can be sent.
    Cycle address_free() const { return address_free_; }
    void request(Cycle now, BeatSink& sink, const Burst& burst, int32_t command);

    Cycle ready() const override;
    void act(Cycle now, Cycle horizon) override;
    int64_t beats() const { return beats_; }

private:
    struct Request {
        BeatSink* sink;
        Burst burst;
        int32_t command;
        Cycle due;
    };
    Cycle latency_;
    Bandwidth bandwidth_;
    std::deque<Request> requests_;
    int32_t next_beat_ = 0;  ///< of the first request
    Cycle address_free_ = 0;
    Cycle data_free_ = 0;
    int64_t beats_ = 0;
};

}  // namespace arraywright::estimate
