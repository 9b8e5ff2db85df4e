// Timing and order of the bus model. SPDX-License-Identifier: Apache-2.0
#include "sim/axi_memory.hpp"

#include <catch2/catch.hpp>
#include <deque>

using namespace arraywright::sim;

namespace {

constexpr int32_t kBusBytes = 8;

struct SeenBeat {
    uint64_t cycle;
    uint8_t id;
    bool last;
    uint8_t response;
    uint8_t first_byte;
};

/// A manager that asks as fast as it can and takes every answer at once.
struct Bench {
    MemoryStore store;
    DirectMemoryPort port{store};
    AxiMemory memory;
    std::deque<AddressBeat> reads, writes;
    std::deque<WriteChannel> data;
    std::vector<uint64_t> read_handshakes, write_handshakes, last_data;
    std::vector<SeenBeat> beats, responses;
    uint64_t cycle = 0;

    explicit Bench(const MemoryConfig& config) : memory(config, kBusBytes, port) {
        store.clear(1);
        store.map(0, 0x10000);
        for (uint64_t i = 0; i < 0x10000; i += kBusBytes) {
            const std::vector<uint8_t> bytes(kBusBytes, static_cast<uint8_t>(i / kBusBytes));
            store.initialize(i, bytes);
        }
    }
    void read(uint64_t address, int32_t beats_asked, uint8_t id) {
        reads.push_back({address, id, static_cast<uint8_t>(beats_asked - 1), 3, 1, 3, 0});
    }
    void write(uint64_t address, int32_t beats_asked, uint8_t id, uint64_t strobe = 0xff) {
        writes.push_back({address, id, static_cast<uint8_t>(beats_asked - 1), 3, 1, 3, 0});
        for (int32_t i = 0; i < beats_asked; ++i) {
            WriteChannel w;
            w.valid = true;
            w.last = i == beats_asked - 1;
            w.strobe = strobe;
            w.data.fill(static_cast<uint8_t>(0xa0 + i));
            data.push_back(w);
        }
    }
    void step(bool addresses_held = false) {
        const MemoryOutputs& out = memory.outputs();
        AxiSignals axi;
        if (!reads.empty()) axi.ar = {true, out.ar_ready, reads.front()};
        if (!writes.empty() && !addresses_held) axi.aw = {true, out.aw_ready, writes.front()};
        if (!data.empty()) axi.w = data.front();
        axi.w.ready = out.w_ready;
        axi.r.valid = out.r_valid;
        axi.r.ready = axi.b.ready = true;
        axi.b.valid = out.b_valid;
        if (axi.ar.fires()) read_handshakes.push_back(cycle), reads.pop_front();
        if (axi.aw.fires()) write_handshakes.push_back(cycle), writes.pop_front();
        if (axi.w.fires()) {
            if (axi.w.last) last_data.push_back(cycle);
            data.pop_front();
        }
        if (out.r_valid) {
            beats.push_back({cycle, out.r_id, out.r_last, out.r_response, out.r_data[0]});
        }
        if (out.b_valid) responses.push_back({cycle, out.b_id, true, out.b_response, 0});
        memory.sample(axi, cycle++);
    }
    void steps(int32_t count) {
        for (int32_t i = 0; i < count; ++i) step();
    }
};

MemoryConfig config(int32_t latency) {
    MemoryConfig result;
    result.latency_cycles = latency;
    return result;
}

}  // namespace

TEST_CASE("axi memory: first beat after latency, then no gap between bursts", "[sim]") {
    const int32_t latency = GENERATE(1, 2, 20);
    CAPTURE(latency);
    Bench bench(config(latency));
    for (uint64_t burst = 0; burst < 6; ++burst) bench.read(burst * 64, 8, burst % 2);
    bench.steps(100);
    REQUIRE(bench.beats.size() == 48);
    REQUIRE(bench.beats[0].cycle == bench.read_handshakes[0] + static_cast<uint64_t>(latency));
    for (size_t i = 0; i < bench.beats.size(); ++i) {
        REQUIRE(bench.beats[i].cycle == bench.beats[0].cycle + i);
        REQUIRE(bench.beats[i].first_byte == i);
        REQUIRE(bench.beats[i].id == (i / 8) % 2);
        REQUIRE(bench.beats[i].last == (i % 8 == 7));
    }
    REQUIRE(bench.memory.idle());
}

TEST_CASE("axi memory: every lone burst waits exactly for the latency", "[sim]") {
    Bench bench(config(20));
    for (int burst = 0; burst < 3; ++burst) {
        bench.read(0, 2, 0);
        bench.steps(40);
    }
    for (size_t burst = 0; burst < 3; ++burst) {
        REQUIRE(bench.beats[2 * burst].cycle == bench.read_handshakes[burst] + 20);
        REQUIRE(bench.beats[2 * burst + 1].cycle == bench.read_handshakes[burst] + 21);
    }
}

