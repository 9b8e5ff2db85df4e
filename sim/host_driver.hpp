// The host: drives the accelerator through its registers, as software would.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/design_info.hpp"
#include "sim/host_task.hpp"
#include "sim/lite_master.hpp"

namespace arraywright::sim {

/// The 48-bit counters, as read after the interrupt.
struct Counters {
    uint64_t cycles = 0;
    uint64_t compute = 0;
    uint64_t wait_load = 0;
    uint64_t wait_store = 0;
    uint64_t command = 0;
    uint64_t other = 0;
    uint64_t read_beats = 0;
    uint64_t write_beats = 0;
    uint64_t vector_results = 0;
};

/// Registers of the first offender.
struct OverflowRegisters {
    bool sticky = false;
    bool first_is_bias = false;
    uint32_t count = 0;
    uint32_t layer = 0;
    uint32_t channel = 0;
    uint32_t position = 0;
    uint32_t step = 0;
};

/// What the host knows after one program.
struct HostReport {
    bool started = false;
    bool interrupted = false;
    uint64_t doorbell_cycle = 0;   ///< handshake of the START write
    uint64_t interrupt_cycle = 0;  ///< irq_o first seen high
    uint32_t status = 0;
    uint32_t irq_status = 0;
    uint32_t error_code = 0;
    uint64_t error_address = 0;
    uint32_t unit_state = 0;
    Counters counters;
    OverflowRegisters overflow;
    bool diagnosed = false;             ///< after a hang: the registers still answered
    std::vector<std::string> failures;  ///< wrong register values and responses
};

struct ProgramSettings {
    uint64_t address = 0;
    uint32_t commands = 0;
    uint32_t watchdog_cycles = 0;
};

/// Sequences for LiteMaster; `report` must outlive them.
class HostDriver {
public:
    HostDriver(LiteMaster& master, const DesignInfo& design);

    /// Checks identity and capabilities: once after reset.
    HostTask check_identity(HostReport& report);
    /// Settings, doorbell, interrupt, results; after an error a soft reset.
    HostTask run_program(HostReport& report, ProgramSettings settings);
    /// After a hang: reads STATUS, ERROR_CODE and UNIT_STATE.
    HostTask diagnose(HostReport& report);

private:
    struct Expected {
        std::string_view reg;
        uint32_t mask;
        uint32_t value;
        std::string meaning;
    };
    std::vector<Expected> expected_capabilities() const;
    HostTask write_settings(HostReport& report, ProgramSettings settings);
    HostTask collect_status(HostReport& report);
    HostTask collect_overflow(HostReport& report);
    HostTask collect_counters(HostReport& report);
    HostTask clear_interrupts(HostReport& report);
    HostTask soft_reset(HostReport& report);
    static void check_okay(HostReport& report, std::string_view reg, const LiteAnswer& answer);

    LiteMaster& master_;
    DesignInfo design_;
};

/// "load waits for store; compute waits for load; busy: load" of UNIT_STATE.
std::string describe_unit_state(uint32_t unit_state);

}  // namespace arraywright::sim
