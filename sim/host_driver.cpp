// Host sequences over AXI4-Lite. SPDX-License-Identifier: Apache-2.0
#include "sim/host_driver.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include "generator/isa/registers.hpp"

namespace arraywright::sim {
namespace {

constexpr uint32_t kMaxResetPolls = 10000;
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

uint32_t all_interrupts() {
    return mask_of("IRQ_ENABLE", "DONE") | mask_of("IRQ_ENABLE", "ERROR");
}

/// A 48-bit counter and where it goes.
struct CounterRegister {
    std::string_view low, high;
    uint64_t Counters::*member;
};

constexpr std::array<CounterRegister, 9> kCounters = {{
    {"CYCLES_LO", "CYCLES_HI", &Counters::cycles},
    {"COMPUTE_CYCLES_LO", "COMPUTE_CYCLES_HI", &Counters::compute},
    {"WAIT_LOAD_CYCLES_LO", "WAIT_LOAD_CYCLES_HI", &Counters::wait_load},
    {"WAIT_STORE_CYCLES_LO", "WAIT_STORE_CYCLES_HI", &Counters::wait_store},
    {"COMMAND_CYCLES_LO", "COMMAND_CYCLES_HI", &Counters::command},
    {"OTHER_CYCLES_LO", "OTHER_CYCLES_HI", &Counters::other},
    {"READ_BEATS_LO", "READ_BEATS_HI", &Counters::read_beats},
    {"WRITE_BEATS_LO", "WRITE_BEATS_HI", &Counters::write_beats},
    {"VECTOR_RESULTS_LO", "VECTOR_RESULTS_HI", &Counters::vector_results},
}};

constexpr std::array<std::string_view, 4> kUnits = {"load", "compute", "vector", "store"};

}  // namespace

HostDriver::HostDriver(LiteMaster& master, const DesignInfo& design)
    : master_(master), design_(design) {}

void HostDriver::check_okay(HostReport& report, std::string_view reg, const LiteAnswer& answer) {
    if (answer.response == kOkay) return;
    report.failures.push_back(
        fmt::format("access to register {} answered response {}", reg, answer.response));
}

std::vector<HostDriver::Expected> HostDriver::expected_capabilities() const {
    std::vector<Expected> table = {{"ID", ~0U, isa::kIdValue, "identification"},
                                   {"VERSION", ~0U, isa::kVersionValue, "interface version"}};
    const auto add = [&](std::string_view reg, std::string_view name, int32_t value) {
        table.push_back({reg, mask_of(reg, name), place(reg, name, static_cast<uint32_t>(value)),
                         fmt::format("{} = {}", name, value)});
    };
    add("CAP_ARRAY", "ROWS", design_.rows);
    add("CAP_ARRAY", "COLS", design_.cols);
    add("CAP_ARRAY", "WEIGHT_STATIONARY", design_.weight_stationary ? 1 : 0);
    add("CAP_ARRAY", "ON_OVERFLOW", static_cast<int32_t>(design_.on_overflow));
    add("CAP_ARRAY", "ACCUMULATOR_BITS", design_.accumulator_bits);
    add("CAP_ARRAY", "LANES", design_.lanes - 1);
    add("CAP_MEMORY", "BUS_BYTES", design_.bus_bytes());
    if (design_.spec_sha256.size() == 64) {
        // The registers hold the low 64 bits of the hash, that is its last 16 digits.
        const auto word = [&](size_t digit) {
            return static_cast<uint32_t>(
                std::stoul(design_.spec_sha256.substr(digit, 8), nullptr, 16));
        };
        table.push_back({"SPEC_HASH_LO", ~0U, word(56), "spec hash"});
        table.push_back({"SPEC_HASH_HI", ~0U, word(48), "spec hash"});
    }
    return table;
}

HostTask HostDriver::check_identity(HostReport& report) {
    const std::vector<Expected> table = expected_capabilities();
    for (const Expected& expected : table) {
        const LiteAnswer answer = co_await master_.read(isa::register_offset(expected.reg));
        check_okay(report, expected.reg, answer);
        if ((answer.data & expected.mask) != expected.value) {
            report.failures.push_back(fmt::format(
                "register {}: read {:#010x}, expected {:#010x} in bits {:#010x} ({})", expected.reg,
                answer.data, expected.value, expected.mask, expected.meaning));
        }
    }
}

HostTask HostDriver::write_settings(HostReport& report, ProgramSettings settings) {
    const std::array<std::pair<std::string_view, uint32_t>, 5> writes = {{
        {"IRQ_ENABLE", all_interrupts()},
        {"PROGRAM_ADDR_LO", static_cast<uint32_t>(settings.address)},
        {"PROGRAM_ADDR_HI", static_cast<uint32_t>(settings.address >> 32)},
        {"PROGRAM_COMMANDS", settings.commands},
        {"WATCHDOG_CYCLES", settings.watchdog_cycles},
    }};
    for (const auto& [reg, value] : writes) {
        const LiteAnswer written = co_await master_.write(isa::register_offset(reg), value);
        check_okay(report, reg, written);
        const LiteAnswer read = co_await master_.read(isa::register_offset(reg));
        check_okay(report, reg, read);
        if (read.data != value) {
            report.failures.push_back(fmt::format("register {}: wrote {:#010x}, read back {:#010x}",
                                                  reg, value, read.data));
        }
    }
}

HostTask HostDriver::run_program(HostReport& report, ProgramSettings settings) {
    co_await write_settings(report, settings);
    const LiteAnswer doorbell =
        co_await master_.write(isa::register_offset("CONTROL"), place("CONTROL", "START", 1));
    check_okay(report, "CONTROL", doorbell);
    report.doorbell_cycle = doorbell.handshake_cycle;
    report.started = true;
    const LiteAnswer interrupt = co_await master_.interrupt();
    report.interrupt_cycle = interrupt.handshake_cycle;
    report.interrupted = true;
    co_await collect_status(report);
    co_await collect_overflow(report);
    co_await collect_counters(report);
    co_await clear_interrupts(report);
    if ((report.status & mask_of("STATUS", "ERROR")) != 0) co_await soft_reset(report);
    co_await master_.cycles(kDrainCycles);
}

HostTask HostDriver::collect_status(HostReport& report) {
    const LiteAnswer status = co_await master_.read(isa::register_offset("STATUS"));
    report.status = status.data;
    const LiteAnswer pending = co_await master_.read(isa::register_offset("IRQ_STATUS"));
    report.irq_status = pending.data;
    const LiteAnswer code = co_await master_.read(isa::register_offset("ERROR_CODE"));
    report.error_code = code.data;
    const LiteAnswer low = co_await master_.read(isa::register_offset("ERROR_ADDR_LO"));
    const LiteAnswer high = co_await master_.read(isa::register_offset("ERROR_ADDR_HI"));
    report.error_address = uint64_t{high.data} << 32 | low.data;
    const LiteAnswer units = co_await master_.read(isa::register_offset("UNIT_STATE"));
    report.unit_state = units.data;
}

HostTask HostDriver::collect_overflow(HostReport& report) {
    const std::array<std::pair<std::string_view, uint32_t OverflowRegisters::*>, 5> overflow = {{
        {"OVERFLOW_COUNT", &OverflowRegisters::count},
        {"OVERFLOW_LAYER", &OverflowRegisters::layer},
        {"OVERFLOW_CHANNEL", &OverflowRegisters::channel},
        {"OVERFLOW_POSITION", &OverflowRegisters::position},
        {"OVERFLOW_STEP", &OverflowRegisters::step},
    }};
    const LiteAnswer flags = co_await master_.read(isa::register_offset("OVERFLOW_STATUS"));
    report.overflow.sticky = extract("OVERFLOW_STATUS", "STICKY", flags.data) != 0;
    report.overflow.first_is_bias = extract("OVERFLOW_STATUS", "FIRST_IS_BIAS", flags.data) != 0;
    for (const auto& [reg, member] : overflow) {
        const LiteAnswer answer = co_await master_.read(isa::register_offset(reg));
        check_okay(report, reg, answer);
        report.overflow.*member = answer.data;
    }
}

HostTask HostDriver::collect_counters(HostReport& report) {
    for (const CounterRegister& counter : kCounters) {
        const LiteAnswer lo = co_await master_.read(isa::register_offset(counter.low));
        check_okay(report, counter.low, lo);
        const LiteAnswer hi = co_await master_.read(isa::register_offset(counter.high));
        report.counters.*counter.member = uint64_t{hi.data} << 32 | lo.data;
    }
}

HostTask HostDriver::clear_interrupts(HostReport& report) {
    const LiteAnswer cleared =
        co_await master_.write(isa::register_offset("IRQ_STATUS"), all_interrupts());
    check_okay(report, "IRQ_STATUS", cleared);
    const LiteAnswer after = co_await master_.read(isa::register_offset("IRQ_STATUS"));
    if (after.data != 0) {
        report.failures.push_back(
            fmt::format("register IRQ_STATUS: {:#x} after it was cleared", after.data));
    }
}

HostTask HostDriver::soft_reset(HostReport& report) {
    const LiteAnswer reset =
        co_await master_.write(isa::register_offset("CONTROL"), place("CONTROL", "SOFT_RESET", 1));
    check_okay(report, "CONTROL", reset);
    const uint32_t leaving =
        mask_of("STATUS", "ERROR") | mask_of("STATUS", "RESETTING") | mask_of("STATUS", "BUSY");
    for (uint32_t poll = 0; poll < kMaxResetPolls; ++poll) {
        const LiteAnswer now = co_await master_.read(isa::register_offset("STATUS"));
        if ((now.data & leaving) != 0) continue;
        for (const std::string_view name : {"ERROR_CODE", "ERROR_ADDR_LO", "ERROR_ADDR_HI"}) {
            const LiteAnswer left = co_await master_.read(isa::register_offset(name));
            if (left.data == 0) continue;
            report.failures.push_back(
                fmt::format("register {}: {:#x} after a soft reset", name, left.data));
        }
        co_return;
    }
    report.failures.push_back("the soft reset did not end");
}

HostTask HostDriver::diagnose(HostReport& report) {
    const LiteAnswer status = co_await master_.read(isa::register_offset("STATUS"));
    report.status = status.data;
    const LiteAnswer code = co_await master_.read(isa::register_offset("ERROR_CODE"));
    report.error_code = code.data;
    const LiteAnswer units = co_await master_.read(isa::register_offset("UNIT_STATE"));
    report.unit_state = units.data;
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