TEST_CASE("axi memory: the response follows the last of address and data", "[sim]") {
    MemoryConfig slow = config(20);
    slow.write_latency_cycles = 5;
    Bench bench(slow);
    bench.step();
    bench.write(0x100, 4, 2);
    for (int i = 0; i < 10; ++i) bench.step(true);  // W before AW
    REQUIRE(bench.responses.empty());
    bench.steps(10);
    REQUIRE(bench.responses.at(0).cycle == bench.write_handshakes[0] + 5);
    REQUIRE(bench.responses[0].id == 2);
    bench.write(0x200, 4, 1, 0x0f);
    bench.steps(20);
    REQUIRE(bench.responses.at(1).cycle == bench.last_data[1] + 5);
    REQUIRE(bench.store.peek(0x118, 8) == std::vector<uint8_t>(8, 0xa3));
    REQUIRE(bench.store.peek(0x200, 5) == std::vector<uint8_t>{0xa0, 0xa0, 0xa0, 0xa0, 0x40});
}

TEST_CASE("axi memory: data is visible when B is valid, not before", "[sim]") {
    MemoryConfig slow = config(1);
    slow.write_latency_cycles = 8;
    Bench bench(slow);
    bench.step();
    bench.write(0x80, 1, 0);
    bench.step();
    bench.read(0x80, 1, 1);
    bench.steps(20);
    REQUIRE(bench.beats.at(0).first_byte == 0x10);  // before B: the old data
    bench.read(0x80, 1, 1);
    bench.steps(4);
    REQUIRE(bench.beats.at(1).first_byte == 0xa0);
}

TEST_CASE("axi memory: bandwidth limits both directions on average", "[sim]") {
    MemoryConfig half = config(4);
    half.bandwidth = 0.3;
    Bench bench(half);
    for (uint64_t burst = 0; burst < 60; ++burst) bench.read(burst * 64, 8, 0);
    for (uint64_t burst = 0; burst < 60; ++burst) bench.write(burst * 64, 8, 0);
    bench.steps(1000);
    REQUIRE(bench.beats.size() >= 297);
    REQUIRE(bench.beats.size() <= 302);
    const size_t writes_left = bench.data.size();
    REQUIRE(480 - writes_left >= 297);
    REQUIRE(480 - writes_left <= 302);
}

TEST_CASE("axi memory: reorder keeps each ID in order and mixes the IDs", "[sim]") {
    MemoryConfig mixed = config(10);
    mixed.reorder = true;
    mixed.stall = 0.2;
    mixed.seed = 42;
    Bench bench(mixed);
    for (uint64_t burst = 0; burst < 24; ++burst) {
        bench.read(burst * 64, 8, static_cast<uint8_t>(burst % 3));
    }
    bench.steps(600);
    REQUIRE(bench.beats.size() == 192);
    std::array<size_t, 3> next{};
    bool interleaved = false;
    for (size_t i = 0; i < bench.beats.size(); ++i) {
        const SeenBeat& beat = bench.beats[i];
        const size_t position = next[beat.id]++;
        REQUIRE(beat.first_byte == (position / 8 * 3 + beat.id) * 8 + position % 8);
        REQUIRE(beat.last == (position % 8 == 7));
        if (i > 0 && !bench.beats[i - 1].last) interleaved |= bench.beats[i - 1].id != beat.id;
    }
    REQUIRE(interleaved);
}

TEST_CASE("axi memory: the read channel pauses up to the gap behind a burst", "[sim]") {
    MemoryConfig bursty = config(4);
    bursty.gap_cycles = 10;
    Bench bench(bursty);
    for (uint64_t burst = 0; burst < 16; ++burst) bench.read(burst * 32, 4, 0);
    bench.steps(400);
    REQUIRE(bench.beats.size() == 64);
    uint64_t least = 100, most = 0;
    for (size_t i = 1; i < 64; ++i) {
        const uint64_t distance = bench.beats[i].cycle - bench.beats[i - 1].cycle;
        if (i % 4 != 0) {
            REQUIRE(distance == 1);
            continue;
        }
        least = std::min(least, distance);
        most = std::max(most, distance);
    }
    REQUIRE(least < 6);
    REQUIRE(most > 6);
    REQUIRE(most <= 11);
}

TEST_CASE("axi memory: only the beats in a fault answer with it", "[sim]") {
    Bench bench(config(2));
    bench.store.add_fault({0x110, 0x118, kSlaveError, true, true, -1});
    bench.read(0x100, 4, 0);
    bench.read(0xffe0, 8, 0);  // four beats mapped, four not
    bench.write(0x100, 4, 3);
    bench.steps(40);
    std::vector<int> responses;
    for (const SeenBeat& beat : bench.beats) responses.push_back(beat.response);
    REQUIRE(responses == std::vector<int>{0, 0, 2, 0, 0, 0, 0, 0, 3, 3, 3, 3});
    REQUIRE(bench.responses.at(0).response == kSlaveError);
}

TEST_CASE("axi memory: many bursts in flight are all answered under stalls", "[sim]") {
    MemoryConfig hard = config(100);
    hard.stall = 0.9;
    hard.reorder = true;
    Bench bench(hard);
    for (uint64_t i = 0; i < 200; ++i) {
        bench.read(i * 64, 2, static_cast<uint8_t>(i % 4));
        bench.write(i * 64, 2, static_cast<uint8_t>(i % 4));
    }
    bench.steps(20000);
    REQUIRE(bench.beats.size() == 400);
    REQUIRE(bench.responses.size() == 200);
    REQUIRE(bench.memory.idle());
}
