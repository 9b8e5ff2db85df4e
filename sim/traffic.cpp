// Attribution of bus traffic. SPDX-License-Identifier: Apache-2.0
#include "sim/traffic.hpp"

#include <algorithm>

namespace arraywright::sim {

namespace {
constexpr uint8_t kFetchId = 0;
}

TrafficObserver::TrafficObserver(const compile::Program& program, int32_t bus_bytes)
    : bus_bytes_(bus_bytes), layers_(program.layers.size()) {
    loads_.transfers = &program.loads;
    stores_.transfers = &program.stores;
    reset();
}

void TrafficObserver::reset() {
    traffic_ = {};
    traffic_.layers.resize(layers_);
    for (Walk* walk : {&loads_, &stores_}) {
        walk->at = 0;
        walk->used = 0;
        walk->last_layer = -1;
    }
    write_layers_.clear();
    write_data_.clear();
    collecting_ = {};
}

/// Layer of the next burst, -1 beyond the last.
int32_t TrafficObserver::Walk::next(uint64_t address) {
    while (at != transfers->size() && (*transfers)[at].coded &&
           (address < (*transfers)[at].low || address >= (*transfers)[at].high))
        ++at;
    if (at == transfers->size()) return -1;
    const compile::Transfer& transfer = (*transfers)[at];
    if (!transfer.coded && ++used == transfer.bursts) {
        ++at;
        used = 0;
    }
    last_layer = transfer.layer;
    return transfer.layer;
}

void TrafficObserver::on_read(const AddressBeat& beat) {
    const auto bytes = static_cast<uint64_t>(beat.beats()) * static_cast<uint64_t>(bus_bytes_);
    if (beat.id == kFetchId) {
        traffic_.command_bytes += bytes;
        return;
    }
    const int32_t layer = loads_.next(beat.address);
    if (layer < 0) {
        traffic_.other_read_bytes += bytes;
    } else {
        traffic_.layers[static_cast<size_t>(layer)].read_bytes += bytes;
    }
}

void TrafficObserver::match_writes() {
    while (!write_layers_.empty() && !write_data_.empty()) {
        const Write& write = write_data_.front();
        const uint64_t bytes = write.beats * static_cast<uint64_t>(bus_bytes_);
        const int32_t layer = write_layers_.front();
        if (layer < 0) {
            traffic_.other_write_bytes += bytes;
        } else {
            LayerTraffic& seen = traffic_.layers[static_cast<size_t>(layer)];
            seen.write_bytes += bytes;
            seen.last_write_cycle = std::max(seen.last_write_cycle, write.cycle);
        }
        write_layers_.pop();
        write_data_.pop();
    }
}

void TrafficObserver::sample(const AxiSignals& axi, uint64_t cycle) {
    if (axi.r.fires()) ++traffic_.read_beats;
    if (axi.ar.fires()) on_read(axi.ar.beat);
    if (axi.aw.fires() && !write_layers_.full()) {
        write_layers_.push(stores_.next(axi.aw.beat.address));
        match_writes();
    }
    if (axi.w.fires()) {
        ++traffic_.write_beats;
        ++collecting_.beats;
        if (axi.w.last && !write_data_.full()) {
            collecting_.cycle = cycle;
            write_data_.push(collecting_);
            collecting_ = {};
            match_writes();
        }
    }
}

}  // namespace arraywright::sim
