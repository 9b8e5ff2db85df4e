// Random specs, layers and memories over the whole space. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "generator/plan/plan.hpp"
#include "sim/memory_config.hpp"

namespace arraywright::e2e {

/// SplitMix64: the same sequence on every platform.
class Dice {
public:
    explicit Dice(uint64_t seed) : state_(seed) {}
    uint64_t next();
    /// Uniform in low..high.
    int32_t between(int32_t low, int32_t high);
    /// The smaller the likelier: uniform in low..(uniform in low..high).
    int32_t small(int32_t low, int32_t high) { return between(low, between(low, high)); }
    bool chance(int32_t percent) { return between(1, 100) <= percent; }
    template <typename T>
    T pick(std::initializer_list<T> values) {
        return *(values.begin() + between(0, static_cast<int32_t>(values.size()) - 1));
    }

private:
    uint64_t state_;
};

/// A seed for part `index` of `seed`.
uint64_t derived_seed(uint64_t seed, uint64_t index);

/// What random_spec may draw.
struct SpecLimits {
    int32_t least_multipliers = 1;
    int32_t most_multipliers = 4096;
    /// Some of the array's and the vector unit's options are switched off.
    bool options = false;
    /// At most four rows, buffers near the smallest, a narrow bus: reductions take many steps and
    /// many commands, and the units wait for each other all the time.
    bool narrow = false;
    /// Options that save zeros, and weights that have them.
    bool sparse = false;
    /// Designs with codecs, and buffers too small for most feature maps.
    bool coded = false;
    /// Four small banks of activations, which depthwise layers stream through.
    bool streams = false;
    /// As for small FPGAs: one command at a time, counters in some.
    bool one_command = false;
    /// A serial vector unit instead of the drawn lanes and options; the same dice give the same
    /// design otherwise.
    bool serial = false;
    /// Instead of a drawn one; the same dice give the same design otherwise.
    std::string target = "";

    bool holds(int32_t rows, int32_t cols) const {
        return rows * cols >= least_multipliers && rows * cols <= most_multipliers &&
               (!narrow || rows <= kNarrowRows);
    }
    static constexpr int32_t kNarrowRows = 4;
};

/// A valid spec named `name` within `limits`.
std::string random_spec(Dice& dice, const std::string& name, const SpecLimits& limits);

/// A workload of one layer, now and then two, that simulates in well under a second.
std::string random_workload(Dice& dice, const plan::Plan& plan);

/// A workload of one convolution whose positions take many steps, for narrow designs.
std::string random_narrow_workload(Dice& dice, const plan::Plan& plan);

/// A workload of one depthwise layer that is larger than the activation buffer.
std::string random_stream_workload(Dice& dice, const plan::Plan& plan);

/// Fields of a layer that give its weights zeros, in patterns or without, and few values.
std::string random_zeros(Dice& dice);

/// A workload of some three to fifteen layers of all operators, branches and residual sums.
std::string random_network(Dice& dice, const SpecLimits& limits);

sim::MemoryConfig random_memory(Dice& dice);

/// Where the program lies: low addresses, or anywhere the design can reach.
uint64_t random_base(Dice& dice, const plan::Plan& plan);

}  // namespace arraywright::e2e
