// A .tflite model that has every operator the reader knows, beside those of valid_model().
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/tflite_models.hpp"

namespace tflite_models {

namespace codes = arraywright::network;

inline int32_t index_of(const tflite::ModelT& model, const std::string& name) {
    const auto& tensors = model.subgraphs[0]->tensors;
    for (size_t i = 0; i < tensors.size(); ++i) {
        if (tensors[i]->name == name) return static_cast<int32_t>(i);
    }
    throw std::out_of_range("no tensor " + name);
}

inline tflite::TensorT& tensor_of(tflite::ModelT& model, const std::string& name) {
    return *model.subgraphs[0]->tensors[static_cast<size_t>(index_of(model, name))];
}

/// The operator that writes `output`.
inline tflite::OperatorT& writer_of(tflite::ModelT& model, const std::string& output) {
    for (auto& op : model.subgraphs[0]->operators) {
        if (op->outputs.at(0) == index_of(model, output)) return *op;
    }
    throw std::out_of_range("nothing writes " + output);
}

/// Builds a graph by names: every operator writes the tensor that it is named after.
class GraphBuilder {
public:
    GraphBuilder() {
        model.version = 3;
        model.buffers.push_back(std::make_unique<tflite::BufferT>());
        model.subgraphs.push_back(std::make_unique<tflite::SubGraphT>());
    }

    /// An activation of scale 0.5 and zero point 0.
    void activation(const std::string& name, std::vector<int32_t> shape,
                    tflite::TensorType type = tflite::TensorType::INT8) {
        add_tensor(model, name, std::move(shape), type, 0);
        if (type == tflite::TensorType::FLOAT32) tensor_of(model, name).quantization.reset();
    }

    void quantization(const std::string& name, float scale, int64_t zero_point) {
        tensor_of(model, name).quantization->scale = {scale};
        tensor_of(model, name).quantization->zero_point = {zero_point};
    }

    void integers(const std::string& name, std::vector<int32_t> shape,
                  const std::vector<int32_t>& values) {
        add_tensor(model, name, std::move(shape), tflite::TensorType::INT32, 4 * values.size());
        tensor_of(model, name).quantization.reset();
        std::memcpy(model.buffers.back()->data.data(), values.data(), 4 * values.size());
    }

    /// int8 ones.
    void constant(const std::string& name, std::vector<int32_t> shape, size_t scales = 1,
                  int32_t axis = 0) {
        size_t bytes = 1;
        for (const int32_t extent : shape) bytes *= static_cast<size_t>(extent);
        add_tensor(model, name, std::move(shape), tflite::TensorType::INT8, bytes, scales);
        tensor_of(model, name).quantization->quantized_dimension = axis;
    }

    template <typename Options>
    void op(int32_t code, const std::vector<std::string>& inputs, const std::string& output,
            Options options) {
        std::vector<int32_t> indices;
        for (const std::string& input : inputs) indices.push_back(index_of(model, input));
        add_operator(model, code, indices, index_of(model, output), std::move(options));
    }
    /// An operator without options.
    void op(int32_t code, const std::vector<std::string>& inputs, const std::string& output) {
        op(code, inputs, output, tflite::AddOptionsT());
        model.subgraphs[0]->operators.back()->builtin_options.Reset();
    }

