// COMPUTE commands. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/compute_unit.hpp"

#include <algorithm>

namespace arraywright::estimate {

ComputeUnit::ComputeUnit(Run& run)
    : run_(run),
      packer_(run),
      step_to_sum_(kStepToArray + run.plan.sum_latency_cycles +
                   (run.plan.has_window_stage() ? kWindowCycles : 0)) {}

Cycle ComputeUnit::ready() const {
    if (running_) return accepted_;
    Cycle head = run_.head_ready(isa::Unit::kCompute);
    if (head == kNever) return kNever;
    head = std::max(head, start_free_);
    const Header& header =
        run_.headers[static_cast<size_t>(run_.queue(isa::Unit::kCompute).head())];
    head =
        std::max(head, header.packs ? packer_.may_start(header.vectors > run_.plan.pack_vectors / 2)
                                    : packer_.idle_from());
    return header.accumulates ? std::max(head, sums_ready(header)) : head;
}

/// When sums that continue in the command of `header` can be read from the accumulator buffer.
Cycle ComputeUnit::sums_ready(const Header& header) const {
    const bool follows = last_was_long_ && header.count_s >= kFollowSteps &&
                         header.acc_addr != last_word_ && !run_.plan.weight_stationary;
    const Cycle empty = streams_.empty() ? pipeline_empty_ : kNever;
    return follows ? start_free_ : empty;
}

void ComputeUnit::act(Cycle now, Cycle) {
    if (!running_) {
        start(now);
        return;
    }
    running_ = false;
    accepted_ = kNever;
    start_free_ = now + 1;
    run_.queue(isa::Unit::kCompute).pop(now);
}

void ComputeUnit::start(Cycle now) {
    run_.start_head(isa::Unit::kCompute);
    const int32_t command = run_.queue(isa::Unit::kCompute).head();
    streams_.push_back({StepWalk(run_.commands[static_cast<size_t>(command)], run_.plan,
                                 run_.activation, run_.lists_of(static_cast<size_t>(command))),
                        command, now + kStartToStep});
    know_weights();
    running_ = true;
    last_was_long_ =
        streams_.back().walk.mode() == kPlainMode && streams_.back().walk.chunks() > kFollowSteps;
    last_word_ = streams_.back().walk.last_word();
    if (streams_.back().walk.left() == 1) accepted_ = now + 1;
}

Cycle ComputeUnit::requested() const {
    if (streams_.empty()) return kNever;
    const Stream& stream = streams_.front();
    Cycle cycle = std::max({stream.first, read_free_, run_.array_free});
    if (stream.walk.mode() == kPackMode && stream.walk.first_chunk()) {
        cycle =
            std::max(cycle, packer_.may_gather(packed_command(stream.command).is_big(run_.plan)));
    }
    const bool new_tile = run_.plan.weight_stationary && stream.walk.new_tile();
    return held(new_tile ? std::max(cycle, tile_free_) : cycle);
}

Cycle ComputeUnit::held(Cycle at) const {
    if (at == kNever || run_.plan.weight_stationary) return at;
    const StepWalk& walk = streams_.front().walk;
    if (!walk.makes_step() || !walk.accumulates() || !walk.first_chunk()) return at;
    const auto meets = [&](const End& end) {
        return end.at + kEndToRead == at && (end.word - walk.accumulator_word()) % 2 == 0;
    };
    return std::any_of(ends_.begin(), ends_.end(), meets) ? at + 1 : at;
}

Banks ComputeUnit::groups() const {
    Banks groups = 0;
    for (const Stream& stream : streams_) groups |= stream.walk.groups();
    return groups;
}

bool ComputeUnit::granted(Cycle now) {
    StepWalk& walk = streams_.front().walk;
    if (walk.ends_position()) gather(walk, now);
    if (walk.reads_weights()) {
        run_.weight_traffic.use(now + step_to_sum_ - run_.plan.sum_latency_cycles,
                                run_.weights.of_tile(walk.weight_tile()));
    }
    if (walk.makes_step()) step(walk, now);
    if (walk.makes_step() && walk.last_chunk())
        ends_ = {End{now, walk.accumulator_word()}, ends_[0]};
    read_free_ = now + 1 + (walk.pauses() ? 1 : 0);
    walk.step();
    if (walk.left() > 1) return false;
    if (walk.left() == 1) {
        accepted_ = now;
    } else {
        end_stream(now);
    }
    return true;
}

void ComputeUnit::step(const StepWalk& walk, Cycle now) {
    use_accumulators(walk, now);
    if (run_.plan.weight_stationary) {
        // No accumulator word comes again within six cycles.
        away_ = walk.new_tile() ? 6 : std::max<Cycle>(0, away_ - 1);
        tile_free_ = std::max(tile_free_, now + away_);
        if (!walk.new_tile()) return;
    }
    tile_free_ = std::max(tile_free_, now + run_.plan.tile_gap_cycles);
}

PackedCommand ComputeUnit::packed_command(int32_t command) const {
    const isa::Command& fields = run_.commands[static_cast<size_t>(command)];
    return {fields.get("count_n"), fields.get("count_kx"), fields.get("weight_addr"),
            fields.get("kx_step"), fields.get("accumulate") != 0};
}

void ComputeUnit::gather(const StepWalk& walk, Cycle now) {
    last_packed_ = packer_.gathered(packed_command(streams_.front().command),
                                    walk.accumulator_word(), now, walk.left() == 1);
}

bool ComputeUnit::granted_until(Cycle now, Cycle end) {
    for (Cycle at = now; at < end; at = requested()) {
        StepWalk& walk = streams_.front().walk;
        int64_t steps = std::min({walk.even_steps(), walk.left() - 1, end - at});
        // The latest ones are still on their way to the accumulators.
        steps -= step_to_sum_ + kChunkToBuffer;
        if (run_.plan.weight_stationary && walk.new_tile()) steps = 1;
        // The vector unit must not fall far behind what the accumulators do.
        if (meets_vector(walk)) return granted(at);
        if (steps <= 1) {
            if (granted(at)) return true;
            continue;
        }
        walk.skip(steps);
        read_free_ = at + steps;
        if (walk.left() == 1) {
            accepted_ = read_free_ - 1;
            return true;
        }
    }
    return false;
}

bool ComputeUnit::meets_vector(const StepWalk& walk) const {
    return (run_.vector_reads & run_.accumulator.groups(walk.first_word(), walk.last_word())) != 0;
}

/// Cycles in which the accumulators read and write the buffer for the step granted now: early_*
/// and chunk_* of generator/emit/top_array.cpp, write_q of aw_accumulate_*.
void ComputeUnit::use_accumulators(const StepWalk& walk, Cycle now) {
    const Cycle chunk = now + step_to_sum_;
    const Banks bank = run_.accumulator.of_word(walk.accumulator_word());
    const Banks written = run_.accumulator.of_write(walk.accumulator_word());
    const bool continues = !walk.first_chunk() || walk.accumulates();
    if (run_.plan.weight_stationary) {
        if (continues) {
            // The write of an earlier sum that meets this read waits (waiting_q).
            if ((run_.accumulator_traffic.at(chunk - 2) & bank) != 0) {
                run_.accumulator_traffic.use(chunk - 1, bank);
            }
            run_.accumulator_traffic.use(chunk - 2, bank);
        }
        run_.accumulator_traffic.use(chunk + kChunkToBuffer, written);
    } else {
        if (walk.first_chunk() && walk.accumulates()) run_.accumulator_traffic.use(chunk - 1, bank);
        if (walk.last_chunk()) run_.accumulator_traffic.use(chunk + kChunkToBuffer, written);
    }
}

void ComputeUnit::end_stream(Cycle last_read) {
    const Stream& stream = streams_.front();
    const Header& header = run_.headers[static_cast<size_t>(stream.command)];
    // The packer takes its steps later, and directly before the array.
    const Cycle chunk =
        header.packs ? last_packed_ + run_.plan.sum_latency_cycles : last_read + step_to_sum_;
    pipeline_empty_ = chunk + kVisible;
    run_.complete(isa::Unit::kCompute, stream.command, chunk + kChunkToTokens, pipeline_empty_);
    run_.last_weights = run_.weights.groups(header.first_tile, header.last_tile);
    run_.last_weights_end = chunk - run_.plan.sum_latency_cycles + kVisible +
                            (run_.plan.weight_stationary ? run_.plan.cols - 1 : 0);
    streams_.pop_front();
    know_weights();
}

/// Tells the load unit which RAMs of the weight buffer are being read.
void ComputeUnit::know_weights() {
    run_.array_weights = 0;
    for (const Stream& stream : streams_) {
        const Header& header = run_.headers[static_cast<size_t>(stream.command)];
        run_.array_weights |= run_.weights.groups(header.first_tile, header.last_tile);
    }
}

}  // namespace arraywright::estimate
