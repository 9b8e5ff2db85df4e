// Bench of the arithmetic modules: exhaustive, corners and seeded random values.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <random>
#include <vector>

#include "Varithmetic_tb.h"
#include "verif/golden/requantize.hpp"

namespace {

using arraywright::golden::Requantizer;

constexpr uint64_t kSeed = 20260731;
constexpr int32_t kRandomValues = 1'000'000;
constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
constexpr int32_t kMin = std::numeric_limits<int32_t>::min();

int64_t g_failures = 0;

/// Counts a difference and prints the first ones.
void expect(int64_t got, int64_t expected, const char* what, int64_t a, int64_t b) {
    if (got == expected) return;
    if (++g_failures > 20) return;
    std::printf("FAILED %s of %lld, %lld: got %lld, expected %lld\n", what,
                static_cast<long long>(a), static_cast<long long>(b), static_cast<long long>(got),
                static_cast<long long>(expected));
}

void clock(Varithmetic_tb& top) {
    top.clk = 0;
    top.eval();
    top.clk = 1;
    top.eval();
}

/// The lowest `bits` of `value` as a signed number.
int64_t cut(int64_t value, int32_t bits) {
    const int64_t half = int64_t{1} << (bits - 1);
    const int64_t low = value & (2 * half - 1);
    return low >= half ? low - 2 * half : low;
}

void check_multiplier(Varithmetic_tb& top) {
    int32_t pairs = 0;
    for (int32_t a = -128; a <= 127; ++a) {
        for (int32_t b = -128; b <= 127; ++b, ++pairs) {
            top.a_i = static_cast<uint8_t>(a);
            top.b_i = static_cast<uint8_t>(b);
            clock(top);
            expect(static_cast<int16_t>(top.product_o), a * b, "product", a, b);
        }
    }
    std::printf("aw_multiplier: %d operand pairs\n", pairs);
}

void check_sums(Varithmetic_tb& top, int32_t accumulator, int32_t chunk) {
    constexpr std::array<std::array<int32_t, 2>, 5> kShapes = {
        {{32, 20}, {32, 32}, {20, 22}, {24, 16}, {32, 1}}};
    top.accumulator_i = static_cast<uint32_t>(accumulator);
    top.chunk_i = static_cast<uint32_t>(chunk);
    top.eval();
    for (size_t set = 0; set < 10; ++set) {
        const auto [acc_bits, chunk_bits] = kShapes[set / 2];
        const int64_t a = cut(accumulator, acc_bits);
        const int64_t b = cut(chunk, chunk_bits);
        const int64_t highest = (int64_t{1} << (acc_bits - 1)) - 1;
        const int64_t exact = a + b;
        const bool overflow = exact > highest || exact < -highest - 1;
        const int64_t expected =
            set % 2 == 0 ? cut(exact, acc_bits) : std::clamp(exact, -highest - 1, highest);
        expect(static_cast<int32_t>(top.sums_o[set]), expected, "sum", a, b);
        expect((top.overflows_o >> set) & 1, overflow ? 1 : 0, "overflow", a, b);
    }
}

void check_step_add(Varithmetic_tb& top, std::mt19937_64& random) {
    std::vector<int32_t> corners = {0, 1, -1, kMax, kMin, kMax - 1, kMin + 1};
    for (int32_t bit = 1; bit < 31; ++bit) {
        for (const int32_t offset : {-1, 0, 1}) {
            corners.push_back((1 << bit) + offset);
            corners.push_back(-(1 << bit) + offset);
        }
    }
    for (const int32_t a : corners) {
        for (const int32_t b : corners) check_sums(top, a, b);
    }
    for (int32_t i = 0; i < kRandomValues; ++i) {
        const uint64_t bits = random();
        check_sums(top, static_cast<int32_t>(bits), static_cast<int32_t>(bits >> 32));
    }
    std::printf("aw_step_add: %zu corners, %d random pairs, wrap and saturate, 5 shapes\n",
                corners.size() * corners.size(), kRandomValues);
}

struct Sample {
    int32_t accumulator = 0, bias = 0;
    Requantizer scale;
};

/// Held for a whole sequence: these inputs are not pipelined.
struct Settings {
    bool raw = false;
    int32_t zero_point = 0;
    arraywright::golden::ClampBounds bounds;
};

int64_t expected_result(const Sample& sample, const Settings& settings, bool saturate) {
    const int64_t exact = int64_t{sample.accumulator} + sample.bias;
    const auto sum =
        static_cast<int32_t>(saturate ? std::clamp<int64_t>(exact, kMin, kMax) : cut(exact, 32));
    if (settings.raw) return sum;
    return arraywright::golden::requantize_to_int8(sum, sample.scale, settings.zero_point,
                                                   settings.bounds);
}

/// One sample enters in every cycle; its flag is seen after 2 and its result after 8 edges.
void check_sequence(Varithmetic_tb& top, const std::vector<Sample>& samples,
                    const Settings& settings) {
    constexpr size_t kResultEdges = 8;
    constexpr size_t kOverflowEdges = 2;
    top.raw_i = settings.raw ? 1 : 0;
    top.zero_point_i = static_cast<uint8_t>(settings.zero_point);
    top.minimum_i = static_cast<uint8_t>(settings.bounds.low);
    top.maximum_i = static_cast<uint8_t>(settings.bounds.high);
    for (size_t edge = 0; edge < samples.size() + kResultEdges; ++edge) {
        const Sample& in = samples[std::min(edge, samples.size() - 1)];
        top.accumulator_i = static_cast<uint32_t>(in.accumulator);
        top.bias_i = static_cast<uint32_t>(in.bias);
        top.multiplier_i = static_cast<uint32_t>(in.scale.multiplier);
        top.exponent_i = static_cast<uint8_t>(in.scale.exponent & 0x3f);
        clock(top);
        if (edge + 1 >= kOverflowEdges && edge + 1 - kOverflowEdges < samples.size()) {
            const Sample& out = samples[edge + 1 - kOverflowEdges];
            const int64_t exact = int64_t{out.accumulator} + out.bias;
            const int64_t flag = exact > kMax || exact < kMin ? 3 : 0;
            expect(top.result_overflows_o, flag, "bias overflow", out.accumulator, out.bias);
        }
        if (edge + 1 < kResultEdges || edge + 1 - kResultEdges >= samples.size()) continue;
        const Sample& out = samples[edge + 1 - kResultEdges];
        for (size_t saturate = 0; saturate < 2; ++saturate) {
            const auto word = static_cast<int32_t>(top.results_o >> (32 * saturate));
            expect(settings.raw ? word : static_cast<int8_t>(word),
                   expected_result(out, settings, saturate != 0), "result", out.accumulator,
                   out.scale.exponent);
        }
    }
}

Sample random_sample(std::mt19937_64& random) {
    Sample sample;
    // Sizes from a few bits to all 32, so that results fall inside the clamp as well.
    sample.accumulator = static_cast<int32_t>(random()) >> (random() % 32);
    sample.bias = random() % 4 == 0 ? static_cast<int32_t>(random())
                                    : static_cast<int32_t>(random()) >> (8 + random() % 24);
    if (random() % 64 != 0) {
        sample.scale.multiplier =
            static_cast<int32_t>((uint64_t{1} << 30) + random() % (uint64_t{1} << 30));
    }
    sample.scale.exponent = static_cast<int32_t>(random() % 62) - 31;
    return sample;
}

/// Every tie of both roundings whose result is near the INT8 range, at every exponent.
std::vector<Sample> ties() {
    constexpr int32_t kHalf = 1 << 30;  // multiplier of exactly one half
    std::vector<Sample> samples;
    for (int32_t shift = 0; shift <= 31; ++shift) {
        for (int64_t odd = -601; odd <= 601; odd += 2) {
            // First rounding: half of an odd number. Second: an odd multiple of 2^(shift - 1).
            for (const int64_t value :
                 {odd, odd << shift, (odd << shift) + 1, (odd << shift) - 1}) {
                if (value > kMax || value < kMin) continue;
                samples.push_back({static_cast<int32_t>(value), 0, {kHalf, -shift}});
                samples.push_back({static_cast<int32_t>(value), 0, {kMax, -shift}});
            }
        }
    }
    return samples;
}

void check_requantize(Varithmetic_tb& top, std::mt19937_64& random) {
    const std::vector<Settings> settings = {
        {false, 0, {-128, 127}}, {false, -128, {-128, 127}}, {false, 127, {-128, 127}},
        {false, 5, {5, 60}},     {false, -3, {-3, -3}},      {true, 0, {-128, 127}},
    };
    const std::vector<Sample> all_ties = ties();
    std::vector<Sample> extremes;
    for (const int32_t accumulator : {kMin, kMin + 1, -1, 0, 1, kMax - 1, kMax}) {
        for (const int32_t bias : {kMin, -1, 0, 1, kMax}) {
            for (int32_t exponent = -31; exponent <= 30; ++exponent) {
                for (const int32_t multiplier : {0, 1 << 30, (1 << 30) + 1, kMax}) {
                    extremes.push_back({accumulator, bias, {multiplier, exponent}});
                }
            }
        }
    }
    for (const Settings& one : settings) {
        check_sequence(top, all_ties, one);
        check_sequence(top, extremes, one);
        std::vector<Sample> samples;
        for (int32_t i = 0; i < kRandomValues / 5; ++i) samples.push_back(random_sample(random));
        check_sequence(top, samples, one);
    }
    std::printf("aw_requantize: %zu ties, %zu extremes and %d random values, wrap and saturate\n",
                all_ties.size() * settings.size(), extremes.size() * settings.size(),
                static_cast<int32_t>(settings.size()) * (kRandomValues / 5));
}

}  // namespace

int main() {
    std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed));
    std::mt19937_64 random(kSeed);
    Varithmetic_tb top;
    check_multiplier(top);
    check_step_add(top, random);
    check_requantize(top, random);
    std::printf("%lld differences\n", static_cast<long long>(g_failures));
    return g_failures == 0 ? 0 : 1;
}
