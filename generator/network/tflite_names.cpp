// Names of operators and types of the .tflite format. SPDX-License-Identifier: Apache-2.0
#include "generator/network/tflite_names.hpp"

#include <fmt/format.h>

#include <iterator>

#include "generator/network/tflite_subset_generated.h"

namespace arraywright::network {

namespace {

/// Index = code of a builtin operator.
constexpr const char* kOperatorNames[] = {
    // clang-format off
    "ADD", "AVERAGE_POOL_2D", "CONCATENATION", "CONV_2D", "DEPTHWISE_CONV_2D",            // 0
    "DEPTH_TO_SPACE", "DEQUANTIZE", "EMBEDDING_LOOKUP", "FLOOR", "FULLY_CONNECTED",       // 5
    "HASHTABLE_LOOKUP", "L2_NORMALIZATION", "L2_POOL_2D", "LOCAL_RESPONSE_NORMALIZATION", // 10
    "LOGISTIC", "LSH_PROJECTION", "LSTM", "MAX_POOL_2D", "MUL", "RELU",                   // 14
    "RELU_N1_TO_1", "RELU6", "RESHAPE", "RESIZE_BILINEAR", "RNN", "SOFTMAX",              // 20
    "SPACE_TO_DEPTH", "SVDF", "TANH", "CONCAT_EMBEDDINGS", "SKIP_GRAM", "CALL",           // 26
    "CUSTOM", "EMBEDDING_LOOKUP_SPARSE", "PAD", "UNIDIRECTIONAL_SEQUENCE_RNN",            // 32
    "GATHER", "BATCH_TO_SPACE_ND", "SPACE_TO_BATCH_ND", "TRANSPOSE", "MEAN", "SUB",       // 36
    "DIV", "SQUEEZE", "UNIDIRECTIONAL_SEQUENCE_LSTM", "STRIDED_SLICE",                    // 42
    "BIDIRECTIONAL_SEQUENCE_RNN", "EXP", "TOPK_V2", "SPLIT", "LOG_SOFTMAX", "DELEGATE",   // 46
    "BIDIRECTIONAL_SEQUENCE_LSTM", "CAST", "PRELU", "MAXIMUM", "ARG_MAX", "MINIMUM",      // 52
    "LESS", "NEG", "PADV2", "GREATER", "GREATER_EQUAL", "LESS_EQUAL", "SELECT", "SLICE",  // 58
    "SIN", "TRANSPOSE_CONV", "SPARSE_TO_DENSE", "TILE", "EXPAND_DIMS", "EQUAL",           // 66
    "NOT_EQUAL", "LOG", "SUM", "SQRT", "RSQRT", "SHAPE", "POW", "ARG_MIN", "FAKE_QUANT",  // 72
    "REDUCE_PROD", "REDUCE_MAX", "PACK", "LOGICAL_OR", "ONE_HOT", "LOGICAL_AND",          // 81
    "LOGICAL_NOT", "UNPACK", "REDUCE_MIN", "FLOOR_DIV", "REDUCE_ANY", "SQUARE",           // 87
    "ZEROS_LIKE", "FILL", "FLOOR_MOD", "RANGE", "RESIZE_NEAREST_NEIGHBOR", "LEAKY_RELU",  // 93
    "SQUARED_DIFFERENCE", "MIRROR_PAD", "ABS", "SPLIT_V", "UNIQUE", "CEIL",               // 99
    "REVERSE_V2", "ADD_N", "GATHER_ND", "COS", "WHERE", "RANK", "ELU",                    // 105
    "REVERSE_SEQUENCE", "MATRIX_DIAG", "QUANTIZE", "MATRIX_SET_DIAG", "ROUND",            // 112
    "HARD_SWISH", "IF", "WHILE", "NON_MAX_SUPPRESSION_V4", "NON_MAX_SUPPRESSION_V5",      // 117
    "SCATTER_ND", "SELECT_V2", "DENSIFY", "SEGMENT_SUM", "BATCH_MATMUL",                  // 122
    // clang-format on
};
static_assert(std::size(kOperatorNames) == 127);

template <typename Enum>
std::string name_or_number(const char* name, const char* what, Enum value) {
    return *name != '\0' ? name : fmt::format("{} {}", what, static_cast<int32_t>(value));
}

}  // namespace

std::string builtin_operator_name(int32_t code) {
    if (code >= 0 && code < static_cast<int32_t>(std::size(kOperatorNames))) {
        return kOperatorNames[code];
    }
    return fmt::format("operator code {}", code);
}

bool is_recurrent(int32_t code) {
    const std::string name = builtin_operator_name(code);
    return name == "SVDF" || name.ends_with("LSTM") || name.ends_with("RNN");
}

std::string tensor_type_name(tflite::TensorType type) {
    return name_or_number(tflite::EnumNameTensorType(type), "type", type);
}

std::string activation_name(tflite::ActivationFunctionType activation) {
    return name_or_number(tflite::EnumNameActivationFunctionType(activation), "activation",
                          activation);
}

}  // namespace arraywright::network
