// Reader of .tflite: what it resolves, and what it says about models it cannot take.
// SPDX-License-Identifier: Apache-2.0
#include "generator/network/tflite_reader.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <limits>

#include "generator/network/tflite_operands.hpp"
#include "tests/unit/tflite_models.hpp"

using namespace arraywright;
using namespace tflite_models;

namespace {

/// Rendered errors of a model; empty if it was read.
std::string errors_of(const std::vector<uint8_t>& file) {
    spec::Diagnostics diagnostics("m.tflite", "");
    const auto network = network::parse_tflite(file, "m", diagnostics);
    REQUIRE(network.has_value() == !diagnostics.has_errors());
    return diagnostics.render();
}

std::string errors_after(const std::function<void(tflite::ModelT&)>& change) {
    tflite::ModelT model = valid_model();
    change(model);
    return errors_of(pack(model));
}

tflite::TensorT& tensor(tflite::ModelT& model, int32_t index) {
    return *model.subgraphs[0]->tensors[index];
}

tflite::OperatorT& op(tflite::ModelT& model, int32_t index) {
    return *model.subgraphs[0]->operators[index];
}

tflite::Conv2DOptionsT& conv(tflite::ModelT& model) {
    return *op(model, 0).builtin_options.AsConv2DOptions();
}

tflite::FullyConnectedOptionsT& dense(tflite::ModelT& model) {
    return *op(model, 1).builtin_options.AsFullyConnectedOptions();
}

/// Each change of the valid model gives exactly one error, with this id and text.
void check_error(const std::string& id, const std::string& text,
                 const std::function<void(tflite::ModelT&)>& change) {
    const std::string errors = errors_after(change);
    INFO(errors);
    CHECK_THAT(errors, Catch::StartsWith("m.tflite: error: "));
    CHECK_THAT(errors, Catch::Contains(text));
    CHECK_THAT(errors, Catch::Contains("[" + id + "]"));
    CHECK(errors.find("error:") == errors.rfind("error:"));
}

}  // namespace

TEST_CASE("tflite: a valid model is read with everything resolved", "[network][tflite]") {
    spec::Diagnostics diagnostics("m.tflite", "");
    const auto read = network::parse_tflite(pack(valid_model()), "m", diagnostics);
    INFO(diagnostics.render());
    REQUIRE(read.has_value());
    const network::Network& n = *read;
    CHECK(n.name == "m");
    CHECK(n.tensors.size() == 7);
    REQUIRE(n.operators.size() == 2);

    const network::Operator& c = n.operators[0];
    CHECK(c.kind == network::OpKind::kConv2d);
    CHECK(c.name == "conv_2d_0");
    CHECK(c.tflite_name == "CONV_2D");
    CHECK(c.conv.kernel_h == 3);
    CHECK(c.conv.kernel_w == 2);
    CHECK(c.conv.groups == 2);
    CHECK(c.conv.stride_h == 2);
    CHECK(c.conv.stride_w == 3);
    // Rows: (3-1)*2 + 3 - 5 = 2, one above, one below. Columns: (2-1)*3 + 2 - 6 < 0: none.
    CHECK(c.conv.padding.top == 1);
    CHECK(c.conv.padding.bottom == 1);
    CHECK(c.conv.padding.left == 0);
    CHECK(c.conv.padding.right == 0);
    CHECK(c.activation == network::Activation::kRelu6);
    CHECK_FALSE(c.float32_scale_product);
    CHECK(n.tensors[c.weights].quantization.scales.size() == 6);
    CHECK(n.tensors[c.bias].data.size() == 24);
    CHECK(mac_count(n, c) == 36 * 12);

    const network::Operator& f = n.operators[1];
    CHECK(f.kind == network::OpKind::kFullyConnected);
    CHECK(f.name == "fully_connected_1");
    CHECK(f.source_index == 1);
    CHECK(f.input == c.output);
    CHECK(f.float32_scale_product);
    CHECK(mac_count(n, f) == 9 * 12);
    CHECK(n.inputs == std::vector<int32_t>{c.input});
    CHECK(n.outputs == std::vector<int32_t>{f.output});
}

