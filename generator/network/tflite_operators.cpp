// Table of the .tflite operators that can be read. SPDX-License-Identifier: Apache-2.0
#include "generator/network/tflite_operators.hpp"

#include <fmt/format.h>

#include <utility>

#include "generator/network/tflite_conversion.hpp"
#include "generator/network/tflite_dense.hpp"
#include "generator/network/tflite_elementwise.hpp"
#include "generator/network/tflite_movement.hpp"
#include "generator/network/tflite_names.hpp"
#include "generator/network/tflite_pooling.hpp"
#include "generator/network/tflite_subset_generated.h"

namespace arraywright::network {

namespace {

struct TableEntry {
    int32_t builtin_code;
    OperatorReader reader;
};

constexpr TableEntry kTable[] = {
    {kAddCode, read_add},
    {kAveragePool2dCode, read_average_pool},
    {kConcatenationCode, read_concatenation},
    {kConv2dCode, read_conv2d},
    {kDepthwiseConv2dCode, read_depthwise_conv2d},
    {kDequantizeCode, read_dequantize},
    {kExpandDimsCode, read_reshape},
    {kFullyConnectedCode, read_fully_connected},
    {kLogisticCode, read_logistic},
    {kMaxPool2dCode, read_max_pool},
    {kMeanCode, read_mean},
    {kMulCode, read_mul},
    {kPadCode, read_pad},
    {kPadV2Code, read_pad},
    {kQuantizeCode, read_quantize},
    {kReluCode, read_relu},
    {kRelu6Code, read_relu6},
    {kReshapeCode, read_reshape},
    {kSoftmaxCode, read_softmax},
    {kSqueezeCode, read_reshape},
    {kSubCode, read_sub},
    {kTanhCode, read_tanh},
    {kTransposeCode, read_transpose},
};

}  // namespace

OperatorReader find_operator_reader(int32_t builtin_code) {
    for (const TableEntry& entry : kTable) {
        if (entry.builtin_code == builtin_code) return entry.reader;
    }
    return nullptr;
}

std::string supported_operators() {
    std::string result;
    for (const TableEntry& entry : kTable) {
        result += (result.empty() ? "" : ", ") + builtin_operator_name(entry.builtin_code);
    }
    return result;
}

OperatorContext::OperatorContext(const tflite::Operator& flat, int32_t index,
                                 std::string tflite_name, TensorImporter& tensors,
                                 spec::Diagnostics& diagnostics)
    : flat_(flat),
      index_(index),
      tflite_name_(std::move(tflite_name)),
      label_(fmt::format("operator {} {}", index, tflite_name_)),
      tensors_(tensors),
      diagnostics_(diagnostics) {}

int32_t OperatorContext::input_count() const {
    const auto* inputs = flat_.inputs();
    uint32_t count = inputs == nullptr ? 0 : inputs->size();
    // No reader takes that many; a hostile vector shared by all operators would cost time.
    if (count > 64) return 64;
    while (count > 0 && inputs->Get(count - 1) == -1) --count;
    return static_cast<int32_t>(count);
}

int32_t OperatorContext::output_count() const {
    return flat_.outputs() == nullptr ? 0 : static_cast<int32_t>(flat_.outputs()->size());
}

std::optional<int32_t> OperatorContext::import_input(int32_t slot) {
    return tensors_.import(flat_.inputs()->Get(static_cast<uint32_t>(slot)),
                           fmt::format("input {} of {}", slot, label_));
}

std::optional<int32_t> OperatorContext::import_output(int32_t slot) {
    return tensors_.import(flat_.outputs()->Get(static_cast<uint32_t>(slot)),
                           fmt::format("output {} of {}", slot, label_));
}

std::optional<std::vector<int64_t>> OperatorContext::constant_integers(int32_t slot) {
    return tensors_.integers(flat_.inputs()->Get(static_cast<uint32_t>(slot)),
                             fmt::format("input {} of {}", slot, label_));
}

bool OperatorContext::require(bool condition, spec::DiagnosticId id, const std::string& message) {
    if (!condition) diagnostics_.error(id, {}, fmt::format("{}: {}", label_, message));
    return condition;
}

}  // namespace arraywright::network
