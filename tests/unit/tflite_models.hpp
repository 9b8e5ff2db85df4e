// Small .tflite models, built for tests and easy to break.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "generator/network/tflite_names.hpp"
#include "generator/network/tflite_subset_generated.h"

namespace tflite_models {

namespace tflite = arraywright::network::tflite;

inline std::vector<uint8_t> pack(const tflite::ModelT& model) {
    flatbuffers::FlatBufferBuilder builder;
    builder.Finish(tflite::Model::Pack(builder, &model), "TFL3");
    return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

/// Adds a tensor of scale 0.5 per scale; `bytes` > 0 gives it a buffer of ones of its own.
inline int32_t add_tensor(tflite::ModelT& model, const std::string& name,
                          std::vector<int32_t> shape, tflite::TensorType type, size_t bytes,
                          size_t scales = 1) {
    auto tensor = std::make_unique<tflite::TensorT>();
    tensor->name = name;
    tensor->shape = std::move(shape);
    tensor->type = type;
    tensor->quantization = std::make_unique<tflite::QuantizationParametersT>();
    tensor->quantization->scale.assign(scales, 0.5F);
    tensor->quantization->zero_point.assign(scales, 0);
    if (bytes > 0) {
        tensor->buffer = static_cast<uint32_t>(model.buffers.size());
        model.buffers.push_back(std::make_unique<tflite::BufferT>());
        model.buffers.back()->data.assign(bytes, 1);
    }
    auto& tensors = model.subgraphs[0]->tensors;
    tensors.push_back(std::move(tensor));
    return static_cast<int32_t>(tensors.size() - 1);
}

template <typename Options>
void add_operator(tflite::ModelT& model, int32_t code, std::vector<int32_t> inputs, int32_t output,
                  Options options) {
    auto op = std::make_unique<tflite::OperatorT>();
    op->opcode_index = static_cast<uint32_t>(model.operator_codes.size());
    op->inputs = std::move(inputs);
    op->outputs = {output};
    op->builtin_options.Set(std::move(options));
    model.operator_codes.push_back(std::make_unique<tflite::OperatorCodeT>());
    model.operator_codes.back()->deprecated_builtin_code = static_cast<int8_t>(code);
    model.operator_codes.back()->builtin_code = code;
    model.subgraphs[0]->operators.push_back(std::move(op));
}

/// Indices of the tensors of `valid_model`.
enum Index : int32_t { kInput, kKernel, kConvBias, kHidden, kWeights, kFcBias, kOutput };

/// CONV_2D [1, 5, 6, 4] -> [1, 3, 2, 6] (3x2, stride 2x3, SAME, 2 groups, RELU6, per channel),
/// then FULLY_CONNECTED with weights [3, 12]: [1, 3, 2, 6] flattened to [3, 12] -> [3, 3].
inline tflite::ModelT valid_model() {
    using tflite::TensorType;
    tflite::ModelT model;
    model.version = 3;
    model.buffers.push_back(std::make_unique<tflite::BufferT>());
    model.subgraphs.push_back(std::make_unique<tflite::SubGraphT>());
    add_tensor(model, "input", {1, 5, 6, 4}, TensorType::INT8, 0);
    add_tensor(model, "kernel", {6, 3, 2, 2}, TensorType::INT8, 72, 6);
    add_tensor(model, "conv_bias", {6}, TensorType::INT32, 24, 6);
    add_tensor(model, "hidden", {1, 3, 2, 6}, TensorType::INT8, 0);
    add_tensor(model, "weights", {3, 12}, TensorType::INT8, 36);
    add_tensor(model, "fc_bias", {3}, TensorType::INT32, 12);
    add_tensor(model, "output", {3, 3}, TensorType::INT8, 0);
    tflite::Conv2DOptionsT conv;
    conv.padding = tflite::Padding::SAME;
    conv.stride_h = 2;
    conv.stride_w = 3;
    conv.fused_activation_function = tflite::ActivationFunctionType::RELU6;
    add_operator(model, arraywright::network::kConv2dCode, {kInput, kKernel, kConvBias}, kHidden,
                 conv);
    add_operator(model, arraywright::network::kFullyConnectedCode, {kHidden, kWeights, kFcBias},
                 kOutput, tflite::FullyConnectedOptionsT());
    model.subgraphs[0]->inputs = {kInput};
    model.subgraphs[0]->outputs = {kOutput};
    return model;
}

}  // namespace tflite_models
