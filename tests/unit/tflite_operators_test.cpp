// Readers of the .tflite operators beyond convolution and fully connected.
// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <functional>
#include <limits>

#include "generator/network/tflite_reader.hpp"
#include "tests/unit/tflite_zoo.hpp"

using namespace arraywright;
using namespace tflite_models;
using network::OpKind;

namespace {

network::Network read_zoo() {
    spec::Diagnostics diagnostics("m.tflite", "");
    auto read = network::parse_tflite(pack(operator_zoo()), "m", diagnostics);
    INFO(diagnostics.render());
    REQUIRE(read.has_value());
    return std::move(*read);
}

/// The operator that writes the tensor `name`.
const network::Operator& op_of(const network::Network& n, const std::string& name) {
    for (const network::Operator& op : n.operators) {
        if (n.tensors[static_cast<size_t>(op.output)].name == name) return op;
    }
    throw std::out_of_range(name);
}

std::string errors_after(const std::function<void(tflite::ModelT&)>& change) {
    tflite::ModelT model = operator_zoo();
    change(model);
    spec::Diagnostics diagnostics("m.tflite", "");
    const auto network = network::parse_tflite(pack(model), "m", diagnostics);
    REQUIRE(network.has_value() == !diagnostics.has_errors());
    return diagnostics.render();
}

/// The change gives exactly one error, with this id and text.
void check_error(const std::string& id, const std::string& text,
                 const std::function<void(tflite::ModelT&)>& change) {
    const std::string errors = errors_after(change);
    INFO(errors);
    CHECK_THAT(errors, Catch::StartsWith("m.tflite: error: "));
    CHECK_THAT(errors, Catch::Contains(text));
    CHECK_THAT(errors, Catch::Contains("[" + id + "]"));
    CHECK(errors.find("error:") == errors.rfind("error:"));
}

template <typename Options>
Options& options_of(tflite::ModelT& m, const std::string& output) {
    return *static_cast<Options*>(writer_of(m, output).builtin_options.value);
}

void set_shape(tflite::ModelT& m, const std::string& name, std::vector<int32_t> shape) {
    tensor_of(m, name).shape = std::move(shape);
}

/// Leaves only the operator that writes `output`, so that its change bothers no neighbour.
void keep_only(tflite::ModelT& m, const std::string& output) {
    const tflite::OperatorT kept = writer_of(m, output);
    m.subgraphs[0]->operators.resize(1);
    *m.subgraphs[0]->operators[0] = kept;
}

/// Overwrites an int32 constant.
void set_integer(tflite::ModelT& m, const std::string& name, size_t index, int32_t value) {
    std::memcpy(m.buffers[tensor_of(m, name).buffer]->data.data() + 4 * index, &value, 4);
}

}  // namespace

TEST_CASE("tflite: every operator is read with its attributes", "[network][tflite]") {
    const network::Network n = read_zoo();
    CHECK(n.operators.size() == 24);
    CHECK(n.inputs.size() == 2);
    CHECK(n.outputs.size() == 3);
    CHECK(op_of(n, "quantized").kind == OpKind::kQuantize);
    CHECK(op_of(n, "padded").pads ==
          std::vector<std::pair<int32_t, int32_t>>{{0, 0}, {1, 1}, {1, 1}, {0, 0}});
    const network::Operator& depthwise = op_of(n, "depthwise");
    CHECK(depthwise.kind == OpKind::kDepthwiseConv2d);
    CHECK(depthwise.conv.groups == 4);
    CHECK(depthwise.conv.kernel_h == 3);
    CHECK(depthwise.activation == network::Activation::kRelu);
    CHECK(network::mac_count(n, depthwise) == 6 * 6 * 8 * 9);
    CHECK(op_of(n, "largest").kind == OpKind::kMaxPool);
    CHECK(op_of(n, "largest").conv.stride_w == 2);
    CHECK(op_of(n, "average").conv.padding.bottom == 1);
    CHECK(op_of(n, "average").conv.padding.top == 0);
    CHECK(op_of(n, "sum").all_inputs().size() == 2);
    CHECK(op_of(n, "joined").axis == 3);
    CHECK(op_of(n, "turned").permutation == std::vector<int32_t>{0, 2, 1, 3});
    CHECK(n.tensors[static_cast<size_t>(op_of(n, "product").input)].is_constant);
    CHECK(op_of(n, "difference").activation == network::Activation::kRelu6);
    CHECK(op_of(n, "mean").conv.kernel_h == 3);
    CHECK(op_of(n, "mean").conv.kernel_w == 3);
    for (const char* name : {"reshaped", "squeezed", "row"}) {
        CHECK(op_of(n, name).kind == OpKind::kReshape);
    }
    CHECK_FALSE(op_of(n, "dense").float32_scale_product);
    CHECK(op_of(n, "softmax").beta == 1.0F);
    CHECK(op_of(n, "padded_2").pad_value == 1);
    CHECK(op_of(n, "padded_2").name == "padv2_23");
}

