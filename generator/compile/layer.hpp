// Layer: one operator in the form that the array executes, a convolution with folded constants.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/compile/weight_form.hpp"
#include "generator/network/network.hpp"
#include "generator/network/scale.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::compile {

using network::clamp_bounds;
using network::make_scale;
using network::Scale;

/// How the array walks a layer: chunks of runs of bytes; a depthwise window of its own in every
/// column; taps of several kernel rows packed into one vector.
enum class ArrayMode { kPlain = 0, kWindow = 1, kPacked = 2 };

/// gemm [M, K] and fully connected are 1x1 convolutions with height M and width 1; a depthwise
/// convolution has as many groups as input channels.
struct Layer {
    int32_t index = 0;
    std::string name;
    std::string op;
    const network::Operator* source = nullptr;

    int32_t in_h = 1, in_w = 1, in_c = 1;
    int32_t out_h = 1, out_w = 1, out_c = 1;
    network::Conv2dAttributes conv;
    int32_t input_tensor = -1, output_tensor = -1;
    const int8_t* weights = nullptr;  ///< [out_c, kernel_h, kernel_w, in_c / groups]
    std::vector<int8_t> own_weights;  ///< what `weights` points to when they had to be transposed
    ArrayMode mode = ArrayMode::kPlain;
    WeightForm form;
    int32_t chunk_bytes = 0;   ///< bytes of the input that a step takes
    int32_t tile_filters = 0;  ///< output channels of a full channel tile
    /// Neighbouring output columns that are computed together, as more channels of a wider kernel
    /// with a larger stride, because the filters alone leave columns of the array idle.
    int32_t joined_columns = 1;

    int32_t input_zero_point = 0;
    bool has_bias = false;      ///< some folded bias is not zero
    std::vector<int32_t> bias;  ///< bias - zero_point * sum(weights), one a channel
    bool per_channel = false;   ///< scales differ between channels
    std::vector<Scale> scales;  ///< one, or one a channel
    int32_t output_zero_point = 0, clamp_low = -128, clamp_high = 127;
    bool raw = false;  ///< 32-bit results
    /// No input can overflow the accumulators, in whatever order they add.
    bool proven_safe = false;

    int32_t group_c() const { return in_c / conv.groups; }
    /// Output channels that share their input channels: channel tiles do not cross their borders.
    int32_t group_filters() const {
        return mode == ArrayMode::kWindow ? out_c : out_c / conv.groups;
    }
    int32_t tile_groups() const { return mode == ArrayMode::kWindow ? 1 : conv.groups; }
    /// Depthwise: output channels of an input channel.
    int32_t multiplier() const { return out_c / in_c; }
    int32_t out_bytes() const { return raw ? 4 : 1; }
    /// Kernel rows are single runs of bytes when neither groups nor dilation tear them apart.
    bool merged() const { return conv.groups == 1 && conv.dilation_w == 1; }
    int32_t run_bytes() const { return merged() ? conv.kernel_w * in_c : group_c(); }
    int32_t runs_per_row() const { return merged() ? 1 : conv.kernel_w; }
    int64_t reduction() const { return int64_t{conv.kernel_h} * conv.kernel_w * group_c(); }
};

/// Why a layer cannot be compiled, empty when it can.
struct LayerResult {
    Layer layer;
    std::string error;
};

/// `input` and `padding` are those of the graph, where a PAD may be folded into the layer; the plan
/// decides modes and what is proven safe. With `dense_output` neighbouring results may be computed
/// together: they follow each other in memory.
LayerResult make_layer(const network::Network& network, int32_t index, int32_t input,
                       const network::Padding& padding, const plan::Plan& plan, bool dense_output);

}  // namespace arraywright::compile
