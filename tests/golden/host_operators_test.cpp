// Operators of the C runtime: bit for bit as the independent program, and as the golden kernels.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "generator/network/tflite_reader.hpp"
#include "tests/golden/oracle_data.hpp"
#include "tests/unit/host_memory.hpp"
#include "verif/golden/golden.hpp"

using namespace arraywright;
using network::DataType;
using network::Network;
using network::Operator;
using network::OpKind;
using network::Tensor;

namespace {

using Bytes = std::vector<uint8_t>;

/// `op` alone: its activations become inputs, its constants stay.
Network single_operator(const Network& whole, const Operator& op) {
    Network one;
    one.name = op.name;
    one.operators = {op};
    one.operators[0].more_inputs.clear();
    const auto import = [&](int32_t index) {
        one.tensors.push_back(whole.tensors[static_cast<size_t>(index)]);
        const auto here = static_cast<int32_t>(one.tensors.size()) - 1;
        if (index != op.output && !one.tensors.back().is_constant) one.inputs.push_back(here);
        return here;
    };
    one.operators[0].input = import(op.input);
    for (const int32_t index : op.more_inputs) {
        one.operators[0].more_inputs.push_back(import(index));
    }
    one.operators[0].output = import(op.output);
    one.outputs = {one.operators[0].output};
    return one;
}

Tensor tensor_of(std::vector<int32_t> shape, DataType type, float scale, int32_t zero_point) {
    Tensor tensor;
    tensor.shape = std::move(shape);
    tensor.type = type;
    if (type != DataType::kFloat32) tensor.quantization = {{scale}, {zero_point}, 0};
    return tensor;
}

using Random = std::mt19937;

int32_t between(Random& random, int32_t low, int32_t high) {
    return std::uniform_int_distribution<int32_t>(low, high)(random);
}

float random_scale(Random& random) {
    return std::exp2(std::uniform_real_distribution<float>(-9.0F, 1.0F)(random));
}

/// A tensor of that shape with a random quantization.
Tensor random_tensor(Random& random, std::vector<int32_t> shape) {
    return tensor_of(std::move(shape), DataType::kInt8, random_scale(random),
                     between(random, -128, 127));
}

Bytes random_bytes(Random& random, const Tensor& tensor) {
    Bytes bytes(static_cast<size_t>(tensor.bytes()));
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(between(random, 0, 255));
    if (tensor.type == DataType::kFloat32) {
        for (size_t i = 0; i < bytes.size(); i += 4) {
            // Halves of the scale, so that many values are ties.
            const float value = static_cast<float>(between(random, -300, 300)) * 0.25F;
            std::memcpy(bytes.data() + i, &value, 4);
        }
    }
    return bytes;
}

/// Every byte with its sign bit turned.
Bytes flipped(Bytes bytes) {
    for (uint8_t& byte : bytes) byte ^= 0x80U;
    return bytes;
}

Network one_input(Operator op, const Tensor& input, const Tensor& output) {
    Network network;
    network.name = "one";
    network.tensors = {input, output};
    op.name = "op";
    op.input = 0;
    op.output = 1;
    network.operators = {std::move(op)};
    network.inputs = {0};
    network.outputs = {1};
    return network;
}

/// Adds inputs, operator and output, and compares runtime and golden kernel on random data.
void compare_with_golden(Random& random, Operator op, const std::vector<Tensor>& inputs,
                         const Tensor& output, const compile::ByteTable* table = nullptr) {
    Network network;
    network.name = "one";
    network.tensors = inputs;
    network.tensors.push_back(output);
    op.name = "op";
    op.input = 0;
    for (size_t i = 1; i < inputs.size(); ++i) op.more_inputs.push_back(static_cast<int32_t>(i));
    op.output = static_cast<int32_t>(inputs.size());
    network.operators = {op};
    network.outputs = {op.output};
    std::vector<Bytes> data;
    for (size_t i = 0; i < inputs.size(); ++i) {
        network.inputs.push_back(static_cast<int32_t>(i));
        data.push_back(random_bytes(random, inputs[i]));
    }
    const golden::Result expected = golden::run(network, data, {});
    CHECK(test::run_on_host(network, data, table)[0] == expected.tensors[inputs.size()]);
}

}  // namespace

