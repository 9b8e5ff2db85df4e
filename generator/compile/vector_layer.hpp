// VectorLayer: an operator without weights in the form that the vector unit executes: taps that are
// scaled and combined, then requantized. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "generator/compile/extent.hpp"
#include "generator/compile/layer.hpp"
#include "generator/compile/lookup_table.hpp"
#include "generator/network/network.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::compile {

/// How the taps of one result are combined; the values are those of the command field `op`.
enum class CombineOp { kSum = 0, kDifference = 1, kProduct = 2, kMaximum = 3 };

/// Value of a tap: ((x - zero_point) * multiplier + 2^10) >> 11, then divided by 2^shift, rounded
/// to nearest, ties away from zero. multiplier = 2^(11 + s), shift = 0 is an exact left shift by s.
struct TapScale {
    int32_t zero_point = 0;
    int32_t multiplier = 1 << 11;
    int32_t shift = 0;
};

/// How results are made; the same for all of them, an average at the border excepted.
struct Combine {
    CombineOp op = CombineOp::kSum;
    bool two_operands = false;
    TapScale a, b;
    Scale scale{1 << 30, 1};  ///< of the combined taps; by default 1
    int32_t output_zero_point = 0, clamp_low = -128, clamp_high = 127;
    std::optional<LookupTable> table;
};

/// Windows of one channel each (pooling), or element by element.
struct VectorLayer {
    int32_t index = 0;
    std::string name;
    std::string op;
    const network::Operator* source = nullptr;
    Combine combine;
    bool average = false;      ///< the scale depends on the number of taps, see average_scale
    bool element_wise = true;  ///< results and inputs have the same shape
    /// Windows: as a convolution without weights, out_c = in_c.
    Layer window;
};

/// Scale and tap shift of an average over `count` taps: sum * 2^shift * scale, rounded half away
/// from zero, exact for any int8 taps.
struct AverageScale {
    int32_t left_shift = 0;
    Scale scale;
};
AverageScale average_scale(int32_t count);

/// ADD, SUB or MUL of two int8 tensors with the fused activation of `op`.
Combine make_two_operands(const network::Network& network, const network::Operator& op);

/// ADD; `swapped`: the first tap is the second input.
Combine make_add(const network::Network& network, const network::Operator& op, bool swapped);

/// Copies bytes, rescaled when tensor `from` and the output differ in quantization.
Combine make_copy(const network::Network& network, int32_t from, const network::Operator& op);

/// Element by element over `shape`.
void set_shape(const Extent& shape, VectorLayer& layer);

/// True when make_vector_layer takes the operator.
bool is_vector_layer(const network::Network& network, const network::Operator& op,
                     const plan::Plan& plan);

/// `padding` is that of the graph, which may differ from the operator's.
VectorLayer make_vector_layer(const network::Network& network, int32_t index,
                              const network::Padding& padding, const plan::Plan& plan);

}  // namespace arraywright::compile
