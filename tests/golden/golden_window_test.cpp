// Pooling, MEAN, depthwise convolution and data movement of the golden kernel.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <numeric>
#include <random>

#include "tests/golden/one_operator.hpp"
#include "tests/golden/plain_operator.hpp"

using namespace arraywright;
using namespace plain_operator;

TEST_CASE("golden: pools look at the part of the window inside the picture", "[golden]") {
    // 2 x 3, one channel, 2 x 2 window, stride 1, one row below and one column at the right.
    Operator pool = of_kind(OpKind::kAveragePool);
    pool.conv.kernel_h = pool.conv.kernel_w = 2;
    pool.conv.padding = {0, 1, 0, 1};
    const Tensor picture = tensor({1, 2, 3, 1}, 0.5F, -20);
    const Bytes pixels = bytes_of({1, 2, 4, -3, -4, -7});
    // Sums 1+2-3-4 = -4 of 4, 2+4-4-7 = -5 of 4, 4-7 = -3 of 2, -7 of 2, -11 of 2, -7 of 1.
    CHECK(int8_values(run(pool, {picture}, picture, {pixels})) ==
          std::vector<int32_t>{-1, -1, -2, -4, -6, -7});
    pool.kind = OpKind::kMaxPool;
    CHECK(int8_values(run(pool, {picture}, picture, {pixels})) ==
          std::vector<int32_t>{2, 4, 4, -3, -4, -7});
    pool.activation = network::Activation::kRelu6;  // -20 .. -8
    CHECK(int8_values(run(pool, {picture}, picture, {pixels})) ==
          std::vector<int32_t>{-8, -8, -8, -8, -8, -8});
}

TEST_CASE("golden: strided pools keep channels apart", "[golden]") {
    Operator pool = of_kind(OpKind::kMaxPool);
    pool.conv.kernel_h = 1;
    pool.conv.kernel_w = 2;
    pool.conv.stride_h = 2;
    pool.conv.stride_w = 2;
    CHECK(int8_values(run(pool, {tensor({1, 3, 4, 2}, 1.0F, 0)}, tensor({1, 2, 2, 2}, 1.0F, 0),
                          {bytes_of({1,  -1, 2,  -2, 3,  -3, 4,  -4,  // row 0
                                     50, 50, 50, 50, 50, 50, 50, 50,  // row 1: skipped
                                     5,  -5, 6,  -6, 7,  -7, 8,  -8})})) ==
          std::vector<int32_t>{2, -1, 4, -3, 6, -5, 8, -7});
}

TEST_CASE("golden: MEAN over rows, columns or both", "[golden]") {
    std::mt19937_64 random(5);
    Bytes pixels(4 * 7 * 3);
    for (uint8_t& pixel : pixels) pixel = static_cast<uint8_t>(random());
    const Tensor picture = tensor({1, 4, 7, 3}, 0.5F, 11);
    const auto check = [&](int32_t kernel_h, int32_t kernel_w, std::vector<int32_t> shape) {
        Operator mean = of_kind(OpKind::kMean);
        mean.conv.kernel_h = mean.conv.stride_h = kernel_h;
        mean.conv.kernel_w = mean.conv.stride_w = kernel_w;
        const auto values = int8_values(run(mean, {picture}, tensor(shape, 0.25F, -3), {pixels}));
        const int32_t columns = 7 / kernel_w;
        for (size_t i = 0; i < values.size(); ++i) {
            const auto position = static_cast<int32_t>(i) / 3;
            double sum = 0;
            for (int32_t y = 0; y < kernel_h; ++y) {
                for (int32_t x = 0; x < kernel_w; ++x) {
                    const int32_t row = position / columns * kernel_h + y;
                    const int32_t column = position % columns * kernel_w + x;
                    sum += static_cast<int8_t>(pixels[(row * 7 + column) * 3 + i % 3]) - 11;
                }
            }
            const double expected = std::clamp(2 * sum / (kernel_h * kernel_w) - 3, -128.0, 127.0);
            // The multiplier is 2 / N, so the first of two roundings keeps at least two bits.
            CHECK(std::abs(values[i] - expected) < 0.63);
        }
    };
    check(4, 7, {1, 3});
    check(4, 7, {1, 1, 1, 3});
    check(4, 1, {1, 7, 3});
    check(1, 7, {1, 4, 3});
    check(1, 1, {1, 4, 7, 3});
}

