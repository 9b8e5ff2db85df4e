// Load unit. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/load_unit.hpp"

#include <algorithm>

namespace arraywright::estimate {

LoadUnit::LoadUnit(Run& run, ReadChannel& channel, WeightWriter& weights)
    : run_(run),
      channel_(channel),
      weights_(weights),
      flight_(run.plan.outstanding),
      works_(run.commands.size()) {}

Cycle LoadUnit::ready() const {
    if (burst_) {
        return std::max({burst_valid_, flight_.available(), channel_.address_free()});
    }
    const Cycle head = run_.head_ready(isa::Unit::kLoad);
    return head == kNever ? kNever : std::max(head, start_free_);
}

void LoadUnit::act(Cycle now, Cycle) {
    if (burst_) {
        send_address(now);
    } else {
        start(now);
    }
}

void LoadUnit::start(Cycle now) {
    run_.start_head(isa::Unit::kLoad);
    const auto command = static_cast<size_t>(run_.queue(isa::Unit::kLoad).head());
    works_[command] = read_transfer(run_.commands[command]);
    walk_.emplace(works_[command], run_.plan);
    burst_ = walk_->next();
    burst_valid_ = now + kStartToBurst;
}

void LoadUnit::send_address(Cycle now) {
    const int32_t command = run_.queue(isa::Unit::kLoad).head();
    channel_.request(now, *this, *burst_, command);
    flight_.use();
    run_.load_address(now, burst_->last);
    run_.layer_of(command).read_bytes += int64_t{burst_->beats} * run_.plan.bus_bytes;
    burst_ = walk_->next();
    burst_valid_ = now + 1;
    if (!burst_) {
        start_free_ = now + kBurstToNextStart;
        run_.queue(isa::Unit::kLoad).pop(start_free_ - kVisible);
    }
}

/// Beats go one by one where each may have to wait for others.
bool LoadUnit::takes_whole(int32_t command, Cycle now) const {
    const TransferWork& work = works_[static_cast<size_t>(command)];
    if (work.target == Target::kTable || work.target == Target::kCodebook) return true;
    return work.target == Target::kWeight && !weights_.meets_array(work, now);
}

Cycle LoadUnit::free() const {
    const Cycle weights = weights_.register_free();
    if (register_free_ == kNever || weights == kNever) return kNever;
    return std::max(register_free_, weights);
}

Cycle LoadUnit::take(Cycle valid, const Burst& burst, int32_t beat, int32_t command) {
    const Cycle taken = std::max(valid, free());
    const bool burst_ends = beat + 1 == burst.beats;
    if (burst_ends) flight_.release(taken + kVisible);
    const TransferWork& work = works_[static_cast<size_t>(command)];
    // A weight command that is still in the gearbox goes before all that follows.
    const Cycle write = std::max(taken + kTakeToWrite, weights_.others_free());
    if (work.target == Target::kWeight) {
        write_weights(burst, beat, command, write);
    } else if (work.target == Target::kCodebook) {
        // A value a cycle; the first beat waits for the start of the command.
        const bool starts = burst.first && beat == 0;
        register_free_ = std::max(starts ? write + 1 : write, codebook_free_);
        codebook_free_ = register_free_ + beat_bytes(burst, beat) + 1;
        if (burst_ends && burst.last) {
            run_.complete(isa::Unit::kLoad, command, codebook_free_);
            register_free_ = codebook_free_;
        }
    } else if (work.target != Target::kTable) {
        beat_from_ = write;
        if (work.target == Target::kActivation) {
            const int64_t bus = run_.plan.bus_bytes;
            beat_banks_ = run_.activation.of_byte((burst.buffer / bus + beat) * bus);
            beat_groups_ = run_.activation.groups(burst.buffer, burst.buffer + burst.bytes - 1);
        } else {
            beat_banks_ = work.target == Target::kBias ? kBiasTable : kScaleTable;
            beat_groups_ = beat_banks_;
        }
        beat_command_ = burst_ends && burst.last ? command : -1;
        register_free_ = kNever;
    } else {
        // Four bytes a cycle.
        register_free_ = write + run_.plan.bus_bytes / 4 - 1;
        if (burst_ends && burst.last) run_.complete(isa::Unit::kLoad, command, register_free_);
    }
    return taken;
}

bool LoadUnit::granted(Cycle now) {
    beat_from_ = kNever;
    register_free_ = now;
    if (beat_command_ >= 0) run_.complete(isa::Unit::kLoad, beat_command_, now);
    return true;
}

/// Bytes of a beat of a transfer that starts on a bus word.
int64_t LoadUnit::beat_bytes(const Burst& burst, int32_t beat) const {
    const int64_t bus = run_.plan.bus_bytes;
    return beat + 1 == burst.beats ? (burst.address + burst.bytes - 1) % bus + 1 : bus;
}

void LoadUnit::write_weights(const Burst& burst, int32_t beat, int32_t command, Cycle now) {
    const TransferWork& work = works_[static_cast<size_t>(command)];
    const bool last_beat = beat + 1 == burst.beats;
    WeightBeat weights;
    weights.bytes = beat_bytes(burst, beat);
    weights.command = command;
    weights.cols = work.cols;
    weights.tile = work.buffer;
    weights.first = burst.first && beat == 0;
    weights.last = burst.last && last_beat;
    if (!run_.notes.empty()) {
        weights.words = run_.notes[static_cast<size_t>(command)].decode_cycles;
        weights.command_bytes = work.run_bytes;
        weights.tiles = work.tiles;
    }
    weights_.take(weights, now, !weights_.meets_array(work, now));
}

}  // namespace arraywright::estimate
