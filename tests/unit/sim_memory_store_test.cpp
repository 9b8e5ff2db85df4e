// Sparse memory: poison, marks, faults. SPDX-License-Identifier: Apache-2.0
#include "sim/memory_store.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace arraywright::sim;

TEST_CASE("memory store: untouched bytes are poison that depends on seed and address", "[sim]") {
    MemoryStore store;
    store.clear(1);
    const std::vector<uint8_t> first = store.peek(0x12345, 5000);
    store.clear(2);
    const std::vector<uint8_t> second = store.peek(0x12345, 5000);
    store.clear(1);
    REQUIRE(store.peek(0x12345, 5000) == first);
    REQUIRE(first != second);
    REQUIRE(std::set<uint8_t>(first.begin(), first.end()).size() == 256);
}

TEST_CASE("memory store: writes respect enables and leave marks, images do not", "[sim]") {
    MemoryStore store;
    store.clear(1);
    store.map(0xff0, 0x1010);
    const std::vector<uint8_t> image(32, 9);
    store.initialize(0xff0, image);
    REQUIRE_FALSE(store.written(0xff0));
    const std::vector<uint8_t> data = {1, 2, 3, 4};
    const std::vector<uint8_t> enables = {0xff, 0, 0xff, 0};
    REQUIRE(store.write(0xffe, data, enables) == kOkay);
    REQUIRE(store.peek(0xffd, 6) == std::vector<uint8_t>{9, 1, 9, 3, 9, 9});
    std::set<uint64_t> written;
    store.for_each_written([&](uint64_t address) { written.insert(address); });
    REQUIRE(written == std::set<uint64_t>{0xffe, 0x1000});
    REQUIRE(store.written(0x1000));
    REQUIRE_FALSE(store.written(0xfff));
}

TEST_CASE("memory store: unmapped addresses answer DECERR and change nothing", "[sim]") {
    MemoryStore store;
    store.clear(1);
    store.map(0x1000, 0x1030);  // rounded to 0x1040
    store.map(0x1040, 0x1080);
    store.map(0x2000, 0x2040);
    std::vector<uint8_t> data(16, 0);
    REQUIRE(store.read(0x1038, data) == kOkay);  // across two touching ranges
    REQUIRE(store.read(0x1080, data) == kDecodeError);
    REQUIRE(store.read(0x1078, data) == kDecodeError);
    REQUIRE(store.read(0x0ff8, data) == kDecodeError);
    REQUIRE(store.write(0x3000, data, {}) == kDecodeError);
    REQUIRE_FALSE(store.written(0x3000));
    REQUIRE(store.read(0x2030, data) == kOkay);
}

TEST_CASE("memory store: faults answer on their side only", "[sim]") {
    MemoryStore store;
    store.clear(1);
    store.map(0, 0x1000);
    store.add_fault({0x100, 0x101, kSlaveError, true, false, -1});
    std::vector<uint8_t> data(16, 0);
    REQUIRE(store.read(0xf0, data) == kOkay);
    REQUIRE(store.read(0xf8, data) == kSlaveError);
    REQUIRE(store.write(0xf8, data, {}) == kOkay);
}