TEST_CASE("golden: depthwise convolution against nested loops", "[golden]") {
    std::mt19937_64 random(6);
    const auto in = [&](int32_t low, int32_t high) {
        return low + static_cast<int32_t>(random() % static_cast<uint64_t>(high - low + 1));
    };
    for (int32_t round = 0; round < 200; ++round) {
        one_operator::Description d;
        d.kind = OpKind::kDepthwiseConv2d;
        network::Conv2dAttributes& conv = d.conv;
        conv.kernel_h = in(1, 5);
        conv.kernel_w = in(1, 5);
        conv.stride_h = in(1, 3);
        conv.stride_w = in(1, 3);
        conv.dilation_h = in(1, 2);
        conv.dilation_w = in(1, 2);
        conv.padding = {in(0, 2), in(0, 2), in(0, 2), in(0, 2)};
        const int32_t channels = conv.groups = in(1, 5);
        const int32_t multiplier = in(1, 8);
        const int32_t filters = channels * multiplier;
        const int32_t height = (conv.kernel_h - 1) * conv.dilation_h + in(1, 4);
        const int32_t width = (conv.kernel_w - 1) * conv.dilation_w + in(1, 4);
        const auto extent = [](int32_t size, int32_t pads, int32_t k, int32_t s, int32_t dilation) {
            return (size + pads - (k - 1) * dilation - 1) / s + 1;
        };
        d.input_shape = {1, height, width, channels};
        d.weights_shape = {1, conv.kernel_h, conv.kernel_w, filters};
        d.output_shape = {1,
                          extent(height, conv.padding.top + conv.padding.bottom, conv.kernel_h,
                                 conv.stride_h, conv.dilation_h),
                          extent(width, conv.padding.left + conv.padding.right, conv.kernel_w,
                                 conv.stride_w, conv.dilation_w),
                          filters};
        d.input_zero_point = in(-128, 127);
        for (int32_t i = 0; i < conv.kernel_h * conv.kernel_w * filters; ++i) {
            d.weights.push_back(in(-128, 127));
        }
        d.bias.emplace();
        for (int32_t i = 0; i < filters; ++i) d.bias->push_back(in(-1000, 1000));
        std::vector<int32_t> input;
        for (int32_t i = 0; i < height * width * channels; ++i) input.push_back(in(-128, 127));

        const one_operator::Outcome outcome = one_operator::run(d, input);
        int64_t nonzero = 0;
        for (size_t i = 0; i < outcome.values.size(); ++i) {
            const auto n = static_cast<int32_t>(i) % filters;
            const auto ox = static_cast<int32_t>(i) / filters % d.output_shape[2];
            const auto oy = static_cast<int32_t>(i) / filters / d.output_shape[2];
            int32_t sum = (*d.bias)[n];
            for (int32_t kh = 0; kh < conv.kernel_h; ++kh) {
                for (int32_t kw = 0; kw < conv.kernel_w; ++kw) {
                    const int32_t y = oy * conv.stride_h + kh * conv.dilation_h - conv.padding.top;
                    const int32_t x = ox * conv.stride_w + kw * conv.dilation_w - conv.padding.left;
                    if (y < 0 || x < 0 || y >= height || x >= width) continue;
                    const int32_t a =
                        input[(y * width + x) * channels + n / multiplier] - d.input_zero_point;
                    const int32_t w = d.weights[(kh * conv.kernel_w + kw) * filters + n];
                    sum += a * w;
                    nonzero += a != 0 && w != 0 ? 1 : 0;
                }
            }
            REQUIRE(outcome.values[i] == sum);
        }
        REQUIRE(outcome.layer.nonzero_macs == nonzero);
        REQUIRE(outcome.layer.overflow.steps == 0);
    }
}

