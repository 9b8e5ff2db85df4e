// Network: operators on quantized tensors, read from a workload YAML or a .tflite file.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace arraywright::network {

enum class DataType { kInt8, kUint8, kInt16, kInt32, kFloat32 };

/// Bytes of one element of `type`.
int32_t element_bytes(DataType type);

/// real = scale * (q - zero_point). One scale per tensor, or one per index of `axis`.
struct Quantization {
    std::vector<float> scales;         ///< empty: not quantized
    std::vector<int32_t> zero_points;  ///< same length as scales
    int32_t axis = 0;
};

/// Row-major tensor; activations are NHWC with batch 1.
/// Weights: conv2d [N, KH, KW, C / groups], depthwise [1, KH, KW, N], fully connected and gemm
/// [N, K]; bias int32 [N].
struct Tensor {
    std::string name;
    std::vector<int32_t> shape;
    DataType type = DataType::kInt8;
    Quantization quantization;
    bool is_constant = false;
    std::vector<uint8_t> data;  ///< little-endian elements of a constant, else empty

    int64_t elements() const;
    int64_t bytes() const;
};

enum class OpKind {
    kGemm,
    kFullyConnected,
    kConv2d,
    kDepthwiseConv2d,
    kAdd,
    kSub,
    kMul,
    kAveragePool,
    kMaxPool,
    kMean,
    kPad,
    kConcatenation,
    kRelu,
    kRelu6,
    kLogistic,
    kTanh,
    kReshape,  ///< RESHAPE, SQUEEZE, EXPAND_DIMS, FLATTEN: the bytes stay as they are
    kTranspose,
    kSoftmax,
    kQuantize,
    kDequantize
};
enum class Activation { kNone, kRelu, kRelu6, kReluN1To1 };

/// Zero-point elements added around the input, in elements (rows or columns).
struct Padding {
    int32_t top = 0, bottom = 0, left = 0, right = 0;
};

/// Geometry of convolution, depthwise convolution (groups = C, output channel n reads input channel
/// n / (N / C)) and pooling; of MEAN the window of the reduced axes (kernel = stride = [H, W],
/// [H, 1] or [1, W]). Others leave the defaults.
struct Conv2dAttributes {
    int32_t kernel_h = 1, kernel_w = 1;
    int32_t stride_h = 1, stride_w = 1;
    int32_t dilation_h = 1, dilation_w = 1;
    int32_t groups = 1;
    Padding padding;  ///< SAME and VALID are resolved by the reader
};

/// kRequantize writes INT8; kRaw writes the 32-bit accumulators (bias included).
enum class OutputKind { kRequantize, kRaw };

/// gemm: input [M, K] x weights [N, K] -> [M, N]; fully connected: [batch, K] -> [batch, N];
/// conv2d: [1, H, W, C] -> [1, OH, OW, N]. The multiplier of channel n is
/// scale(input) * scale(weights)[n] / scale(output). ADD, SUB and MUL broadcast either input as
/// NumPy does, and either may be a constant tensor. Pooling, PAD, CONCATENATION and TRANSPOSE do
/// not requantize: input and output have one scale. RELU6 clamps to the bounds of the *input's*
/// scale and does not requantize either, as the reference has it.
struct Operator {
    OpKind kind = OpKind::kGemm;
    std::string name;                  ///< unique in the network, e.g. "conv_3"
    std::string tflite_name;           ///< e.g. "CONV_2D"; empty for a workload layer
    int32_t source_index = 0;          ///< index in the source file
    int32_t source_line = 0;           ///< 1-based line in a workload YAML, else 0
    int32_t input = -1;                ///< tensor index of the first input
    std::vector<int32_t> more_inputs;  ///< second input of ADD, SUB, MUL; rest of CONCATENATION
    int32_t weights = -1;
    int32_t bias = -1;  ///< -1: none
    int32_t output = -1;
    Conv2dAttributes conv;
    Activation activation = Activation::kNone;
    OutputKind output_kind = OutputKind::kRequantize;
    /// FULLY_CONNECTED of .tflite with one scale: the product of the scales rounds to float32.
    bool float32_scale_product = false;
    int32_t axis = 0;                  ///< CONCATENATION, counted from the front
    std::vector<int32_t> permutation;  ///< TRANSPOSE: output axis i is input axis permutation[i]
    /// PAD: elements before and after, per axis of the input.
    std::vector<std::pair<int32_t, int32_t>> pads;
    int32_t pad_value = 0;  ///< PAD: the element itself; by default the zero point
    float beta = 1.0F;      ///< SOFTMAX

    /// `input` and `more_inputs`.
    std::vector<int32_t> all_inputs() const;
};

struct Network {
    std::string name;
    std::vector<Tensor> tensors;
    std::vector<Operator> operators;  ///< in execution order
    std::vector<int32_t> inputs;      ///< tensor indices
    std::vector<int32_t> outputs;
    bool synthetic = false;  ///< weights are seeded synthetic data: no accuracy claim
    /// Synthetic inputs, one per entry of `inputs`; empty for a .tflite.
    std::vector<std::vector<uint8_t>> synthetic_inputs;
};

/// True for operators that the multiplier array computes: weights, bias and requantization.
bool has_weights(OpKind kind);

/// Multiplications of one operator: every output element times its reduction length; 0 without
/// weights.
int64_t mac_count(const Network& network, const Operator& op);

}  // namespace arraywright::network
