// Judgement of one run. SPDX-License-Identifier: Apache-2.0
#include "sim/run_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "generator/isa/registers.hpp"
#include "sim/addition_order.hpp"

namespace arraywright::sim {
namespace {

constexpr uint32_t kStatusBusy = 1, kStatusDone = 2, kStatusError = 4, kStatusOverflow = 16;

void expect_equal(RunResult& result, std::string_view what, uint64_t got, uint64_t expected,
                  std::string_view source) {
    if (got == expected) return;
    result.failures.push_back(
        fmt::format("counter {} is {}, {} gives {}", what, got, source, expected));
}

/// Counters of one run of the accelerator against what the pins showed.
void check_cycles(const StepReport& step, bool polled, RunResult& result) {
    const Counters& c = step.registers.counters;
    if (!polled) {
        expect_equal(result, "CYCLES", c.cycles,
                     step.interrupt_cycle - step.doorbell_cycle - kPinCyclesOffset,
                     "observation at the pins");
    }
    expect_equal(result, "COMPUTE + WAIT_LOAD + WAIT_STORE + COMMAND + OTHER",
                 c.compute + c.wait_load + c.wait_store + c.command + c.other, c.cycles, "CYCLES");
    const auto part = [&](std::string_view what, uint64_t cycles, uint64_t whole) {
        if (cycles > whole) expect_equal(result, what, cycles, whole, "the class at most");
    };
    part("WEIGHT_WAIT", c.weight_wait, c.wait_load);
    part("RESULT_WAIT", c.result_wait, c.wait_store);
    part("HELD", c.held, c.other);
    // After an error the counters are read while the bus still drains.
    const auto beats = [&](std::string_view what, uint64_t got, uint64_t seen) {
        if (step.registers.error_code != 0 && got <= seen) return;
        expect_equal(result, what, got, seen, "observation at the pins");
    };
    beats("READ_BEATS", c.read_beats, step.read_beats);
    beats("WRITE_BEATS", c.write_beats, step.write_beats);
}

/// STATUS and IRQ_STATUS after one run.
void check_status(const aw_report& registers, RunResult& result) {
    const bool error = (registers.status & kStatusError) != 0;
    const uint32_t ended = registers.status & (kStatusBusy | kStatusDone | kStatusError);
    if (ended != (error ? kStatusError : kStatusDone)) {
        result.failures.push_back(
            fmt::format("STATUS is {:#x} after the interrupt", registers.status));
    }
    if (registers.irq_status != (error ? 2U : 1U)) {
        result.failures.push_back(fmt::format("IRQ_STATUS is {:#x}, STATUS {:#x}",
                                              registers.irq_status, registers.status));
    }
    if (!error && registers.error_code != 0) {
        result.failures.push_back(fmt::format("ERROR_CODE is {} ({}) without STATUS.ERROR",
                                              registers.error_code,
                                              isa::error_name(registers.error_code)));
    }
}

/// Figures that hold only for a program that ran to its end.
void check_work(const RunEvidence& evidence, RunResult& result) {
    int64_t steps = 0;
    int64_t results = 0;
    for (const compile::LayerInfo& layer : evidence.program.layers) {
        steps += layer.array_steps;
        results += layer.vector_results;
    }
    const Counters& c = result.host.counters;
    expect_equal(result, "COMPUTE_CYCLES", c.compute, static_cast<uint64_t>(steps), "the program");
    expect_equal(result, "VECTOR_RESULTS", c.vector_results, static_cast<uint64_t>(results),
                 "the program");
}

bool is_event(const OverflowRegisters& seen, const golden::OverflowEvent& event) {
    return event.layer == static_cast<int32_t>(seen.layer) &&
           event.channel == static_cast<int32_t>(seen.channel) &&
           event.position == int64_t{seen.position} && event.step == int64_t{seen.step};
}

std::string coordinates(const golden::OverflowEvent& event) {
    return fmt::format("layer {}, channel {}, position {}, step {}", event.layer, event.channel,
                       event.position, event.step);
}

/// Commands of step `index` of the program.
std::vector<isa::Command> commands_of(const compile::Program& program, size_t index) {
    const compile::Step& step = program.steps[index];
    const uint64_t all = program.commands.size();
    const uint64_t first =
        std::min(all, (step.command_address - program.command_address) / isa::kCommandBytes);
    const uint64_t count = std::min<uint64_t>(step.command_count, all - first);
    const auto begin = program.commands.begin() + static_cast<std::ptrdiff_t>(first);
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

/// The first offender must be the first of the golden kernel's events in the run's order.
void check_first_offender(const RunEvidence& evidence, size_t step, RunResult& result) {
    const OverflowRegisters& seen = result.host.steps[step].registers.overflow;
    const std::string where =
        fmt::format("first overflow at layer {}, channel {}, position {}, step {}", seen.layer,
                    seen.channel, seen.position, seen.step);
    const FirstOffenders first =
        first_offenders(commands_of(evidence.program, step), evidence.golden, evidence.design.cols,
                        evidence.design.weight_stationary);
    const auto& expected = seen.first_is_bias ? first.bias : first.array;
    if (expected && is_event(seen, *expected)) return;
    std::string text =
        where + (seen.first_is_bias ? " (bias)" : "") + ": the golden kernel's first is ";
    if (first.array) text += coordinates(*first.array);
    if (first.array && first.bias) text += " or ";
    if (first.bias) text += coordinates(*first.bias) + " (bias)";
    if (!first.array && !first.bias) text += "none";
    result.failures.push_back(std::move(text));
}

/// Where only the flag is there: whether the first offender was an addition of a bias, if the
/// golden kernel has events of one kind alone.
void check_first_kind(const RunEvidence& evidence, size_t step, RunResult& result) {
    const FirstOffenders first =
        first_offenders(commands_of(evidence.program, step), evidence.golden, evidence.design.cols,
                        evidence.design.weight_stationary);
    const bool is_bias = result.host.steps[step].registers.overflow.first_is_bias;
    if (is_bias ? !first.bias : !first.array)
        result.failures.emplace_back("FIRST_IS_BIAS: the golden kernel has no such overflow");
}

/// Flags and first offender of each run.
void check_overflow_of_runs(const RunEvidence& evidence, RunResult& result) {
    for (size_t i = 0; i < result.host.steps.size(); ++i) {
        if (!result.host.steps[i].is_run) continue;
        const aw_report& registers = result.host.steps[i].registers;
        const OverflowRegisters& seen = registers.overflow;
        if (seen.sticky != ((registers.status & kStatusOverflow) != 0)) {
            result.failures.emplace_back("STATUS.OVERFLOW differs from OVERFLOW_STATUS.STICKY");
        }
        if (!evidence.design.counters) {
            if (seen.sticky) check_first_kind(evidence, i, result);
            continue;
        }
        if (seen.sticky != (seen.count != 0)) {
            result.failures.push_back(fmt::format("the overflow flag is {}, the count {}",
                                                  seen.sticky ? 1 : 0, seen.count));
        }
        if (seen.sticky) check_first_offender(evidence, i, result);
    }
}

void check_overflow(const RunEvidence& evidence, bool complete, RunResult& result) {
    uint64_t golden_steps = 0;
    for (const golden::LayerResult& layer : evidence.golden.layers) {
        golden_steps += layer.overflow.steps;
        result.overflow.results += layer.overflow.results;
    }
    const OverflowRegisters& seen = result.host.overflow;
    const bool counted = evidence.design.counters;
    result.overflow.flagged = seen.sticky != 0;
    if (counted) result.overflow.steps = seen.count;
    if (counted && seen.sticky) result.overflow.first = seen;
    if (complete && !counted && seen.sticky != (golden_steps != 0)) {
        result.failures.push_back(
            fmt::format("the overflow flag is {}, the golden kernel counts {}", seen.sticky ? 1 : 0,
                        golden_steps));
    }
    if (complete && counted) {
        const uint64_t saturated =
            std::min<uint64_t>(golden_steps, std::numeric_limits<uint32_t>::max());
        expect_equal(result, "OVERFLOW_COUNT", seen.count, saturated, "the golden kernel");
    }
    check_overflow_of_runs(evidence, result);
}

/// A window command whose last pixel completes no window makes a step all the same.
bool has_extra_step(const isa::Command& command) {
    if (command.unit() != isa::Unit::kCompute || command.get("mode") != 1) return false;
    const auto ends = [](int64_t last, int64_t first, int64_t stride) {
        return last >= first && (last - first) % stride == 0;
    };
    return !ends(command.get("count_x") - 1, command.get("count_kx") - 1,
                 command.get("stride_x")) ||
           !ends(command.get("count_y") - 1, command.get("prime"), command.get("stride_y"));
}

/// The multipliers of a gated array worked exactly where no operand is zero.
void check_live_macs(const RunEvidence& evidence, RunResult& result) {
    if (!evidence.design.zero_gating) return;
    uint64_t expected = 0;
    for (const golden::LayerResult& layer : evidence.golden.layers)
        expected += static_cast<uint64_t>(layer.nonzero_macs);
    const uint64_t live = result.counters->live_macs;
    const std::vector<compile::KeptChannels>& channels = evidence.program.channels;
    const bool folded = std::any_of(channels.begin(), channels.end(),
                                    [](const compile::KeptChannels& c) { return !c.all(); });
    const std::vector<isa::Command>& commands = evidence.program.commands;
    const bool extra = std::any_of(commands.begin(), commands.end(), has_extra_step);
    // Constant channels are not multiplied; steps that only end a command are.
    if ((folded && live < expected) || (extra && live > expected)) return;
    expect_equal(result, "LIVE_MACS", live, expected, "the golden kernel");
}

/// True when the error is the one that the run is about.
bool check_error(const RunEvidence& evidence, RunResult& result) {
    const HostReport& host = result.host;
    const std::string_view name = isa::error_name(host.error_code);
    const bool is_trap = name == "OVERFLOW" && evidence.expected_error.empty() &&
                         evidence.design.on_overflow == golden::OnOverflow::kTrap;
    if (is_trap && host.overflow.sticky) return true;
    if (name == evidence.expected_error) return true;
    std::string text = fmt::format("the accelerator stopped with error {} ({}), address {:#x}",
                                   host.error_code, name, host.error_address);
    if (name == "WATCHDOG") text += ": " + describe_unit_state(host.unit_state);
    if (!evidence.expected_error.empty()) text += "; expected " + evidence.expected_error;
    result.failures.push_back(std::move(text));
    return false;
}

bool overflows_in_golden(const golden::Result& golden) {
    return std::any_of(golden.layers.begin(), golden.layers.end(),
                       [](const golden::LayerResult& layer) { return layer.overflow.steps != 0; });
}

}  // namespace

bool check_run(const RunEvidence& evidence, RunResult& result) {
    HostReport& host = result.host;
    result.failures.insert(result.failures.end(), host.failures.begin(), host.failures.end());
    if (!host.interrupted) return false;  // a failure says why
    uint64_t latency = 0;
    for (const StepReport& step : host.steps) {
        if (!step.is_run) continue;
        latency += step.interrupt_cycle - step.doorbell_cycle;
        if (evidence.design.counters) check_cycles(step, evidence.polled, result);
        check_status(step.registers, result);
    }
    if (!evidence.polled) result.latency_cycles = latency;
    if (evidence.design.counters) result.counters = host.counters;

    const bool error = (host.status & kStatusError) != 0;
    check_overflow(evidence, !error, result);
    if (error) {
        const bool about = check_error(evidence, result);
        if (about && evidence.expected_error.empty()) result.outcome = Outcome::kOverflow;
        return false;
    }
    if (!evidence.expected_error.empty()) {
        result.failures.push_back("no error; expected " + evidence.expected_error);
    }
    if (host.steps.size() != evidence.program.steps.size()) {
        result.failures.push_back(fmt::format("{} of {} steps were executed", host.steps.size(),
                                              evidence.program.steps.size()));
        return false;
    }
    if (evidence.design.on_overflow == golden::OnOverflow::kTrap &&
        overflows_in_golden(evidence.golden)) {
        result.failures.emplace_back("the golden kernel overflows, the accelerator did not trap");
    }
    if (evidence.design.counters) {
        check_work(evidence, result);
        check_live_macs(evidence, result);
    }
    if (result.overflow.results != 0) result.outcome = Outcome::kOverflow;
    return true;
}

namespace {

/// Doorbell of the run during which `cycle` was; layers of a run begin with it.
uint64_t doorbell_before(const HostReport& host, uint64_t cycle) {
    uint64_t doorbell = 0;
    for (const StepReport& step : host.steps) {
        if (step.is_run && step.doorbell_cycle <= cycle) doorbell = step.doorbell_cycle;
    }
    return doorbell;
}

}  // namespace

void report_layers(const RunEvidence& evidence, RunResult& result) {
    const auto multipliers =
        static_cast<double>(evidence.design.rows) * static_cast<double>(evidence.design.cols);
    // Ends in the layer log, as cycles of the testbench.
    std::map<size_t, uint64_t> logged;
    for (const StepReport& step : result.host.steps) {
        for (const auto& [layer, end] : step.layer_ends)
            logged[static_cast<size_t>(layer)] = step.doorbell_cycle + end;
    }
    uint64_t last_end = 0;
    for (size_t i = 0; i < evidence.program.layers.size(); ++i) {
        const compile::LayerInfo& info = evidence.program.layers[i];
        const LayerTraffic& seen = evidence.traffic.layers[i];
        LayerReport layer;
        layer.name = info.name;
        layer.op = info.op;
        layer.block = info.block;
        layer.macs = info.macs;
        layer.nonzero_macs = evidence.golden.layers[i].nonzero_macs;
        layer.compulsory_bytes = info.compulsory_bytes;
        layer.storage = info.storage;
        // A layer ends with its last result, on chip or in memory; one that has none (after an
        // error, or done with another one) has no figures.
        const auto found = logged.find(i);
        const uint64_t end =
            std::max(seen.last_write_cycle, found == logged.end() ? uint64_t{0} : found->second);
        if (!evidence.design.counters) {
            // Where layers on chip end is not logged, so nobody knows where the others begin.
            layer.dram_read_bytes = seen.read_bytes;
            layer.dram_write_bytes = seen.write_bytes;
        } else if (end > last_end) {
            const uint64_t start = std::max(last_end, doorbell_before(result.host, end));
            const uint64_t cycles = end - start;
            const double slots = static_cast<double>(cycles) * multipliers;
            layer.cycles = cycles;
            layer.utilization = static_cast<double>(layer.macs) / slots;
            layer.nonzero_utilization = static_cast<double>(layer.nonzero_macs) / slots;
            layer.dram_read_bytes = seen.read_bytes;
            layer.dram_write_bytes = seen.write_bytes;
            last_end = end;
        }
        result.layers.push_back(std::move(layer));
    }
    result.command_bytes = evidence.traffic.command_bytes;
}

}  // namespace arraywright::sim
