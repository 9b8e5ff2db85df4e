// Sequencer, array and accumulators: COMPUTE commands as steps. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "generator/estimate/activation_buffer.hpp"
#include "generator/estimate/packer.hpp"
#include "generator/estimate/run.hpp"
#include "generator/estimate/step_walk.hpp"

namespace arraywright::estimate {

class ComputeUnit : public Actor, public ArrayPort {
public:
    explicit ComputeUnit(Run& run);

    // Commands
    Cycle ready() const override;
    void act(Cycle now, Cycle horizon) override;
    // Steps
    Cycle requested() const override;
    Cycle held(Cycle at) const override;
    Banks banks() const override { return streams_.front().walk.banks(); }
    Banks groups() const override;
    bool granted(Cycle now) override;
    bool granted_until(Cycle now, Cycle end) override;

private:
    /// A command whose steps are not all granted: the next one may start before the last step.
    struct Stream {
        StepWalk walk;
        int32_t command;
        Cycle first;  ///< earliest cycle of its first step
    };
    /// The last step of a position.
    struct End {
        Cycle at;
        int64_t word;
    };
    void start(Cycle now);
    Cycle sums_ready(const Header& header) const;
    void know_weights();
    void use_accumulators(const StepWalk& walk, Cycle now);
    void step(const StepWalk& walk, Cycle now);
    void gather(const StepWalk& walk, Cycle now);
    PackedCommand packed_command(int32_t command) const;
    void end_stream(Cycle last_read);
    bool meets_vector(const StepWalk& walk) const;

    Run& run_;
    Packer packer_;
    Cycle step_to_sum_;  ///< granted step to chunk_valid
    std::deque<Stream> streams_;
    bool running_ = false;     ///< the command at the queue head has started
    Cycle accepted_ = kNever;  ///< the nest offers its last step: the command leaves the queue
    Cycle start_free_ = 0;
    bool last_was_long_ = false;  ///< positions of the last command take many steps
    int64_t last_word_ = 0;       ///< ... its last accumulator word
    Cycle read_free_ = 0;
    std::array<End, 2> ends_{{{-kEndToRead - 1, 0}, {-kEndToRead - 1, 0}}};  ///< the latest two
    Cycle last_packed_ = 0;     ///< last step of the latest packed position
    Cycle tile_free_ = 0;       ///< first step of the next weight tile (weight stationary)
    Cycle away_ = 0;            ///< the next tile keeps away from a step of this one
    Cycle pipeline_empty_ = 0;  ///< the sums of all steps so far are in the accumulators
};

}  // namespace arraywright::estimate