TEST_CASE("tflite: what may be absent, and other forms of the same", "[network][tflite]") {
    CHECK(errors_after([](auto& m) { op(m, 1).inputs = {kHidden, kWeights}; }).empty());
    CHECK(errors_after([](auto& m) { op(m, 0).inputs[2] = -1; }).empty());
    CHECK(errors_after([](auto& m) { tensor(m, kHidden).name.clear(); }).empty());
    // Old writers know only the byte, new ones also fill it.
    CHECK(errors_after([](auto& m) { m.operator_codes[0]->builtin_code = 0; }).empty());
    CHECK(errors_after([](auto& m) {
              conv(m).fused_activation_function = tflite::ActivationFunctionType::RELU_N1_TO_1;
          }).empty());
    CHECK(errors_after([](auto& m) {
              conv(m).padding = tflite::Padding::VALID;
              conv(m).dilation_h_factor = 2;  // reach 5 of 5 rows, 2 of 6 columns
              tensor(m, kHidden).shape = {1, 1, 2, 6};
              tensor(m, kOutput).shape = {1, 3};
          }).empty());
    CHECK(errors_after([](auto& m) {
              dense(m).keep_num_dims = true;
              tensor(m, kWeights).shape = {6, 6};
              tensor(m, kFcBias).shape = {6};
              m.buffers[tensor(m, kFcBias).buffer]->data.resize(24);
              tensor(m, kOutput).shape = {1, 3, 2, 6};
          }).empty());
}

TEST_CASE("tflite: resolve_extent follows the format", "[network][tflite]") {
    const auto check = [](const network::ResolvedExtent& e, int64_t out, int32_t b, int32_t a) {
        CHECK(e.output == out);
        CHECK(e.before == b);
        CHECK(e.after == a);
    };
    check(network::resolve_extent(true, 49, 10, 2, 1), 25, 4, 5);
    check(network::resolve_extent(true, 224, 3, 2, 1), 112, 0, 1);
    check(network::resolve_extent(true, 7, 3, 1, 2), 7, 2, 2);
    check(network::resolve_extent(true, 4, 1, 4, 1), 1, 0, 0);
    check(network::resolve_extent(false, 7, 3, 2, 1), 3, 0, 0);
    check(network::resolve_extent(false, 7, 3, 1, 3), 1, 0, 0);
    check(network::resolve_extent(false, 6, 3, 1, 3), 0, 0, 0);
}

TEST_CASE("tflite: all unsupported operators are named in one run", "[network][tflite][error]") {
    const std::string errors = errors_after([](auto& m) {
        m.operator_codes[0]->deprecated_builtin_code = 5;
        m.operator_codes[0]->builtin_code = 5;
        m.operator_codes[1]->deprecated_builtin_code = 32;
        m.operator_codes[1]->builtin_code = 32;
        m.operator_codes[1]->custom_code = "my\nop";
        add_operator(m, 127, {kHidden}, kOutput, tflite::Conv2DOptionsT());
        m.operator_codes[2]->builtin_code = 200;
    });
    CHECK(errors ==
          "m.tflite: error: operator 0 DEPTH_TO_SPACE is not supported by this version "
          "[unsupported-operator]\n"
          "note: supported operators: ADD, AVERAGE_POOL_2D, CONCATENATION, CONV_2D, "
          "DEPTHWISE_CONV_2D, DEQUANTIZE, EXPAND_DIMS, FULLY_CONNECTED, LOGISTIC, MAX_POOL_2D, "
          "MEAN, MUL, PAD, PADV2, QUANTIZE, RELU, RELU6, RESHAPE, SOFTMAX, SQUEEZE, SUB, TANH, "
          "TRANSPOSE; cut the model so that it has only these and run the others on the host\n"
          "m.tflite: error: operator 1 CUSTOM 'my?op' is not supported by this version "
          "[unsupported-operator]\n"
          "m.tflite: error: operator 2 operator code 200 is not supported by this version "
          "[unsupported-operator]\n");
}

TEST_CASE("tflite: files that are no model", "[network][tflite][error]") {
    CHECK_THAT(errors_of({}), Catch::Contains("the file is empty"));
    CHECK_THAT(errors_of({1, 2, 3}), Catch::Contains("bytes 4 to 7 are not 'TFL3'"));
    CHECK_THAT(errors_of(std::vector<uint8_t>(4096, 0xFF)), Catch::Contains("[tflite-invalid]"));
    std::vector<uint8_t> cut = pack(valid_model());
    cut.resize(cut.size() / 2);
    CHECK_THAT(errors_of(cut), Catch::Contains("truncated or corrupt"));
    spec::Diagnostics missing("none.tflite", "");
    CHECK_FALSE(network::read_tflite("/nonexistent/none.tflite", missing));
    CHECK_THAT(missing.render(), Catch::Contains("does not exist"));
    spec::Diagnostics folder("folder", "");
    CHECK_FALSE(network::read_tflite("/", folder));
    CHECK_THAT(folder.render(), Catch::Contains("this is not a file"));
}

