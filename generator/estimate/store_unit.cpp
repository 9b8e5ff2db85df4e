// Store unit. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/store_unit.hpp"

#include <algorithm>

namespace arraywright::estimate {

StoreUnit::StoreUnit(Run& run, const MemoryTiming& memory)
    : run_(run),
      write_latency_(memory.write_latency_cycles),
      bandwidth_(memory.bandwidth),
      readers_(run.plan.outstanding),
      answers_(run.plan.outstanding),
      beats_(kStoreFifo) {}

Cycle StoreUnit::ready() const {
    if (burst_) return std::max({burst_valid_, readers_.available(), answers_.available()});
    const Cycle head = run_.head_ready(isa::Unit::kStore);
    return head == kNever ? kNever : std::max(head, start_free_);
}

void StoreUnit::act(Cycle now, Cycle) {
    if (burst_) {
        send_address(now);
    } else {
        start(now);
    }
}

void StoreUnit::start(Cycle now) {
    run_.start_head(isa::Unit::kStore);
    const auto command = static_cast<size_t>(run_.queue(isa::Unit::kStore).head());
    walk_.emplace(read_transfer(run_.commands[command]), run_.plan);
    burst_ = walk_->next();
    burst_valid_ = now + kStartToBurst;
}

void StoreUnit::send_address(Cycle now) {
    const int32_t command = run_.queue(isa::Unit::kStore).head();
    readers_.use();
    answers_.use();
    readings_.push_back({*burst_, command, now + kAddressToRead});
    run_.layer_of(command).write_bytes += int64_t{burst_->beats} * run_.plan.bus_bytes;
    burst_ = walk_->next();
    burst_valid_ = now + 1;
    if (!burst_) {
        start_free_ = now + kBurstToNextStart;
        run_.queue(isa::Unit::kStore).pop(start_free_ - kVisible);
    }
}

Cycle StoreUnit::requested() const {
    if (readings_.empty()) return kNever;
    return std::max({readings_.front().from, read_free_, beats_.available()});
}

Banks StoreUnit::banks() const {
    const int64_t bus = run_.plan.bus_bytes;
    return run_.activation.of_byte((readings_.front().burst.buffer / bus + beat_) * bus);
}

Banks StoreUnit::groups() const {
    if (readings_.empty()) return 0;
    const Burst& burst = readings_.front().burst;
    return run_.activation.groups(burst.buffer, burst.buffer + burst.bytes - 1);
}

/// A beat is read and goes to the write channel.
bool StoreUnit::granted(Cycle now) {
    beats_.use();
    const Cycle write = bandwidth_.next(std::max(now + kReadToWrite, write_free_));
    bandwidth_.use(write);
    beats_.release(write + kVisible);
    read_free_ = now + 1;
    write_free_ = write + 1;
    if (++beat_ < readings_.front().burst.beats) return false;
    end_burst(readings_.front(), now, write);
    readings_.pop_front();
    beat_ = 0;
    return true;
}

void StoreUnit::end_burst(const Reading& reading, Cycle read, Cycle written) {
    readers_.release(read + kVisible);
    const Cycle answer = std::max(written + write_latency_, answer_free_);
    answer_free_ = answer + 1;
    answers_.release(answer + kVisible);
    LayerTrace& layer = run_.layer_of(reading.command);
    layer.last_store = std::max(layer.last_store, written);
    run_.busy_until(isa::Unit::kStore, answer + kVisible);
    if (reading.burst.last) run_.complete(isa::Unit::kStore, reading.command, answer);
}

}  // namespace arraywright::estimate