TEST_CASE("tflite: other forms of the same operators", "[network][tflite]") {
    CHECK(errors_after([](auto& m) {  // writers may leave the redundant field at 0
              options_of<tflite::DepthwiseConv2DOptionsT>(m, "depthwise").depth_multiplier = 0;
          })
              .empty());
    CHECK(errors_after([](auto& m) {
              tflite::QuantizationParametersT& q = *tensor_of(m, "depthwise_weights").quantization;
              q.scale = {0.5F};
              q.zero_point = {0};
          }).empty());
    CHECK(errors_after([](auto& m) {
              options_of<tflite::ReducerOptionsT>(m, "mean").keep_dims = true;
              set_shape(m, "mean", {1, 1, 1, 16});
          }).empty());
    CHECK(errors_after([](auto& m) { writer_of(m, "product").builtin_options.Reset(); }).empty());
    CHECK(errors_after([](auto& m) { writer_of(m, "reshaped").inputs.resize(1); }).empty());
    CHECK(errors_after([](auto& m) {  // 64-bit constants
              tflite::TensorT& axes = tensor_of(m, "axes");
              axes.type = tflite::TensorType::INT64;
              const int64_t values[] = {-3, 2};
              auto& data = m.buffers[axes.buffer]->data;
              data.resize(16);
              std::memcpy(data.data(), values, 16);
          })
              .empty());
    CHECK(errors_after([](auto& m) {  // the mean of columns only
              set_integer(m, "axes", 0, 2);
              options_of<tflite::ReducerOptionsT>(m, "mean").keep_dims = true;
              set_shape(m, "mean", {1, 3, 1, 16});
              set_shape(m, "reshaped", {1, 3, 1, 16});
              set_shape(m, "squeezed", {3, 16});
              set_shape(m, "row", {3, 16});
              set_shape(m, "tanh", {3, 16});
              set_shape(m, "dense", {3, 10});
              set_shape(m, "logits", {3, 10});
              set_shape(m, "logistic", {3, 10});
              set_shape(m, "softmax", {3, 10});
              set_shape(m, "float_out", {3, 10});
              set_shape(m, "padded_2", {4, 11});
          })
              .empty());
}

TEST_CASE("tflite: recurrent operators are not built", "[network][tflite][error]") {
    const std::string errors = errors_after([](auto& m) {
        m.operator_codes[0]->deprecated_builtin_code = network::kUnidirectionalSequenceLstmCode;
        m.operator_codes[0]->builtin_code = network::kUnidirectionalSequenceLstmCode;
        m.operator_codes[1]->deprecated_builtin_code = 27;  // SVDF
        m.operator_codes[1]->builtin_code = 27;
    });
    CHECK_THAT(errors, Catch::StartsWith(
                           "m.tflite: error: operator 0 UNIDIRECTIONAL_SEQUENCE_LSTM is not built "
                           "by this version: recurrent networks do not run yet [not-built]\n"
                           "note: supported operators: ADD, AVERAGE_POOL_2D, CONCATENATION, "));
    CHECK_THAT(errors, Catch::Contains("error: operator 1 SVDF is not built by this version"));
}

