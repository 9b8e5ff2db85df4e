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

int64_t WorkloadLayer::reduction() const {
    if (kind != OpKind::kConv2d) return k;
    return int64_t{conv.kernel_h} * conv.kernel_w * (c / conv.groups);
}

std::vector<int32_t> WorkloadLayer::input_shape() const {
    if (kind == OpKind::kConv2d) return {1, h, w, c};
    return {m, k};
}

std::vector<int32_t> WorkloadLayer::weight_shape() const {
    if (kind == OpKind::kConv2d) return {n, conv.kernel_h, conv.kernel_w, c / conv.groups};
    return {n, k};
}

std::vector<int32_t> WorkloadLayer::output_shape() const {
    if (kind != OpKind::kConv2d) return {m, n};
    const Padding& pad = conv.padding;
    return {
        1, output_extent(h, pad.top + pad.bottom, conv.kernel_h, conv.dilation_h, conv.stride_h),
        output_extent(w, pad.left + pad.right, conv.kernel_w, conv.dilation_w, conv.stride_w), n};
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
