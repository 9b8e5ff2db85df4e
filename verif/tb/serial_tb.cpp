// Bench of the serial requantizer against the golden formula. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <limits>
#include <random>

#include "Vserial_tb.h"
#include "verif/golden/requantize.hpp"

namespace {

using arraywright::golden::ClampBounds;
using arraywright::golden::Requantizer;

constexpr uint64_t kSeed = 20260801;
constexpr int32_t kRandomValues = 300'000;
constexpr int32_t kSteps = 71;
constexpr int64_t kMax = std::numeric_limits<int32_t>::max();
constexpr int64_t kMin = std::numeric_limits<int32_t>::min();
constexpr int32_t kBits[] = {32, 20};  // of the sums, by instance

int64_t g_failures = 0, g_values = 0;

struct Sample {
    int64_t sum = 0;
    Requantizer scale;
    int32_t zero_point = 0;
    ClampBounds bounds;
};

int64_t cut(int64_t value, int32_t bits) {
    const auto shifted = static_cast<int64_t>(static_cast<uint64_t>(value) << (64 - bits));
    return shifted >> (64 - bits);
}

void tick(Vserial_tb& top, bool start, bool step) {
    top.start_i = start ? 1 : 0;
    top.step_i = step ? 1 : 0;
    top.clk = 0;
    top.eval();
    top.clk = 1;
    top.eval();
}

void complain(const Sample& sample, const char* what, int32_t found, int32_t expected) {
    if (++g_failures > 10) return;
    std::printf("sum %lld multiplier %d exponent %d zero point %d bounds %d %d: %s %d, not %d\n",
                static_cast<long long>(sample.sum), sample.scale.multiplier, sample.scale.exponent,
                sample.zero_point, sample.bounds.low, sample.bounds.high, what, found, expected);
}

/// `idle` cycles without a step after the result, and within the steps.
void check(Vserial_tb& top, const Sample& sample, int32_t idle) {
    top.sum_i = static_cast<uint32_t>(sample.sum);
    top.multiplier_i = static_cast<uint32_t>(sample.scale.multiplier);
    top.exponent_i = static_cast<uint8_t>(sample.scale.exponent) & 63U;
    top.zero_point_i = static_cast<uint8_t>(sample.zero_point);
    top.minimum_i = static_cast<uint8_t>(sample.bounds.low);
    top.maximum_i = static_cast<uint8_t>(sample.bounds.high);
    top.raw_i = 0;
    tick(top, true, false);
    for (int32_t step = 1; step <= kSteps; ++step) {
        if (step == 40 && idle > 0) tick(top, false, false);
        const int32_t last = step == kSteps ? 3 : 0;
        if (top.last_o != last) complain(sample, "last", top.last_o, last);
        tick(top, false, true);
    }
    for (int32_t i = 0; i < idle; ++i) tick(top, false, false);
    for (int32_t s = 0; s < 2; ++s) {
        const auto sum = static_cast<int32_t>(cut(sample.sum, kBits[s]));
        const int32_t expected = arraywright::golden::requantize_to_int8(
            sum, sample.scale, sample.zero_point, sample.bounds);
        const auto found = static_cast<int8_t>(top.results_o >> (8 * s));
        if (found != expected) complain(sample, "result", found, expected);
    }
    top.raw_i = 1;
    top.eval();
    const auto low = static_cast<uint8_t>(sample.sum);
    if (top.results_o != low * 0x101) complain(sample, "low bytes", top.results_o, low * 0x101);
    ++g_values;
}

class Draw {
public:
    explicit Draw(uint64_t seed) : random_(seed) {}
    int64_t below(int64_t count) {
        return static_cast<int64_t>(random_() % static_cast<uint64_t>(count));
    }
    int64_t bits(int64_t count) { return below(int64_t{1} << count); }