TEST_CASE("tflite: operands of the wrong number or type", "[network][tflite][error]") {
    const char* const single[] = {"quantized", "relu",    "relu6",     "tanh",
                                  "logistic",  "softmax", "float_out", "largest"};
    for (const std::string name : single) {
        check_error("tflite-invalid", "expected 1 input and 1 output, found 2 and 1",
                    [&](auto& m) { writer_of(m, name).inputs.push_back(0); });
    }
    for (const std::string name : {"sum", "product", "mean", "turned"}) {
        check_error("tflite-invalid", "expected 2 inputs and 1 output, found 1 and 1",
                    [&](auto& m) { writer_of(m, name).inputs.resize(1); });
    }
    check_error("tflite-invalid", "expected 2 or 3 inputs and 1 output, found 1 and 1",
                [](auto& m) { writer_of(m, "padded").inputs.resize(1); });
    check_error("tflite-invalid", "expected 1 to 63 inputs and 1 output, found 64 and 1",
                [](auto& m) { writer_of(m, "joined").inputs.assign(64, 0); });
    check_error("unsupported-tensor", "its first input 'largest' must be int8 with one scale",
                [](auto& m) {
                    tensor_of(m, "largest").type = tflite::TensorType::UINT8;
                    keep_only(m, "sum");
                });
    check_error("unsupported-tensor", "its output 'float_out' must be float32",
                [](auto& m) { tensor_of(m, "float_out").type = tflite::TensorType::INT16; });
    check_error("unsupported-tensor", "its output 'quantized' must be int8 or uint8", [](auto& m) {
        keep_only(m, "quantized");
        tensor_of(m, "quantized").type = tflite::TensorType::INT16;
    });
    check_error("unsupported-tensor", "both inputs are constants", [](auto& m) {
        writer_of(m, "product").inputs[1] = index_of(m, "factors");
        set_shape(m, "product", {16});
        keep_only(m, "product");
    });
    check_error("unsupported-tensor", "is a constant; fold it when converting", [](auto& m) {
        writer_of(m, "relu").inputs[0] = index_of(m, "factors");
        set_shape(m, "relu", {16});
        keep_only(m, "relu");
    });
}

