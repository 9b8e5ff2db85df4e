// The clocked testbench around one model: no SystemC types. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sim/axi_memory.hpp"
#include "sim/axi_monitor.hpp"
#include "sim/host_driver.hpp"
#include "sim/lite_master.hpp"
#include "sim/lite_monitor.hpp"
#include "sim/model.hpp"
#include "sim/pins.hpp"
#include "sim/progress.hpp"
#include "sim/request.hpp"
#include "sim/traffic.hpp"

namespace arraywright::sim {

/// How a run ended, before anything is judged.
enum class RunEnd { kRunning, kInterrupt, kViolation, kHang };

/// Memory, monitors, host and counters around the pins of one model. Whoever owns the clock calls
/// `rising` and `falling` in turn until `finished`.
class Testbench {
public:
    /// `port`: the bus's way to the memory, `store`: the host's.
    Testbench(const SimulationRequest& request, Model& model, MemoryPort& port, MemoryStore& store);
    ~Testbench();
    Testbench(const Testbench&) = delete;
    Testbench& operator=(const Testbench&) = delete;

    /// Starts inference `index`; the first one begins with a hardware reset.
    void begin_run(size_t index);
    /// The rising edge: components take the values before it, then the design clocks.
    void rising();
    /// The falling edge: components drive their new outputs and the design settles.
    void falling();

    bool finished() const { return end_ != RunEnd::kRunning; }
    RunEnd end() const { return end_; }
    uint64_t cycle() const { return cycle_; }
    const HostReport& report() const { return report_; }
    const Traffic& traffic() const { return traffic_.traffic(); }
    const ViolationLog& violations() const { return log_; }
    /// What was last seen on the bus, and the units' state: for the report of a hang.
    std::string describe_hang() const;
    void end_progress() { progress_.clear(); }

private:
    enum class Stage { kReset, kIdentity, kProgram, kDiagnose };
    enum class Event {
        kNone,
        kReadAddress,
        kReadData,
        kWriteAddress,
        kWriteData,
        kResponse,
        kHost
    };

    void sample_components();
    void note_activity();
    void advance();
    void advance_stage();
    void start(Stage stage, std::function<void()> sequence);
    void start_program();
    void start_diagnosis();
    void end_run(RunEnd end);
    void show_progress();

    const SimulationRequest& request_;
    Model& model_;
    Pins pins_;
    ViolationLog log_;
    AxiMonitor monitor_;
    LiteMonitor lite_monitor_;
    AxiMemory memory_;
    TrafficObserver traffic_;
    LiteMaster master_;
    HostDriver driver_;
    Progress progress_;
    bool traced_;

    AxiSignals axi_;
    LiteSignals lite_;
    bool irq_ = false;
    uint64_t cycle_ = 0;
    Stage stage_ = Stage::kReset;
    RunEnd end_ = RunEnd::kInterrupt;
    uint32_t reset_left_;
    HostReport report_;
    size_t run_ = 0;
    std::unique_ptr<Fiber> fiber_;  ///< the host's sequence under way

    uint64_t hang_cycles_;
    uint64_t max_cycles_;
    uint32_t watchdog_cycles_;
    uint64_t run_start_ = 0;
    uint64_t diagnosis_start_ = 0;
    uint64_t last_activity_ = 0;
    Event last_event_ = Event::kNone;
    uint64_t last_read_address_ = 0;
    uint64_t last_write_address_ = 0;
    bool too_long_ = false;
};

}  // namespace arraywright::sim
