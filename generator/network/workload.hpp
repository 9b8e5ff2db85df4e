// A workload as written: layers of given shapes with synthetic data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generator/network/network.hpp"
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

/// One layer, checked alone; a key that the file does not have keeps its default.
struct WorkloadLayer {
    OpKind kind = OpKind::kGemm;
    std::string name;
    spec::Location location;
    bool is_sound = true;  ///< false: an error was reported, nothing may be derived from it

    /// gemm [m, k] x [k, n]; fully connected: m = batch, k = inputs, n = outputs.
    int32_t m = 1, k = 0, n = 0;
    /// conv2d: input [h, w, c]; n filters.
    int32_t h = 0, w = 0, c = 0;
    Conv2dAttributes conv;
    PaddingMode padding_mode = PaddingMode::kExplicit;
    spec::Location input_location, kernel_location, groups_location, filters_location;

    std::optional<double> weight_density;
    std::optional<double> activation_density;
    spec::Location activation_density_location;
    Activation activation = Activation::kNone;
    spec::Location activation_location;
    bool has_bias = false;
    bool is_per_channel = false;
    std::optional<int32_t> input_zero_point;
    spec::Location input_zero_point_location;
    int32_t output_zero_point = 0;
    spec::Location output_zero_point_location;
    OutputKind output_kind = OutputKind::kRequantize;
    spec::Location output_location;

    /// Products summed for one output element.
    int64_t reduction() const;
    std::vector<int32_t> input_shape() const;
    std::vector<int32_t> weight_shape() const;
    /// Needs a resolved padding.
    std::vector<int32_t> output_shape() const;
};

struct Workload {
    std::string name;
    uint64_t seed = 1;
    SyntheticValues values;
    std::optional<int32_t> shift;  ///< requantize.shift; empty: chosen per layer
    bool is_chain = false;         ///< each layer reads the output of the one before
    std::vector<WorkloadLayer> layers;
};

/// "[64, 32]".
std::string dimensions_text(const std::vector<int32_t>& shape);
/// Product of the dimensions.
int64_t shape_elements(const std::vector<int32_t>& shape);

}  // namespace arraywright::network
