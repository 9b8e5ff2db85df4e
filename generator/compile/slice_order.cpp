// Order of slices. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/slice_order.hpp"

#include <map>
#include <numeric>

namespace arraywright::compile {

std::vector<size_t> even_order(const std::vector<int64_t>& work) {
    std::multimap<int64_t, size_t> left;
    for (size_t i = 0; i < work.size(); ++i) left.emplace(work[i], i);
    const int64_t total = std::accumulate(work.begin(), work.end(), int64_t{0});
    const auto count = static_cast<int64_t>(work.size());
    std::vector<size_t> order;
    int64_t sum = 0;
    for (int64_t place = 1; !left.empty(); ++place) {
        const int64_t wanted = total * place / count - sum;
        auto next = left.lower_bound(wanted);
        if (next == left.end()) next = left.lower_bound(std::prev(next)->first);
        if (next != left.begin()) {
            const int64_t below = std::prev(next)->first;
            if (wanted - below < next->first - wanted) next = left.lower_bound(below);
        }
        sum += next->first;
        order.push_back(next->second);
        left.erase(next);
    }
    return order;
}

}  // namespace arraywright::compile
