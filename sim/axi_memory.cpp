// Bus model of the DRAM. SPDX-License-Identifier: Apache-2.0
#include "sim/axi_memory.hpp"

#include <algorithm>
#include <cstring>

namespace arraywright::sim {

uint8_t AxiMemory::List::take(int32_t position) {
    const uint8_t item = items_[position];
    std::memmove(&items_[position], &items_[position + 1],
                 static_cast<size_t>(--count_ - position));
    return item;
}

AxiMemory::AxiMemory(const MemoryConfig& config, int32_t bus_bytes, MemoryPort& port)
    : config_(config),
      bus_bytes_(bus_bytes),
      port_(port),
      stall_(config.stall, mix64(config.seed + 1)),
      bursts_(2 * kDepth) {
    reset();
}

void AxiMemory::reset() {
    for (List* list : {&free_reads_, &free_writes_, &reads_, &addresses_, &filled_, &responses_}) {
        list->clear();
    }
    for (uint8_t i = 0; i < kDepth; ++i) {
        free_reads_.push(i);
        free_writes_.push(static_cast<uint8_t>(kDepth + i));
    }
    collecting_ = -1;
    collected_beats_ = 0;
    outputs_ = {};
    outputs_.r_data = r_data_.data();
}

bool AxiMemory::idle() const {
    return reads_.empty() && addresses_.empty() && filled_.empty() && responses_.empty() &&
           collecting_ < 0 && !outputs_.r_valid && !outputs_.b_valid;
}

uint64_t AxiMemory::base(const Burst& burst) const {
    return burst.beat.address & ~static_cast<uint64_t>(bus_bytes_ - 1);
}

int32_t AxiMemory::burst_bytes(const Burst& burst) const {
    return std::min(burst.beat.beats() * bus_bytes_, kBurstBoundaryBytes);
}

void AxiMemory::accept_read(const AddressBeat& beat, uint64_t cycle) {
    const uint8_t index = free_reads_.take(free_reads_.size() - 1);
    Burst& burst = bursts_[index];
    burst.beat = beat;
    burst.due = cycle + static_cast<uint64_t>(config_.latency_cycles);
    burst.next_beat = 0;
    const auto bytes = static_cast<size_t>(burst_bytes(burst));
    burst.response = port_.read(base(burst), {burst.data.data(), bytes});
    burst.per_beat = burst.response != kOkay;
    if (burst.per_beat) {
        // Only the beats that touch a fault answer with it.
        for (size_t offset = 0; offset < bytes; offset += static_cast<size_t>(bus_bytes_)) {
            const std::span<uint8_t> data(burst.data.data() + offset,
                                          static_cast<size_t>(bus_bytes_));
            burst.responses[offset / static_cast<size_t>(bus_bytes_)] =
                port_.read(base(burst) + offset, data);
        }
    }
    reads_.push(index);
}

void AxiMemory::collect_write(const WriteChannel& w) {
    if (collecting_ < 0) {
        collecting_ = free_writes_.take(free_writes_.size() - 1);
        collected_beats_ = 0;
        bursts_[collecting_].all_enabled = true;
    }
    Burst& burst = bursts_[collecting_];
    const int32_t offset = collected_beats_ * bus_bytes_;
    if (offset < kBurstBoundaryBytes) {
        std::memcpy(&burst.data[offset], w.data.data(), static_cast<size_t>(bus_bytes_));
        if (w.strobe == full_strobe(bus_bytes_)) {
            std::memset(&burst.enables[offset], 0xff, static_cast<size_t>(bus_bytes_));
        } else {
            burst.all_enabled = false;
            for (int32_t i = 0; i < bus_bytes_; ++i) {
                burst.enables[offset + i] = ((w.strobe >> i) & 1) != 0 ? 0xff : 0;
            }
        }
    }
    ++collected_beats_;
    if (w.last) {
        filled_.push(static_cast<uint8_t>(collecting_));
        collecting_ = -1;
    }
}

/// W bursts belong to the AWs in order, whichever of the two comes first.
void AxiMemory::pair_writes(uint64_t cycle) {
    while (!addresses_.empty() && !filled_.empty()) {
        const uint8_t slot = addresses_.take(0);
        const uint8_t index = filled_.take(0);
        bursts_[index].beat = waiting_addresses_[slot];
        bursts_[index].due = cycle + static_cast<uint64_t>(config_.write_latency_cycles);
        responses_.push(index);
    }
}

void AxiMemory::commit(Burst& burst) {
    const auto bytes = static_cast<size_t>(burst_bytes(burst));
    const std::span<const uint8_t> enables(burst.enables.data(), burst.all_enabled ? 0 : bytes);
    burst.response = port_.write(base(burst), {burst.data.data(), bytes}, enables);
}

int32_t AxiMemory::choose(const List& list, uint64_t cycle) {
    if (list.empty()) return -1;
    if (!config_.reorder) return bursts_[list[0]].due <= cycle + 1 ? 0 : -1;
    std::array<int32_t, kAxiIds> oldest{};  // per ID, among those that are due
    int32_t count = 0;
    uint32_t ids_seen = 0;
    for (int32_t i = 0; i < list.size(); ++i) {
        const Burst& burst = bursts_[list[i]];
        if (((ids_seen >> burst.beat.id) & 1) != 0) continue;
        ids_seen |= 1U << burst.beat.id;
        if (burst.due <= cycle + 1) oldest[count++] = i;
    }
    if (count <= 1) return count == 0 ? -1 : oldest[0];
    return oldest[stall_.below(static_cast<uint32_t>(count))];
}

void AxiMemory::next_read(const AxiSignals& axi, uint64_t cycle) {
    read_credit_ = std::min(read_credit_ + config_.bandwidth, 1.0 + config_.bandwidth);
    if (outputs_.r_valid && !axi.r.ready) return;
    outputs_.r_valid = false;
    if (read_gap_ > 0) {
        --read_gap_;
        return;
    }
    if (reads_.empty() || read_credit_ < 1.0 || stall_.stalls()) return;
    const int32_t position = choose(reads_, cycle);
    if (position < 0) return;
    const uint8_t index = reads_[position];
    Burst& burst = bursts_[index];
    const int32_t beat = burst.next_beat++;
    // A burst longer than 4 KiB breaks the protocol; the monitor reports it.
    const int32_t offset = beat * bus_bytes_ % kBurstBoundaryBytes;
    std::memcpy(r_data_.data(), &burst.data[offset], static_cast<size_t>(bus_bytes_));
    outputs_.r_valid = true;
    outputs_.r_id = burst.beat.id;
    outputs_.r_last = burst.next_beat == burst.beat.beats();
    outputs_.r_response = burst.per_beat ? burst.responses[offset / bus_bytes_] : kOkay;
    read_credit_ -= 1.0;
    if (!outputs_.r_last) return;
    free_reads_.push(reads_.take(position));
    if (config_.gap_cycles > 0)
        read_gap_ = stall_.below(static_cast<uint32_t>(config_.gap_cycles) + 1);
}

void AxiMemory::next_response(const AxiSignals& axi, uint64_t cycle) {
    if (outputs_.b_valid && !axi.b.ready) return;
    outputs_.b_valid = false;
    if (responses_.empty() || stall_.stalls()) return;
    const int32_t position = choose(responses_, cycle);
    if (position < 0) return;
    const uint8_t index = responses_.take(position);
    commit(bursts_[index]);
    outputs_.b_valid = true;
    outputs_.b_id = bursts_[index].beat.id;
    outputs_.b_response = bursts_[index].response;
    free_writes_.push(index);
}

void AxiMemory::sample(const AxiSignals& axi, uint64_t cycle) {
    if (axi.ar.fires()) accept_read(axi.ar.beat, cycle);
    if (axi.w.fires()) {
        collect_write(axi.w);
        write_credit_ -= 1.0;
    }
    if (axi.aw.fires()) {
        const uint8_t slot = next_address_;
        next_address_ = static_cast<uint8_t>((slot + 1) % kDepth);
        waiting_addresses_[slot] = axi.aw.beat;
        addresses_.push(slot);
    }
    if (axi.aw.fires() || axi.w.fires()) pair_writes(cycle);
    next_read(axi, cycle);
    next_response(axi, cycle);
    write_credit_ = std::min(write_credit_ + config_.bandwidth, 1.0 + config_.bandwidth);
    outputs_.ar_ready = !free_reads_.empty() && !stall_.stalls();
    outputs_.aw_ready = addresses_.size() < kDepth && !stall_.stalls();
    // A burst in collection keeps its slot, so a free one is needed only to begin another.
    outputs_.w_ready =
        (collecting_ >= 0 || !free_writes_.empty()) && write_credit_ >= 1.0 && !stall_.stalls();
}

}  // namespace arraywright::sim
