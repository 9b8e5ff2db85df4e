// Order of commands and tokens. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/dependencies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>

#include "generator/compile/access_history.hpp"

namespace arraywright::compile {

namespace {

using isa::kUnits;
using isa::Unit;

size_t index_of(const Item& item) {
    return static_cast<size_t>(item.command.unit());
}

/// What one unit has executed, as far as others may still conflict with it.
struct History {
    AccessHistory items;
    std::array<size_t, kUnits> synced{};  ///< entries that unit v knows to be complete
};

}  // namespace

bool conflicts(const Item& a, const Item& b) {
    for (const Access& x : a.accesses) {
        for (const Access& y : b.accesses) {
            if (conflicts(x, y)) return true;
        }
    }
    return false;
}

std::vector<Item> start_array(const std::vector<Item>& items, size_t count) {
    std::vector<Item> out, results;
    size_t next = 0;
    for (; next < items.size() && out.size() < count; ++next) {
        const Unit unit = items[next].command.unit();
        if (unit == Unit::kVector || unit == Unit::kStore) {
            results.push_back(items[next]);
            continue;
        }
        const bool passes = std::none_of(results.begin(), results.end(), [&](const Item& result) {
            return conflicts(result, items[next]);
        });
        if (!passes) break;
        out.push_back(items[next]);
    }
    out.insert(out.end(), results.begin(), results.end());
    out.insert(out.end(), items.begin() + static_cast<std::ptrdiff_t>(next), items.end());
    return out;
}

std::vector<Item> hoist_loads(const std::vector<Item>& items, size_t first,
                              const LoadAhead& ahead) {
    std::vector<Item> out;
    std::vector<int64_t> start;  // cycles of the array before each item
    out.reserve(items.size());
    int64_t now = 0;
    int64_t bus_free = 0;
    for (const Item& item : items) {
        const Unit unit = item.command.unit();
        size_t at = out.size();
        int64_t time = now;
        if (unit == Unit::kLoad) {
            for (int32_t passed = 0; at > first && passed < ahead.most_commands; --at) {
                const Item& before = out[at - 1];
                const Unit other = before.command.unit();
                if (other == Unit::kLoad || conflicts(before, item)) break;
                if (other == Unit::kCompute) {
                    if (passed >= ahead.commands && start[at - 1] < bus_free) break;
                    ++passed;
                }
                time = start[at - 1];
            }
            bus_free = std::max(bus_free, time) + ahead.cycles_of(item);
        }
        out.insert(out.begin() + static_cast<std::ptrdiff_t>(at), item);
        start.insert(start.begin() + static_cast<std::ptrdiff_t>(at), time);
        if (unit == Unit::kCompute) now += ahead.cycles_of(item);
    }
    return out;
}

void assign_tokens(std::vector<Item>& items, size_t most_behind) {
    std::array<History, kUnits> history;
    for (Item& item : items) item.command.set("signal", 0);
    for (size_t i = 0; i < items.size(); ++i) {
        const size_t unit = index_of(items[i]);
        int64_t wait = 0;
        for (size_t other = 0; other < kUnits; ++other) {
            if (other == unit) continue;
            History& past = history[other];
            // The latest conflicting command; all earlier ones of that unit are complete with it.
            size_t k = past.items.latest_conflict(items, past.synced[unit], items[i]);
            if (k == 0) continue;
            if (past.items.size() - k > most_behind) k = past.items.size() - most_behind;
            isa::Command& producer = items[past.items.position(k - 1)].command;
            past.synced[unit] = k;
            producer.set("signal", producer.get("signal") | (int64_t{1} << unit));
            wait |= int64_t{1} << other;
        }
        items[i].command.set("wait", wait);
        history[unit].items.add(items, i);
    }
}

namespace {

/// One run of the model in which unit `lazy` moves only when nothing else can: then the others are
/// as far ahead of it as they ever get, and its token counters are as full as they ever get.
class QueueModel {
public:
    QueueModel(const std::vector<isa::Command>& commands, int32_t queue_depth, int32_t max_tokens)
        : commands_(commands),
          queue_depth_(static_cast<size_t>(queue_depth)),
          max_tokens_(max_tokens) {}

    std::string run(size_t lazy) {
        while (error_.empty()) {
            bool moved = dispatch();
            for (size_t unit = 0; unit < kUnits; ++unit) {
                if (unit != lazy && can_start(unit)) moved = execute(unit);
            }
            if (!moved && can_start(lazy)) moved = execute(lazy);
            if (!moved) return error_.empty() ? stop_reason() : error_;
        }
        return error_;
    }

private:
    bool dispatch() {
        const size_t before = next_;
        while (next_ < commands_.size()) {
            const auto unit = static_cast<size_t>(commands_[next_].unit());
            if (is_full(unit)) break;
            queues_[unit].push_back(next_++);
        }
        return next_ != before;
    }

    /// Without queues a command waits for the one before.
    bool is_full(size_t unit) const {
        if (queue_depth_ > 0) return queues_[unit].size() >= queue_depth_;
        return std::any_of(queues_.begin(), queues_.end(),
                           [](const auto& queue) { return !queue.empty(); });
    }

    bool can_start(size_t unit) const {
        if (queues_[unit].empty()) return false;
        const int64_t wait = commands_[queues_[unit].front()].get("wait");
        for (size_t from = 0; from < kUnits; ++from) {
            if ((wait >> from & 1) != 0 && tokens_[from][unit] == 0) return false;
        }
        return true;
    }

    bool execute(size_t unit) {
        const size_t position = queues_[unit].front();
        queues_[unit].pop_front();
        const int64_t wait = commands_[position].get("wait");
        const int64_t signal = commands_[position].get("signal");
        for (size_t other = 0; other < kUnits; ++other) {
            if ((wait >> other & 1) != 0) --tokens_[other][unit];
            if ((signal >> other & 1) != 0 && ++tokens_[unit][other] > max_tokens_) {
                error_ = fmt::format("command {} fills the token counter {} to {}", position,
                                     isa::unit_name(static_cast<Unit>(unit)),
                                     isa::unit_name(static_cast<Unit>(other)));
            }
        }
        return true;
    }

    std::string stop_reason() const {
        for (size_t unit = 0; unit < kUnits; ++unit) {
            if (!queues_[unit].empty()) {
                return fmt::format("deadlock: the {} unit waits at command {}",
                                   isa::unit_name(static_cast<Unit>(unit)), queues_[unit].front());
            }
        }
        for (const auto& row : tokens_) {
            if (std::any_of(row.begin(), row.end(), [](int32_t count) { return count != 0; })) {
                return "tokens are left over at the end of the program";
            }
        }
        return {};
    }

    const std::vector<isa::Command>& commands_;
    size_t queue_depth_;
    int32_t max_tokens_;
    size_t next_ = 0;
    std::array<std::deque<size_t>, kUnits> queues_;
    std::array<std::array<int32_t, kUnits>, kUnits> tokens_{};  // [from][to]
    std::string error_;
};

}  // namespace

std::string check_program(const std::vector<isa::Command>& commands, int32_t queue_depth,
                          int32_t max_tokens) {
    for (size_t lazy = 0; lazy < kUnits; ++lazy) {
        std::string error = QueueModel(commands, queue_depth, max_tokens).run(lazy);
        if (!error.empty()) return error;
    }
    return {};
}

}  // namespace arraywright::compile
