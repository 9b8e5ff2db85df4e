// Vector unit (aw_vector): VECTOR and COMBINE commands as groups of lanes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "generator/estimate/activation_buffer.hpp"
#include "generator/estimate/run.hpp"
#include "generator/estimate/vector_walk.hpp"

namespace arraywright::estimate {

/// Results on their way from the issue of their group to the activation buffer.
class ResultPort : public Port {
public:
    explicit ResultPort(Run& run);

    /// First cycle in which a group may be issued.
    Cycle room() const { return places_.available(); }
    /// First cycle without results in flight, kNever as far as known.
    Cycle empty_from() const { return results_.empty() ? write_free_ : kNever; }
    /// A group whose results come in cycle `from`; the last of `command` when that is not negative.
    void issue(Cycle from, ByteRange bytes, int32_t command);

    Cycle requested() const override;
    Banks banks() const override { return results_.front().banks; }
    Banks groups() const override { return results_.empty() ? 0 : groups_; }
    bool granted(Cycle now) override;

private:
    struct Result {
        Banks banks;
        Cycle from;
        int32_t command;
    };
    Run& run_;
    Places places_;
    std::deque<Result> results_;
    Banks groups_ = 0;  ///< of all results since the port was last empty
    Cycle write_free_ = 0;
};

/// Issues groups; a COMBINE reads its taps through this port, a VECTOR passes it freely.
class VectorUnit : public Actor, public Port {
public:
    VectorUnit(Run& run, ResultPort& results) : run_(run), results_(results) {}

    // Commands
    Cycle ready() const override;
    void act(Cycle now, Cycle horizon) override;
    // Issues and taps
    Cycle requested() const override;
    Banks banks() const override;
    Banks groups() const override { return walk_ ? groups_ : 0; }
    bool granted(Cycle now) override;

private:
    /// From the issue of a group, or its last tap, to the request of its write.
    Cycle latency(const isa::Command& command) const;

    Run& run_;
    ResultPort& results_;
    std::optional<VectorWalk> walk_;
    Banks groups_ = 0;       ///< of all that the command will read and write
    Banks tables_ = 0;       ///< parameter tables that each group reads
    bool combined_ = false;  ///< the last command was a COMBINE
    bool held_ = false;  ///< serial: the command stays in its queue until its results are written
    Cycle issue_ = 0;    ///< earliest cycle of the next issue or tap
    Cycle latency_ = 0;
    Cycle start_free_ = 0;
};

}  // namespace arraywright::estimate
