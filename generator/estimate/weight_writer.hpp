// Weight beats of the load unit to the weight buffer (aw_load, aw_gearbox, aw_weight_buffer).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "generator/estimate/actor.hpp"
#include "generator/estimate/gearbox.hpp"
#include "generator/estimate/run.hpp"
#include "generator/estimate/work.hpp"

namespace arraywright::estimate {

/// A bus word of weights in the load unit's beat register.
struct WeightBeat {
    int64_t bytes = 0;
    int32_t command = 0;
    int32_t cols = 1;    ///< of a tile
    int64_t tile = 0;    ///< first one of the command
    bool first = false;  ///< of its command
    bool last = false;
    /// Of a stream that is not plain: cycles of the decoder, bytes and tiles of the command.
    int64_t words = 0, command_bytes = 0, tiles = 0;
};

/// One cycle after the other: a word is written, a beat enters the gearbox. The array's reads come
/// first; after a few refusals the array leaves a gap.
class WeightWriter : public Actor {
public:
    explicit WeightWriter(Run& run) : run_(run), gearbox_(run.plan) {}

    /// Whether the array may read the RAMs that `work` writes.
    bool meets_array(const TransferWork& work, Cycle now) const;
    /// A beat that may be pushed from `from` on. With `alone` nothing refuses a word, and all
    /// cycles up to the push are done at once.
    void take(const WeightBeat& beat, Cycle from, bool alone);
    /// The beat register is free, kNever while a beat or the end of a command waits.
    Cycle register_free() const { return waiting_ || draining_ ? kNever : register_free_; }
    /// First cycle in which beats of the next command may be written.
    Cycle others_free() const { return others_free_; }

    Cycle ready() const override { return at_; }
    void act(Cycle now, Cycle horizon) override;

private:
    void cycle(Cycle now, bool alone);
    bool refused(Cycle now) const;

    Run& run_;
    Gearbox gearbox_;
    WeightBeat beat_;
    bool waiting_ = false;   ///< beat_ is not pushed yet
    bool loaded_ = false;    ///< the tile counter is loaded for the command of beat_
    bool draining_ = false;  ///< the last beat of a command is in the gearbox
    int32_t refusals_ = 0;
    Cycle at_ = kNever;  ///< next cycle with something to do
    Cycle register_free_ = 0;
    Cycle others_free_ = 0;
};

}  // namespace arraywright::estimate
