// Tap packing. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/packer.hpp"

#include <algorithm>

namespace arraywright::estimate {

Cycle Packer::may_start(bool big) const {
    // Two commands fit; positions of another size wait until none is left.
    const Cycle room = commands_.size() < 2 ? 0 : commands_.front() + kVisible;
    return big == big_ ? room : std::max(room, idle_from());
}

Cycle Packer::may_gather(bool big) const {
    const size_t limit = big ? kBigPositions : kPositions;
    if (positions_.size() < limit) return 0;
    return positions_[positions_.size() - limit] + kDoneToPiece;
}

Cycle Packer::gathered(const PackedCommand& command, int64_t word, Cycle now, bool command_ends) {
    big_ = command.is_big(run_.plan);
    const int64_t latency = run_.plan.sum_latency_cycles;
    Cycle issue = std::max(now + kPieceToStep, issue_free_);
    for (int64_t tile = 0; tile < command.tiles; ++tile) {
        const Banks bank = run_.accumulator.of_word(word + tile * command.word_pitch);
        if (command.accumulates) run_.accumulator_traffic.use(issue + latency - 1, bank);
        for (int64_t v = 0; v < command.vectors; ++v) {
            const int64_t weights = command.weight_tile + tile * command.vectors + v;
            run_.weight_traffic.use(issue++, run_.weights.of_tile(weights));
        }
        run_.accumulator_traffic.use(issue - 1 + latency + kChunkToBuffer,
                                     run_.accumulator.of_write(word + tile * command.word_pitch));
        // A sum that continues must not meet the write of the one before.
        if (command.accumulates) issue += kPackPause;
    }
    const Cycle last = issue - 1 - (command.accumulates ? kPackPause : 0);
    issue_free_ = issue;
    positions_.push_back(last);
    if (positions_.size() > kPositions) positions_.pop_front();
    if (command_ends) {
        commands_.push_back(last);
        if (commands_.size() > 2) commands_.pop_front();
    }
    return last;
}

}  // namespace arraywright::estimate
