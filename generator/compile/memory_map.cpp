// Memory map. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/memory_map.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <set>

namespace arraywright::compile {

namespace {

/// Work that makes and reads a tensor's memory: [first, last] of the graph.
struct Life {
    int32_t first = -1, last = -1;
    int64_t bytes = 0;
    bool may_stay = false;  ///< made and read by the accelerator only
    bool in_dram = false;
};

struct Placed {
    int32_t root;
    Room at;
};

class Mapper {
public:
    Mapper(const network::Network& network, const Graph& graph, const plan::Plan& plan,
           GraphOptions options, const std::vector<bool>& crowded)
        : network_(network), graph_(graph), plan_(plan), options_(options), crowded_(crowded) {
        find_lives();
        bank_bytes_ = int64_t{2} * plan.activation.group_rows * plan.word_bytes;
    }

    MemoryMap map() {
        // A tensor that leaves too little room for a later operator goes to DRAM after all.
        while (!try_map()) {
        }
        // Beside tiles of an output that goes to DRAM, what is added to them comes from there, too.
        for (const GraphOp& op : graph_.ops) {
            if (op.residual_add >= 0 && !stays(op.output)) life(op.inputs[1]).in_dram = true;
        }
        for (size_t t = 0; t < network_.tensors.size(); ++t) {
            const auto root = static_cast<size_t>(graph_.views[t].root);
            map_.on_chip[t] = map_.on_chip[root];
            map_.in_dram[t] = lives_[root].in_dram || map_.on_chip[root] < 0;
        }
        return std::move(map_);
    }

private:
    int32_t root_of(int32_t tensor) const { return graph_.views[static_cast<size_t>(tensor)].root; }
    Life& life(int32_t tensor) { return lives_[static_cast<size_t>(root_of(tensor))]; }

    void find_lives() {
        lives_.resize(network_.tensors.size());
        for (size_t t = 0; t < lives_.size(); ++t) {
            const network::Tensor& tensor = network_.tensors[t];
            lives_[t].bytes = tensor.bytes();
            lives_[t].may_stay = tensor.type == network::DataType::kInt8;
        }
        for (size_t i = 0; i < graph_.ops.size(); ++i) {
            const GraphOp& op = graph_.ops[i];
            const auto at = static_cast<int32_t>(i);
            const bool host = op.block == Block::kHost;
            Life& made = life(op.output);
            if (made.first < 0) made.first = at;
            made.last = std::max(made.last, at);
            made.in_dram |= host || options_.keep_all_tensors;
            made.may_stay &= !host;
            for (const int32_t input : op.inputs) {
                Life& read = life(input);
                read.last = std::max(read.last, at);
                read.in_dram |= host;
            }
        }
        for (const int32_t t : network_.inputs) life(t).may_stay = false;
        for (const int32_t t : network_.outputs) life(t).in_dram = true;
        for (Life& one : lives_) {
            one.may_stay = one.may_stay && one.first >= 0 && one.last > one.first;
            one.in_dram |= !one.may_stay;
        }
    }

    /// Room that an operator wants for tiles of the tensors that it streams from and to DRAM.
    int64_t wanted_room(size_t work) {
        const GraphOp& op = graph_.ops[work];
        if (op.block == Block::kHost) return 0;
        if (crowded_[work]) return plan_.activation_bytes;
        const int64_t share = plan_.activation_bytes / 4;
        int64_t bytes = 0;
        for (const int32_t input : op.inputs) {
            if (!stays(input)) bytes += std::min(2 * life(input).bytes, share);
        }
        if (!stays(op.output)) bytes += std::min(2 * life(op.output).bytes, share);
        return std::min(bytes, int64_t{plan_.activation_bytes});
    }

    bool stays(int32_t tensor) const {
        return map_.on_chip[static_cast<size_t>(root_of(tensor))] >= 0;
    }

    std::vector<Placed> live_at(int32_t work) const {
        std::vector<Placed> live;
        for (const Placed& one : placed_) {
            const Life& of = lives_[static_cast<size_t>(one.root)];
            if (of.first <= work && of.last >= work) live.push_back(one);
        }
        std::sort(live.begin(), live.end(),
                  [](const Placed& a, const Placed& b) { return a.at.low < b.at.low; });
        return live;
    }

    /// Free parts of the buffer while `work` runs.
    std::vector<Room> gaps(int32_t work) const {
        std::vector<Room> result;
        int64_t next = 0;
        for (const Placed& one : live_at(work)) {
            if (one.at.low > next) result.push_back({next, one.at.low});
            next = std::max(next, one.at.high);
        }
        if (next < plan_.activation_bytes) result.push_back({next, plan_.activation_bytes});
        return result;
    }

    Room largest_gap(int32_t work) const {
        Room best;
        for (const Room& gap : gaps(work)) {
            if (gap.bytes() > best.bytes()) best = gap;
        }
        return best;
    }