TEST_CASE("tflite: shapes that contradict the attributes", "[network][tflite][error]") {
    check_error("tflite-invalid", "the paddings [0, 0, 1, 1, 1, 2, 0, 0] do not give this output",
                [](auto& m) { set_integer(m, "pads", 5, 2); });
    check_error("tflite-invalid", "do not give this output", [](auto& m) {
        set_integer(m, "pads", 4, -1);
        set_integer(m, "pads", 5, 3);
    });
    check_error("tflite-invalid", "do not give this output",
                [](auto& m) { set_integer(m, "pads", 4, std::numeric_limits<int32_t>::min()); });
    check_error("tflite-invalid", "with depth_multiplier 3", [](auto& m) {
        options_of<tflite::DepthwiseConv2DOptionsT>(m, "depthwise").depth_multiplier = 3;
    });
    check_error("tflite-invalid", "with depth_multiplier 2", [](auto& m) {
        set_shape(m, "depthwise_weights", {3, 1, 3, 8});
    });
    check_error("unsupported-tensor", "one per output channel (dimension 3)", [](auto& m) {
        set_shape(m, "depthwise_weights", {8, 3, 3, 1});
        tensor_of(m, "depthwise_weights").quantization->quantized_dimension = 0;
    });
    check_error("tflite-invalid", "the geometry gives an output of shape [1, 5, 5, 8]",
                [](auto& m) {
                    options_of<tflite::Pool2DOptionsT>(m, "largest").stride_h = 1;
                    options_of<tflite::Pool2DOptionsT>(m, "largest").stride_w = 1;
                });
    check_error("tflite-invalid", "each must be 1 to 65536",
                [](auto& m) { options_of<tflite::Pool2DOptionsT>(m, "average").filter_width = 0; });
    check_error("tflite-invalid", "the inputs do not broadcast",
                [](auto& m) { writer_of(m, "sum").inputs[1] = index_of(m, "quantized"); });
    check_error("tflite-invalid", "expected an output of shape [1, 3, 3, 16]", [](auto& m) {
        keep_only(m, "difference");
        set_shape(m, "difference", {1, 3, 3, 15});
    });
    check_error("tflite-invalid", "there is no axis 4",
                [](auto& m) { options_of<tflite::ConcatenationOptionsT>(m, "joined").axis = 4; });
    check_error("tflite-invalid", "there is no axis -5",
                [](auto& m) { options_of<tflite::ConcatenationOptionsT>(m, "joined").axis = -5; });
    check_error("tflite-invalid", "do not join along axis 1",
                [](auto& m) { options_of<tflite::ConcatenationOptionsT>(m, "joined").axis = 1; });
    check_error("tflite-invalid", "the permutation [0, 2, 2, -1]",
                [](auto& m) { set_integer(m, "permutation", 2, 2); });
    check_error("tflite-invalid", "the permutation [0, 2, 1, -5]",
                [](auto& m) { set_integer(m, "permutation", 3, -5); });
    check_error("tflite-invalid", "types and numbers of elements must be equal", [](auto& m) {
        set_shape(m, "reshaped", {1, 1, 2, 16});
        keep_only(m, "reshaped");
    });
    check_error("tflite-invalid", "the shapes must be equal",
                [](auto& m) { set_shape(m, "float_out", {10}); });
    check_error("tflite-invalid", "expected an output of shape [1, 16]", [](auto& m) {
        set_shape(m, "mean", {1, 1, 1, 16});
    });
}

TEST_CASE("tflite: attributes that are not supported", "[network][tflite][error]") {
    check_error("unsupported-operator", "it reduces axis 3",
                [](auto& m) { set_integer(m, "axes", 0, 3); });
    check_error("unsupported-operator", "it reduces axis -5",
                [](auto& m) { set_integer(m, "axes", 1, -5); });
    check_error("unsupported-operator", "a fused activation is not supported here", [](auto& m) {
        options_of<tflite::ConcatenationOptionsT>(m, "joined").fused_activation_function =
            tflite::ActivationFunctionType::RELU;
    });
    const float beta = GENERATE(0.0F, -1.0F, std::numeric_limits<float>::quiet_NaN(),
                                std::numeric_limits<float>::infinity(), 1e-9F);
    check_error("unsupported-operator", "is out of range",
                [&](auto& m) { options_of<tflite::SoftmaxOptionsT>(m, "softmax").beta = beta; });
    for (const std::string name : {"largest", "joined", "softmax"}) {
        check_error("tflite-invalid", "it has no options",
                    [&](auto& m) { writer_of(m, name).builtin_options.Reset(); });
    }
    check_error("unsupported-operator", "supported are 1 to 4095 elements", [](auto& m) {
        keep_only(m, "softmax");
        set_shape(m, "logits", {1, 4096});
        set_shape(m, "softmax", {1, 4096});
    });
}

