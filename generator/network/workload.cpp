// A workload as written: layers of given shapes with synthetic data.
// SPDX-License-Identifier: Apache-2.0
#include "generator/network/workload.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace arraywright::network {
namespace {

/// (input + padding - ((kernel - 1) * dilation + 1)) / stride + 1, rounded down.
int32_t output_extent(int32_t input, int32_t padding, int32_t kernel, int32_t dilation,
                      int32_t stride) {
    return (input + padding - ((kernel - 1) * dilation + 1)) / stride + 1;
}

}  // namespace

bool reads_picture(OpKind kind) {
    switch (kind) {
        case OpKind::kConv2d:
        case OpKind::kDepthwiseConv2d:
        case OpKind::kAveragePool:
        case OpKind::kMaxPool:
        case OpKind::kMean:
        case OpKind::kPad:
            return true;
        default:
            return false;
    }
}

bool reads_matrix(OpKind kind) {
    return kind == OpKind::kGemm || kind == OpKind::kFullyConnected;
}

bool has_two_operands(OpKind kind) {
    return kind == OpKind::kAdd || kind == OpKind::kSub || kind == OpKind::kMul;
}

int64_t WorkloadLayer::reduction() const {
    const int64_t taps = int64_t{conv.kernel_h} * conv.kernel_w;
    if (kind == OpKind::kConv2d) return taps * (c / conv.groups);
    return kind == OpKind::kDepthwiseConv2d ? taps : k;
}

int32_t WorkloadLayer::output_channels() const {
    return kind == OpKind::kDepthwiseConv2d ? c * multiplier : n;
}

std::vector<int32_t> WorkloadLayer::input_shape() const {
    if (reads_matrix(kind)) return {m, k};
    if (reads_picture(kind)) return {1, h, w, c};
    return shape;
}

std::vector<int32_t> WorkloadLayer::weight_shape() const {
    if (kind == OpKind::kConv2d) return {n, conv.kernel_h, conv.kernel_w, c / conv.groups};
    if (kind == OpKind::kDepthwiseConv2d) return {1, conv.kernel_h, conv.kernel_w, c * multiplier};
    return {n, k};
}

std::vector<int32_t> WorkloadLayer::output_shape() const {
    const Padding& pad = conv.padding;
    if (reads_matrix(kind)) return {m, n};
    if (kind == OpKind::kPad) return {1, h + pad.top + pad.bottom, w + pad.left + pad.right, c};
    if (kind == OpKind::kMean) {
        return keep_dims ? std::vector<int32_t>{1, 1, 1, c} : std::vector<int32_t>{1, c};
    }
    if (reads_picture(kind)) {
        const int32_t channels = has_weights(kind) ? output_channels() : c;
        return {
            1,
            output_extent(h, pad.top + pad.bottom, conv.kernel_h, conv.dilation_h, conv.stride_h),
            output_extent(w, pad.left + pad.right, conv.kernel_w, conv.dilation_w, conv.stride_w),
            channels};
    }
    if (kind == OpKind::kReshape) return new_shape;
    std::vector<int32_t> result = shape;
    if (kind == OpKind::kConcatenation) result.back() = joined_channels;
    return result;
}

bool WorkloadLayer::adopt_shape(const std::vector<int32_t>& read) {
    if (reads_matrix(kind)) {
        // What comes from the batch of one becomes one row.
        m = 1;
        k = static_cast<int32_t>(shape_elements(read));
        return true;
    }
    if (!reads_picture(kind)) {
        shape = read;
        return true;
    }
    if (read.size() != 4) return false;
    h = read[1];
    w = read[2];
    c = read[3];
    return true;
}

std::string dimensions_text(const std::vector<int32_t>& shape) {
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

int64_t shape_elements(const std::vector<int32_t>& shape) {
    int64_t count = 1;
    for (const int32_t extent : shape) count *= extent;
    return count;
}

}  // namespace arraywright::network
