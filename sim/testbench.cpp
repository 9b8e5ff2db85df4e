// Clocked testbench. SPDX-License-Identifier: Apache-2.0
#include "sim/testbench.hpp"

#include <fmt/format.h>

#include <utility>

#include "generator/isa/registers.hpp"
#include "sim/limits.hpp"

namespace arraywright::sim {
namespace {

constexpr uint32_t kResetCycles = 8;
constexpr uint64_t kDiagnosisCycles = 5000;
constexpr uint64_t kProgressInterval = 8192;  ///< cycles between looks at the clock
constexpr uint64_t kPeriodNs = 10;

}  // namespace

Testbench::Testbench(const SimulationRequest& request, Model& model, MemoryPort& port,
                     MemoryStore& store)
    : request_(request),
      model_(model),
      pins_(model.ports(), request.design),
      monitor_(request.design, log_),
      lite_monitor_(log_),
      memory_(request.options.memory, request.design.bus_bytes(), port),
      traffic_(*request.program, request.design.bus_bytes()),
      master_(request.options.memory.stall, mix64(request.options.memory.seed + 2)),
      driver_(request, master_, store, traffic_),
      progress_(request.options.progress),
      traced_(!request.options.trace.empty()),
      reset_left_(kResetCycles) {
    const RunLimits limits = run_limits(request);
    hang_cycles_ = limits.hang_cycles;
    max_cycles_ = limits.max_cycles;
    watchdog_cycles_ = limits.watchdog_cycles;
    if (traced_) model_.open_trace(request.options.trace);
    pins_.set_clock(false);
    pins_.set_reset_n(false);
    pins_.drive(memory_.outputs());
    pins_.drive(master_.outputs());
    model_.eval();
}

Testbench::~Testbench() {
    // What is on the stack of the sequence must be left in order.
    master_.give_up();
}

void Testbench::begin_run(size_t index) {
    run_ = index;
    end_ = RunEnd::kRunning;
    report_ = {};
    traffic_.reset();
    run_start_ = last_activity_ = cycle_;
    last_event_ = Event::kNone;
    progress_.begin_run(cycle_);
    if (stage_ != Stage::kReset) start_program();
}

void Testbench::start(Stage stage, std::function<void()> sequence) {
    stage_ = stage;
    fiber_ = std::make_unique<Fiber>(std::move(sequence));
    master_.attach(*fiber_);
    fiber_->resume();
}

void Testbench::start_program() {
    start(Stage::kProgram,
          [this] { driver_.run_program(report_, request_.runs[run_].inputs, watchdog_cycles_); });
}

void Testbench::start_diagnosis() {
    diagnosis_start_ = cycle_;
    master_.give_up();
    start(Stage::kDiagnose, [this] { driver_.diagnose(report_); });
}

void Testbench::end_run(RunEnd end) {
    if (end == RunEnd::kInterrupt) {
        monitor_.finish(cycle_);
        lite_monitor_.finish(cycle_);
        if (!log_.empty()) end = RunEnd::kViolation;
        if (irq_) report_.failures.emplace_back("irq_o stays high after IRQ_STATUS was cleared");
    }
    end_ = end;
}

void Testbench::sample_components() {
    const bool in_reset = reset_left_ != 0;
    monitor_.sample(axi_, in_reset, cycle_);
    lite_monitor_.sample(lite_, in_reset, cycle_);
    if (in_reset) return;
    memory_.sample(axi_, cycle_);
    traffic_.sample(axi_, cycle_);
    master_.sample(lite_, irq_, cycle_);
    if (stage_ != Stage::kDiagnose) note_activity();
}

void Testbench::note_activity() {
    Event event = Event::kNone;
    if (axi_.ar.fires()) {
        event = Event::kReadAddress;
        last_read_address_ = axi_.ar.beat.address;
    }
    if (axi_.r.fires()) event = Event::kReadData;
    if (axi_.aw.fires()) {
        event = Event::kWriteAddress;
        last_write_address_ = axi_.aw.beat.address;
    }
    if (axi_.w.fires()) event = Event::kWriteData;
    if (axi_.b.fires()) event = Event::kResponse;
    if (lite_.aw.fires() || lite_.w.fires() || lite_.b.fires() || lite_.ar.fires() ||
        lite_.r.fires()) {
        event = Event::kHost;
    }
    if (event == Event::kNone) return;
    last_event_ = event;
    last_activity_ = cycle_;
}

void Testbench::advance_stage() {
    if (stage_ == Stage::kIdentity) {
        start_program();
    } else {
        end_run(stage_ == Stage::kDiagnose ? RunEnd::kHang : RunEnd::kInterrupt);
    }
}

/// Moves to the next stage when the present one is over.
void Testbench::advance() {
    if (!log_.empty()) {
        end_run(RunEnd::kViolation);
    } else if (stage_ == Stage::kReset) {
        if (--reset_left_ != 0) return;
        pins_.set_reset_n(true);
        start(Stage::kIdentity, [this] { driver_.check_identity(report_); });
    } else if (fiber_->done()) {
        advance_stage();
    } else if (stage_ == Stage::kDiagnose) {
        if (cycle_ - diagnosis_start_ > kDiagnosisCycles) end_run(RunEnd::kHang);
    } else if (cycle_ - last_activity_ > hang_cycles_) {
        start_diagnosis();
    } else if (cycle_ - run_start_ > max_cycles_) {
        too_long_ = true;
        start_diagnosis();
    }
}

void Testbench::rising() {
    pins_.sample(axi_);
    pins_.sample(lite_);
    irq_ = pins_.interrupt();
    sample_components();
    pins_.set_clock(true);
    model_.eval();
    if (traced_) model_.dump_trace(cycle_ * kPeriodNs + kPeriodNs / 2);
    advance();
    ++cycle_;
    if (cycle_ % kProgressInterval == 0 && progress_.due()) show_progress();
}

void Testbench::falling() {
    pins_.drive(memory_.outputs());
    pins_.drive(master_.outputs());
    pins_.set_clock(false);
    model_.eval();
    if (traced_) model_.dump_trace(cycle_ * kPeriodNs);
}

void Testbench::show_progress() {
    const auto& layers = request_.program->layers;
    const auto current = static_cast<size_t>(std::max(0, traffic_.loading_layer()));
    double done = 0;
    double total = 0;
    for (size_t i = 0; i < layers.size(); ++i) {
        total += static_cast<double>(layers[i].macs);
        if (i < current) done += static_cast<double>(layers[i].macs);
    }
    progress_.show(cycle_, current < layers.size() ? layers[current].name : "end",
                   total > 0 ? done / total : 0);
}

std::string Testbench::describe_hang() const {
    std::string seen = "nothing";
    switch (last_event_) {
        case Event::kNone:
            break;
        case Event::kReadAddress:
            seen = fmt::format("a read of {:#x}", last_read_address_);
            break;
        case Event::kReadData:
            seen = fmt::format("read data, last read of {:#x}", last_read_address_);
            break;
        case Event::kWriteAddress:
            seen = fmt::format("a write to {:#x}", last_write_address_);
            break;
        case Event::kWriteData:
            seen = fmt::format("write data, last write to {:#x}", last_write_address_);
            break;
        case Event::kResponse:
            seen = fmt::format("a write response, last write to {:#x}", last_write_address_);
            break;
        case Event::kHost:
            seen = "a register access";
            break;
    }
    std::string text =
        too_long_ ? fmt::format("no end after {} cycles", max_cycles_)
                  : fmt::format("no handshake and no interrupt for {} cycles", hang_cycles_);
    text += fmt::format("; last seen in cycle {}: {}", last_activity_, seen);
    if (!report_.diagnosed) return text + "; the registers do not answer";
    return text + fmt::format("; STATUS {:#x}, ERROR_CODE {} ({}), UNIT_STATE {:#x}: {}",
                              report_.status, report_.error_code,
                              isa::error_name(report_.error_code), report_.unit_state,
                              describe_unit_state(report_.unit_state));
}

}  // namespace arraywright::sim