    bool try_map() {
        placed_.clear();
        map_.on_chip.assign(network_.tensors.size(), -1);
        map_.in_dram.assign(network_.tensors.size(), false);
        map_.room.assign(graph_.ops.size(), {});
        for (size_t i = 0; i < graph_.ops.size(); ++i) {
            const GraphOp& op = graph_.ops[i];
            const auto at = static_cast<int32_t>(i);
            const int32_t root = root_of(op.output);
            const Life& of = lives_[static_cast<size_t>(root)];
            if (of.first == at && of.may_stay && !refused_.contains(root)) place(at, root);
        }
        for (size_t i = 0; i < graph_.ops.size(); ++i) {
            const auto at = static_cast<int32_t>(i);
            map_.room[i] = largest_gap(at);
            if (map_.room[i].bytes() >= wanted_room(i)) continue;
            if (refuse_largest(at)) return false;
        }
        return true;
    }

    /// Sends the largest tensor that is live at `work` to DRAM; false if there is none.
    bool refuse_largest(int32_t work) {
        int32_t largest = -1;
        for (const Placed& one : live_at(work)) {
            if (largest < 0 || lives_[static_cast<size_t>(one.root)].bytes >
                                   lives_[static_cast<size_t>(largest)].bytes) {
                largest = one.root;
            }
        }
        if (largest < 0) return false;
        refused_.insert(largest);
        return true;
    }

    /// Banks that [low, high) touches, as a bit mask.
    uint64_t banks(int64_t low, int64_t high) const {
        uint64_t mask = 0;
        for (int64_t bank = low / bank_bytes_; bank * bank_bytes_ < high; ++bank)
            mask |= uint64_t{1} << bank;
        return mask;
    }

    /// Puts a tensor where it meets no other for its whole life, if possible in other banks than
    /// those that the array reads while it is written.
    void place(int32_t work, int32_t root) {
        const Life& of = lives_[static_cast<size_t>(root)];
        const int64_t align = std::lcm<int64_t>(plan_.word_bytes, plan_.bus_bytes);
        const int64_t size = (of.bytes + align - 1) / align * align;
        std::vector<Placed> others;
        for (int32_t w = of.first; w <= of.last; ++w) {
            for (const Placed& one : live_at(w)) others.push_back(one);
        }
        std::set<int64_t> candidates = {0};
        for (int64_t at = bank_bytes_; at < plan_.activation_bytes; at += bank_bytes_)
            candidates.insert(at);
        for (const Placed& one : others) {
            candidates.insert((one.at.high + align - 1) / align * align);
            candidates.insert(std::max<int64_t>(0, (one.at.low - size) / align * align));
        }
        candidates.insert(std::max<int64_t>(0, (plan_.activation_bytes - size) / align * align));
        uint64_t read = 0;
        for (const int32_t input : graph_.ops[static_cast<size_t>(work)].inputs) {
            for (const Placed& one : placed_) {
                if (one.root == root_of(input)) read |= banks(one.at.low, one.at.high);
            }
        }
        int64_t best = -1;
        int64_t best_cost = 0;
        for (const int64_t low : candidates) {
            const int64_t high = low + size;
            if (high > plan_.activation_bytes) continue;
            const bool free = std::all_of(others.begin(), others.end(), [&](const Placed& one) {
                return one.at.high <= low || one.at.low >= high;
            });
            if (!free) continue;
            const int64_t shared = std::popcount(banks(low, high) & read);
            const int64_t cost = shared * plan_.activation_bytes * 4 + gap_cost(low, high, of);
            if (best < 0 || cost < best_cost) {
                best = low;
                best_cost = cost;
            }
        }
        if (best < 0) return;
        placed_.push_back({root, {best, best + size}});
        map_.on_chip[static_cast<size_t>(root)] = best;
    }

    /// Bytes missing in the largest gap that remains at the tensor's first operator: small when
    /// free memory stays in one piece.
    int64_t gap_cost(int64_t low, int64_t high, const Life& of) const {
        int64_t largest = 0;
        for (const Room& gap : gaps(of.first)) {
            if (high <= gap.low || low >= gap.high) {
                largest = std::max(largest, gap.bytes());
            } else {
                largest = std::max({largest, low - gap.low, gap.high - high});
            }
        }
        return plan_.activation_bytes - largest;
    }

    const network::Network& network_;
    const Graph& graph_;
    const plan::Plan& plan_;
    GraphOptions options_;
    const std::vector<bool>& crowded_;
    int64_t bank_bytes_ = 1;
    std::vector<Life> lives_;
    std::vector<Placed> placed_;
    std::set<int32_t> refused_;
    MemoryMap map_;
};

}  // namespace

MemoryMap map_memory(const network::Network& network, const Graph& graph, const plan::Plan& plan,
                     GraphOptions options, const std::vector<bool>& crowded) {
    return Mapper(network, graph, plan, options, crowded).map();
}

}  // namespace arraywright::compile