TEST_CASE("tflite: models of other kinds", "[network][tflite][error]") {
    check_error("unsupported-model", "schema version 2", [](auto& m) { m.version = 2; });
    check_error("unsupported-model", "2 subgraphs",
                [](auto& m) { m.subgraphs.push_back(std::make_unique<tflite::SubGraphT>()); });
    check_error("unsupported-model", "0 subgraphs", [](auto& m) { m.subgraphs.clear(); });
    check_error("unsupported-model", "0 operators",
                [](auto& m) { m.subgraphs[0]->operators.clear(); });
    check_error("tflite-invalid", "no inputs", [](auto& m) { m.subgraphs[0]->inputs.clear(); });
    check_error("tflite-invalid", "no outputs", [](auto& m) { m.subgraphs[0]->outputs.clear(); });
}

TEST_CASE("tflite: indices outside their lists", "[network][tflite][error]") {
    const int32_t bad =
        GENERATE(-2, 7, std::numeric_limits<int32_t>::max(), std::numeric_limits<int32_t>::min());
    check_error("tflite-invalid", "input 0 of operator 0 CONV_2D is tensor",
                [&](auto& m) { op(m, 0).inputs[0] = bad; });
    check_error("tflite-invalid", "output 0 of operator 1 FULLY_CONNECTED is tensor",
                [&](auto& m) { op(m, 1).outputs[0] = bad; });
    check_error("tflite-invalid", "input of the model 0 is tensor",
                [&](auto& m) { m.subgraphs[0]->inputs[0] = bad; });
    check_error("tflite-invalid", "but the model has 2 codes",
                [&](auto& m) { op(m, 0).opcode_index = static_cast<uint32_t>(bad); });
    check_error("tflite-invalid", "but the model has 5 buffers",
                [&](auto& m) { tensor(m, kKernel).buffer = static_cast<uint32_t>(bad); });
    spec::Diagnostics diagnostics("m.tflite", "");
    CHECK_FALSE(network::parse_tflite_operator(pack(valid_model()), "m", bad, diagnostics));
    CHECK_THAT(diagnostics.render(), Catch::Contains("there is no operator"));
}

TEST_CASE("tflite: operands of the wrong number", "[network][tflite][error]") {
    check_error("tflite-invalid", "expected 2 or 3 inputs and 1 output, found 1 and 1",
                [](auto& m) { op(m, 0).inputs = {kInput}; });
    check_error("tflite-invalid", "found 4 and 1",
                [](auto& m) { op(m, 0).inputs.push_back(kInput); });
    check_error("tflite-invalid", "found 3 and 0", [](auto& m) { op(m, 0).outputs.clear(); });
    check_error("tflite-invalid", "found 0 and 1", [](auto& m) { op(m, 1).inputs.clear(); });
    check_error("tflite-invalid", "found 64 and 1",
                [](auto& m) { op(m, 1).inputs.assign(100000, -1); });
}

TEST_CASE("tflite: tensors of unsupported kinds", "[network][tflite][error]") {
    check_error("unsupported-tensor", "type INT4",
                [](auto& m) { tensor(m, kKernel).type = tflite::TensorType::INT4; });
    check_error("unsupported-tensor", "type 99",
                [](auto& m) { tensor(m, kKernel).type = static_cast<tflite::TensorType>(99); });
    check_error("unsupported-tensor", "its input 'input' must be int8 with one scale",
                [](auto& m) { tensor(m, kInput).type = tflite::TensorType::UINT8; });
    check_error("unsupported-tensor", "its output 'output' must be int8 with one scale",
                [](auto& m) { tensor(m, kOutput).quantization.reset(); });
    check_error("unsupported-tensor", "its weights 'weights' must be quantized int8 constants",
                [](auto& m) { tensor(m, kWeights).buffer = 0; });
    check_error("unsupported-tensor", "must have zero point 0",
                [](auto& m) { tensor(m, kKernel).quantization->zero_point[5] = 1; });
    check_error("unsupported-tensor", "its bias 'fc_bias'",
                [](auto& m) { tensor(m, kFcBias).quantization->zero_point[0] = 1; });
    check_error("unsupported-tensor", "must be 3 int32 constants", [](auto& m) {
        tensor(m, kFcBias).shape = {4};
        m.buffers[tensor(m, kFcBias).buffer]->data.resize(16);
    });
    check_error("unsupported-tensor", "custom quantization",
                [](auto& m) { tensor(m, kInput).quantization->details_type = 1; });
    check_error("unsupported-tensor", "stored compressed", [](auto& m) {
        tensor(m, kWeights).sparsity = std::make_unique<tflite::SparsityParametersT>();
    });
    check_error("unsupported-tensor", "outside the FlatBuffer",
                [](auto& m) { m.buffers[1]->offset = 4096; });
    check_error("unsupported-tensor", "batch 1", [](auto& m) {
        tensor(m, kInput).shape = {2, 5, 6, 4};
    });
}

