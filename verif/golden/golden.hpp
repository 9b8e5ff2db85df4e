// Golden kernel: plain, int64-exact execution of a network, bit for bit as the reference kernels
// of TensorFlow Lite for Microcontrollers compute it (double rounding).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "generator/network/network.hpp"

namespace arraywright::golden {

enum class OnOverflow { kWrap, kSaturate, kTrap };

/// How the accumulator behaves. The hardware adds sums of `terms_per_step` products:
/// a *step* is one chunk of products, summed exactly, then added to the accumulator;
/// the addition of the bias (with the input's zero point folded in) is the last step.
///
/// Order of the reduction of one output element: kernel rows outermost. If groups == 1 and
/// dilation_w == 1, the kernel_w * C products of a kernel row are one run (NHWC order);
/// otherwise each tap (kernel column) is a run of C / groups products. A run is cut into
/// chunks of terms_per_step from its start; the last chunk of a run may be shorter.
/// gemm and fully connected have one run of K products; in a depthwise convolution, too, each tap
/// is a run of its one product. Raw activations q (not q - zero_point) are multiplied; padding
/// contributes the zero point; the folded bias is bias[n] - zero_point * sum(weights of n).
struct AccumulatorModel {
    int32_t bits = 32;
    OnOverflow on_overflow = OnOverflow::kWrap;
    int32_t terms_per_step = 16;
    /// q - zero_point is multiplied instead, padding contributes nothing and the bias stays as it
    /// is: the hardware that gates zeros. Other partial sums, the same results.
    bool centered = false;
};

/// The first addition of one output element that left the range.
struct OverflowEvent {
    int32_t layer = 0;
    int32_t channel = 0;
    int64_t position = 0;  ///< output row * output width + output column (gemm: row)
    int64_t step = 0;      ///< chunk index; the bias step has index = number of chunks
};

struct OverflowReport {
    uint64_t steps = 0;                 ///< additions that left the accumulator's range
    uint64_t results = 0;               ///< output elements whose exact sum lies outside the range
    std::vector<OverflowEvent> events;  ///< first step overflow of every element that has one
};

struct LayerResult {
    OverflowReport overflow;
    int64_t nonzero_macs = 0;  ///< weight != 0 and activation != zero point; 0 without weights
};

struct Result {
    std::vector<std::vector<uint8_t>> tensors;  ///< by tensor index; constants stay empty
    std::vector<LayerResult> layers;            ///< by operator
};

/// Runs the whole network. `inputs`: raw bytes, one per network.inputs.
/// Trap mode computes as wrap does and reports; the caller decides what stops.
/// Throws std::invalid_argument when an input has the wrong size.
Result run(const network::Network& network, const std::vector<std::vector<uint8_t>>& inputs,
           const AccumulatorModel& accumulator);

}  // namespace arraywright::golden
