// The C runtime on the simulated bus. SPDX-License-Identifier: Apache-2.0
#include "sim/host_driver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "generator/compile/container.hpp"
#include "generator/isa/registers.hpp"

namespace arraywright::sim {
namespace {

/// Idle cycles after a run in which the monitors still look for stray activity.
constexpr uint32_t kDrainCycles = 16;

const isa::RegisterField& field(std::string_view reg_name, std::string_view field_name) {
    for (const isa::Register& reg : isa::registers()) {
        if (reg.name != reg_name) continue;
        for (const isa::RegisterField& candidate : reg.fields) {
            if (candidate.name == field_name) return candidate;
        }
    }
    throw std::out_of_range(fmt::format("no field {}.{}", reg_name, field_name));
}

uint32_t mask_of(std::string_view reg, std::string_view name) {
    const isa::RegisterField& f = field(reg, name);
    return static_cast<uint32_t>(full_strobe(f.bits)) << f.lsb;
}

/// `value` at the place of the field.
uint32_t place(std::string_view reg, std::string_view name, uint32_t value) {
    return (value << field(reg, name).lsb) & mask_of(reg, name);
}

uint32_t extract(std::string_view reg, std::string_view name, uint32_t value) {
    return (value & mask_of(reg, name)) >> field(reg, name).lsb;
}

const isa::Register& register_at(uint32_t offset) {
    for (const isa::Register& reg : isa::registers()) {
        if (reg.offset == offset) return reg;
    }
    throw std::out_of_range(fmt::format("no register at {:#x}", offset));
}

constexpr int32_t kLoggedLayers = 256;  // depth of the RTL's log
constexpr std::array<std::string_view, 4> kUnits = {"load", "compute", "vector", "store"};

}  // namespace

HostDriver::HostDriver(const SimulationRequest& request, LiteMaster& master, MemoryStore& store,
                       const TrafficObserver& traffic)
    : request_(request),
      master_(master),
      store_(store),
      traffic_(traffic),
      container_(compile::write_container(*request.program, *request.network,
                                          request.design.spec_sha256)) {
    const aw_result opened = aw_program_open(&program_, container_.data(), container_.size());
    if (opened != AW_OK) {
        throw std::invalid_argument(
            fmt::format("the runtime refuses the program's container with result {}",
                        static_cast<int>(opened)));
    }
    set_callbacks();
}

void HostDriver::set_callbacks() {
    device_.context = this;
    device_.write_register = [](void* context, uint32_t offset, uint32_t value) {
        return static_cast<HostDriver*>(context)->write_register(offset, value);
    };
    device_.read_register = [](void* context, uint32_t offset, uint32_t* value) {
        return static_cast<HostDriver*>(context)->read_register(offset, *value);
    };
    device_.write_memory = [](void* context, uint64_t address, const void* data, size_t bytes) {
        static_cast<HostDriver*>(context)->store_.initialize(
            address, {static_cast<const uint8_t*>(data), bytes});
        return 0;
    };
    device_.read_memory = [](void* context, uint64_t address, void* data, size_t bytes) {
        const std::vector<uint8_t> contents =
            static_cast<HostDriver*>(context)->store_.peek(address, bytes);
        std::copy(contents.begin(), contents.end(), static_cast<uint8_t*>(data));
        return 0;
    };
    device_.map = [](void* context, uint64_t address, size_t bytes, aw_map_access) {
        return static_cast<HostDriver*>(context)->map(address, bytes);
    };
    device_.unmap = [](void* context, void* pointer, uint64_t address, size_t bytes,
                       aw_map_access access) {
        static_cast<HostDriver*>(context)->unmap(pointer, address, bytes, access);
    };
    device_.step_done = [](void* context, uint32_t step, aw_result result,
                           const aw_report* report) {
        static_cast<HostDriver*>(context)->finish_step(step, result, *report);
    };
    if (!request_.options.polled) {
        device_.wait_interrupt = [](void* context) {
            return static_cast<HostDriver*>(context)->wait_interrupt();
        };
    }
}

std::vector<HostDriver::Expected> HostDriver::expected_capabilities() const {
    const DesignInfo& design = request_.design;
    std::vector<Expected> table = {{"ID", ~0U, isa::kIdValue, "identification"},
                                   {"VERSION", ~0U, isa::kVersionValue, "interface version"}};
    const auto add = [&](std::string_view reg, std::string_view name, int32_t value) {
        table.push_back({reg, mask_of(reg, name), place(reg, name, static_cast<uint32_t>(value)),
                         fmt::format("{} = {}", name, value)});
    };
    add("CAP_ARRAY", "ROWS", design.rows);
    add("CAP_ARRAY", "COLS", design.cols);
    add("CAP_ARRAY", "WEIGHT_STATIONARY", design.weight_stationary ? 1 : 0);
    add("CAP_ARRAY", "ON_OVERFLOW", static_cast<int32_t>(design.on_overflow));
    add("CAP_ARRAY", "ACCUMULATOR_BITS", design.accumulator_bits);
    add("CAP_ARRAY", "LANES", design.lanes - 1);
    add("CAP_MEMORY", "BUS_BYTES", design.bus_bytes());
    // In the same access: every one moves the run against the memory's random stalls.
    table.back().mask |= mask_of("CAP_MEMORY", "NO_COUNTERS");
    table.back().value |= place("CAP_MEMORY", "NO_COUNTERS", design.counters ? 0 : 1);
    table.back().meaning += fmt::format(", NO_COUNTERS = {}", design.counters ? 0 : 1);
    if (design.spec_sha256.size() == 64) {
        // The registers hold the low 64 bits of the hash, that is its last 16 digits.
        const auto word = [&](size_t digit) {
            return static_cast<uint32_t>(
                std::stoul(design.spec_sha256.substr(digit, 8), nullptr, 16));
        };
        table.push_back({"SPEC_HASH_LO", ~0U, word(56), "spec hash"});
        table.push_back({"SPEC_HASH_HI", ~0U, word(48), "spec hash"});
    }
    return table;
}

bool HostDriver::has_register(const isa::Register& reg) const {
    return request_.design.counters || !isa::is_counter(reg);
}

/// A result of the runtime that is no success is a failure, unless the host was told to stop.
bool HostDriver::accept(aw_result result, const std::string& what) {
    if (result == AW_OK) return true;
    if (master_.giving_up()) return false;
    report_->failures.push_back(
        fmt::format("{}: the runtime returns {}", what, static_cast<int>(result)));
    return false;
}

void HostDriver::check_identity(HostReport& report) {
    report_ = &report;
    for (const Expected& expected : expected_capabilities()) {
        uint32_t value = 0;
        if (read_register(isa::register_offset(expected.reg), value) != 0) return;
        if ((value & expected.mask) != expected.value) {
            report.failures.push_back(
                fmt::format("register {}: read {:#010x}, expected {:#010x} in bits {:#010x} ({})",
                            expected.reg, value, expected.value, expected.mask, expected.meaning));
        }
    }
    if (request_.options.probes) check_refusals();
    check_writable();
    accept(aw_check_device(&device_, &program_), "checking the device");
}

/// After reset: a word that is no register, or none to read or write, answers with an error.
/// Nothing changes a register then: those of this run are 0.
void HostDriver::check_refusals() {
    constexpr uint32_t kBytes = 0x1000;
    const auto check = [&](uint32_t offset, const char* what, const LiteAnswer& answer, bool good) {
        if (answer.given_up || answer.response == (good ? kOkay : kSlaveError)) return;
        report_->failures.push_back(
            fmt::format("{} of {:#x} answered response {}", what, offset, answer.response));
    };
    std::map<uint32_t, isa::Access> access;
    for (const isa::Register& reg : isa::registers()) access[reg.offset] = reg.access;
    for (uint32_t offset = 0; offset < kBytes; offset += 4) {
        const auto found = access.find(offset);
        const bool writes = found != access.end() && found->second != isa::Access::kReadOnly &&
                            has_register(register_at(offset));
        if (!writes) check(offset, "write", master_.write(offset, ~0U), false);
    }
    for (uint32_t offset = 0; offset < kBytes; offset += 4) {
        const auto found = access.find(offset);
        const bool reads = found != access.end() && found->second != isa::Access::kWriteOnly;
        const LiteAnswer answer = master_.read(offset);
        check(offset, "read", answer, reads);
        const bool is_fixed = offset < isa::register_offset("CONTROL");
        if (!reads || is_fixed || offset == isa::register_offset("LOG_CYCLE")) continue;
        if (answer.data == 0) continue;
        report_->failures.push_back(
            fmt::format("register {}: {:#x} after reset", register_at(offset).name, answer.data));
    }
}

/// Every bit that can be written takes both values, whatever the other registers hold.
void HostDriver::check_writable() {
    std::vector<const isa::Register*> writable;
    for (const isa::Register& reg : isa::registers()) {
        if (reg.access == isa::Access::kReadWrite && has_register(reg)) writable.push_back(&reg);
    }
    for (const uint32_t flip : {0U, ~0U}) {
        const auto pattern = [&](size_t index) {
            uint32_t mask = writable[index]->fields.empty() ? ~0U : 0U;
            for (const isa::RegisterField& field : writable[index]->fields)
                mask |= mask_of(writable[index]->name, field.name);
            return ((0x2d5a3c69U << index) ^ flip) & mask;
        };
        for (size_t i = 0; i < writable.size(); ++i) master_.write(writable[i]->offset, pattern(i));
        for (size_t i = 0; i < writable.size(); ++i)
            read_back(writable[i]->offset, pattern(i), "wrote");
    }
    for (const isa::Register* reg : writable) write_register(reg->offset, 0);
}

void HostDriver::run_program(HostReport& report, const std::vector<std::vector<uint8_t>>& inputs,
                             uint32_t watchdog_cycles) {
    report_ = &report;
    device_.watchdog_cycles = watchdog_cycles;
    if (!accept(aw_load(&device_, &program_), "loading the program")) return;
    for (size_t i = 0; i < inputs.size(); ++i) {
        const aw_result written = aw_write_input(&device_, &program_, static_cast<uint32_t>(i),
                                                 inputs[i].data(), inputs[i].size());
        if (!accept(written, fmt::format("writing input {}", i))) return;
    }
    if (request_.options.after_load) request_.options.after_load(store_);
    step_ = {};
    read_beats_ = traffic_.traffic().read_beats;
    write_beats_ = traffic_.traffic().write_beats;
    aw_report sum;
    const aw_result result = aw_run(&device_, &program_, &sum);
    report.status = sum.status;
    report.irq_status = sum.irq_status;
    report.error_code = sum.error_code;
    report.error_address = sum.error_address;
    report.unit_state = sum.unit_state;
    report.counters = sum.counters;
    report.overflow = sum.overflow;
    if (result == AW_STOPPED) return;
    if (!accept(result, fmt::format("step {}", sum.step))) return;
    for (size_t i = 0; i < request_.network->outputs.size(); ++i) {
        const auto tensor = static_cast<size_t>(request_.network->outputs[i]);
        const auto bytes = static_cast<size_t>(request_.network->tensors[tensor].bytes());
        std::vector<uint8_t>& output = report.outputs.emplace_back(bytes);
        accept(aw_read_output(&device_, &program_, static_cast<uint32_t>(i), output.data(), bytes),
               fmt::format("reading output {}", i));
    }
}

/// Completes the report of a step with what the runtime and the bus showed.
void HostDriver::finish_step(uint32_t index, aw_result result, const aw_report& registers) {
    aw_step step;
    aw_program_step(&program_, index, &step);
    step_.is_run = step.kind == AW_STEP_RUN;
    step_.layer = step_.is_run ? -1 : static_cast<int32_t>(step.layer);
    step_.commands = step.commands;
    step_.registers = registers;
    if (step_.is_run) {
        if (master_.cycles(kDrainCycles).given_up) return;
        report_->interrupted = result == AW_OK || result == AW_STOPPED;
    }
    if (step_.is_run && result == AW_OK && request_.design.counters) read_layer_log();
    step_.read_beats = traffic_.traffic().read_beats - read_beats_;
    step_.write_beats = traffic_.traffic().write_beats - write_beats_;
    read_beats_ += step_.read_beats;
    write_beats_ += step_.write_beats;
    report_->steps.push_back(step_);
    step_ = {};
    if (result == AW_STOPPED) check_reset();
}

/// Ends of the layers whose results the run wrote; the log holds the first kLoggedLayers.
void HostDriver::read_layer_log() {
    const compile::Program& program = *request_.program;
    const size_t index = report_->steps.size();
    if (index >= program.steps.size()) return;
    const compile::Step& step = program.steps[index];
    const uint64_t first = (step.command_address - program.command_address) / isa::kCommandBytes;
    for (uint64_t i = first; i < first + step.command_count && i < program.commands.size(); ++i) {
        const isa::Command& command = program.commands[static_cast<size_t>(i)];
        const auto layer = static_cast<int32_t>(command.get("layer"));
        if (command.unit() == isa::Unit::kVector && layer < kLoggedLayers)
            step_.layer_ends[layer] = 0;
    }
    const uint64_t most = step_.interrupt_cycle - step_.doorbell_cycle;
    for (auto& [layer, end] : step_.layer_ends) {
        if (write_register(isa::register_offset("LOG_LAYER"), static_cast<uint32_t>(layer)) != 0)
            return;
        if (read_register(isa::register_offset("LOG_CYCLE"), end) != 0) return;
        if (end != 0 && end <= most) continue;
        report_->failures.push_back(
            fmt::format("layer log: layer {} ended in cycle {} of {}", layer, end, most));
    }
}

/// What a soft reset must have cleared.
void HostDriver::check_reset() {
    for (const std::string_view name : {"ERROR_CODE", "ERROR_ADDR_LO", "ERROR_ADDR_HI"}) {
        uint32_t left = 0;
        if (read_register(isa::register_offset(name), left) != 0) return;
        if (left == 0) continue;
        report_->failures.push_back(
            fmt::format("register {}: {:#x} after a soft reset", name, left));
    }
}

int HostDriver::write_register(uint32_t offset, uint32_t value) {
    const isa::Register& reg = register_at(offset);
    const LiteAnswer answer = master_.write(offset, value);
    if (answer.given_up) return 1;
    if (answer.response != kOkay) {
        report_->failures.push_back(
            fmt::format("access to register {} answered response {}", reg.name, answer.response));
        return 1;
    }
    if (reg.access == isa::Access::kReadWrite) read_back(offset, value, "wrote");
    if (reg.access == isa::Access::kWriteOneToClear) read_back(offset, 0, "cleared to");
    const uint32_t start = mask_of("CONTROL", "START");
    if (reg.name == "CONTROL" && value == start) {
        step_.doorbell_cycle = answer.handshake_cycle;
        // A second start is refused, and the run goes on.
        const bool taken =
            request_.options.probes && master_.write(offset, value).response != kSlaveError;
        if (taken) report_->failures.push_back("a start while a run goes on is taken");
    }
    return 0;
}

/// The value that a register must have after it was written.
void HostDriver::read_back(uint32_t offset, uint32_t expected, std::string_view action) {
    const LiteAnswer answer = master_.read(offset);
    if (answer.given_up || answer.data == expected) return;
    report_->failures.push_back(fmt::format("register {}: {} {:#010x}, read back {:#010x}",
                                            register_at(offset).name, action, expected,
                                            answer.data));
}

int HostDriver::read_register(uint32_t offset, uint32_t& value) {
    const LiteAnswer answer = master_.read(offset);
    if (answer.given_up) return 1;
    value = answer.data;
    if (answer.response == kOkay) return 0;
    report_->failures.push_back(fmt::format("access to register {} answered response {}",
                                            register_at(offset).name, answer.response));
    return 1;
}

int HostDriver::wait_interrupt() {
    const LiteAnswer answer = master_.interrupt();
    if (answer.given_up) return 1;
    step_.interrupt_cycle = answer.handshake_cycle;
    return 0;
}

/// A copy of the bytes: pages of the store are not contiguous.
void* HostDriver::map(uint64_t address, size_t bytes) {
    if (!store_.is_mapped(address, bytes)) return nullptr;
    std::vector<uint8_t> copy = store_.peek(address, bytes);
    void* pointer = copy.data();
    mapped_[pointer] = std::move(copy);
    return pointer;
}

void HostDriver::unmap(void* pointer, uint64_t address, size_t bytes, aw_map_access access) {
    if (access == AW_MAP_WRITE) {
        store_.write_marked(address, {static_cast<const uint8_t*>(pointer), bytes});
    }
    mapped_.erase(pointer);
}

void HostDriver::diagnose(HostReport& report) {
    report_ = &report;
    for (const auto& [reg, value] :
         {std::pair{"STATUS", &report.status}, std::pair{"ERROR_CODE", &report.error_code},
          std::pair{"UNIT_STATE", &report.unit_state}}) {
        if (read_register(isa::register_offset(reg), *value) != 0) return;
    }
    report.diagnosed = true;
}

std::string describe_unit_state(uint32_t unit_state) {
    constexpr std::array<std::string_view, 4> kFields = {"LOAD_WAITS", "COMPUTE_WAITS",
                                                         "VECTOR_WAITS", "STORE_WAITS"};
    std::vector<std::string> parts;
    const auto names = [&](uint32_t bits) {
        std::vector<std::string_view> list;
        for (size_t unit = 0; unit < kUnits.size(); ++unit) {
            if (((bits >> unit) & 1) != 0) list.push_back(kUnits[unit]);
        }
        return fmt::format("{}", fmt::join(list, ", "));
    };
    for (size_t unit = 0; unit < kUnits.size(); ++unit) {
        const uint32_t bits = extract("UNIT_STATE", kFields[unit], unit_state);
        if (bits != 0) parts.push_back(fmt::format("{} waits for {}", kUnits[unit], names(bits)));
    }
    const uint32_t busy = extract("UNIT_STATE", "BUSY", unit_state);
    parts.push_back(busy == 0 ? "no unit busy" : "busy: " + names(busy));
    if (extract("UNIT_STATE", "FETCH_BUSY", unit_state) != 0) parts.emplace_back("fetch busy");
    return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace arraywright::sim
