// Element-wise operators, table functions, softmax and conversions of the golden kernel.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "tests/golden/plain_operator.hpp"

using namespace arraywright;
using namespace plain_operator;

namespace {

int32_t to_int8(double value) {
    return static_cast<int32_t>(std::clamp(value, -128.0, 127.0));
}

/// All 65,536 pairs, as one [256, 1] tensor against one [256].
std::vector<int32_t> all_pairs(OpKind kind, const Tensor& a, const Tensor& b, const Tensor& out) {
    const Bytes every = bytes_of(every_int8());
    return int8_values(run(of_kind(kind), {a, b}, out, {every, every}));
}

/// The result is the rounded real one, but for what the two roundings of each requantization add.
void check_pairs(OpKind kind, double (*real)(double, double)) {
    const Tensor a = tensor({256, 1}, 0.021F, 5);
    const Tensor b = tensor({256}, 0.013F, -30);
    const Tensor out = tensor({256, 256}, 0.03F, 7);
    const std::vector<int32_t> values = all_pairs(kind, a, b, out);
    double largest = 0;
    for (int32_t i = 0; i < 65536; ++i) {
        const double x = 0.021F * double(i / 256 - 128 - 5);
        const double y = 0.013F * double(i % 256 - 128 + 30);
        const double expected = std::clamp(real(x, y) / 0.03F + 7, -128.0, 127.0);
        largest = std::max(largest, std::abs(values[static_cast<size_t>(i)] - expected));
    }
    CHECK(largest < 0.51);
}

}  // namespace

TEST_CASE("golden: ADD, SUB and MUL of every pair are near the real result", "[golden]") {
    check_pairs(OpKind::kAdd, [](double x, double y) { return x + y; });
    check_pairs(OpKind::kSub, [](double x, double y) { return x - y; });
    check_pairs(OpKind::kMul, [](double x, double y) { return x * y; });
}

TEST_CASE("golden: sums of equal scales are exact", "[golden]") {
    const Tensor unit = tensor({256, 1}, 0.5F, 0);
    const Tensor row = tensor({256}, 0.5F, 0);
    const Tensor out = tensor({256, 256}, 0.5F, 3);
    const std::vector<int32_t> sums = all_pairs(OpKind::kAdd, unit, row, out);
    const std::vector<int32_t> differences = all_pairs(OpKind::kSub, unit, row, out);
    for (int32_t i = 0; i < 65536; ++i) {
        const int32_t x = i / 256 - 128;
        const int32_t y = i % 256 - 128;
        REQUIRE(sums[static_cast<size_t>(i)] == to_int8(x + y + 3));
        REQUIRE(differences[static_cast<size_t>(i)] == to_int8(x - y + 3));
    }
}

TEST_CASE("golden: operands broadcast from either side, activations clamp", "[golden]") {
    Operator add = of_kind(OpKind::kAdd);
    add.activation = network::Activation::kRelu;
    const Tensor channel = tensor({3}, 1.0F, 0);
    const Tensor picture = tensor({1, 2, 2, 3}, 1.0F, 0);
    const Bytes pixels = bytes_of({0, 1, 2, 10, 11, 12, -20, -21, -22, 3, 4, 5});
    const Bytes bias = bytes_of({1, 2, 3});
    const std::vector<int32_t> expected = {1, 3, 5, 11, 13, 15, 0, 0, 0, 4, 6, 8};
    CHECK(int8_values(run(add, {picture, channel}, picture, {pixels, bias})) == expected);
    CHECK(int8_values(run(add, {channel, picture}, picture, {bias, pixels})) == expected);
    const Tensor scalar = tensor({}, 1.0F, 0);
    const Operator mul = of_kind(OpKind::kMul);
    CHECK(int8_values(run(mul, {channel, scalar}, channel, {bias, bytes_of({-50})})) ==
          std::vector<int32_t>{-50, -100, -128});
    // Both sides repeat: [2, 1] with [1, 3].
    CHECK(int8_values(run(mul, {tensor({2, 1}, 1.0F, 0), tensor({1, 3}, 1.0F, 0)},
                          tensor({2, 3}, 1.0F, 0), {bytes_of({1, 10}), bias})) ==
          std::vector<int32_t>{1, 2, 3, 10, 20, 30});
}

TEST_CASE("golden: RELU requantizes, RELU6 clamps by the input's scale", "[golden]") {
    const Tensor in = tensor({256}, 0.1F, -10);
    const auto relu = int8_values(
        run(of_kind(OpKind::kRelu), {in}, tensor({256}, 0.05F, -128), {bytes_of(every_int8())}));
    const auto relu6 = int8_values(
        run(of_kind(OpKind::kRelu6), {in}, tensor({256}, 0.1F, -10), {bytes_of(every_int8())}));
    for (int32_t i = 0; i < 256; ++i) {
        const int32_t x = i - 128;
        INFO(x);
        CHECK(relu[static_cast<size_t>(i)] == to_int8(std::max(2 * (x + 10), 0) - 128));
        CHECK(relu6[static_cast<size_t>(i)] == std::clamp(x, -10, 50));
    }
}

