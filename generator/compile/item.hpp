// Item: a command with the memory that it touches, before tokens are assigned.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/isa/commands.hpp"

namespace arraywright::compile {

/// Memories whose contents order commands of different units.
enum class Resource { kDram, kActivation, kWeight, kAccumulator, kBias, kScale, kTable };
inline constexpr size_t kResources = 7;

/// Addresses [low, high) of a resource: bytes, tiles, words or rows (a lookup table: one).
struct Access {
    Resource resource;
    int64_t low;
    int64_t high;
    bool write;
};

/// True when the order of the two accesses matters.
inline bool conflicts(const Access& a, const Access& b) {
    return (a.write || b.write) && a.resource == b.resource && a.low < b.high && b.low < a.high;
}

struct Item {
    isa::Command command;
    std::vector<Access> accesses;
};

bool conflicts(const Item& a, const Item& b);

}  // namespace arraywright::compile
