// Load unit (aw_load): commands to bursts, beats to the buffers. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include <optional>

#include "generator/estimate/activation_buffer.hpp"
#include "generator/estimate/read_channel.hpp"
#include "generator/estimate/run.hpp"
#include "generator/estimate/weight_writer.hpp"

namespace arraywright::estimate {

class LoadUnit : public Actor, public BeatSink, public Port {
public:
    LoadUnit(Run& run, ReadChannel& channel, WeightWriter& weights);

    Cycle ready() const override;
    void act(Cycle now, Cycle horizon) override;
    bool takes_whole(int32_t command, Cycle now) const override;
    Cycle free() const override;
    Cycle take(Cycle valid, const Burst& burst, int32_t beat, int32_t command) override;

    Cycle requested() const override { return beat_from_; }
    Banks banks() const override { return beat_banks_; }
    Banks groups() const override { return beat_from_ == kNever ? 0 : beat_groups_; }
    bool granted(Cycle now) override;

private:
    void start(Cycle now);
    void send_address(Cycle now);
    int64_t beat_bytes(const Burst& burst, int32_t beat) const;
    void write_weights(const Burst& burst, int32_t beat, int32_t command, Cycle now);

    Run& run_;
    ReadChannel& channel_;
    WeightWriter& weights_;
    // Front end: the command at the queue head
    std::optional<BurstWalk> walk_;
    std::optional<Burst> burst_;
    Cycle burst_valid_ = 0;
    Cycle start_free_ = 0;
    Places flight_;  ///< bursts in flight
    // Back end
    std::vector<TransferWork> works_;  ///< by command, of those started
    // A beat that waits for the activation buffer
    Cycle beat_from_ = kNever;
    Banks beat_banks_ = 0, beat_groups_ = 0;
    int32_t beat_command_ = -1;  ///< that it completes, -1 for none
    Cycle register_free_ = 0;    ///< the beat register can take a beat
    Cycle codebook_free_ = 0;    ///< the codebook can take one
};

}  // namespace arraywright::estimate
