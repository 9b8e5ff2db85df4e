// Watches the bus and attributes its traffic to layers. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/compile/program.hpp"
#include "sim/axi_monitor.hpp"
#include "sim/axi_signals.hpp"

namespace arraywright::sim {

/// What was seen of one layer. Bytes are bus traffic: beats times the bytes of a beat.
struct LayerTraffic {
    uint64_t read_bytes = 0;   ///< weights, parameters and input tensors
    uint64_t write_bytes = 0;  ///< output tensors
    uint64_t last_write_cycle = 0;
};

struct Traffic {
    uint64_t read_beats = 0;
    uint64_t write_beats = 0;
    uint64_t command_bytes = 0;
    uint64_t other_read_bytes = 0;   ///< beyond what the program's loads ask for
    uint64_t other_write_bytes = 0;  ///< beyond what its stores ask for
    std::vector<LayerTraffic> layers;
};

/// Load and store unit work in program order, and the bursts of a command are known: the n-th
/// burst belongs to one command, and so to one layer.
class TrafficObserver {
public:
    TrafficObserver(const compile::Program& program, int32_t bus_bytes);
    void sample(const AxiSignals& axi, uint64_t cycle);
    const Traffic& traffic() const { return traffic_; }
    /// Layer that the last load belongs to.
    int32_t loading_layer() const { return loads_.last_layer; }
    /// Forgets everything seen.
    void reset();

private:
    static constexpr uint32_t kDepth = 64;
    /// A walk over the bursts of the program.
    struct Walk {
        const std::vector<compile::Transfer>* transfers = nullptr;
        size_t at = 0;
        uint64_t used = 0;  ///< bursts of transfer `at`
        int32_t last_layer = -1;
        int32_t next(uint64_t address);
    };
    struct Write {
        uint64_t beats = 0;
        uint64_t cycle = 0;
    };

    void on_read(const AddressBeat& beat);
    void match_writes();

    int32_t bus_bytes_;
    size_t layers_;
    Walk loads_, stores_;
    Traffic traffic_;
    Ring<int32_t, kDepth> write_layers_;  ///< of AWs without their data
    Ring<Write, kDepth> write_data_;      ///< complete data bursts without AW
    Write collecting_{};
};

}  // namespace arraywright::sim
