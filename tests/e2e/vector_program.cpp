// One random program of hand-made commands. SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/vector_program.hpp"

#include <fmt/format.h>

#include "generator/isa/registers.hpp"

namespace arraywright::e2e {

using isa::Command;
using isa::Unit;

namespace {

constexpr uint64_t kMostCommands = 1024;

int64_t token(Unit unit) {
    return int64_t{1} << static_cast<int>(unit);
}

}  // namespace

VectorProgram::VectorProgram(CommandBench& bench, const network::RandomStream& random)
    : bench_(bench), plan_(bench.plan()), draw_(random), model_(bench.plan(), bench.store()) {
    bench_.clear(draw_.word());
    bias_extremes_ = draw_.of({1, 8, 64, 1000, 1000000});
    address_ = place(kMostCommands * isa::kCommandBytes, isa::kCommandBytes);
    // The whole buffer, then whatever comes, then the whole buffer again.
    const int64_t bytes = plan_.activation_bytes;
    const auto whole = [&](Unit unit) {
        const uint64_t at = place(static_cast<uint64_t>(bytes), 64);
        add(transfer(unit, at, 0, bytes));
    };
    whole(Unit::kLoad);
    add_tables();
    add_compute();
    const int64_t actions = draw_.between(3, 10);
    const bool has_chain = draw_.one_in(5);
    for (int64_t i = 0; i < actions; ++i) {
        if (has_chain && i == actions / 2) add_chain();
        switch (draw_.between(0, 9)) {
            case 0:
            case 1:
                add_compute();
                break;
            case 2:
                add_some_rows();
                break;
            case 3:
                add_transfer(Unit::kLoad);
                break;
            case 4:
                add_transfer(Unit::kStore);
                break;
            case 5:
            case 6:
                for (int64_t n = draw_.between(1, 3); n > 0; --n) add_combine();
                break;
            default:
                for (int64_t n = draw_.between(1, 4); n > 0; --n) add_vector();
        }
    }
    whole(Unit::kStore);
    link();
}

/// Appends a command that the model can execute.
bool VectorProgram::add(const Command& command) {
    if (!model_.execute(command)) return false;
    commands_.push_back(command);
    return true;
}

void VectorProgram::link() {
    for (size_t i = 1; i < commands_.size(); ++i) {
        const Unit before = commands_[i - 1].unit(), now = commands_[i].unit();
        if (before == now) continue;
        commands_[i - 1].set("signal", token(now));
        commands_[i].set("wait", token(before));
    }
}

std::string VectorProgram::text() const {
    std::string text;
    for (const Command& command : commands_) text += "  " + command.text() + "\n";
    return text;
}

std::string VectorProgram::run() {
    const std::string wrong = bench_.run(commands_, address_);
    return wrong.empty() ? compare() : wrong;
}

std::string VectorProgram::compare() const {
    const sim::HostReport& report = bench_.report();
    const bool stops =
        plan_.spec.arithmetic.on_overflow == spec::OnOverflow::kTrap && model_.overflow().count > 0;
    if (stops) {
        if (report.error_code != isa::error_value("OVERFLOW") || report.error_address != 0) {
            return "expected error OVERFLOW at address 0, not " + bench_.error_text();
        }
        return compare_overflow();
    }
    for (const std::string& wrong : {bench_.error_text(), compare_memory(), compare_overflow()}) {
        if (!wrong.empty()) return wrong;
    }
    if (report.counters.vector_results == model_.results()) return {};
    return fmt::format("VECTOR_RESULTS is {}, expected {}", report.counters.vector_results,
                       model_.results());
}

std::string VectorProgram::compare_overflow() const {
    const sim::OverflowRegisters& got = bench_.report().overflow;
    const OverflowRecord& expected = model_.overflow();
    // A design that stops at the first overflow counts some more or none.
    const bool counts = bench_.report().error_code == 0 && got.count != expected.count;
    const bool overflows = expected.count != 0;
    if (!counts && got.sticky == overflows &&
        (!overflows || (got.first_is_bias == expected.is_bias && got.layer == expected.layer &&
                        got.channel == expected.channel && got.position == expected.position &&
                        got.step == expected.step))) {
        return {};
    }
    return fmt::format(
        "overflow: count {}, sticky {}, first of bias {}, layer {}, channel {}, position {}, step "
        "{}; expected {}, {}, {}, {}, {}, {}, {}",
        got.count, got.sticky, got.first_is_bias, got.layer, got.channel, got.position, got.step,
        expected.count, overflows, expected.is_bias, expected.layer, expected.channel,
        expected.position, expected.step);
}

/// Every byte that was stored, and no other.
std::string VectorProgram::compare_memory() const {
    for (const auto& [address, expected] : model_.stored()) {
        const bool written = bench_.store().written(address);
        const uint8_t got = bench_.store().peek(address, 1)[0];
        if (written && got == expected) continue;
        // The last command stores the whole buffer.
        const auto whole = static_cast<uint64_t>(commands_.back().get("address"));
        const auto place = address - whole < static_cast<uint64_t>(plan_.activation_bytes)
                               ? fmt::format(", byte {} of the buffer at the end", address - whole)
                               : std::string();
        return fmt::format("byte at 0x{:x}{} is {}{}, expected {}", address, place, got,
                           written ? "" : " and was not written", expected);
    }
    std::string wrong;
    bench_.store().for_each_written([&](uint64_t address) {
        if (wrong.empty() && !model_.stored().contains(address)) {
            wrong = fmt::format("byte at 0x{:x} was written, nothing stores there", address);
        }
    });
    return wrong;
}

}  // namespace arraywright::e2e
