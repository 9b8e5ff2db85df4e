// Shared state of a run. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/run.hpp"

#include <algorithm>

namespace arraywright::estimate {

namespace {
std::array<UnitQueue, isa::kUnits> make_queues(int32_t depth) {
    return {UnitQueue(depth), UnitQueue(depth), UnitQueue(depth), UnitQueue(depth)};
}
}  // namespace

Run::Run(const plan::Plan& the_plan, std::span<const isa::Command> the_commands,
         std::span<const compile::WeightNotes> the_notes, size_t layer_count)
    : plan(the_plan),
      commands(the_commands),
      notes(the_notes),
      queues(make_queues(the_plan.queue_depth)),
      layers(layer_count),
      activation(the_plan),
      accumulator(the_plan),
      weights(the_plan) {
    headers.reserve(commands.size());
    for (size_t i = 0; i < commands.size(); ++i)
        headers.push_back(read_header(commands[i], lists_of(i)));
}

Cycle Run::head_ready(isa::Unit unit) const {
    const UnitQueue& waiting = queue(unit);
    if (waiting.empty()) return kNever;
    if (plan.queue_depth == 0) return waiting.head_visible();
    const Header& header = headers[static_cast<size_t>(waiting.head())];
    return std::max(waiting.head_visible(), tokens.available(unit, header.wait));
}

void Run::start_head(isa::Unit unit) {
    if (plan.queue_depth == 0) return;
    tokens.take(unit, headers[static_cast<size_t>(queue(unit).head())].wait);
}

void Run::load_address(Cycle now, bool last) {
    if (load_bursts.size() < kLoadBursts) load_bursts.push_back(now + kVisible);
    // The command leaves its queue a cycle after its last address.
    if (last && loads_taken.size() < kLaterLoads) loads_taken.push_back(now + 1 + kVisible);
}

void Run::complete(isa::Unit unit, int32_t command, Cycle now) {
    complete(unit, command, now, now + kVisible);
}

void Run::complete(isa::Unit unit, int32_t command, Cycle now, Cycle idle_from) {
    if (plan.queue_depth > 0) tokens.give(unit, headers[static_cast<size_t>(command)].signal, now);
    --work[static_cast<size_t>(unit)].open;
    busy_until(unit, idle_from);
}

Cycle Run::turn(isa::Unit unit) const {
    Cycle quiet = 0;
    for (size_t other = 0; other < isa::kUnits; ++other) {
        if (other == static_cast<size_t>(unit)) continue;
        if (work[other].open > 0) return kNever;
        quiet = std::max({quiet, work[other].idle, queues[other].empty_from()});
    }
    return quiet + kQuietCycles;
}

Cycle Run::idle() const {
    Cycle idle = 0;
    for (const Work& unit : work) idle = std::max(idle, unit.idle);
    return idle;
}

LayerTrace& Run::layer_of(int32_t command) {
    return layers[static_cast<size_t>(headers[static_cast<size_t>(command)].layer)];
}

}  // namespace arraywright::estimate
