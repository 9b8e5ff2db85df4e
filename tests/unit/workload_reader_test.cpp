// Workloads as networks: shapes, data and requantization. SPDX-License-Identifier: Apache-2.0
#include "generator/network/workload_reader.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include "generator/network/random_stream.hpp"
#include "generator/network/synthetic_data.hpp"
#include "generator/spec/sha256.hpp"

namespace {

using namespace arraywright::network;

Network read(const std::string& yaml) {
    WorkloadResult result = parse_workload("test.yaml", yaml);
    CAPTURE(yaml, result.diagnostics.render());
    REQUIRE(result.network.has_value());
    return std::move(*result.network);
}

Network one_layer(const std::string& layer, const std::string& top = "") {
    return read("name: test\n" + top + "\nlayers:\n  - {" + layer + "}\n");
}

using Shape = std::vector<int32_t>;

const Tensor& output(const Network& network, size_t op = 0) {
    return network.tensors.at(static_cast<size_t>(network.operators.at(op).output));
}
const Tensor& weights(const Network& network, size_t op = 0) {
    return network.tensors.at(static_cast<size_t>(network.operators.at(op).weights));
}
const Tensor& input(const Network& network, size_t op = 0) {
    return network.tensors.at(static_cast<size_t>(network.operators.at(op).input));
}

double share_of(const std::vector<uint8_t>& bytes, int8_t value) {
    const auto count = std::count(bytes.begin(), bytes.end(), static_cast<uint8_t>(value));
    return static_cast<double>(count) / static_cast<double>(bytes.size());
}

}  // namespace

TEST_CASE("workload: weights of the file", "[network]") {
    const Network given =
        one_layer("op: gemm, m: 1, k: 3, n: 2, weights: [1, -2, 3, -128, 127, 0]");
    CHECK(weights(given).data == std::vector<uint8_t>{1, 254, 3, 128, 127, 0});
    CHECK_FALSE(given.synthetic);
    CHECK(one_layer("op: gemm, m: 1, k: 1, n: 1, weights: [1], bias: true").synthetic);
}

TEST_CASE("workload: the shapes of each operator", "[network]") {
    const Network gemm = one_layer("op: gemm, m: 2, k: 3, n: 5");
    CHECK(input(gemm).shape == Shape{2, 3});
    CHECK(weights(gemm).shape == Shape{5, 3});
    CHECK(output(gemm).shape == Shape{2, 5});
    CHECK(gemm.operators[0].name == "gemm_0");
    CHECK(gemm.operators[0].source_line == 4);
    CHECK(gemm.synthetic);
    CHECK(gemm.synthetic_inputs.at(0).size() == 6);

    const Network dense = one_layer("op: fully_connected, inputs: 7, outputs: 4, bias: true");
    CHECK(input(dense).shape == Shape{1, 7});
    CHECK(output(dense).shape == Shape{1, 4});
    const Tensor& bias = dense.tensors.at(static_cast<size_t>(dense.operators[0].bias));
    CHECK(bias.shape == Shape{4});
    CHECK(bias.type == DataType::kInt32);
    CHECK(bias.data.size() == 16);

    const Network conv = one_layer(
        "op: conv2d, input: [13, 15, 64], filters: 16, kernel: [5, 3], stride: [2, 1], groups: 4, "
        "padding: valid, name: c1");
    CHECK(input(conv).shape == Shape{1, 13, 15, 64});
    CHECK(weights(conv).shape == Shape{16, 5, 3, 16});
    CHECK(output(conv).shape == Shape{1, 5, 13, 16});
    CHECK(conv.operators[0].name == "c1");
    CHECK(mac_count(conv, conv.operators[0]) == int64_t{5} * 13 * 16 * 5 * 3 * 16);
}

TEST_CASE("workload: SAME padding is TensorFlow's", "[network]") {
    const Network even = one_layer(
        "op: conv2d, input: [224, 7, 3], filters: 1, kernel: [3, 4], stride: [2, 2], padding: "
        "same");
    const Padding& pad = even.operators[0].conv.padding;
    CHECK(output(even).shape == Shape{1, 112, 4, 1});
    CHECK(pad.top == 0);  // the odd one goes below
    CHECK(pad.bottom == 1);
    CHECK(pad.left == 1);
    CHECK(pad.right == 2);
    const Network dilated = one_layer(
        "op: conv2d, input: [9, 9, 1], filters: 1, kernel: [3, 3], dilation: [2, 4], padding: "
        "same");
    CHECK(output(dilated).shape == Shape{1, 9, 9, 1});
    CHECK(dilated.operators[0].conv.padding.top == 2);
    CHECK(dilated.operators[0].conv.padding.right == 4);
}

