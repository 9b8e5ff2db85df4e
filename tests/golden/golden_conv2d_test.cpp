// Convolution of the golden kernel: by hand, and against nested loops.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <random>
#include <stdexcept>

#include "tests/golden/one_operator.hpp"
#include "verif/golden/accumulate.hpp"
#include "verif/golden/golden.hpp"
#include "verif/golden/patch.hpp"

using namespace arraywright;
using one_operator::Description;
using one_operator::run;

namespace {

/// Output extent of a dimension.
int32_t extent(int32_t in, int32_t before, int32_t after, int32_t kernel, int32_t stride,
               int32_t dilation) {
    return (in + before + after - (kernel - 1) * dilation - 1) / stride + 1;
}

int32_t random_in(std::mt19937_64& random, int32_t low, int32_t high) {
    return low + static_cast<int32_t>(random() % static_cast<uint64_t>(high - low + 1));
}

std::vector<int32_t> random_values(std::mt19937_64& random, int64_t count) {
    std::vector<int32_t> values(static_cast<size_t>(count));
    for (int32_t& value : values)
        value = random_in(random, 0, 3) == 0 ? 0 : random_in(random, -128, 127);
    return values;
}

/// A random geometry, biased to small shapes and to uneven padding.
Description random_conv(std::mt19937_64& random) {
    Description d;
    d.kind = network::OpKind::kConv2d;
    network::Conv2dAttributes& conv = d.conv;
    conv.kernel_h = random_in(random, 1, 4);
    conv.kernel_w = random_in(random, 1, 4);
    conv.stride_h = random_in(random, 1, 3);
    conv.stride_w = random_in(random, 1, 3);
    conv.dilation_h = random_in(random, 1, 3);
    conv.dilation_w = random_in(random, 1, 3);
    conv.groups = random_in(random, 1, 3);
    conv.padding = {random_in(random, 0, 2), random_in(random, 0, 3), random_in(random, 0, 3),
                    random_in(random, 0, 2)};
    const int32_t group_channels = random_in(random, 1, 5);
    const int32_t height = (conv.kernel_h - 1) * conv.dilation_h + random_in(random, 1, 5);
    const int32_t width = (conv.kernel_w - 1) * conv.dilation_w + random_in(random, 1, 5);
    const int32_t filters = conv.groups * random_in(random, 1, 4);
    d.input_shape = {1, height, width, conv.groups * group_channels};
    d.weights_shape = {filters, conv.kernel_h, conv.kernel_w, group_channels};
    d.output_shape = {1,
                      extent(height, conv.padding.top, conv.padding.bottom, conv.kernel_h,
                             conv.stride_h, conv.dilation_h),
                      extent(width, conv.padding.left, conv.padding.right, conv.kernel_w,
                             conv.stride_w, conv.dilation_w),
                      filters};
    d.weights =
        random_values(random, int64_t{filters} * conv.kernel_h * conv.kernel_w * group_channels);
    d.input_zero_point = random_in(random, -128, 127);
    if (random_in(random, 0, 1) == 1) d.bias = random_values(random, filters);
    return d;
}

/// sum w * (x - zero point) + bias, padded taps skipped; also counts nonzero products.
int32_t direct(const Description& d, const std::vector<int32_t>& input, int32_t oy, int32_t ox,
               int32_t n, int64_t& nonzero) {
    const network::Conv2dAttributes& conv = d.conv;
    const int32_t group_channels = d.weights_shape[3];
    const int32_t group = n / (d.weights_shape[0] / conv.groups);
    int32_t sum = d.bias ? (*d.bias)[n] : 0;
    for (int32_t kh = 0; kh < conv.kernel_h; ++kh) {
        for (int32_t kw = 0; kw < conv.kernel_w; ++kw) {
            const int32_t y = oy * conv.stride_h + kh * conv.dilation_h - conv.padding.top;
            const int32_t x = ox * conv.stride_w + kw * conv.dilation_w - conv.padding.left;
            if (y < 0 || x < 0 || y >= d.input_shape[1] || x >= d.input_shape[2]) continue;
            for (int32_t c = 0; c < group_channels; ++c) {
                const int32_t channel = group * group_channels + c;
                const int32_t q = input[(y * d.input_shape[2] + x) * d.input_shape[3] + channel];
                const int32_t w =
                    d.weights[((n * conv.kernel_h + kh) * conv.kernel_w + kw) * group_channels + c];
                sum += w * (q - d.input_zero_point);
                nonzero += w != 0 && q != d.input_zero_point ? 1 : 0;
            }
        }
    }
    return sum;
}

}  // namespace

TEST_CASE("conv2d: hand-computed with padding and zero point", "[golden][conv2d]") {
    // 3x3 input 1..9 (zero point 1: real 0..8), 2x2 kernel of ones, one row above, one column left.
    Description d;
    d.kind = network::OpKind::kConv2d;
    d.input_shape = {1, 3, 3, 1};
    d.weights_shape = {1, 2, 2, 1};
    d.output_shape = {1, 3, 3, 1};
    d.weights = {1, 1, 1, 1};
    d.input_zero_point = 1;
    d.bias = {{100}};
    d.conv.kernel_h = d.conv.kernel_w = 2;
    d.conv.padding = {1, 0, 1, 0};
    const auto outcome = run(d, {1, 2, 3, 4, 5, 6, 7, 8, 9});
    CHECK(outcome.values == std::vector<int32_t>{100, 101, 103, 103, 108, 112, 109, 120, 124});
    // Of the 25 taps inside the input, four see the real 0 in the corner.
    CHECK(outcome.layer.nonzero_macs == 21);
}

