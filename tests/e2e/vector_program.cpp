// One random program of hand-made commands. SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/vector_program.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "generator/isa/registers.hpp"

namespace arraywright::e2e {

using isa::Command;
using isa::Unit;

namespace {

constexpr uint64_t kMostCommands = 16384;

int64_t token(Unit unit) {
    return int64_t{1} << static_cast<int>(unit);
}

}  // namespace

VectorProgram::VectorProgram(CommandBench& bench, const network::RandomStream& random,
                             Contents contents)
    : bench_(bench),
      plan_(bench.plan()),
      draw_(random),
      model_(bench.plan(), bench.store()),
      is_rare_(contents == Contents::kRare) {
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
    if (contents == Contents::kRandom) add_random();
    if (is_rare_) add_rare();
    if (contents == Contents::kCounts) add_counts();
    std::vector<Command> small;
    if (contents == Contents::kTokens) small = add_small_commands();
    if (contents == Contents::kTokens) {
        link();
        add_tokens(small);
    }
    whole(Unit::kStore);
    whole_ = commands_.back().get("address");
    if (contents == Contents::kTokens) {
        commands_.back().set("wait", 0xf & ~token(Unit::kStore));
        return;
    }
    const bool may_end = contents == Contents::kRandom || is_rare_;
    if (may_end && draw_.one_in(3) && !stops_at_overflow()) add_beyond();
    link();
}

void VectorProgram::add_random() {
    // Only the first overflow of a program tells where it was: most are short.
    const bool is_short = !draw_.one_in(3);
    if (is_short && draw_.one_in(2)) {
        add_chain();
    } else if (is_short) {
        add_vector(true);
    }
    for (int64_t n = is_short ? draw_.between(0, 3) : 0; n > 0; --n) add_combine();
    const int64_t actions = is_short ? 0 : draw_.between(3, 10);
    const int64_t chain = draw_.one_in(3) ? draw_.of({0, actions / 2}) : actions;
    for (int64_t i = 0; i < actions; ++i) {
        if (i == chain) add_chain();
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
}

/// Windows and packed taps, such that the first overflow is often theirs; windows at ends; ties.
void VectorProgram::add_rare() {
    add_chain();
    for (int32_t i = 0; i < 4; ++i) {
        add_compute();
        add_vector();
    }
    for (int32_t i = 0; i < 5; ++i) add_ties();
}

/// One short command of each unit, in the order of the units; they change nothing when they are
/// repeated, whatever their order.
std::vector<Command> VectorProgram::add_small_commands() {
    const int64_t bytes = plan_.activation_bytes;
    add(load(0, {0x5a}, bytes / 2));
    Command compute = compute_base();
    compute.set("act_start", bytes - plan_.rows);
    compute.set("rows", 1);
    compute.set("row_bytes", plan_.rows);
    compute.set("weight_addr", commands_.at(commands_.size() - 2).get("weight_addr"));
    compute.set("acc_addr", sums_.back().first);
    add(compute);
    Command vector(Unit::kVector, layer());
    for (const char* count : {"count_x", "count_y", "count_n", "last_cols", "raw"}) {
        vector.set(count, 1);
    }
    vector.set("acc_addr", sums_.back().first);
    add(vector);
    const auto bus_bytes = static_cast<uint64_t>(plan_.bus_bytes);
    add(transfer(Unit::kStore, place(1, bus_bytes, 0), 0, 1));
    return {commands_.end() - isa::kUnits, commands_.end()};
}

/// From each unit to each other one as many tokens as a counter holds before the first is taken,
/// and more than half as many before.
void VectorProgram::add_tokens(const std::vector<Command>& small) {
    const int64_t most = (int64_t{1} << plan_.token_bits) - 1;
    std::vector<int64_t> waits(small.size());
    const auto repeat = [&](size_t unit, int64_t signal, int64_t wait) {
        Command command = small[unit];
        command.set("signal", signal);
        command.set("wait", wait | std::exchange(waits[unit], 0));
        add(command);
    };
    // The store ends what is before.
    commands_.back().set("signal", 0xf & ~token(Unit::kStore));
    for (size_t unit = 0; unit < small.size(); ++unit) {
        if (unit != static_cast<size_t>(Unit::kStore)) waits[unit] = token(Unit::kStore);
    }
    for (const int64_t count : {most * 5 / 8, most}) {
        for (size_t from = 0; from < small.size(); ++from) {
            for (size_t to = 0; to < small.size(); ++to) {
                if (from == to) continue;
                for (int64_t i = 0; i < count; ++i) repeat(from, int64_t{1} << to, 0);
                for (int64_t i = 0; i < count; ++i) repeat(to, 0, int64_t{1} << from);
            }
        }
    }
    for (size_t unit = 0; unit < small.size(); ++unit) {
        if (unit != static_cast<size_t>(Unit::kStore)) repeat(unit, token(Unit::kStore), 0);
    }
}

/// Results of one byte in a loop over `count`.
void VectorProgram::add_combine_loop(const char* count, int64_t end) {
    if (!plan_.elementwise) return;
    const int64_t bytes = plan_.activation_bytes;
    Command command(isa::Opcode::kCombine, layer());
    for (const char* one : {"count_x", "count_y", "count_n", "count_kx", "count_ky"}) {
        command.set(one, 1);
    }
    command.set(count, end);
    command.set("last_cols", 1);
    command.set("in_addr", bytes / 2);
    command.set("out_addr", draw_.between(0, bytes / 4));
    set_factors(command);
    add(command);
}

/// Segments of one byte in a loop over `count`.
void VectorProgram::add_transfer_loop(Unit unit, const char* count, int64_t end) {
    const int64_t buffer = draw_.between(0, plan_.activation_bytes - 1);
    const auto bus_bytes = static_cast<uint64_t>(plan_.bus_bytes);
    const uint64_t offset = static_cast<uint64_t>(buffer) % bus_bytes;
    Command command = transfer(unit, place(1, bus_bytes, offset), buffer, 1);
    command.set(count, end);
    for (const char* stride : {"stride_x", "stride_y", "buffer_stride_x", "buffer_stride_y"}) {
        command.set(stride, 0);
    }
    add(command);
}

/// Loops of one byte: every one counts beyond 2^15, and to any ends.
void VectorProgram::add_counts() {
    constexpr int64_t kCount = (1 << 15) + 3;
    for (const char* count : {"count_x", "count_y", "count_n"}) add_combine_loop(count, kCount);
    // So many bursts that those on their way fill their FIFO.
    for (int32_t i = 0; i < 20; ++i) add_transfer(Unit::kLoad);
    for (const Unit unit : {Unit::kLoad, Unit::kStore}) {
        for (const char* count : {"count_x", "count_y"}) add_transfer_loop(unit, count, kCount);
    }
    // A bit that is wrong while a higher one is 1 may only show at an odd or an even end.
    for (int32_t bit = 8; bit < 15; ++bit) {
        for (const char* count : {"count_x", "count_y", "count_n"}) {
            const int64_t end = (int64_t{1} << bit) + draw_.bits(bit);
            add_combine_loop(count, end);
            if (bit < 14) add_combine_loop(count, end ^ 1);
        }
        for (const Unit unit : {Unit::kLoad, Unit::kStore}) {
            if (bit > 12) break;
            for (const char* count : {"count_x", "count_y"})
                add_transfer_loop(unit, count, (int64_t{1} << bit) + draw_.bits(bit));
        }
    }
}

/// Any; only the first ones have an end in the layer log.
int32_t VectorProgram::layer() {
    return static_cast<int32_t>(draw_.bits(draw_.one_in(2) ? 16 : 8));
}

/// Ends the program with a command that has gone well, but for one address or pitch.
void VectorProgram::add_beyond() {
    static const std::map<isa::Opcode, std::vector<std::string_view>> fields = {
        {isa::Opcode::kLoad, {"buffer", "buffer_stride_x", "buffer_stride_y"}},
        {isa::Opcode::kCompute, {"acc_addr", "weight_addr", "act_start", "x_step", "kx_step"}},
        {isa::Opcode::kVector,
         {"acc_addr", "out_addr", "x_pitch", "y_pitch", "n_pitch", "bias_row", "scale_row"}},
        {isa::Opcode::kStore, {"buffer", "buffer_stride_x", "buffer_stride_y"}},
        {isa::Opcode::kCombine,
         {"out_addr", "x_pitch", "y_pitch", "n_pitch", "in_addr", "in_x_pitch", "in_y_pitch",
          "kx_pitch", "ky_pitch"}}};
    for (int32_t tries = 0; tries < 100; ++tries) {
        const auto last = static_cast<int64_t>(commands_.size()) - 1;
        Command command = commands_[static_cast<size_t>(draw_.between(0, last))];
        const std::vector<std::string_view>& names = fields.at(command.opcode());
        const std::string_view name =
            names[static_cast<size_t>(draw_.between(0, static_cast<int64_t>(names.size()) - 1))];
        for (const isa::CommandField& field : isa::command_fields(command.opcode())) {
            if (field.name != name) continue;
            // One more bit, or anything above the present value; a load stays on its bus word.
            const int64_t more =
                draw_.one_in(2) ? int64_t{1} << draw_.between(0, 23) : draw_.spread(24);
            const int64_t value = command.get(name) + more / plan_.bus_bytes * plan_.bus_bytes;
            if (value < int64_t{1} << plan_.field_bits(field)) command.set(name, value);
        }
        CommandModel tried = model_;
        if (tried.execute(command) != Outcome::kBeyond) continue;
        commands_.push_back(command);
        ends_beyond_ = true;
        return;
    }
}

/// Appends a command that the model can execute.
bool VectorProgram::add(const Command& command) {
    if (model_.execute(command) != Outcome::kDone) return false;
    commands_.push_back(command);
    return true;
}

/// All commands so far, one after the other.
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

bool VectorProgram::stops_at_overflow() const {
    return plan_.spec.arithmetic.on_overflow == spec::OnOverflow::kTrap &&
           model_.overflow().count > 0;
}

std::string VectorProgram::compare() const {
    if (stops_at_overflow()) {
        const std::string wrong = compare_end();
        return wrong.empty() ? compare_overflow() : wrong;
    }
    // A store that leaves the buffer has begun to store.
    const bool stores_more = ends_beyond_ && commands_.back().unit() == Unit::kStore;
    for (const std::string& wrong : {compare_end(), stores_more ? "" : compare_memory()}) {
        if (!wrong.empty()) return wrong;
    }
    // The last command may have overflowed before it left a buffer.
    return ends_beyond_ ? "" : compare_overflow();
}

/// The error that ends the program, if any, and the number of results.
std::string VectorProgram::compare_end() const {
    const sim::HostReport& report = bench_.report();
    std::string_view error = "NONE";
    uint64_t address = 0;
    if (stops_at_overflow()) {
        error = "OVERFLOW";
    } else if (ends_beyond_) {
        error = "BUFFER_RANGE";
        address = address_ + (commands_.size() - 1) * isa::kCommandBytes;
    }
    if (report.error_code != isa::error_value(error) ||
        (report.error_code != 0 && report.error_address != address)) {
        return fmt::format("expected error {} at 0x{:x}, not: {}", error, address,
                           bench_.error_text());
    }
    if (report.error_code != 0 || report.counters.vector_results == model_.results()) return {};
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
        const uint64_t offset = address - static_cast<uint64_t>(whole_);
        const auto place = offset < static_cast<uint64_t>(plan_.activation_bytes)
                               ? fmt::format(", byte {} of the buffer at the end", offset)
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