TEST_CASE("host operators: every operator without weights of all models is bit-exact",
          "[runtime][oracle]") {
    const auto models = oracle::models_folder();
    if (!models) return;
    std::map<std::string, int32_t> checked;
    int64_t elements = 0;
    for (const auto& entry : std::filesystem::directory_iterator(*models)) {
        const std::filesystem::path folder = entry.path();
        if (!std::filesystem::exists(folder / "model.tflite")) continue;
        spec::Diagnostics diagnostics("model.tflite", "");
        const auto whole = network::read_tflite((folder / "model.tflite").string(), diagnostics);
        if (!whole) continue;
        std::map<int32_t, Bytes> tensors = {
            {whole->inputs.at(0), oracle::read_bytes(folder / "input_000.bin")}};
        for (const Operator& op : whole->operators) {
            const Bytes expected = oracle::layer_dump(folder, op.source_index);
            tensors[op.output] = expected;
            if (network::has_weights(op.kind)) continue;
            INFO(folder.filename().string() << " " << op.name << " " << op.tflite_name);
            std::vector<Bytes> inputs;
            for (const int32_t index : op.all_inputs()) {
                if (tensors.contains(index)) inputs.push_back(tensors.at(index));
            }
            const Network one = single_operator(*whole, op);
            CHECK(test::run_on_host(one, inputs)[0] == expected);
            ++checked[op.tflite_name];
            elements += static_cast<int64_t>(expected.size());
        }
    }
    for (const auto& [name, count] : checked) std::printf("%s: %d\n", name.c_str(), count);
    std::printf("%lld elements\n", static_cast<long long>(elements));
    CHECK(checked["SOFTMAX"] == 6);
    CHECK(checked["QUANTIZE"] == 2);
    CHECK(checked["ADD"] == 23);
    CHECK(checked["MUL"] == 1);
    CHECK(checked["SUB"] == 1);
    CHECK(checked["MEAN"] == 1);
    CHECK(checked["AVERAGE_POOL_2D"] == 4);
}

TEST_CASE("host operators: ADD, SUB and MUL with any broadcast", "[runtime]") {
    Random random(1);
    for (int32_t round = 0; round < 200; ++round) {
        const int32_t rank = between(random, 1, 4);
        std::vector<int32_t> shape, a, b;
        for (int32_t axis = 0; axis < rank; ++axis) {
            shape.push_back(between(random, 1, 5));
            const int32_t kind = between(random, 0, 3);
            a.push_back(kind == 1 ? 1 : shape.back());
            b.push_back(kind == 2 ? 1 : shape.back());
        }
        if (between(random, 0, 1) == 1 && b.front() == 1) b.erase(b.begin());
        if (b.empty()) b = {1};
        for (size_t axis = 0; axis < shape.size(); ++axis) {
            const size_t missing = shape.size() - b.size();
            const int32_t of_b = axis < missing ? 1 : b[axis - missing];
            shape[axis] = std::max(a[axis], of_b);
        }
        Operator op;
        constexpr OpKind kKinds[] = {OpKind::kAdd, OpKind::kSub, OpKind::kMul};
        op.kind = kKinds[round % 3];
        op.activation = static_cast<network::Activation>(between(random, 0, 3));
        compare_with_golden(random, op, {random_tensor(random, a), random_tensor(random, b)},
                            random_tensor(random, shape));
    }
}

TEST_CASE("host operators: pooling and MEAN, borders included", "[runtime]") {
    Random random(2);
    for (int32_t round = 0; round < 200; ++round) {
        Operator op;
        constexpr OpKind kKinds[] = {OpKind::kAveragePool, OpKind::kMaxPool, OpKind::kMean};
        op.kind = kKinds[round % 3];
        const int32_t h = between(random, 1, 9), w = between(random, 1, 9);
        const int32_t c = between(random, 1, 5);
        network::Conv2dAttributes& conv = op.conv;
        if (op.kind == OpKind::kMean) {
            conv.kernel_h = conv.stride_h = between(random, 0, 1) == 1 ? h : 1;
            conv.kernel_w = conv.stride_w = between(random, 0, 1) == 1 ? w : 1;
        } else {
            conv.kernel_h = between(random, 1, h);
            conv.kernel_w = between(random, 1, w);
            conv.stride_h = between(random, 1, 3);
            conv.stride_w = between(random, 1, 3);
            conv.padding = {
                between(random, 0, conv.kernel_h - 1), between(random, 0, conv.kernel_h - 1),
                between(random, 0, conv.kernel_w - 1), between(random, 0, conv.kernel_w - 1)};
            op.activation = static_cast<network::Activation>(between(random, 0, 3));
        }
        const int32_t out_h =
            (h + conv.padding.top + conv.padding.bottom - conv.kernel_h) / conv.stride_h + 1;
        const int32_t out_w =
            (w + conv.padding.left + conv.padding.right - conv.kernel_w) / conv.stride_w + 1;
        const Tensor input = random_tensor(random, {1, h, w, c});
        Tensor output = random_tensor(random, {1, out_h, out_w, c});
        if (op.kind != OpKind::kMean) output.quantization = input.quantization;
        CAPTURE(round, h, w, c, conv.kernel_h, conv.kernel_w, conv.stride_h, conv.stride_w);
        compare_with_golden(random, op, {input}, output);
    }
}

