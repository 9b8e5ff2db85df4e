// Readers of the .tflite operators that reduce windows of a picture.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "generator/network/network.hpp"
#include "generator/network/tflite_operators.hpp"

namespace arraywright::network {

/// AVERAGE_POOL_2D, MAX_POOL_2D: int8 [1, H, W, C], equal scales at input and output.
std::optional<Operator> read_average_pool(OperatorContext& context);
std::optional<Operator> read_max_pool(OperatorContext& context);

/// MEAN: int8 [1, H, W, C] over axis 1, 2 or both, with keep_dims or not; the kernel becomes the
/// window of the reduced axes.
std::optional<Operator> read_mean(OperatorContext& context);

}  // namespace arraywright::network