TEST_CASE("workload: the same file gives the same bytes, another seed others", "[network]") {
    const std::string layer = "op: gemm, m: 16, k: 33, n: 9";
    const Network a = one_layer(layer, "seed: 7");
    CHECK(weights(a).data == weights(one_layer(layer, "seed: 7")).data);
    CHECK(weights(a).data != weights(one_layer(layer, "seed: 8")).data);
    // Permanent: a change here changes the data of every workload.
    std::string all(weights(a).data.begin(), weights(a).data.end());
    all.append(a.synthetic_inputs[0].begin(), a.synthetic_inputs[0].end());
    CHECK(arraywright::spec::sha256_hex(all) ==
          "0c073965c0d72b03314ce1351570d16c3b5cff7fab0e1ca3a13f5396927cffff");
    RandomStream stream(0);
    CHECK(stream.next() == 0xE220A8397B1DCDAF);  // the first of SplitMix64 with seed 0
}

TEST_CASE("workload: layers do not share their data", "[network]") {
    const Network network = read(
        "name: t\nlayers:\n  - {op: gemm, m: 8, k: 8, n: 8}\n  - {op: gemm, m: 8, k: 8, n: 8}\n");
    CHECK(weights(network, 0).data != weights(network, 1).data);
    CHECK(weights(network, 0).data != network.synthetic_inputs[0]);
    CHECK(network.inputs.size() == 2);
    CHECK(network.outputs.size() == 2);
}

TEST_CASE("workload: random values fill the range, densities are met", "[network]") {
    const Network uniform = one_layer("op: gemm, m: 64, k: 1024, n: 64");
    for (const int8_t value : std::initializer_list<int8_t>{-128, -1, 0, 1, 127}) {
        CHECK(share_of(weights(uniform).data, value) == Approx(1.0 / 256).epsilon(0.2));
    }
    const Network sparse = one_layer(
        "op: gemm, m: 64, k: 1024, n: 64, weight_density: 0.35, activation_density: 0.4, "
        "input_zero_point: -5");
    CHECK(share_of(weights(sparse).data, 0) == Approx(0.65).epsilon(0.02));
    CHECK(share_of(sparse.synthetic_inputs[0], -5) == Approx(0.6).epsilon(0.02));
    CHECK(input(sparse).quantization.zero_points == std::vector<int32_t>{-5});
    const Network full = one_layer("op: gemm, m: 8, k: 256, n: 64, weight_density: 1");
    CHECK(share_of(weights(full).data, 0) == 0);
    const Network none = one_layer("op: gemm, m: 8, k: 256, n: 64, weight_density: 0");
    CHECK(share_of(weights(none).data, 0) == 1);
}

TEST_CASE("workload: extremes, zeros and constants", "[network]") {
    const std::string layer = "op: gemm, m: 4, k: 300, n: 4, bias: true";
    const Network extremes = one_layer(layer, "values: extremes");
    std::map<int8_t, int> counts;
    for (const uint8_t byte : weights(extremes).data) ++counts[static_cast<int8_t>(byte)];
    CHECK(counts.size() == 3);
    CHECK(counts.count(-128) + counts.count(-127) + counts.count(127) == 3);
    CHECK(share_of(weights(one_layer(layer, "values: zeros")).data, 0) == 1);
    const Network constant =
        one_layer(layer, "values: {activation: -128, weight: 127, bias: -300}");
    CHECK(share_of(weights(constant).data, 127) == 1);
    CHECK(share_of(constant.synthetic_inputs[0], -128) == 1);
    const Tensor& bias = constant.tensors.at(static_cast<size_t>(constant.operators[0].bias));
    CHECK(std::vector<uint8_t>(bias.data.begin(), bias.data.begin() + 4) ==
          std::vector<uint8_t>{0xD4, 0xFE, 0xFF, 0xFF});
}

