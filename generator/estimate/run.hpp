// What all parts of a modelled run share, and what the run leaves behind.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <vector>

#include "generator/compile/weight_form.hpp"
#include "generator/estimate/banks.hpp"
#include "generator/estimate/queues.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::estimate {

/// What is known of a layer after the run.
struct LayerTrace {
    Cycle last_result = -1;  ///< last write of the vector unit
    Cycle last_store = -1;   ///< last W beat
    int64_t read_bytes = 0;  ///< whole bus words
    int64_t write_bytes = 0;
};

/// When the array uses which RAM of a buffer in which it always wins.
class BankTraffic {
public:
    void use(Cycle cycle, Banks banks) {
        Entry& entry = entries_[static_cast<size_t>(cycle) % kEntries];
        entry.banks = entry.cycle == cycle ? entry.banks | banks : banks;
        entry.cycle = cycle;
    }
    Banks at(Cycle cycle) const {
        const Entry& entry = entries_[static_cast<size_t>(cycle) % kEntries];
        return entry.cycle == cycle ? entry.banks : 0;
    }

private:
    static constexpr size_t kEntries =
        4096;  ///< more than the deepest pipeline and four packed positions
    struct Entry {
        Cycle cycle = -1;
        Banks banks = 0;
    };
    std::array<Entry, kEntries> entries_;
};

struct Run {
    /// `the_notes`: of each command, or empty.
    Run(const plan::Plan& the_plan, std::span<const isa::Command> the_commands,
        std::span<const compile::WeightNotes> the_notes, size_t layers);

    const plan::Plan& plan;
    std::span<const isa::Command> commands;
    std::span<const compile::WeightNotes> notes;
    std::vector<Header> headers;
    std::array<UnitQueue, isa::kUnits> queues;
    Tokens tokens;
    std::vector<LayerTrace> layers;
    ActivationBanks activation;
    AccumulatorBanks accumulator;
    WeightBanks weights;
    BankTraffic accumulator_traffic;  ///< reads and writes of the accumulators
    BankTraffic weight_traffic;       ///< reads of column 0
    Banks array_weights = 0;          ///< RAMs of the weight buffer that running commands read
    Banks last_weights = 0;           ///< ... that the last command has read,
    Cycle last_weights_end = 0;       ///< ... until the last column of its last tile is there
    Cycle array_free = 0;             ///< a starved weight write keeps the array until then
    Banks vector_reads = 0;           ///< RAMs of the accumulator buffer that the vector unit reads
    std::vector<Cycle> loads_taken;   ///< when load commands had sent all their addresses
    std::vector<Cycle> load_bursts;   ///< ... each address; both only as far as fetch counts
    /// What each unit still has to end, and the first cycle in which it is idle, as far as known.
    struct Work {
        int32_t open = 0;  ///< commands given to it that have not ended
        Cycle idle = 0;
    };
    std::array<Work, isa::kUnits> work;

    UnitQueue& queue(isa::Unit unit) { return queues[static_cast<size_t>(unit)]; }
    const UnitQueue& queue(isa::Unit unit) const { return queues[static_cast<size_t>(unit)]; }
    /// First cycle in which the head of `unit`'s queue has its tokens.
    Cycle head_ready(isa::Unit unit) const;
    /// The head of `unit`'s queue takes its tokens.
    void start_head(isa::Unit unit);
    /// The load unit has sent an address, which was the last of its command.
    void load_address(Cycle now, bool last);
    /// `command` ends in cycle `now`, in which it gives its tokens; the unit is idle then or soon.
    void complete(isa::Unit unit, int32_t command, Cycle now);
    void complete(isa::Unit unit, int32_t command, Cycle now, Cycle idle_from);
    /// Without queues: first cycle in which `unit` may take a command (aw_turns).
    Cycle turn(isa::Unit unit) const;
    /// First cycle in which every unit is idle.
    Cycle idle() const;
    LayerTrace& layer_of(int32_t command);
    const compile::TileLists* lists_of(size_t command) const {
        return command < notes.size() ? notes[command].lists.get() : nullptr;
    }
    void busy_until(isa::Unit unit, Cycle cycle) {
        Cycle& idle = work[static_cast<size_t>(unit)].idle;
        idle = cycle > idle ? cycle : idle;
    }
};

}  // namespace arraywright::estimate
