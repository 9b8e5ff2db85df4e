// Weight words, cycle by cycle. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/weight_writer.hpp"

#include <algorithm>

namespace arraywright::estimate {

bool WeightWriter::meets_array(const TransferWork& work, Cycle now) const {
    const int64_t bytes = work.run_bytes * work.count_x * work.count_y;
    const int64_t tiles =
        run_.plan.decodes_weights() ? work.tiles : bytes / (int64_t{run_.plan.rows} * work.cols);
    const Banks groups = run_.weights.groups(work.buffer, work.buffer + tiles);
    if ((groups & run_.array_weights) != 0) return true;
    if ((groups & run_.last_weights) != 0 && now < run_.last_weights_end) return true;
    // A command that has its tokens starts before the burst is over.
    const UnitQueue& queue = run_.queue(isa::Unit::kCompute);
    if (queue.empty()) return false;
    const Header& next = run_.headers[static_cast<size_t>(queue.head())];
    return (groups & run_.weights.groups(next.first_tile, next.last_tile)) != 0 &&
           run_.tokens.available(isa::Unit::kCompute, next.wait) != kNever;
}

void WeightWriter::take(const WeightBeat& beat, Cycle from, bool alone) {
    // Words of earlier beats may still be on their way.
    while (at_ < from) cycle(at_, alone);
    at_ = at_ == kNever ? from : std::max(at_, from);
    beat_ = beat;
    waiting_ = true;
    loaded_ = !beat.first;
    while (alone && (waiting_ || draining_)) cycle(at_, true);
}

void WeightWriter::act(Cycle now, Cycle) {
    cycle(now, false);
}

/// clash of aw_weight_buffer: the array reads a column of the word in the same RAM. A systolic
/// array reads column c c cycles after column 0.
bool WeightWriter::refused(Cycle now) const {
    const Banks group = run_.weights.of_tile(gearbox_.tile());
    if (!run_.plan.weight_stationary) return (run_.weight_traffic.at(now) & group) != 0;
    for (int64_t c = 0; c < gearbox_.columns(); ++c) {
        const Cycle read = now - gearbox_.first_column() - c;
        if (read >= 0 && (run_.weight_traffic.at(read) & group) != 0) return true;
    }
    return false;
}

void WeightWriter::cycle(Cycle now, bool alone) {
    at_ = now + 1;
    if (waiting_ && !loaded_) {
        // load_tile takes a cycle
        if (beat_.words > 0) {
            gearbox_.flush_coded(beat_.tile, beat_.tiles, beat_.command_bytes, beat_.words);
        } else {
            gearbox_.flush(beat_.cols, beat_.tile);
        }
        loaded_ = true;
        return;
    }
    const bool has_word = gearbox_.is_wire() ? waiting_ : gearbox_.has_word();
    const bool granted = has_word && (alone || !refused(now));
    refusals_ = has_word && !granted ? refusals_ + 1 : 0;
    if (refusals_ >= kStarvedRefusals) run_.array_free = std::max(run_.array_free, now + 2);
    const bool pushed = waiting_ && (gearbox_.is_wire() ? granted : gearbox_.has_room(granted));
    if (granted) gearbox_.pop();
    if (pushed) {
        if (!gearbox_.is_wire()) gearbox_.push(beat_.bytes);
        waiting_ = false;
        register_free_ = now;
        draining_ = beat_.last && !gearbox_.is_wire();
        if (beat_.last && gearbox_.is_wire()) run_.complete(isa::Unit::kLoad, beat_.command, now);
    }
    const bool more = gearbox_.is_wire() ? waiting_ : gearbox_.has_word();
    if (draining_ && !more) {
        draining_ = false;
        const Cycle end = now + 1 + (run_.plan.decodes_weights() ? kDecoderCycles : 0);
        register_free_ = end;
        others_free_ = end + 1;
        run_.complete(isa::Unit::kLoad, beat_.command, end);
    }
    if (!waiting_ && !more) at_ = kNever;
}

}  // namespace arraywright::estimate
