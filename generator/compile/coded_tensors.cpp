// Tensors coded on the bus. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/coded_tensors.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

#include "generator/compile/division.hpp"

namespace arraywright::compile {

namespace {

using network::OpKind;

bool is_relu(network::Activation activation) {
    return activation == network::Activation::kRelu || activation == network::Activation::kRelu6;
}

/// Whether `tensor` is likely to have zeros.
bool has_zeros(const network::Network& network, int32_t tensor) {
    const auto made = std::find_if(network.operators.begin(), network.operators.end(),
                                   [tensor](const auto& op) { return op.output == tensor; });
    const network::Quantization& quantization =
        network.tensors[static_cast<size_t>(tensor)].quantization;
    if (!quantization.zero_points.empty() && quantization.zero_points.front() == -128) return true;
    if (made == network.operators.end()) return false;
    switch (made->kind) {
        case OpKind::kRelu:
        case OpKind::kRelu6:
            return true;
        case OpKind::kMaxPool:
        case OpKind::kPad:
        case OpKind::kConcatenation:
        case OpKind::kReshape:
        case OpKind::kTranspose: {
            const std::vector<int32_t> inputs = made->all_inputs();
            return std::all_of(inputs.begin(), inputs.end(),
                               [&](int32_t input) { return has_zeros(network, input); });
        }
        default:
            return is_relu(made->activation);
    }
}

/// Blocks of a tensor, and what its loads fetch with them.
struct Blocks {
    int64_t words = 0;    ///< bus words of a block
    int64_t fetched = 0;  ///< bytes, if nothing were saved
};

class Coder {
public:
    Coder(const plan::Plan& plan, const CodedCandidate& tensor, const CodingRules& rules,
          std::vector<Item>& items)
        : plan_(plan),
          rules_(rules),
          bus_(plan.bus_bytes),
          tensor_(tensor),
          items_(items),
          words_(ceil_div(tensor.bytes, int64_t{plan.bus_bytes})) {}

    /// Entries of the block table that the tensor takes; 0 when it stays as it is.
    int64_t entries() {
        constexpr int64_t kMostBytes = (int64_t{1} << 24) - 1;
        if (tensor_.bytes > kMostBytes || !collect()) return 0;
        const std::optional<Blocks> best = best_blocks();
        if (!best || best->fetched > wanted_ + wanted_ * rules_.most_growth / 100) return 0;
        block_ = best->words;
        return ceil_div(words_, block_) + 1;
    }

    CodedTensor code(int64_t slot) {
        for (const size_t i : stores_) code_store(items_[i], slot);
        for (const size_t i : loads_) code_load(items_[i], slot);
        return {tensor_.tensor,
                static_cast<uint64_t>(tensor_.dram),
                static_cast<uint64_t>(tensor_.dram + coded_capacity(plan_, tensor_.bytes)),
                tensor_.bytes,
                block_ * bus_,
                plan_.bus_bytes,
                tensor_.zero};
    }

private:
    int64_t offset(const Item& item) const { return item.command.get("address") - tensor_.dram; }

    /// Finds the tensor's transfers; false when not all of them can be coded.
    bool collect() {
        int64_t stored = 0;
        for (size_t i = 0; i < items_.size(); ++i) {
            const Item& item = items_[i];
            const bool touches =
                std::any_of(item.accesses.begin(), item.accesses.end(), [&](const Access& a) {
                    return a.resource == Resource::kDram && a.low < tensor_.dram + tensor_.bytes &&
                           a.high > tensor_.dram;
                });
            if (!touches) continue;
            const isa::Command& command = item.command;
            const int64_t bytes = command.get("run_bytes");
            if (command.get("count_x") != 1 || command.get("count_y") != 1) return false;
            if (offset(item) < 0 || offset(item) + bytes > tensor_.bytes) return false;
            if (command.unit() == isa::Unit::kStore) {
                if (!loads_.empty() || offset(item) != stored) return false;
                stored += bytes;
                stores_.push_back(i);
            } else {
                if (command.get("target") != 0) return false;
                wanted_ += bytes;
                loads_.push_back(i);
            }
        }
        return stored == tensor_.bytes && !loads_.empty();
    }

    /// Bytes that all loads fetch with blocks of `words` without zeros: a nibble a frame and the
    /// padding take a bus word a block.
    int64_t fetched(int64_t words) const {
        int64_t bytes = 0;
        for (const size_t i : loads_) {
            const int64_t first = offset(items_[i]) / (words * bus_);
            const int64_t last =
                ceil_div(offset(items_[i]) + items_[i].command.get("run_bytes"), words * bus_);
            bytes += std::min(last * words, words_) * bus_ - first * words * bus_ +
                     (last - first) * bus_;
        }
        return bytes;
    }

    std::optional<Blocks> best_blocks() const {
        std::set<int64_t> sizes = {words_};
        if (rules_.block_words > 0) sizes = {std::min(words_, rules_.block_words)};
        const bool any = rules_.block_words == 0;
        for (int64_t words = 8; any && words < words_; words *= 2) sizes.insert(words);
        const int64_t step = bus_ / std::gcd(tensor_.row_bytes, bus_);
        for (int64_t rows = step; any && rows * tensor_.row_bytes < tensor_.bytes; rows += step)
            sizes.insert(rows * tensor_.row_bytes / bus_);
        std::optional<Blocks> best;
        for (const int64_t words : sizes) {
            if (words > 0xffff || ceil_div(words_, words) + 1 > plan_.block_slots / 2) continue;
            const int64_t bytes = fetched(words);
            if (!best || bytes < best->fetched) best = {words, bytes};
        }
        return best;
    }