TEST_CASE("conv2d: hand-computed stride, dilation and groups", "[golden][conv2d]") {
    // Two groups of one channel; the second channel is ten times the first.
    Description d;
    d.kind = network::OpKind::kConv2d;
    d.input_shape = {1, 1, 5, 2};
    d.weights_shape = {2, 1, 2, 1};
    d.output_shape = {1, 1, 2, 2};
    d.weights = {1, -1, 2, 1};
    d.conv.kernel_w = 2;
    d.conv.stride_w = 2;
    d.conv.dilation_w = 2;
    d.conv.groups = 2;
    const auto outcome = run(d, {1, 10, 2, 20, 3, 30, 4, 40, 5, 50});
    // Taps (0, 2) and (2, 4): 1 - 3 and 2 * 10 + 30; 3 - 5 and 2 * 30 + 50.
    CHECK(outcome.values == std::vector<int32_t>{-2, 50, -2, 110});
}

TEST_CASE("conv2d: 2,000 random geometries equal nested loops", "[golden][conv2d]") {
    std::mt19937_64 random(5);
    for (int32_t i = 0; i < 2000; ++i) {
        const Description d = random_conv(random);
        const auto input =
            random_values(random, int64_t{d.input_shape[1]} * d.input_shape[2] * d.input_shape[3]);
        const auto outcome =
            run(d, input, {32, golden::OnOverflow::kTrap, random_in(random, 1, 64)});
        int64_t nonzero = 0;
        std::vector<int32_t> expected;
        for (int32_t oy = 0; oy < d.output_shape[1]; ++oy) {
            for (int32_t ox = 0; ox < d.output_shape[2]; ++ox) {
                for (int32_t n = 0; n < d.output_shape[3]; ++n) {
                    expected.push_back(direct(d, input, oy, ox, n, nonzero));
                }
            }
        }
        INFO("geometry " << i);
        REQUIRE(outcome.values == expected);
        REQUIRE(outcome.layer.nonzero_macs == nonzero);
        REQUIRE(outcome.layer.overflow.steps == 0);
    }
}

TEST_CASE("conv2d: chunks follow the order of the reduction", "[golden][conv2d]") {
    Description d;
    d.kind = network::OpKind::kConv2d;
    d.input_shape = {1, 8, 8, 4};
    d.weights_shape = {2, 2, 3, 4};
    d.output_shape = {1, 7, 6, 2};
    d.weights.assign(48, 1);
    d.conv.kernel_h = 2;
    d.conv.kernel_w = 3;
    const auto chunk_terms = [&] {
        const network::Network network = one_operator::build(d);
        const golden::DotProducts dots = golden::dot_products(network, network.operators[0]);
        std::vector<int32_t> result;
        for (const golden::Chunk& chunk : golden::cut_into_chunks(dots.runs, dots.run_terms, 5)) {
            result.push_back(chunk.terms);
        }
        return result;
    };
    // A kernel row of 3 * 4 products is one run ...
    CHECK(chunk_terms() == std::vector<int32_t>{5, 5, 2, 5, 5, 2});
    // ... but with dilated columns, or groups, each tap is.
    d.conv.dilation_w = 2;
    CHECK(chunk_terms() == std::vector<int32_t>{4, 4, 4, 4, 4, 4});
    d.conv.dilation_w = 1;
    d.conv.groups = 2;
    d.weights_shape = {2, 2, 3, 2};
    CHECK(chunk_terms() == std::vector<int32_t>{2, 2, 2, 2, 2, 2});
}

TEST_CASE("conv2d: overflow position is row times width plus column", "[golden][conv2d]") {
    Description d;
    d.kind = network::OpKind::kConv2d;
    d.input_shape = {1, 3, 4, 2};
    d.weights_shape = {3, 1, 1, 2};
    d.output_shape = {1, 3, 4, 3};
    d.weights = {0, 0, 1, 1, -128, -128};
    std::vector<int32_t> input(24, 0);
    input[2 * 9] = input[2 * 9 + 1] = -128;  // row 2, column 1
    const auto outcome = run(d, input, {16, golden::OnOverflow::kWrap, 1});
    REQUIRE(outcome.layer.overflow.events.size() == 1);
    CHECK(outcome.layer.overflow.events[0].position == 9);
    CHECK(outcome.layer.overflow.events[0].channel == 2);
    CHECK(outcome.layer.overflow.events[0].step == 1);
    CHECK(outcome.values[9 * 3 + 2] == -32768);  // sign-extended from 16 bits
}

TEST_CASE("golden: inputs of a wrong number or size are refused", "[golden]") {
    Description d;
    d.input_shape = {1, 4};
    d.weights_shape = {1, 4};
    d.output_shape = {1, 1};
    d.weights = {1, 2, 3, 4};
    const network::Network network = one_operator::build(d);
    CHECK_THROWS_AS(golden::run(network, {}, {}), std::invalid_argument);
    CHECK_THROWS_AS(golden::run(network, {{1, 2, 3}}, {}), std::invalid_argument);
    CHECK_THROWS_AS(golden::run(network, {{1, 2, 3, 4}}, {33, {}, 16}), std::invalid_argument);
    CHECK_THROWS_AS(golden::run(network, {{1, 2, 3, 4}}, {32, {}, 65}), std::invalid_argument);
    CHECK_NOTHROW(golden::run(network, {{1, 2, 3, 4}}, {}));
}