TEST_CASE("golden: a depthwise accumulator of few bits reports its overflow", "[golden]") {
    one_operator::Description d;
    d.kind = OpKind::kDepthwiseConv2d;
    d.conv.kernel_h = d.conv.kernel_w = 2;
    d.conv.groups = 2;
    d.input_shape = {1, 2, 2, 2};
    d.weights_shape = {1, 2, 2, 2};
    d.output_shape = {1, 1, 1, 2};
    d.weights = {1, 127, 1, 127, 1, 127, 1, 127};
    const auto outcome =
        one_operator::run(d, {1, 127, 1, 127, 1, 127, 1, 127}, {16, golden::OnOverflow::kWrap, 1});
    CHECK(outcome.values[0] == 4);
    CHECK(outcome.values[1] == static_cast<int16_t>(4 * 127 * 127));
    REQUIRE(outcome.layer.overflow.events.size() == 1);
    CHECK(outcome.layer.overflow.events[0].channel == 1);
    CHECK(outcome.layer.overflow.events[0].step == 2);  // 3 * 16,129 exceeds 32,767
    CHECK(outcome.layer.overflow.results == 1);
}

TEST_CASE("golden: PAD, CONCATENATION, TRANSPOSE and RESHAPE move elements", "[golden]") {
    Operator pad = of_kind(OpKind::kPad);
    pad.pads = {{0, 1}, {2, 0}};
    pad.pad_value = -7;
    CHECK(int8_values(
              run(pad, {tensor({1, 2}, 1.0F, 0)}, tensor({2, 4}, 1.0F, 0), {bytes_of({1, 2})})) ==
          std::vector<int32_t>{-7, -7, 1, 2, -7, -7, -7, -7});

    Operator join = of_kind(OpKind::kConcatenation);
    join.axis = 1;
    CHECK(int8_values(
              run(join, {tensor({2, 1}, 1.0F, 0), tensor({2, 2}, 1.0F, 0), tensor({2, 1}, 1.0F, 0)},
                  tensor({2, 4}, 1.0F, 0),
                  {bytes_of({1, 5}), bytes_of({2, 3, 6, 7}), bytes_of({4, 8})})) ==
          std::vector<int32_t>{1, 2, 3, 4, 5, 6, 7, 8});

    Operator turn = of_kind(OpKind::kTranspose);
    turn.permutation = {2, 0, 1};
    Bytes values(24);
    std::iota(values.begin(), values.end(), uint8_t{0});
    const Bytes turned =
        run(turn, {tensor({2, 3, 4}, 1.0F, 0)}, tensor({4, 2, 3}, 1.0F, 0), {values});
    for (size_t i = 0; i < 24; ++i) {
        const size_t a = i / 6, b = i / 3 % 2, c = i % 3;
        CHECK(turned[i] == b * 12 + c * 4 + a);
    }
    // Elements of four bytes move whole.
    turn.permutation = {1, 0};
    CHECK(run(turn, {tensor({2, 3}, 1.0F, 0, DataType::kFloat32)},
              tensor({3, 2}, 1.0F, 0, DataType::kFloat32),
              {values}) == Bytes{0,  1,  2,  3,  12, 13, 14, 15, 4,  5,  6,  7,
                                 16, 17, 18, 19, 8,  9,  10, 11, 20, 21, 22, 23});
    CHECK(run(of_kind(OpKind::kReshape), {tensor({24}, 1.0F, 0)}, tensor({2, 12}, 1.0F, 0),
              {values}) == values);
}
