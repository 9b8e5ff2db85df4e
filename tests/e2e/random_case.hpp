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

/// Bounds of rows * cols.
struct ArraySize {
    int32_t least = 1;
    int32_t most = 4096;

    bool holds(int32_t rows, int32_t cols) const {
        return rows * cols >= least && rows * cols <= most;
    }
};

/// A valid spec named `name` with an array of that size; `options`: with some of the array's and
/// the vector unit's options switched off.
std::string random_spec(Dice& dice, const std::string& name, ArraySize multipliers,
                        bool options = false);

/// A workload of one layer, now and then two, that simulates in well under a second.
std::string random_workload(Dice& dice, const plan::Plan& plan);

/// A workload of some three to fifteen layers of all operators, branches and residual sums.
std::string random_network(Dice& dice);

sim::MemoryConfig random_memory(Dice& dice);

/// Where the program lies: low addresses, or anywhere the design can reach.
uint64_t random_base(Dice& dice, const plan::Plan& plan);

}  // namespace arraywright::e2e