    tflite::ModelT model;
};

namespace zoo {

inline tflite::Pool2DOptionsT pool(int32_t kernel, int32_t stride, tflite::Padding padding) {
    tflite::Pool2DOptionsT options;
    options.filter_height = options.filter_width = kernel;
    options.stride_h = options.stride_w = stride;
    options.padding = padding;
    return options;
}

/// float_in [1, 6, 6, 4] to joined [1, 3, 3, 16].
inline void add_pictures(GraphBuilder& g) {
    g.activation("float_in", {1, 6, 6, 4}, tflite::TensorType::FLOAT32);
    g.activation("quantized", {1, 6, 6, 4});
    g.op(codes::kQuantizeCode, {"float_in"}, "quantized");
    g.integers("pads", {4, 2}, {0, 0, 1, 1, 1, 1, 0, 0});
    g.activation("padded", {1, 8, 8, 4});
    g.op(codes::kPadCode, {"quantized", "pads"}, "padded");
    g.constant("depthwise_weights", {1, 3, 3, 8}, 8, 3);
    g.activation("depthwise", {1, 6, 6, 8});
    tflite::DepthwiseConv2DOptionsT depthwise;
    depthwise.padding = tflite::Padding::VALID;
    depthwise.stride_h = depthwise.stride_w = 1;
    depthwise.depth_multiplier = 2;
    depthwise.fused_activation_function = tflite::ActivationFunctionType::RELU;
    g.op(codes::kDepthwiseConv2dCode, {"padded", "depthwise_weights"}, "depthwise", depthwise);
    g.activation("largest", {1, 3, 3, 8});
    g.op(codes::kMaxPool2dCode, {"depthwise"}, "largest", pool(2, 2, tflite::Padding::VALID));
    g.activation("average", {1, 3, 3, 8});
    g.op(codes::kAveragePool2dCode, {"depthwise"}, "average", pool(3, 2, tflite::Padding::SAME));
    g.activation("sum", {1, 3, 3, 8});
    g.op(codes::kAddCode, {"largest", "average"}, "sum", tflite::AddOptionsT());
    g.activation("joined", {1, 3, 3, 16});
    tflite::ConcatenationOptionsT joined;
    joined.axis = -1;
    g.op(codes::kConcatenationCode, {"sum", "largest"}, "joined", joined);
}

/// joined [1, 3, 3, 16] to row [1, 16].
inline void add_functions(GraphBuilder& g) {
    g.activation("relu", {1, 3, 3, 16});
    g.quantization("relu", 0.25F, -128);
    g.op(codes::kReluCode, {"joined"}, "relu");
    g.activation("relu6", {1, 3, 3, 16});
    g.op(codes::kRelu6Code, {"relu"}, "relu6");
    g.integers("permutation", {4}, {0, 2, 1, -1});
    g.activation("turned", {1, 3, 3, 16});
    g.op(codes::kTransposeCode, {"relu6", "permutation"}, "turned");
    g.quantization("relu6", 0.25F, -128);
    g.quantization("turned", 0.25F, -128);
    g.constant("factors", {16});
    g.activation("product", {1, 3, 3, 16});
    g.op(codes::kMulCode, {"factors", "turned"}, "product", tflite::MulOptionsT());
    g.activation("difference", {1, 3, 3, 16});
    tflite::SubOptionsT sub;
    sub.fused_activation_function = tflite::ActivationFunctionType::RELU6;
    g.op(codes::kSubCode, {"product", "relu6"}, "difference", sub);
    g.integers("axes", {2}, {1, -2});
    g.activation("mean", {1, 16});
    g.op(codes::kMeanCode, {"difference", "axes"}, "mean", tflite::ReducerOptionsT());
    g.integers("shape", {4}, {1, 1, -1, 16});
    g.activation("reshaped", {1, 1, 1, 16});
    g.op(codes::kReshapeCode, {"mean", "shape"}, "reshaped");
    g.activation("squeezed", {16});
    g.op(codes::kSqueezeCode, {"reshaped"}, "squeezed");
    g.integers("axis", {1}, {0});
    g.activation("row", {1, 16});
    g.op(codes::kExpandDimsCode, {"squeezed", "axis"}, "row");
}

/// row [1, 16] and uint8_in [1, 10] to the outputs.
inline void add_ends(GraphBuilder& g) {
    g.activation("tanh", {1, 16});
    g.quantization("tanh", 1.0F / 128, 0);
    g.op(codes::kTanhCode, {"row"}, "tanh");
    g.constant("dense_weights", {10, 16}, 10);
    g.activation("dense", {1, 10});
    g.op(codes::kFullyConnectedCode, {"tanh", "dense_weights"}, "dense",
         tflite::FullyConnectedOptionsT());
    g.activation("uint8_in", {1, 10}, tflite::TensorType::UINT8);
    g.quantization("uint8_in", 0.5F, 128);
    g.activation("signed", {1, 10});
    g.op(codes::kQuantizeCode, {"uint8_in"}, "signed");
    g.activation("logits", {1, 10});
    g.op(codes::kAddCode, {"dense", "signed"}, "logits");
    g.activation("logistic", {1, 10});
    g.quantization("logistic", 1.0F / 256, -128);
    g.op(codes::kLogisticCode, {"logits"}, "logistic");
    g.activation("softmax", {1, 10});
    g.quantization("softmax", 1.0F / 256, -128);
    tflite::SoftmaxOptionsT softmax;
    softmax.beta = 1.0F;
    g.op(codes::kSoftmaxCode, {"logits"}, "softmax", softmax);
    g.activation("float_out", {1, 10}, tflite::TensorType::FLOAT32);
    g.op(codes::kDequantizeCode, {"softmax"}, "float_out");
    g.constant("pad_value", {1});
    g.integers("pads_2", {2, 2}, {0, 1, 1, 0});
    g.activation("padded_2", {2, 11});
    g.op(codes::kPadV2Code, {"logits", "pads_2", "pad_value"}, "padded_2");
}

}  // namespace zoo

/// Inputs float_in and uint8_in; outputs float_out, logistic and padded_2. "depthwise", "largest",
/// "relu6" and "logits" are read twice.
inline tflite::ModelT operator_zoo() {
    GraphBuilder g;
    zoo::add_pictures(g);
    zoo::add_functions(g);
    zoo::add_ends(g);
    g.model.subgraphs[0]->inputs = {index_of(g.model, "float_in"), index_of(g.model, "uint8_in")};
    g.model.subgraphs[0]->outputs = {index_of(g.model, "float_out"), index_of(g.model, "logistic"),
                                     index_of(g.model, "padded_2")};
    return std::move(g.model);
}

}  // namespace tflite_models