TEST_CASE("host operators: SOFTMAX over rows, signed and unsigned", "[runtime]") {
    Random random(3);
    for (int32_t round = 0; round < 60; ++round) {
        Operator op;
        op.kind = OpKind::kSoftmax;
        op.beta = round % 3 == 0 ? 1.0F : random_scale(random) * 2;
        const int32_t rows = between(random, 1, 3), depth = between(random, 1, 40);
        CAPTURE(round, rows, depth);
        Network network = one_input(
            op,
            tensor_of({rows, depth}, DataType::kInt8, random_scale(random), between(random, -9, 9)),
            tensor_of({rows, depth}, DataType::kInt8, 1.0F / 256, -128));
        const Bytes in = random_bytes(random, network.tensors[0]);
        const Bytes expected = golden::run(network, {in}, {}).tensors[1];
        CHECK(test::run_on_host(network, {in})[0] == expected);
        // Unsigned bytes are the same numbers, 128 higher.
        for (Tensor& tensor : network.tensors) {
            tensor.type = DataType::kUint8;
            tensor.quantization.zero_points[0] += 128;
        }
        CHECK(flipped(test::run_on_host(network, {flipped(in)})[0]) == expected);
    }
}

TEST_CASE("host operators: QUANTIZE and DEQUANTIZE between all types", "[runtime]") {
    Random random(4);
    const DataType types[] = {DataType::kInt8, DataType::kUint8, DataType::kFloat32};
    for (const DataType from : types) {
        for (const DataType to : types) {
            if (from == DataType::kFloat32 && to == DataType::kFloat32) continue;
            for (int32_t round = 0; round < 20; ++round) {
                Operator op;
                op.kind = to == DataType::kFloat32 ? OpKind::kDequantize : OpKind::kQuantize;
                CAPTURE(static_cast<int>(from), static_cast<int>(to), round);
                const float scale = round % 2 == 0 ? 0.5F : random_scale(random);
                compare_with_golden(
                    random, op,
                    {tensor_of({3, 50}, from, random_scale(random), between(random, 0, 127))},
                    tensor_of({3, 50}, to, scale, between(random, 0, 127)));
            }
        }
    }
}

TEST_CASE("host operators: PAD, CONCATENATION, RELU, RELU6 and RESHAPE", "[runtime]") {
    Random random(5);
    for (int32_t round = 0; round < 60; ++round) {
        const Tensor input = random_tensor(random, {between(random, 1, 3), between(random, 1, 4),
                                                    between(random, 1, 4), between(random, 1, 5)});
        Operator pad;
        pad.kind = OpKind::kPad;
        pad.pad_value = between(random, -128, 127);
        Tensor padded = input;
        for (int32_t& extent : padded.shape) {
            pad.pads.emplace_back(between(random, 0, 2), between(random, 0, 2));
            extent += pad.pads.back().first + pad.pads.back().second;
        }
        compare_with_golden(random, pad, {input}, padded);

        Operator concatenation;
        concatenation.kind = OpKind::kConcatenation;
        concatenation.axis = between(random, 0, 3);
        std::vector<Tensor> parts(static_cast<size_t>(between(random, 1, 4)), input);
        Tensor joined = input;
        int32_t& sum = joined.shape[static_cast<size_t>(concatenation.axis)];
        sum = 0;
        for (Tensor& part : parts) {
            int32_t& extent = part.shape[static_cast<size_t>(concatenation.axis)];
            extent = between(random, 1, 4);
            sum += extent;
        }
        compare_with_golden(random, concatenation, parts, joined);

        for (const OpKind kind : {OpKind::kRelu, OpKind::kRelu6, OpKind::kReshape}) {
            Operator op;
            op.kind = kind;
            Tensor output = input;
            if (kind == OpKind::kRelu) output.quantization = random_tensor(random, {}).quantization;
            if (kind == OpKind::kReshape) output.shape = {static_cast<int32_t>(input.elements())};
            compare_with_golden(random, op, {input}, output);
        }
    }
}

