// Order of slices of unequal work. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/slice_order.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

using arraywright::compile::even_order;

TEST_CASE("equal slices keep their order") {
    REQUIRE(even_order({}).empty());
    REQUIRE(even_order({7}) == std::vector<size_t>{0});
    REQUIRE(even_order({5, 5, 5, 5}) == std::vector<size_t>{0, 1, 2, 3});
    REQUIRE(even_order({0, 0, 0}) == std::vector<size_t>{0, 1, 2});
}

TEST_CASE("short and long slices take turns") {
    REQUIRE(even_order({0, 0, 0, 8, 8, 8}) == std::vector<size_t>{3, 0, 4, 1, 5, 2});
    // Mean 3: 4, then 2 makes it 6; 6 makes it 12 where 9 or 12 are as near as it gets.
    REQUIRE(even_order({6, 2, 4, 0}) == std::vector<size_t>{2, 1, 0, 3});
}

TEST_CASE("the sum stays within the longest slice of a straight line") {
    for (uint32_t seed = 1; seed <= 200; ++seed) {
        std::vector<int64_t> work;
        uint32_t state = seed;
        for (uint32_t i = 0; i < 1 + seed % 67; ++i) {
            state = state * 1664525 + 1013904223;
            work.push_back((state >> 20) % 3 == 0 ? 0 : (state >> 24) % 40);
        }
        const std::vector<size_t> order = even_order(work);
        std::vector<size_t> sorted = order;
        std::sort(sorted.begin(), sorted.end());
        for (size_t i = 0; i < work.size(); ++i) REQUIRE(sorted[i] == i);
        REQUIRE(sorted.size() == work.size());
        const int64_t total = std::accumulate(work.begin(), work.end(), int64_t{0});
        const int64_t longest = *std::max_element(work.begin(), work.end());
        const auto count = static_cast<int64_t>(work.size());
        int64_t sum = 0;
        for (size_t i = 0; i < order.size(); ++i) {
            sum += work[order[i]];
            const int64_t line = total * static_cast<int64_t>(i + 1) / count;
            REQUIRE(std::abs(sum - line) <= longest);
        }
    }
}
