// Which addition of a program comes first, from its commands. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "generator/isa/commands.hpp"
#include "verif/golden/golden.hpp"

namespace arraywright::sim {

/// The overflow events that may be the first in time.
///
/// The array executes its commands in program order and each as the loop nest
/// `n y x | ky kx s` (broadcast) or `n | ky kx s | y x` (weight stationary), one step a cycle in
/// all columns; the vector unit as `n y x`, then channels upwards. So each of the two adders has
/// one first event. Of two columns or lanes in one cycle the lowest is reported. Between the
/// adders tokens decide; where they leave both orders open, both events are possible.
struct FirstOffenders {
    std::optional<golden::OverflowEvent> array;
    std::optional<golden::OverflowEvent> bias;
};

/// `cols`: columns of the array. An event that no command adds is never first.
FirstOffenders first_offenders(const std::vector<isa::Command>& commands,
                               const golden::Result& golden, int32_t cols, bool weight_stationary);

}  // namespace arraywright::sim
