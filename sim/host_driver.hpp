// The host: the C runtime, whose callbacks are accesses of the simulated bus and memory.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "generator/isa/registers.hpp"
#include "generator/runtime/aw_runtime.h"
#include "sim/lite_master.hpp"
#include "sim/memory_store.hpp"
#include "sim/request.hpp"
#include "sim/traffic.hpp"

namespace arraywright::sim {

using Counters = aw_counters;
using OverflowRegisters = aw_overflow;

/// One executed step of the program.
struct StepReport {
    bool is_run = false;           ///< of the accelerator, else of the host
    int32_t layer = -1;            ///< host: operator of the network
    uint32_t commands = 0;         ///< run
    uint64_t doorbell_cycle = 0;   ///< handshake of the START write
    uint64_t interrupt_cycle = 0;  ///< irq_o first seen high
    uint64_t read_beats = 0;       ///< seen on the bus
    uint64_t write_beats = 0;
    aw_report registers{};  ///< run: what the runtime collected
    /// Run that ended: cycle since the doorbell in which the last vector or combine command of a
    /// layer was complete, by layer, from the layer log.
    std::map<int32_t, uint32_t> layer_ends;
};

/// What the host knows after one inference.
struct HostReport {
    bool interrupted = false;  ///< every run that was started ended
    uint32_t status = 0;       ///< this and the next four: of the last run
    uint32_t irq_status = 0;
    uint32_t error_code = 0;
    uint64_t error_address = 0;
    uint32_t unit_state = 0;
    Counters counters{};           ///< summed over the runs
    OverflowRegisters overflow{};  ///< count summed, first offender of the first run that has one
    std::vector<StepReport> steps;
    std::vector<std::vector<uint8_t>> outputs;  ///< by output, when all steps were executed
    bool diagnosed = false;                     ///< after a hang: the registers still answered
    std::vector<std::string> failures;          ///< wrong register values and responses
};

/// Drives one design with the program's container; everything but the constructor runs on a
/// fiber. With `polled` the interrupt stays off and STATUS is polled.
class HostDriver {
public:
    HostDriver(const SimulationRequest& request, LiteMaster& master, MemoryStore& store,
               const TrafficObserver& traffic);
    HostDriver(const HostDriver&) = delete;

    /// Checks identity and capabilities: once after reset.
    void check_identity(HostReport& report);
    /// Loads program and inputs, executes all steps, reads the outputs. After an error of the
    /// accelerator it is soft reset and the inference ends.
    void run_program(HostReport& report, const std::vector<std::vector<uint8_t>>& inputs,
                     uint32_t watchdog_cycles);
    /// After a hang: reads STATUS, ERROR_CODE and UNIT_STATE.
    void diagnose(HostReport& report);

private:
    struct Expected {
        std::string_view reg;
        uint32_t mask;
        uint32_t value;
        std::string meaning;
    };
    std::vector<Expected> expected_capabilities() const;
    bool has_register(const isa::Register& reg) const;
    void set_callbacks();
    void finish_step(uint32_t index, aw_result result, const aw_report& registers);
    void check_refusals();
    void check_writable();
    void check_reset();
    void read_layer_log();
    bool accept(aw_result result, const std::string& what);
    int write_register(uint32_t offset, uint32_t value);
    int read_register(uint32_t offset, uint32_t& value);
    void read_back(uint32_t offset, uint32_t expected, std::string_view action);
    int wait_interrupt();
    void* map(uint64_t address, size_t bytes);
    void unmap(void* pointer, uint64_t address, size_t bytes, aw_map_access access);

    const SimulationRequest& request_;
    LiteMaster& master_;
    MemoryStore& store_;
    const TrafficObserver& traffic_;
    std::vector<uint8_t> container_;
    aw_program program_{};
    aw_device device_{};
    HostReport* report_ = nullptr;  ///< of the sequence under way
    StepReport step_;               ///< under way
    uint64_t read_beats_ = 0;       ///< on the bus before the step under way
    uint64_t write_beats_ = 0;
    std::map<void*, std::vector<uint8_t>> mapped_;
};

/// "load waits for store; compute waits for load; busy: load" of UNIT_STATE.
std::string describe_unit_state(uint32_t unit_state);

}  // namespace arraywright::sim