TEST_CASE("tflite: hostile shapes", "[network][tflite][error]") {
    check_error("unsupported-tensor", "9 dimensions",
                [](auto& m) { tensor(m, kInput).shape.assign(9, 1); });
    check_error("unsupported-tensor", "dimension 1 of tensor 'input' is 0",
                [](auto& m) { tensor(m, kInput).shape[1] = 0; });
    check_error("unsupported-tensor", "dimension 0 of tensor 'input' is -1",
                [](auto& m) { tensor(m, kInput).shape[0] = -1; });
    check_error("too-large", "tensor 'input' has more than",
                [](auto& m) { tensor(m, kInput).shape.assign(4, 2147483647); });
    check_error("tflite-invalid", "needs 72 bytes, but its buffer has 71",
                [](auto& m) { m.buffers[1]->data.resize(71); });
    check_error("tflite-invalid", "expected 4 dimensions", [](auto& m) {
        tensor(m, kKernel).shape = {6, 12};
    });
    check_error("tflite-invalid", "do not split into groups",
                [](auto& m) { tensor(m, kInput).shape[3] = 5; });
    check_error("tflite-invalid", "do not split into groups", [](auto& m) {
        tensor(m, kInput).shape[3] = 8;  // 4 groups for 6 filters
    });
    check_error("tflite-invalid", "do not split into groups",
                [](auto& m) { tensor(m, kInput).shape[3] = 1; });
    check_error("tflite-invalid", "gives an output of shape [1, 3, 2, 6]", [](auto& m) {
        tensor(m, kHidden).shape = {1, 2, 3, 6};
    });
    check_error("tflite-invalid", "gives an output of shape [1, 0, ", [](auto& m) {
        conv(m).padding = tflite::Padding::VALID;
        conv(m).dilation_h_factor = 3;
    });
    check_error("tflite-invalid", "does not split into rows of 11", [](auto& m) {
        tensor(m, kWeights).shape = {3, 11};
        m.buffers[tensor(m, kWeights).buffer]->data.resize(33);
    });
    check_error("tflite-invalid", "expected an output of 3 x 3",
                [](auto& m) { tensor(m, kOutput).shape = {9}; });
    check_error("tflite-invalid", "keep_num_dims", [](auto& m) { dense(m).keep_num_dims = true; });
    check_error("tflite-invalid", "keep_num_dims", [](auto& m) {
        dense(m).keep_num_dims = true;
        tensor(m, kHidden).shape = {};
        tensor(m, kWeights).shape = {36, 1};
        tensor(m, kFcBias).shape = {36};
        m.buffers[tensor(m, kFcBias).buffer]->data.resize(144);
        tensor(m, kOutput).shape = {36};
        m.subgraphs[0]->operators.erase(m.subgraphs[0]->operators.begin());
        m.subgraphs[0]->inputs = {kHidden};
    });
}

TEST_CASE("tflite: hostile options", "[network][tflite][error]") {
    const int32_t bad = GENERATE(0, -1, 65537, std::numeric_limits<int32_t>::min());
    check_error("tflite-invalid", "each must be 1 to 65536",
                [&](auto& m) { conv(m).stride_h = bad; });
    check_error("tflite-invalid", "each must be 1 to 65536",
                [&](auto& m) { conv(m).dilation_w_factor = bad; });
    check_error("tflite-invalid", "neither SAME nor VALID",
                [](auto& m) { conv(m).padding = static_cast<tflite::Padding>(7); });
    check_error("unsupported-operator", "fused activation TANH", [](auto& m) {
        conv(m).fused_activation_function = tflite::ActivationFunctionType::TANH;
    });
    check_error("unsupported-operator", "activation 77", [](auto& m) {
        dense(m).fused_activation_function = static_cast<tflite::ActivationFunctionType>(77);
    });
    check_error("unsupported-operator", "shuffled weights", [](auto& m) {
        dense(m).weights_format = tflite::FullyConnectedOptionsWeightsFormat::SHUFFLED4x16INT8;
    });
    check_error("tflite-invalid", "operator 0 CONV_2D: it has no options",
                [](auto& m) { op(m, 0).builtin_options.Reset(); });
    check_error("tflite-invalid", "operator 1 FULLY_CONNECTED: it has no options",
                [](auto& m) { op(m, 1).builtin_options.Set(tflite::Conv2DOptionsT()); });
}