TEST_CASE("golden: LOGISTIC and TANH are the rounded real functions", "[golden]") {
    const float scale = GENERATE(0.001F, 0.02F, 0.0501F, 0.25F, 3.0F);
    const int32_t zero_point = GENERATE(-128, 0, 17);
    const Tensor in = tensor({256}, scale, zero_point);
    const Bytes every = bytes_of(every_int8());
    const auto logistic = int8_values(
        run(of_kind(OpKind::kLogistic), {in}, tensor({256}, 1.0F / 256, -128), {every}));
    const auto tanh =
        int8_values(run(of_kind(OpKind::kTanh), {in}, tensor({256}, 1.0F / 128, 0), {every}));
    for (int32_t i = 0; i < 256; ++i) {
        const double x = double{scale} * (i - 128 - zero_point);
        INFO(scale << ", " << zero_point << ": " << x);
        const double one = std::clamp(256 / (1 + std::exp(-x)) - 128, -128.0, 127.0);
        CHECK(std::abs(logistic[static_cast<size_t>(i)] - one) < 0.501);
        const double two = std::clamp(128 * std::tanh(x), -128.0, 127.0);
        CHECK(std::abs(tanh[static_cast<size_t>(i)] - two) < 0.501);
    }
}

TEST_CASE("golden: SOFTMAX is near the real one and sums to about one", "[golden]") {
    Operator softmax = of_kind(OpKind::kSoftmax);
    softmax.beta = GENERATE(1.0F, 0.5F, 2.0F);
    const float scale = GENERATE(0.05F, 0.2F, 1.0F);
    const Tensor in = tensor({2, 5}, scale, 3);
    const std::vector<int32_t> x = {-128, 0, 10, 20, 127, 5, 5, 5, 6, 4};
    const auto y = int8_values(run(softmax, {in}, tensor({2, 5}, 1.0F / 256, -128), {bytes_of(x)}));
    for (size_t row = 0; row < 2; ++row) {
        double sum = 0;
        for (size_t i = 0; i < 5; ++i) {
            sum += std::exp(double{softmax.beta} * double{scale} * x[row * 5 + i]);
        }
        for (size_t i = 0; i < 5; ++i) {
            const double real =
                std::exp(double{softmax.beta} * double{scale} * x[row * 5 + i]) / sum;
            INFO(softmax.beta << ", " << scale << ", element " << row * 5 + i);
            CHECK(std::abs(y[row * 5 + i] - std::min(256 * real - 128, 127.0)) < 0.51);
        }
    }
}

TEST_CASE("golden: SOFTMAX of many equal elements rounds to nothing", "[golden]") {
    const Tensor in = tensor({1, 4095}, 1.0F, 0);
    const auto y = int8_values(run(of_kind(OpKind::kSoftmax), {in},
                                   tensor({1, 4095}, 1.0F / 256, -128), {Bytes(4095, 127)}));
    CHECK(std::count(y.begin(), y.end(), -128) == 4095);
}

TEST_CASE("golden: QUANTIZE between bytes", "[golden]") {
    const Bytes every = bytes_of(every_int8());
    const Tensor uint8_in = tensor({256}, 0.5F, 127, DataType::kUint8);
    const Tensor int8_out = tensor({256}, 0.5F, -1);
    Bytes ascending(256);
    for (size_t i = 0; i < 256; ++i) ascending[i] = static_cast<uint8_t>(i);
    CHECK(run(of_kind(OpKind::kQuantize), {uint8_in}, int8_out, {ascending}) == every);
    CHECK(run(of_kind(OpKind::kQuantize), {int8_out}, uint8_in, {every}) == ascending);
    const auto halved =
        run(of_kind(OpKind::kQuantize), {tensor({256}, 0.5F, 0)}, tensor({256}, 1.0F, 10), {every});
    CHECK(static_cast<int8_t>(halved[128 + 3]) == 12);  // 1.5 rounds away from zero
    CHECK(static_cast<int8_t>(halved[128 - 3]) == 9);   // -1.5: h = -3 + 1/2 shifted, then halved
    CHECK(static_cast<int8_t>(halved[0]) == -54);
}

TEST_CASE("golden: float to bytes and back", "[golden]") {
    const std::vector<float> values = {0.0F,
                                       0.25F,
                                       -0.25F,
                                       0.74F,
                                       63.5F,
                                       -64.0F,
                                       1e30F,
                                       -1e30F,
                                       std::numeric_limits<float>::infinity(),
                                       std::numeric_limits<float>::quiet_NaN()};
    Bytes bytes(values.size() * 4);
    std::memcpy(bytes.data(), values.data(), bytes.size());
    const Tensor floats = tensor({10}, 1.0F, 0, DataType::kFloat32);
    const Tensor quantized = tensor({10}, 0.5F, 1);
    const Bytes q = run(of_kind(OpKind::kQuantize), {floats}, quantized, {bytes});
    // 0.25 / 0.5 is a tie and goes away from zero.
    CHECK(int8_values(q) == std::vector<int32_t>{1, 2, 0, 2, 127, -127, 127, -128, 127, -128});
    const Bytes back = run(of_kind(OpKind::kDequantize), {quantized}, floats, {q});
    float first[6];
    std::memcpy(first, back.data(), sizeof first);
    CHECK(first[0] == 0.0F);
    CHECK(first[1] == 0.5F);
    CHECK(first[4] == 63.0F);
    CHECK(first[5] == -64.0F);
    const Tensor unsigned_out = tensor({10}, 0.5F, 128, DataType::kUint8);
    const Bytes u = run(of_kind(OpKind::kQuantize), {floats}, unsigned_out, {bytes});
    CHECK(u == Bytes{128, 129, 127, 129, 255, 0, 255, 0, 255, 0});
}