TEST_CASE("tflite: quantization that an operator cannot have", "[network][tflite][error]") {
    check_error("unsupported-tensor", "must have scale 1/256 and zero point -128, found 0.5 and 0",
                [](auto& m) {
                    *tensor_of(m, "logistic").quantization = *tensor_of(m, "logits").quantization;
                });
    check_error("unsupported-tensor", "must have scale 1/128 and zero point 0",
                [](auto& m) { tensor_of(m, "tanh").quantization->zero_point[0] = 1; });
    check_error("unsupported-tensor", "must have scale 1/256 and zero point -128",
                [](auto& m) { tensor_of(m, "softmax").quantization->zero_point[0] = 0; });
    check_error("unsupported-tensor", "this operator does not requantize", [](auto& m) {
        keep_only(m, "joined");
        tensor_of(m, "joined").quantization->scale[0] = 0.25F;
    });
    check_error("unsupported-tensor", "this operator does not requantize", [](auto& m) {
        keep_only(m, "padded");
        tensor_of(m, "padded").quantization->zero_point[0] = 3;
    });
    check_error("unsupported-tensor", "'depthwise' and 'largest' must have the same", [](auto& m) {
        keep_only(m, "largest");
        tensor_of(m, "largest").quantization->scale[0] = 0.75F;
    });
    check_error("unsupported-tensor", "are too far apart", [](auto& m) {
        keep_only(m, "logits");
        tensor_of(m, "logits").quantization->scale[0] = 1e-7F;
    });
    check_error("unsupported-tensor", "its pad value must be one int8 or uint8 constant",
                [](auto& m) { writer_of(m, "padded_2").inputs[2] = index_of(m, "factors"); });
    check_error("unsupported-tensor", "must be int8 with one scale; quantize the model",
                [](auto& m) {
                    tensor_of(m, "relu6").quantization.reset();
                    keep_only(m, "relu6");
                });
}

TEST_CASE("tflite: shape constants that cannot be read", "[network][tflite][error]") {
    check_error("unsupported-tensor", "input 1 of operator 12 MEAN has type FLOAT32",
                [](auto& m) { tensor_of(m, "axes").type = tflite::TensorType::FLOAT32; });
    check_error("unsupported-tensor", "must be a constant: shapes cannot depend on the data",
                [](auto& m) { tensor_of(m, "axes").buffer = 0; });
    check_error("unsupported-tensor", "has 6 bytes; expected 1 to 64 integers",
                [](auto& m) { m.buffers[tensor_of(m, "axes").buffer]->data.resize(6); });
    check_error("unsupported-tensor", "has 260 bytes; expected 1 to 64 integers",
                [](auto& m) { m.buffers[tensor_of(m, "axes").buffer]->data.resize(260); });
    check_error("tflite-invalid", "input 1 of operator 12 MEAN is tensor 99",
                [](auto& m) { writer_of(m, "mean").inputs[1] = 99; });
}

TEST_CASE("tflite: hostile data flow and sizes of several inputs", "[network][tflite][error]") {
    check_error("tflite-invalid", "operator 4 ADD reads tensor 'average' before it is written",
                [](auto& m) {
                    auto& ops = m.subgraphs[0]->operators;
                    ops.resize(6);
                    std::swap(ops[4], ops[5]);
                    m.subgraphs[0]->outputs = {index_of(m, "sum")};
                });
    check_error("tflite-invalid", "its output is its own input",
                [](auto& m) { writer_of(m, "sum").inputs[1] = index_of(m, "sum"); });
    check_error("too-large", "the tensors take", [](auto& m) {
        m = GraphBuilder().model;
        std::string last = "in";
        add_tensor(m, last, {1, 1 << 28}, tflite::TensorType::INT8, 0);
        for (int32_t i = 0; i < 16; ++i) {
            const std::string next = "t" + std::to_string(i);
            add_tensor(m, next, {1, 1 << 28}, tflite::TensorType::INT8, 0);
            add_operator(m, network::kReluCode, {index_of(m, last)}, index_of(m, next),
                         tflite::AddOptionsT());
            last = next;
        }
        m.subgraphs[0]->inputs = {0};
        m.subgraphs[0]->outputs = {index_of(m, last)};
    });
}
