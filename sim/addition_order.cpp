// The order of the additions of a program. SPDX-License-Identifier: Apache-2.0
#include "sim/addition_order.hpp"

#include <algorithm>
#include <array>
#include <deque>

namespace arraywright::sim {

namespace {

using golden::OverflowEvent;
using isa::Command;
using isa::kUnits;
using isa::Unit;

/// When an addition happens within its command: loop counters outermost first, then the channel.
using Moment = std::array<int64_t, 5>;

/// Output tile, row and column of an event in a command that starts at pos_start, channel_start.
struct Place {
    int64_t n, y, x;
};

std::optional<Place> place_in(const Command& command, const OverflowEvent& event, int32_t cols) {
    const int64_t channel = event.channel - command.get("channel_start");
    const int64_t position = event.position - command.get("pos_start");
    if (channel < 0 || channel >= command.get("count_n") * cols || position < 0) return {};
    const int64_t pitch = command.get("pos_pitch");
    const int64_t y = command.get("count_y") == 1 ? 0 : position / pitch;
    const int64_t x = position - y * pitch;
    if (y >= command.get("count_y") || x >= command.get("count_x")) return {};
    return Place{channel / cols, y, x};
}

std::optional<Moment> array_moment(const Command& command, const OverflowEvent& event, int32_t cols,
                                   bool weight_stationary) {
    const int64_t k = event.step - command.get("step_start");
    if (k < 0 || k >= command.get("count_ky") * command.get("count_kx") * command.get("count_s")) {
        return {};
    }
    const std::optional<Place> at = place_in(command, event, cols);
    if (!at) return {};
    if (weight_stationary) return Moment{at->n, k, at->y, at->x, event.channel};
    return Moment{at->n, at->y, at->x, k, event.channel};
}

std::optional<Moment> bias_moment(const Command& command, const OverflowEvent& event,
                                  int32_t cols) {
    if (command.get("use_bias") == 0 || event.step != command.get("step")) return {};
    const std::optional<Place> at = place_in(command, event, cols);
    if (!at) return {};
    return Moment{at->n, at->y, at->x, event.channel, 0};
}

/// An event and the command that adds it.
struct Found {
    OverflowEvent event;
    size_t command;
};

/// The first event of one unit. `moment(command, event)` is empty for an event of another command.
template <typename MomentOf>
std::optional<Found> first_of(const std::vector<Command>& commands, Unit unit,
                              const golden::Result& golden, MomentOf moment_of) {
    for (size_t i = 0; i < commands.size(); ++i) {
        const Command& command = commands[i];
        if (command.unit() != unit) continue;
        const auto layer = static_cast<size_t>(command.get("layer"));
        if (layer >= golden.layers.size()) continue;
        std::optional<Moment> best;
        Found found{{}, i};
        for (const OverflowEvent& event : golden.layers[layer].overflow.events) {
            const std::optional<Moment> moment = moment_of(command, event);
            if (!moment || (best && *best <= *moment)) continue;
            best = moment;
            found.event = event;
        }
        if (best) return found;
    }
    return {};
}

/// For each command, how many commands of each unit have ended before it starts, by the tokens.
std::vector<std::array<size_t, kUnits>> ended_before(const std::vector<Command>& commands) {
    using Counts = std::array<size_t, kUnits>;
    std::vector<Counts> result;
    std::array<Counts, kUnits> known{};                                // of the unit's last command
    std::array<size_t, kUnits> executed{};                             // commands of the unit
    std::array<std::array<std::deque<Counts>, kUnits>, kUnits> given;  // [from][to]: what it tells
    for (const Command& command : commands) {
        const auto unit = static_cast<size_t>(command.unit());
        Counts counts = known[unit];
        for (size_t from = 0; from < kUnits; ++from) {
            if ((command.get("wait") >> from & 1) == 0 || given[from][unit].empty()) continue;
            const Counts& told = given[from][unit].front();
            for (size_t u = 0; u < kUnits; ++u) counts[u] = std::max(counts[u], told[u]);
            given[from][unit].pop_front();
        }
        result.push_back(counts);
        known[unit] = counts;
        Counts at_end = counts;
        at_end[unit] = ++executed[unit];
        for (size_t to = 0; to < kUnits; ++to) {
            if ((command.get("signal") >> to & 1) != 0) given[unit][to].push_back(at_end);
        }
    }
    return result;
}

/// True when the tokens let command `b` start only after command `a`, of another unit, has ended.
bool comes_before(const std::vector<Command>& commands, size_t a, size_t b) {
    const Unit unit = commands[a].unit();
    const auto end = commands.begin() + static_cast<std::ptrdiff_t>(a);
    const auto earlier =
        std::count_if(commands.begin(), end, [unit](const Command& c) { return c.unit() == unit; });
    return ended_before(commands)[b][static_cast<size_t>(unit)] > static_cast<size_t>(earlier);
}

}  // namespace

FirstOffenders first_offenders(const std::vector<Command>& commands, const golden::Result& golden,
                               int32_t cols, bool weight_stationary) {
    const std::optional<Found> array =
        first_of(commands, Unit::kCompute, golden, [&](const Command& c, const OverflowEvent& e) {
            return array_moment(c, e, cols, weight_stationary);
        });
    const std::optional<Found> bias =
        first_of(commands, Unit::kVector, golden,
                 [&](const Command& c, const OverflowEvent& e) { return bias_moment(c, e, cols); });
    FirstOffenders first;
    if (array && !(bias && comes_before(commands, bias->command, array->command))) {
        first.array = array->event;
    }
    if (bias && !(array && comes_before(commands, array->command, bias->command))) {
        first.bias = bias->event;
    }
    return first;
}

}  // namespace arraywright::sim
