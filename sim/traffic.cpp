// Attribution of bus traffic. SPDX-License-Identifier: Apache-2.0
#include "sim/traffic.hpp"

#include <algorithm>
#include <bit>

namespace arraywright::sim {

TrafficObserver::TrafficObserver(const compile::Program& program, const network::Network& network,
                                 int32_t bus_bytes)
    : bus_bytes_(bus_bytes), output_bytes_(program.layers.size(), 0) {
    for (const compile::Region& region : program.regions) {
        Span span{
            region.address, region.address + region.bytes, Owner::kNobody, region.layer, {}, -1};
        switch (region.kind) {
            case compile::RegionKind::kCommands:
                span.reader = Owner::kCommands;
                break;
            case compile::RegionKind::kWeights:
            case compile::RegionKind::kParameters:
                span.reader = Owner::kLayer;
                break;
            case compile::RegionKind::kTensor:
                span.reader = Owner::kReaders;
                break;
        }
        const auto layers = static_cast<int32_t>(program.layers.size());
        for (int32_t layer = 0; layer < layers && span.reader == Owner::kReaders; ++layer) {
            const auto op = static_cast<size_t>(layer);
            if (op < network.operators.size() && network.operators[op].input == region.tensor) {
                span.readers.push_back(layer);
            }
            if (program.layers[op].output_tensor == region.tensor) {
                span.writer = layer;
                output_bytes_[op] = static_cast<uint64_t>(
                    network.tensors[static_cast<size_t>(region.tensor)].bytes());
            }
        }
        spans_.push_back(std::move(span));
    }
    std::sort(spans_.begin(), spans_.end(),
              [](const Span& a, const Span& b) { return a.begin < b.begin; });
    reset();
}

void TrafficObserver::reset() {
    traffic_ = {};
    traffic_.layers.resize(output_bytes_.size());
    complete_layers_ = 0;
    write_spans_.clear();
    write_data_.clear();
    collecting_ = {};
}

/// The span that a beat at `address` touches first, -1 for none.
int32_t TrafficObserver::find(uint64_t address) {
    const uint64_t beat_end = address + static_cast<uint64_t>(bus_bytes_);
    const auto touches = [&](const Span& span) {
        return beat_end > span.begin && address < span.end;
    };
    if (last_span_ >= 0 && touches(spans_[static_cast<size_t>(last_span_)])) {
        const bool first = last_span_ == 0 || !touches(spans_[static_cast<size_t>(last_span_) - 1]);
        if (first) return last_span_;
    }
    const auto found = std::partition_point(spans_.begin(), spans_.end(),
                                            [&](const Span& span) { return span.end <= address; });
    if (found == spans_.end() || !touches(*found)) return -1;
    last_span_ = static_cast<int32_t>(found - spans_.begin());
    return last_span_;
}

bool TrafficObserver::complete(int32_t layer) const {
    const auto index = static_cast<size_t>(layer);
    return traffic_.layers[index].enabled_bytes >= output_bytes_[index];
}

void TrafficObserver::on_read(const AddressBeat& beat) {
    const auto bytes = static_cast<uint64_t>(beat.beats()) * static_cast<uint64_t>(bus_bytes_);
    const int32_t index = find(beat.address & ~static_cast<uint64_t>(bus_bytes_ - 1));
    int32_t layer = -1;
    if (index >= 0) {
        const Span& span = spans_[static_cast<size_t>(index)];
        if (span.reader == Owner::kCommands) {
            traffic_.command_bytes += bytes;
            return;
        }
        if (span.reader == Owner::kLayer) layer = span.layer;
        for (const int32_t reader : span.readers) {
            layer = reader;
            if (!complete(reader)) break;
        }
    }
    if (layer < 0) {
        traffic_.other_read_bytes += bytes;
    } else {
        traffic_.layers[static_cast<size_t>(layer)].read_bytes += bytes;
    }
}

void TrafficObserver::match_writes() {
    while (!write_spans_.empty() && !write_data_.empty()) {
        const Write& write = write_data_.front();
        const uint64_t bytes = write.beats * static_cast<uint64_t>(bus_bytes_);
        const int32_t index = write_spans_.front();
        const int32_t layer = index < 0 ? -1 : spans_[static_cast<size_t>(index)].writer;
        if (layer < 0) {
            traffic_.other_write_bytes += bytes;
        } else {
            LayerTraffic& seen = traffic_.layers[static_cast<size_t>(layer)];
            seen.write_bytes += bytes;
            seen.enabled_bytes += write.enabled;
            seen.last_write_cycle = std::max(seen.last_write_cycle, write.cycle);
        }
        write_spans_.pop();
        write_data_.pop();
    }
    const auto layers = static_cast<int32_t>(output_bytes_.size());
    while (complete_layers_ < layers && complete(complete_layers_)) ++complete_layers_;
}

void TrafficObserver::sample(const AxiSignals& axi, uint64_t cycle) {
    if (axi.r.fires()) ++traffic_.read_beats;
    if (axi.ar.fires()) on_read(axi.ar.beat);
    if (axi.aw.fires() && !write_spans_.full()) {
        write_spans_.push(find(axi.aw.beat.address & ~static_cast<uint64_t>(bus_bytes_ - 1)));
        match_writes();
    }
    if (axi.w.fires()) {
        ++traffic_.write_beats;
        ++collecting_.beats;
        collecting_.enabled += static_cast<uint64_t>(std::popcount(axi.w.strobe));
        if (axi.w.last && !write_data_.full()) {
            collecting_.cycle = cycle;
            write_data_.push(collecting_);
            collecting_ = {};
            match_writes();
        }
    }
}

}  // namespace arraywright::sim
