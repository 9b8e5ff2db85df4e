// Item: a command with the memory that it touches, before tokens are assigned.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "generator/compile/weight_form.hpp"
#include "generator/isa/commands.hpp"

namespace arraywright::compile {

/// Memories whose contents order commands of different units.
enum class Resource { kDram, kActivation, kWeight, kAccumulator, kBias, kScale, kTable, kBlocks };
inline constexpr size_t kResources = 8;

/// Addresses [low, high) of a resource: bytes, tiles, words, rows (a lookup table: one) or entries
/// of the block table.
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
    WeightNotes notes = {};
};

bool conflicts(const Item& a, const Item& b);

/// A program has no room for the commands of a layer.
class ProgramTooLong : public std::length_error {
public:
    using std::length_error::length_error;
};

/// Commands of one layer after the other; throws ProgramTooLong when all of them are too many.
class ItemList {
public:
    explicit ItemList(int64_t most) : left_(most) {}
    void push_back(Item item) {
        if (left_-- <= 0) throw ProgramTooLong("too many commands");
        items_.push_back(std::move(item));
    }
    Item& back() { return items_.back(); }
    /// What came since the last call.
    std::vector<Item> take() { return std::exchange(items_, {}); }
    std::vector<Item>::const_iterator begin() const { return items_.begin(); }
    std::vector<Item>::const_iterator end() const { return items_.end(); }

private:
    int64_t left_;
    std::vector<Item> items_;
};

}  // namespace arraywright::compile
