// Watches the bus and attributes its traffic to layers. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/compile/program.hpp"
#include "generator/network/network.hpp"
#include "sim/axi_monitor.hpp"
#include "sim/axi_signals.hpp"

namespace arraywright::sim {

/// What was seen of one layer. Bytes are bus traffic: beats times the bytes of a beat.
struct LayerTraffic {
    uint64_t read_bytes = 0;     ///< weights, parameters and input tensors
    uint64_t write_bytes = 0;    ///< into the output's region
    uint64_t enabled_bytes = 0;  ///< of the write_bytes, those with their strobe set
    uint64_t last_write_cycle = 0;
};

struct Traffic {
    uint64_t read_beats = 0;
    uint64_t write_beats = 0;
    uint64_t command_bytes = 0;
    uint64_t other_read_bytes = 0;   ///< outside every region
    uint64_t other_write_bytes = 0;  ///< outside every output
    std::vector<LayerTraffic> layers;
};

/// A tensor that several layers read is booked to the first of them that is not complete.
class TrafficObserver {
public:
    TrafficObserver(const compile::Program& program, const network::Network& network,
                    int32_t bus_bytes);
    void sample(const AxiSignals& axi, uint64_t cycle);
    const Traffic& traffic() const { return traffic_; }
    /// Layers whose output is complete, counted from the first.
    int32_t complete_layers() const { return complete_layers_; }
    /// Forgets everything seen.
    void reset();

private:
    static constexpr uint32_t kDepth = 64;
    enum class Owner { kNobody, kCommands, kLayer, kReaders };
    struct Span {
        uint64_t begin, end;
        Owner reader = Owner::kNobody;
        int32_t layer = -1;            ///< of weights and parameters
        std::vector<int32_t> readers;  ///< layers that read this tensor
        int32_t writer = -1;           ///< layer that writes this tensor
    };
    struct Write {
        int32_t span;
        uint64_t beats;
        uint64_t enabled;
        uint64_t cycle;
    };

    int32_t find(uint64_t address);
    void on_read(const AddressBeat& beat);
    void match_writes();
    bool complete(int32_t layer) const;

    int32_t bus_bytes_;
    std::vector<Span> spans_;             ///< sorted by address
    std::vector<uint64_t> output_bytes_;  ///< per layer
    int32_t last_span_ = -1;
    Traffic traffic_;
    int32_t complete_layers_ = 0;
    Ring<int32_t, kDepth> write_spans_;  ///< of AWs without their data
    Ring<Write, kDepth> write_data_;     ///< complete data bursts without AW
    Write collecting_{};
};

}  // namespace arraywright::sim
