// Event loop of the cost model. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/accelerator.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "generator/estimate/compute_unit.hpp"
#include "generator/estimate/fetch.hpp"
#include "generator/estimate/load_unit.hpp"
#include "generator/estimate/store_unit.hpp"
#include "generator/estimate/vector_unit.hpp"

namespace arraywright::estimate {

namespace {

/// Lets the part that is first in time act until none has anything left to do.
template <size_t kActors>
void run_events(const std::array<Actor*, kActors>& actors) {
    while (true) {
        Actor* first = nullptr;
        Cycle now = kNever;
        Cycle next = kNever;
        for (Actor* actor : actors) {
            const Cycle ready = actor->ready();
            if (ready < now) {
                next = now;
                now = ready;
                first = actor;
            } else {
                next = std::min(next, ready);
            }
        }
        if (first == nullptr) return;
        first->act(now, next);
    }
}

}  // namespace

RunTrace run_commands(const plan::Plan& plan, const MemoryTiming& memory,
                      std::span<const isa::Command> commands, int64_t address, size_t layers,
                      std::span<const compile::WeightNotes> notes) {
    Run run(plan, commands, notes, layers);
    ReadChannel channel(memory);
    Fetch fetch(run, channel, address);
    Dispatch dispatch(run, fetch);
    WeightWriter weights(run);
    LoadUnit load(run, channel, weights);
    ComputeUnit compute(run);
    ResultPort results(run);
    VectorUnit vector(run, results);
    StoreUnit store(run, memory);
    ActivationBuffer buffer(results, load, store, vector, compute);
    // Of those that act in the same cycle the first in this list goes first: fetch wins the
    // address channel, the buffer decides when all requests of the cycle are there, and a starved
    // weight write keeps the array from the next cycle on.
    run_events(std::array<Actor*, 9>{&fetch, &load, &channel, &dispatch, &compute, &vector, &store,
                                     &buffer, &weights});
    for (const UnitQueue& queue : run.queues) {
        if (!queue.empty()) throw std::logic_error("the program never ends in the cost model");
    }
    // Busy from cycle 0 to the one in which the last unit is seen idle.
    return {run.idle() + 1, channel.beats(), std::move(run.layers)};
}

}  // namespace arraywright::estimate
