// Fixed-point functions against values of the gemmlowp library and against real arithmetic.
// SPDX-License-Identifier: Apache-2.0
#include "verif/golden/fixed_point.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>

using namespace arraywright;

namespace {

double real(int32_t raw, int32_t integer_bits) {
    return std::ldexp(raw, integer_bits - 31);
}

}  // namespace

TEST_CASE("fixed point: logistic and tanh are those of gemmlowp", "[golden][fixed-point]") {
    struct Row {
        int32_t input, logistic, tanh;
    };
    // Input in Q4.27, computed with gemmlowp of December 2021.
    constexpr Row kRows[] = {{1, 1073741948, 260},
                             {-1, 1073741699, -260},
                             {12345, 1073791326, 197756},
                             {-12345, 1073692321, -197756},
                             {134217728, 1569936226, 1635510876},
                             {-134217728, 577547421, -1635510876},
                             {268435456, 1891497262, 2070233436},
                             {-402653184, 101846311, -2136863820},
                             {1000000007, 2146236460, 2147482200},
                             {-1000000007, 1247187, -2147482200},
                             {2013265919, 2147482988, 2147483647},
                             {-2013265919, 659, -2147483647},
                             {0, 1 << 30, 0}};
    for (const Row& row : kRows) {
        INFO(row.input);
        CHECK(golden::fixed_logistic(row.input) == row.logistic);
        CHECK(golden::fixed_tanh(row.input) == row.tanh);
    }
}

TEST_CASE("fixed point: exponential and reciprocal are those of gemmlowp",
          "[golden][fixed-point]") {
    const std::pair<int32_t, int32_t> exponentials[] = {
        {-1, 2147483124},       {-16777216, 1672462419}, {-16777217, 1672461539},
        {-67108864, 790015308}, {-123456789, 341177383}, {-1073741824, 242},
        {-2147483647, 0},       {0, 2147483647}};
    for (const auto& [input, expected] : exponentials) {
        INFO(input);
        CHECK(golden::exp_on_negative(input, 5) == expected);
    }
    const std::pair<int32_t, int32_t> reciprocals[] = {
        {0, 2147483647},       {1, 2147483647},          {1 << 20, 2146435584},
        {1 << 30, 1431655762}, {1999999999, 1111923858}, {2147483647, 1073741820}};
    for (const auto& [input, expected] : reciprocals) {
        INFO(input);
        CHECK(golden::one_over_one_plus(input) == expected);
    }
}

TEST_CASE("fixed point: functions stay near the real ones", "[golden][fixed-point]") {
    std::mt19937_64 random(1);
    for (int32_t i = 0; i < 100000; ++i) {
        const auto x = static_cast<int32_t>(random());
        const double q4 = real(x, 4);
        REQUIRE(real(golden::fixed_logistic(x), 0) == Approx(1 / (1 + std::exp(-q4))).margin(1e-6));
        REQUIRE(real(golden::fixed_tanh(x), 0) == Approx(std::tanh(q4)).margin(2e-6));
        const int32_t negative = x > 0 ? -x : x;
        REQUIRE(real(golden::exp_on_negative(negative, 5), 0) ==
                Approx(std::exp(real(negative, 5))).margin(1e-6));
        const int32_t positive = x < 0 ? ~x : x;
        REQUIRE(real(golden::one_over_one_plus(positive), 0) ==
                Approx(1 / (1 + real(positive, 0))).margin(1e-8));
    }
}

TEST_CASE("fixed point: rounding and saturation", "[golden][fixed-point]") {
    constexpr int32_t kLeast = std::numeric_limits<int32_t>::min();
    CHECK(golden::fixed_multiply(kLeast, kLeast) == std::numeric_limits<int32_t>::max());
    CHECK(golden::fixed_multiply(1 << 30, 1) == 1);   // 0.5: toward plus infinity
    CHECK(golden::fixed_multiply(1 << 30, -1) == 0);  // -0.5
    CHECK(golden::divide_by_power_of_two(3, 1) == 2);
    CHECK(golden::divide_by_power_of_two(-3, 1) == -2);  // away from zero
    CHECK(golden::divide_by_power_of_two(-5, 2) == -1);
    CHECK(golden::divide_by_power_of_two(-7, 0) == -7);
    CHECK(golden::divide_by_power_of_two(kLeast, 31) == -1);
    CHECK(golden::divide_by_power_of_two(kLeast, 32) == -1);  // the tie of -0.5
}
