// A workload as written: layers of given shapes with synthetic data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generator/network/network.hpp"
#include "generator/network/weight_patterns.hpp"
#include "generator/spec/diagnostics.hpp"

namespace arraywright::network {

/// What the synthetic tensors hold.
struct SyntheticValues {
    enum class Kind {
        kRandom,    ///< uniform over -128..127
        kExtremes,  ///< uniform over -128, -127, 127
        kZeros,     ///< the zero point, and 0 in weights and bias
        kConstants,
    };
    Kind kind = Kind::kRandom;
    int32_t activation = 0;  ///< kConstants, -128..127
    int32_t weight = 0;      ///< kConstants, -128..127
    int32_t bias = 0;        ///< kConstants
};

enum class PaddingMode { kSame, kValid, kExplicit };

/// An earlier layer whose output a layer reads.
struct WorkloadSource {
    std::string name;  ///< empty: the layer before
    spec::Location location;
    int32_t layer = -1;  ///< set by link_layers
};

/// One layer, checked alone; a key that the file does not have keeps its default.
struct WorkloadLayer {
    OpKind kind = OpKind::kGemm;
    std::string name;
    spec::Location location;
    bool is_sound = true;  ///< false: an error was reported, nothing may be derived from it

    /// What it reads; empty: network inputs of its own, one per operand.
    std::vector<WorkloadSource> sources;
    /// False: the shape is that of what it reads.
    bool has_shape = true;
    /// gemm [m, k] x [k, n]; fully connected: m = batch, k = inputs, n = outputs.
    int32_t m = 1, k = 0, n = 0;
    /// Operators on pictures: input [h, w, c]; conv2d: n filters.
    int32_t h = 0, w = 0, c = 0;
    int32_t multiplier = 1;  ///< depthwise_conv2d
    /// Operators that take any shape: that of the first input, batch included.
    std::vector<int32_t> shape;
    std::vector<int32_t> new_shape;  ///< reshape, batch included
    bool keep_dims = false;          ///< mean
    /// concatenation: channels of all inputs together.
    int32_t joined_channels = 0;
    Conv2dAttributes conv;
    PaddingMode padding_mode = PaddingMode::kExplicit;
    spec::Location input_location, kernel_location, groups_location, filters_location;

    /// Of the file, in the order of weight_shape; empty: drawn.
    std::vector<int8_t> weights;
    spec::Location weights_location;
    std::optional<double> weight_density;
    GroupPattern weight_pattern;
    BlockPattern weight_blocks;
    int32_t weight_values = 0;  ///< different values that are drawn; 0: any
    std::optional<double> activation_density;
    spec::Location activation_density_location;
    Activation activation = Activation::kNone;
    spec::Location activation_location;
    bool has_bias = false;
    bool is_per_channel = false;
    std::optional<int32_t> input_zero_point;
    spec::Location input_zero_point_location;
    /// Empty: 0, or of operators that keep the scale that of the input.
    std::optional<int32_t> output_zero_point;
    spec::Location output_zero_point_location;
    OutputKind output_kind = OutputKind::kRequantize;
    spec::Location output_location;

    /// Set by choose_scales. Input: of network inputs of its own.
    float input_scale = 1, output_scale = 1;
    int32_t shift = 0;  ///< the multiplier is 2^-shift; of operators with weights

    /// Products summed for one output element.
    int64_t reduction() const;
    /// Of an operator with weights.
    int32_t output_channels() const;
    std::vector<int32_t> input_shape() const;
    std::vector<int32_t> weight_shape() const;
    /// Needs a resolved padding, and a shape.
    std::vector<int32_t> output_shape() const;
    /// Sets the shape to that of a tensor which it reads; false if it cannot read such a shape.
    bool adopt_shape(const std::vector<int32_t>& read);
};

/// Operators whose input is a picture [1, h, w, c].
bool reads_picture(OpKind kind);
/// gemm and fully connected: a matrix is read row-major, whatever shape it was written in.
bool reads_matrix(OpKind kind);
/// add, sub, mul.
bool has_two_operands(OpKind kind);

struct Workload {
    std::string name;
    uint64_t seed = 1;
    SyntheticValues values;
    std::optional<int32_t> shift;  ///< requantize.shift; empty: chosen per layer
    bool is_chain = false;  ///< layers read each other's outputs, by default that of the one before
    std::vector<WorkloadLayer> layers;
};

/// "[64, 32]".
std::string dimensions_text(const std::vector<int32_t>& shape);
/// Product of the dimensions.
int64_t shape_elements(const std::vector<int32_t>& shape);

}  // namespace arraywright::network