TEST_CASE("workload: the chosen shift makes results fill the int8 range", "[network]") {
    for (const char* top : {"values: random", "values: extremes"}) {
        for (const int32_t k : {1, 16, 100, 1000, 5000}) {
            const Network network =
                one_layer("op: gemm, m: 8, k: " + std::to_string(k) + ", n: 8", top);
            const float scale = output(network).quantization.scales.at(0);
            int64_t largest = 0;
            const auto length = static_cast<size_t>(k);
            for (size_t m = 0; m < 8; ++m) {
                for (size_t n = 0; n < 8; ++n) {
                    int64_t sum = 0;
                    for (size_t i = 0; i < length; ++i) {
                        sum += int64_t{static_cast<int8_t>(
                                   network.synthetic_inputs[0][m * length + i])} *
                               static_cast<int8_t>(weights(network).data[n * length + i]);
                    }
                    largest = std::max(largest, std::abs(sum));
                }
            }
            CAPTURE(top, k, scale, largest);
            CHECK(static_cast<float>(largest) / scale < 190);
            CHECK(static_cast<float>(largest) / scale > 30);
        }
    }
    CHECK(shift_for_int8_results(131'072, {127, 16129}, {127, 16129}) == 24);
    CHECK(shift_for_int8_results(10, {0, 0}, {0, 0}) == 0);
}

TEST_CASE("workload: requantize.shift sets every output scale", "[network]") {
    const Network network = one_layer("op: gemm, m: 4, k: 300, n: 4", "requantize: {shift: 9}");
    CHECK(output(network).quantization.scales.at(0) == 512.0F);
    CHECK(weights(network).quantization.scales.at(0) == 1.0F);
}

TEST_CASE("workload: per-channel scales lie in [0.5, 1)", "[network]") {
    const Network network = one_layer("op: gemm, m: 1, k: 8, n: 1000, per_channel: true");
    const Quantization& quantization = weights(network).quantization;
    REQUIRE(quantization.scales.size() == 1000);
    CHECK(quantization.zero_points == std::vector<int32_t>(1000, 0));
    CHECK(quantization.axis == 0);
    const auto [low, high] =
        std::minmax_element(quantization.scales.begin(), quantization.scales.end());
    CHECK(*low >= 0.5F);
    CHECK(*low < 0.51F);
    CHECK(*high < 1.0F);
    CHECK(*high > 0.99F);
}

TEST_CASE("workload: raw outputs are int32", "[network]") {
    const Network network = one_layer("op: gemm, m: 4, k: 3, n: 4, output: int32, bias: true");
    CHECK(output(network).type == DataType::kInt32);
    CHECK(network.operators[0].output_kind == OutputKind::kRaw);
}

TEST_CASE("workload: a chain links the layers and keeps every multiplier", "[network]") {
    const Network network = read(
        "name: t\nchain: true\nlayers:\n"
        "  - {op: conv2d, input: [4, 4, 8], filters: 6, kernel: [3, 3], padding: same,\n"
        "     activation: relu, output_zero_point: -128}\n"
        "  - {op: fully_connected, inputs: 96, outputs: 10, bias: true, per_channel: true}\n"
        "  - {op: gemm, m: 1, k: 10, n: 3, output: int32}\n");
    CHECK(network.inputs.size() == 1);
    CHECK(network.outputs == std::vector<int32_t>{network.operators[2].output});
    CHECK(network.operators[1].input == network.operators[0].output);
    CHECK(network.operators[0].activation == Activation::kRelu);
    CHECK(input(network, 1).quantization.zero_points.at(0) == -128);
    // Activations have scale 1/16; the weights make the multiplier 2^-shift.
    CHECK(input(network, 1).quantization.scales.at(0) == 0.0625F);
    CHECK(output(network, 1).quantization.scales.at(0) == 0.0625F);
    const float multiplier = weights(network, 1).quantization.scales.at(0);
    CHECK(multiplier < 0x1p-8F);
    CHECK(multiplier >= 0x1p-16F);
    std::map<std::string, int> names;
    for (const Tensor& tensor : network.tensors) {
        CHECK(++names[tensor.name] == 1);
        CHECK((!tensor.is_constant || static_cast<int64_t>(tensor.data.size()) == tensor.bytes()));
    }
}

TEST_CASE("workload: a hundred chained layers keep finite scales", "[network]") {
    std::string yaml = "name: t\nchain: true\nlayers:\n";
    for (int i = 0; i < 100; ++i) yaml += "  - {op: gemm, m: 1, k: 64, n: 64}\n";
    for (const Tensor& tensor : read(yaml).tensors) {
        for (const float scale : tensor.quantization.scales) {
            CHECK(std::isfinite(scale));
            CHECK(scale > 0);
        }
    }
}

TEST_CASE("workload: the shapes of the benchmarks are read", "[network]") {
    const char* given = std::getenv("ARRAYWRIGHT_DATA");
    const auto data =
        std::filesystem::path(AW_SOURCE_DIR) / (given != nullptr ? given : "../shared");
    if (!std::filesystem::is_directory(data / "workloads" / "bench")) {
        std::printf("SKIPPED: no workloads in %s (set ARRAYWRIGHT_DATA)\n", data.c_str());
        return;
    }
    std::map<std::string, int64_t> macs;
    for (const auto& entry : std::filesystem::directory_iterator(data / "workloads" / "bench")) {
        const WorkloadResult result = read_workload(entry.path().string());
        CAPTURE(result.diagnostics.render());
        REQUIRE(result.network.has_value());
        macs[result.network->name] = mac_count(*result.network, result.network->operators.at(0));
    }
    CHECK(macs.size() >= 12);
    CHECK(macs["gemm_512"] == int64_t{512} * 512 * 512);
    CHECK(macs["gemv_1024"] == int64_t{1024} * 1024);
    // On 64 multipliers these give the bounds that the benchmarks state.
    CHECK(macs["conv_13x15x64"] == int64_t{40'320} * 64);
    CHECK(macs["conv_8x16x128"] == int64_t{68'544} * 64);
}

TEST_CASE("workload: the shapes of operators without weights", "[network]") {
    const std::string picture = ", input: [8, 9, 6]";
    const auto shape_of = [&](const std::string& layer) { return output(one_layer(layer)).shape; };
    CHECK(shape_of("op: max_pool2d, kernel: [3, 2], stride: [2, 2], padding: valid" + picture) ==
          Shape{1, 3, 4, 6});
    CHECK(shape_of("op: average_pool2d, kernel: [3, 3], stride: [2, 2], padding: same" + picture) ==
          Shape{1, 4, 5, 6});
    CHECK(shape_of("op: mean" + picture) == Shape{1, 6});
    CHECK(shape_of("op: mean, keep_dims: true" + picture) == Shape{1, 1, 1, 6});
    CHECK(shape_of("op: pad, padding: {top: 1, left: 2, right: 3}" + picture) ==
          Shape{1, 9, 14, 6});
    CHECK(shape_of("op: reshape, shape: [24, 18]" + picture) == Shape{1, 24, 18});
    for (const char* op : {"add", "sub", "mul", "relu", "relu6", "logistic", "tanh", "softmax"}) {
        CHECK(shape_of(std::string("op: ") + op + picture) == Shape{1, 8, 9, 6});
    }
    const Network pair = one_layer("op: mul, input: [7]");
    CHECK(pair.inputs.size() == 2);
    CHECK(pair.synthetic_inputs[0] != pair.synthetic_inputs[1]);
    CHECK(pair.operators[0].all_inputs() == pair.inputs);
    const Network softmax = one_layer("op: softmax, input: [10]");
    CHECK(output(softmax).quantization.scales[0] == 1.0F / 256);
    CHECK(output(softmax).quantization.zero_points[0] == -128);
}

TEST_CASE("workload: depthwise convolution", "[network]") {
    const Network network = one_layer(
        "op: depthwise_conv2d, input: [9, 9, 5], multiplier: 3, kernel: [3, 3], stride: [2, 2], "
        "padding: same, bias: true, per_channel: true");
    const Operator& op = network.operators[0];
    CHECK(op.kind == OpKind::kDepthwiseConv2d);
    CHECK(op.conv.groups == 5);
    CHECK(output(network).shape == Shape{1, 5, 5, 15});
    CHECK(weights(network).shape == Shape{1, 3, 3, 15});
    CHECK(weights(network).quantization.axis == 3);
    CHECK(weights(network).quantization.scales.size() == 15);
    CHECK(mac_count(network, op) == 5 * 5 * 15 * 9);
}

TEST_CASE("workload: layers read one another by name", "[network]") {
    const Network network = read(
        "name: t\nchain: true\nlayers:\n"
        "  - {op: conv2d, name: stem, input: [8, 8, 3], filters: 4, kernel: [3, 3], padding: "
        "same,\n"
        "     activation: relu6, output_zero_point: -128}\n"
        "  - {op: conv2d, filters: 6, kernel: [1, 1], padding: same}\n"
        "  - {op: conv2d, name: right, input: stem, filters: 6, kernel: [1, 1], padding: same}\n"
        "  - {op: add, inputs: [conv2d_1, right], activation: relu, output_zero_point: -100}\n"
        "  - {op: concatenation, name: both, inputs: [conv2d_1, right]}\n"
        "  - {op: fully_connected, outputs: 10}\n"
        "  - {op: softmax}\n");
    CHECK(network.inputs.size() == 1);
    const auto& ops = network.operators;
    CHECK(ops[2].input == ops[0].output);
    CHECK(ops[3].all_inputs() == std::vector<int32_t>{ops[1].output, ops[2].output});
    CHECK(ops[4].axis == 3);
    CHECK(output(network, 4).shape == Shape{1, 8, 8, 12});
    CHECK(weights(network, 5).shape == Shape{10, 768});
    CHECK(input(network, 1).quantization.zero_points[0] == -128);
    CHECK(output(network, 3).quantization.zero_points[0] == -100);
    // The sum, which nobody reads, and the last layer.
    CHECK(network.outputs == std::vector<int32_t>{ops[3].output, ops[6].output});
}
