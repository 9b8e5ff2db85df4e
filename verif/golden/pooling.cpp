// AVERAGE_POOL_2D, MAX_POOL_2D and MEAN of int8 pictures. SPDX-License-Identifier: Apache-2.0
#include "verif/golden/pooling.hpp"

#include <bit>
#include <stdexcept>

namespace arraywright::golden {

using network::Operator;
using network::Tensor;

namespace {

/// Calls `visit(x)` for the elements of one channel under the window of output row `oy` and
/// column `ox`; what lies outside the picture does not exist.
template <typename Visit>
void visit_window(const Operator& op, const Operand& input, int64_t oy, int64_t ox, int64_t channel,
                  const Visit& visit) {
    const std::vector<int32_t>& shape = input.tensor.shape;
    for (int64_t ky = 0; ky < op.conv.kernel_h; ++ky) {
        const int64_t y = oy * op.conv.stride_h + ky - op.conv.padding.top;
        if (y < 0 || y >= shape[1]) continue;
        for (int64_t kx = 0; kx < op.conv.kernel_w; ++kx) {
            const int64_t x = ox * op.conv.stride_w + kx - op.conv.padding.left;
            if (x < 0 || x >= shape[2]) continue;
            visit(input.int8((y * shape[2] + x) * shape[3] + channel));
        }
    }
}

/// `reduce(oy, ox, channel)` of every output element, in the order of the bytes.
template <typename Reduce>
Bytes for_each_window(const Operator& op, const Operand& input, const Tensor& output,
                      const Reduce& reduce) {
    const int64_t channels = input.tensor.shape[3];
    const network::Conv2dAttributes& conv = op.conv;
    // The columns follow from the window: MEAN may drop the reduced axes from the shape.
    const int64_t width =
        (input.tensor.shape[2] + conv.padding.left + conv.padding.right - conv.kernel_w) /
            conv.stride_w +
        1;
    Bytes result(static_cast<size_t>(output.elements()));
    for (int64_t i = 0; i < output.elements(); ++i) {
        const int64_t position = i / channels;
        result[static_cast<size_t>(i)] = reduce(position / width, position % width, i % channels);
    }
    return result;
}

int64_t divide_to_nearest(int64_t sum, int64_t count) {
    return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
}

}  // namespace

Bytes run_average_pool(const Operator& op, const Operand& input, const Tensor& output) {
    const ClampBounds bounds =
        clamp_bounds(op.activation, scale_of(output), output.quantization.zero_points.at(0));
    return for_each_window(op, input, output, [&](int64_t oy, int64_t ox, int64_t channel) {
        int64_t sum = 0;
        int64_t count = 0;
        visit_window(op, input, oy, ox, channel, [&](int32_t x) {
            sum += x;
            ++count;
        });
        if (count == 0) throw std::invalid_argument("golden: a pooling window outside the picture");
        return clamped(divide_to_nearest(sum, count), bounds);
    });
}

Bytes run_max_pool(const Operator& op, const Operand& input, const Tensor& output) {
    const ClampBounds bounds =
        clamp_bounds(op.activation, scale_of(output), output.quantization.zero_points.at(0));
    return for_each_window(op, input, output, [&](int64_t oy, int64_t ox, int64_t channel) {
        int32_t largest = -128;
        visit_window(op, input, oy, ox, channel,
                     [&](int32_t x) { largest = std::max(largest, x); });
        return clamped(largest, bounds);
    });
}

Bytes run_mean(const Operator& op, const Operand& input, const Tensor& output) {
    const int64_t count = int64_t{op.conv.kernel_h} * op.conv.kernel_w;
    Requantizer requantizer =
        requantizer_from_scale(double{input.scale()} / double{scale_of(output)});
    const int32_t log2 = static_cast<int32_t>(std::bit_width(static_cast<uint64_t>(count))) - 1;
    const int32_t shift = std::min({log2, 32, 31 + requantizer.exponent});
    requantizer.multiplier =
        static_cast<int32_t>((int64_t{requantizer.multiplier} << shift) / count);
    requantizer.exponent -= shift;
    const int32_t zero_point = output.quantization.zero_points.at(0);
    return for_each_window(op, input, output, [&](int64_t oy, int64_t ox, int64_t channel) {
        int64_t sum = 0;
        visit_window(op, input, oy, ox, channel, [&](int32_t x) { sum += x - input.zero_point(); });
        // At most 255 * 2^23 elements of a window in a tensor that the readers accept.
        return clamped(requantize(static_cast<int32_t>(sum), requantizer) + zero_point, {});
    });
}

}  // namespace arraywright::golden