TEST_CASE("tflite: hostile quantization", "[network][tflite][error]") {
    const float bad = GENERATE(0.0F, -1.0F, std::numeric_limits<float>::quiet_NaN(),
                               std::numeric_limits<float>::infinity());
    check_error("tflite-invalid", "must be finite and greater than 0",
                [&](auto& m) { tensor(m, kHidden).quantization->scale[0] = bad; });
    check_error("tflite-invalid", "has 5 scales along dimension 0", [](auto& m) {
        tensor(m, kKernel).quantization->scale.resize(5);
        tensor(m, kKernel).quantization->zero_point.resize(5);
    });
    check_error("tflite-invalid", "has 6 scales but 5 zero points",
                [](auto& m) { tensor(m, kKernel).quantization->zero_point.resize(5); });
    check_error("tflite-invalid", "scales along dimension -1",
                [](auto& m) { tensor(m, kKernel).quantization->quantized_dimension = -1; });
    check_error("tflite-invalid", "scales along dimension 4",
                [](auto& m) { tensor(m, kKernel).quantization->quantized_dimension = 4; });
    check_error("tflite-invalid", "zero point 0 of tensor 'input' is 128",
                [](auto& m) { tensor(m, kInput).quantization->zero_point[0] = 128; });
    check_error("tflite-invalid", "allowed: -128 to 127", [](auto& m) {
        tensor(m, kInput).quantization->zero_point[0] = std::numeric_limits<int64_t>::min();
    });
    check_error("tflite-invalid", "product of the scales", [](auto& m) {
        tensor(m, kHidden).quantization->scale[0] = 1e30F;
        tensor(m, kWeights).quantization->scale[0] = 1e30F;
    });
}

TEST_CASE("tflite: hostile data flow", "[network][tflite][error]") {
    check_error("tflite-invalid", "reads tensor 'hidden' before it is written", [](auto& m) {
        std::swap(m.subgraphs[0]->operators[0], m.subgraphs[0]->operators[1]);
    });
    check_error("tflite-invalid", "output 'kernel' of the model is never written", [](auto& m) {
        m.subgraphs[0]->outputs = {kOutput, kKernel};
    });
    check_error("tflite-invalid", "tensor 'weights' is a constant or twice an input", [](auto& m) {
        m.subgraphs[0]->inputs = {kInput, kWeights};
    });
    check_error("tflite-invalid", "tensor 'input' is a constant or twice an input", [](auto& m) {
        m.subgraphs[0]->inputs = {kInput, kInput};
    });
    check_error("tflite-invalid", "writes tensor 'hidden', which is written already", [](auto& m) {
        m.subgraphs[0]->inputs = {kInput, kHidden};
    });
    check_error("tflite-invalid", "its output is its own input", [](auto& m) {
        tensor(m, kOutput).shape = {1, 3, 2, 6};
        tensor(m, kWeights).shape = {6, 6};
        tensor(m, kFcBias).shape = {6};
        m.buffers[tensor(m, kFcBias).buffer]->data.resize(24);
        op(m, 1).outputs[0] = kHidden;
        m.subgraphs[0]->outputs = {kHidden};
    });
}

TEST_CASE("tflite: shared buffers cannot multiply memory", "[network][tflite][error]") {
    tflite::ModelT model = valid_model();
    model.buffers[1]->data.assign(1 << 20, 1);
    for (int32_t i = 0; i < 100; ++i) {
        const int32_t copy = add_tensor(model, "copy", {1, 1 << 20}, tflite::TensorType::INT8, 0);
        tensor(model, copy).buffer = 1;
        const int32_t wide = add_tensor(model, "wide", {1, 1 << 20}, tflite::TensorType::INT8, 0);
        const int32_t out = add_tensor(model, "out", {1, 1}, tflite::TensorType::INT8, 0);
        add_operator(model, network::kFullyConnectedCode, {wide, copy}, out,
                     tflite::FullyConnectedOptionsT());
    }
    model.subgraphs[0]->operators.erase(model.subgraphs[0]->operators.begin());
    CHECK_THAT(errors_of(pack(model)),
               Catch::Contains("[too-large]") && Catch::Contains("too many tensors share them"));
}