TEST_CASE("host operators: TRANSPOSE of up to six axes and every element size", "[runtime]") {
    Random random(6);
    for (int32_t round = 0; round < 200; ++round) {
        const auto rank = static_cast<size_t>(between(random, 1, 6));
        Operator op;
        op.kind = OpKind::kTranspose;
        std::vector<int32_t> from_shape, to_shape;
        for (size_t axis = 0; axis < rank; ++axis) {
            from_shape.push_back(between(random, 1, 4));
            op.permutation.push_back(static_cast<int32_t>(axis));
        }
        std::shuffle(op.permutation.begin(), op.permutation.end(), random);
        for (const int32_t axis : op.permutation) {
            to_shape.push_back(from_shape[static_cast<size_t>(axis)]);
        }
        constexpr DataType kTypes[] = {DataType::kInt8, DataType::kInt16, DataType::kFloat32};
        const Network network = one_input(op, tensor_of(from_shape, kTypes[round % 3], 1, 0),
                                          tensor_of(to_shape, kTypes[round % 3], 1, 0));
        const Bytes in = random_bytes(random, network.tensors[0]);
        // The obvious loop: where does each output element come from?
        const auto size = static_cast<size_t>(network::element_bytes(network.tensors[0].type));
        Bytes expected(in.size());
        for (size_t to = 0; to < in.size() / size; ++to) {
            std::vector<size_t> index(rank);
            size_t rest = to;
            for (size_t axis = rank; axis-- > 0;) {
                index[static_cast<size_t>(op.permutation[axis])] =
                    rest % static_cast<size_t>(to_shape[axis]);
                rest /= static_cast<size_t>(to_shape[axis]);
            }
            size_t from = 0;
            for (size_t axis = 0; axis < rank; ++axis) {
                from = from * static_cast<size_t>(from_shape[axis]) + index[axis];
            }
            std::copy_n(in.begin() + static_cast<std::ptrdiff_t>(from * size), size,
                        expected.begin() + static_cast<std::ptrdiff_t>(to * size));
        }
        CAPTURE(round, from_shape, op.permutation);
        CHECK(test::run_on_host(network, {in})[0] == expected);
    }
}

TEST_CASE("host operators: a table gives the result of every byte", "[runtime]") {
    for (const OpKind kind : {OpKind::kLogistic, OpKind::kTanh}) {
        Random random(7);
        Operator op;
        op.kind = kind;
        const bool logistic = kind == OpKind::kLogistic;
        const Tensor input = tensor_of({256}, DataType::kInt8, 0.04F, 5);
        const Tensor output = tensor_of({256}, DataType::kInt8, logistic ? 1.0F / 256 : 1.0F / 128,
                                        logistic ? -128 : 0);
        // The golden kernel of all bytes is the table; the runtime must find each at its place.
        const Network network = one_input(op, input, output);
        Bytes all(256);
        for (size_t i = 0; i < 256; ++i) all[i] = static_cast<uint8_t>(i + 128);
        const Bytes results = golden::run(network, {all}, {}).tensors[1];
        compile::ByteTable table;
        std::copy(results.begin(), results.end(), table.begin());
        compare_with_golden(random, op, {input}, output, &table);
    }
}

TEST_CASE("host operators: inputs of different scale are requantized when they are joined",
          "[runtime]") {
    Network network;
    network.tensors = {tensor_of({1, 4}, DataType::kInt8, 0.5F, 1),
                       tensor_of({1, 4}, DataType::kInt8, 0.25F, -2),
                       tensor_of({1, 8}, DataType::kInt8, 0.5F, 3)};
    Operator op;
    op.kind = OpKind::kConcatenation;
    op.axis = 1;
    op.input = 0;
    op.more_inputs = {1};
    op.output = 2;
    network.operators = {op};
    network.inputs = {0, 1};
    network.outputs = {2};
    const Bytes out = test::run_on_host(network, {{1, 2, 127, 0x80}, {0, 1, 126, 0x80}})[0];
    // (0, 1, 126, -129) + 3 saturated; (2, 3, 128, -126) / 2 away from zero, + 3.
    CHECK(out == Bytes{3, 4, 127, 0x82, 4, 5, 67, 0xc4});
}