    void code_store(Item& item, int64_t slot) const {
        isa::Command& command = item.command;
        const int64_t from = offset(item) / bus_;
        const int64_t end = offset(item) + command.get("run_bytes");
        const int64_t until = end == tensor_.bytes ? words_ : end / bus_;
        command.set("coded", 1);
        if (offset(item) == 0) {
            command.set("begins", 1);
            command.set("slot", slot);
            command.set("block_words", block_);
            command.set("zero", tensor_.zero);
            command.set("bytes", tensor_.bytes);
        }
        // It writes the entries behind the blocks that end in it, and the first one of all.
        const int64_t low = offset(item) == 0 ? 0 : from / block_ + 1;
        const int64_t high = until == words_ ? ceil_div(words_, block_) : until / block_;
        if (high >= low)
            item.accesses.push_back({Resource::kBlocks, slot + low, slot + high + 1, true});
    }

    void code_load(Item& item, int64_t slot) const {
        isa::Command& command = item.command;
        const int64_t block = block_ * bus_;
        const int64_t first = offset(item) / block;
        const int64_t last = ceil_div(offset(item) + command.get("run_bytes"), block);
        command.set("skip", offset(item) - first * block);
        command.set("coded", 1);
        command.set("address", tensor_.dram);
        command.set("slot", slot + first);
        command.set("blocks", last - first);
        command.set("block_words", block_);
        command.set("zero", tensor_.zero);
        for (Access& access : item.accesses) {
            // The words of a block are in memory when the block is.
            if (access.resource == Resource::kDram) {
                access.low = tensor_.dram + first * block;
                access.high = tensor_.dram + std::min(last * block, tensor_.bytes);
            }
        }
        item.accesses.push_back({Resource::kBlocks, slot + first, slot + last + 1, false});
    }

    const plan::Plan& plan_;
    const CodingRules& rules_;
    int64_t bus_;
    const CodedCandidate& tensor_;
    std::vector<Item>& items_;
    int64_t words_;
    int64_t wanted_ = 0;  ///< bytes of all loads
    int64_t block_ = 0;   ///< bus words
    std::vector<size_t> stores_, loads_;
};

}  // namespace

std::vector<bool> may_be_coded(const network::Network& network, const Graph& graph,
                               const MemoryMap& map, const plan::Plan& plan) {
    std::vector<bool> result(network.tensors.size(), false);
    if (!plan.codecs) return result;
    const auto root = [&](int32_t t) {
        return static_cast<size_t>(graph.views[static_cast<size_t>(t)].root);
    };
    // By owner of memory: the runs that touch it, or -1 for the host.
    std::vector<std::set<int32_t>> runs(network.tensors.size());
    std::vector<bool> made(network.tensors.size(), false);
    int32_t run = 0;
    for (const GraphOp& op : graph.ops) {
        const bool host = op.block == Block::kHost;
        if (host) ++run;
        made[root(op.output)] = true;
        runs[root(op.output)].insert(host ? -1 : run);
        for (const int32_t input : op.inputs) runs[root(input)].insert(host ? -1 : run);
    }
    for (const int32_t t : network.inputs) runs[root(t)].insert(-1);
    for (const int32_t t : network.outputs) runs[root(t)].insert(-1);
    for (size_t t = 0; t < result.size(); ++t) {
        const network::Tensor& tensor = network.tensors[t];
        result[t] = graph.views[t].root == static_cast<int32_t>(t) && made[t] && map.in_dram[t] &&
                    !tensor.is_constant && tensor.type == network::DataType::kInt8 &&
                    !tensor.quantization.zero_points.empty() && runs[t].size() == 1 &&
                    !runs[t].contains(-1) && has_zeros(network, static_cast<int32_t>(t));
    }
    return result;
}

int64_t coded_capacity(const plan::Plan& plan, int64_t bytes) {
    const int64_t words = ceil_div(bytes, int64_t{plan.bus_bytes});
    // A nibble a frame and padding to a bus word a block; a block has at least one frame begun.
    const int64_t blocks = std::min<int64_t>(words, plan.block_slots);
    const int64_t frames = words / plan.frame_words + blocks;
    return (words + blocks + ceil_div(frames, int64_t{2} * plan.bus_bytes)) * plan.bus_bytes;
}

std::vector<CodedTensor> code_tensors(const plan::Plan& plan,
                                      const std::vector<CodedCandidate>& candidates,
                                      const CodingRules& rules, std::vector<Item>& items) {
    std::vector<CodedTensor> coded;
    int64_t next = 0;  // entry of the block table; it is used in a circle
    for (const CodedCandidate& candidate : candidates) {
        Coder coder(plan, candidate, rules, items);
        const int64_t entries = coder.entries();
        if (entries == 0) continue;
        if (next + entries > plan.block_slots) next = 0;
        coded.push_back(coder.code(next));
        next += entries;
    }
    return coded;
}

}  // namespace arraywright::compile