    /// 0, 1, the ends of the range that compilers give, and anything below.
    int32_t multiplier() {
        const int64_t low = int64_t{1} << 30;
        const int64_t values[] = {0,
                                  1,
                                  low,
                                  2 * low - 1,
                                  low + 1 + bits(below(30)),
                                  bits(1 + below(31)),
                                  int64_t{1} << below(31),
                                  low + bits(30)};
        return static_cast<int32_t>(values[below(8)]);
    }

    /// Sums of any size, at the ends, and about the ties of results near the INT8 range.
    int64_t sum(const Requantizer& scale) {
        switch (below(5)) {
            case 0:
                return (below(2) == 0 ? kMin + bits(4) : kMax - bits(4));
            case 1:
                return cut(bits(32), 32) >> below(32);
            case 2:
                return std::clamp((below(2) * 2 - 1) * (int64_t{1} << below(32)) + below(3) - 1,
                                  kMin, kMax);
            default: {
                if (scale.multiplier == 0) return cut(bits(32), 32);
                const int64_t half = below(1201) - 600;  // of a result
                const __int128 product = static_cast<__int128>(half) << (30 - scale.exponent);
                const auto near = static_cast<int64_t>(
                    std::clamp<__int128>(product / scale.multiplier, kMin, kMax));
                return std::clamp(near + below(3) - 1, kMin, kMax);
            }
        }
    }

    Sample sample() {
        Sample sample;
        sample.scale = {multiplier(), static_cast<int32_t>(below(62)) - 31};
        sample.sum = sum(sample.scale);
        sample.zero_point = static_cast<int32_t>(below(2) == 0 ? below(256) - 128 : below(9) - 4);
        if (below(3) == 0) {
            const auto a = static_cast<int32_t>(below(256)) - 128;
            const auto b = static_cast<int32_t>(below(256)) - 128;
            sample.bounds = {std::min(a, b), std::max(a, b)};
        }
        return sample;
    }

private:
    std::mt19937_64 random_;
};

/// Every exponent with the extremes of sums and multipliers.
void check_extremes(Vserial_tb& top) {
    constexpr int32_t kHalf = 1 << 30;
    for (int32_t exponent = -31; exponent <= 30; ++exponent) {
        for (const int32_t multiplier :
             {0, 1, 2, kHalf - 1, kHalf, kHalf + 1, 2 * (kHalf - 1) + 1}) {
            for (const int64_t sum :
                 {kMin, kMin + 1, int64_t{-3}, int64_t{-2}, int64_t{-1}, int64_t{0}, int64_t{1},
                  int64_t{2}, int64_t{3}, kMax - 1, kMax, int64_t{-524288}, int64_t{524287}}) {
                for (const int32_t zero_point : {-128, -1, 0, 127})
                    check(top, {sum, {multiplier, exponent}, zero_point, {}}, 0);
            }
        }
    }
}

/// Multiplier one half and no more: every tie of both roundings of results near the INT8 range.
void check_ties(Vserial_tb& top) {
    for (int32_t shift = 0; shift <= 31; ++shift) {
        for (int64_t odd = -301; odd <= 301; odd += 2) {
            for (const int64_t sum : {odd, odd << shift, (odd << shift) + 1, (odd << shift) - 1}) {
                if (sum > kMax || sum < kMin) continue;
                check(top, {sum, {1 << 30, -shift}, 0, {}}, 0);
            }
        }
    }
}

}  // namespace

int main() {
    std::printf("seed %llu\n", static_cast<unsigned long long>(kSeed));
    Vserial_tb top;
    check_extremes(top);
    check_ties(top);
    Draw draw(kSeed);
    for (int32_t i = 0; i < kRandomValues; ++i)
        check(top, draw.sample(), static_cast<int32_t>(draw.below(3)));
    std::printf("aw_requantize_serial: %lld values, %d of them random, sums of 32 and 20 bits\n",
                static_cast<long long>(g_values), kRandomValues);
    std::printf("%lld differences\n", static_cast<long long>(g_failures));
    return g_failures == 0 ? 0 : 1;
}
