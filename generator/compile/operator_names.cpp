// Names of operators. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/operator_names.hpp"

namespace arraywright::compile {

const char* operator_name(network::OpKind kind) {
    using enum network::OpKind;
    switch (kind) {
        case kGemm:
            return "gemm";
        case kFullyConnected:
            return "fully_connected";
        case kConv2d:
            return "conv2d";
        case kDepthwiseConv2d:
            return "depthwise_conv2d";
        case kAdd:
            return "add";
        case kSub:
            return "sub";
        case kMul:
            return "mul";
        case kAveragePool:
            return "average_pool2d";
        case kMaxPool:
            return "max_pool2d";
        case kMean:
            return "mean";
        case kPad:
            return "pad";
        case kConcatenation:
            return "concatenation";
        case kRelu:
            return "relu";
        case kRelu6:
            return "relu6";
        case kLogistic:
            return "logistic";
        case kTanh:
            return "tanh";
        case kReshape:
            return "reshape";
        case kTranspose:
            return "transpose";
        case kSoftmax:
            return "softmax";
        case kQuantize:
            return "quantize";
        case kDequantize:
            return "dequantize";
    }
    return "unknown";
}

}  // namespace arraywright::compile
