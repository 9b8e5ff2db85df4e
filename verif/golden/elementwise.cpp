// ADD, SUB and MUL of two int8 tensors. SPDX-License-Identifier: Apache-2.0
#include "verif/golden/elementwise.hpp"

#include <algorithm>

namespace arraywright::golden {

using network::Tensor;

namespace {

/// Elements of `tensor` between neighbours along each dimension of `output`; 0 where it repeats.
std::vector<int64_t> broadcast_steps(const Tensor& tensor, const Tensor& output) {
    std::vector<int64_t> steps(output.shape.size(), 0);
    const size_t missing = output.shape.size() - tensor.shape.size();
    int64_t step = 1;
    for (size_t i = output.shape.size(); i-- > missing;) {
        const int32_t extent = tensor.shape[i - missing];
        steps[i] = extent == 1 ? 0 : step;
        step *= extent;
    }
    return steps;
}

/// Where output element `index` reads a tensor of these steps.
int64_t broadcast_index(int64_t index, const Tensor& output, const std::vector<int64_t>& steps) {
    int64_t result = 0;
    for (size_t i = output.shape.size(); i-- > 0;) {
        result += index % output.shape[i] * steps[i];
        index /= output.shape[i];
    }
    return result;
}

/// `combine(x1, x2)` of every pair, with the zero points subtracted.
template <typename Combine>
Bytes for_each_pair(const Operand& a, const Operand& b, const Tensor& output,
                    const Combine& combine) {
    const std::vector<int64_t> steps_a = broadcast_steps(a.tensor, output);
    const std::vector<int64_t> steps_b = broadcast_steps(b.tensor, output);
    Bytes result(static_cast<size_t>(output.elements()));
    for (int64_t i = 0; i < output.elements(); ++i) {
        const int32_t x1 = a.int8(broadcast_index(i, output, steps_a)) - a.zero_point();
        const int32_t x2 = b.int8(broadcast_index(i, output, steps_b)) - b.zero_point();
        result[static_cast<size_t>(i)] = combine(x1, x2);
    }
    return result;
}

constexpr int32_t kSumShift = 20;

struct SumMultipliers {
    Requantizer a, b, output;
};

/// In the arithmetic of T: double for ADD, float for SUB.
template <typename T>
SumMultipliers sum_multipliers(T scale_a, T scale_b, T scale_output) {
    const T twice = 2 * std::max(scale_a, scale_b);
    return {requantizer_from_scale(double{scale_a / twice}),
            requantizer_from_scale(double{scale_b / twice}),
            requantizer_from_scale(double{twice / (T{1 << kSumShift} * scale_output)})};
}

/// `sign` is 1 for ADD, -1 for SUB.
Bytes run_sum(const network::Operator& op, const Operand& a, const Operand& b, const Tensor& output,
              const SumMultipliers& multipliers, int32_t sign) {
    const int32_t zero_point = output.quantization.zero_points.at(0);
    const ClampBounds bounds = clamp_bounds(op.activation, scale_of(output), zero_point);
    return for_each_pair(a, b, output, [&](int32_t x1, int32_t x2) {
        // |x| <= 255, so every value fits 32 bits: 255 * 2^20 and its half, twice.
        const int64_t v1 = requantize(x1 * (1 << kSumShift), multipliers.a);
        const int64_t v2 = requantize(x2 * (1 << kSumShift), multipliers.b);
        const auto sum = static_cast<int32_t>(v1 + sign * v2);
        return clamped(requantize(sum, multipliers.output) + zero_point, bounds);
    });
}

}  // namespace

Bytes run_add(const network::Operator& op, const Operand& a, const Operand& b,
              const Tensor& output) {
    return run_sum(
        op, a, b, output,
        sum_multipliers<double>(double{a.scale()}, double{b.scale()}, double{scale_of(output)}), 1);
}

Bytes run_sub(const network::Operator& op, const Operand& a, const Operand& b,
              const Tensor& output) {
    return run_sum(op, a, b, output, sum_multipliers<float>(a.scale(), b.scale(), scale_of(output)),
                   -1);
}

Bytes run_mul(const network::Operator& op, const Operand& a, const Operand& b,
              const Tensor& output) {
    const Requantizer requantizer =
        requantizer_from_scale(double{a.scale()} * double{b.scale()} / double{scale_of(output)});
    const int32_t zero_point = output.quantization.zero_points.at(0);
    const ClampBounds bounds = clamp_bounds(op.activation, scale_of(output), zero_point);
    return for_each_pair(a, b, output, [&](int32_t x1, int32_t x2) {
        return clamped(requantize(x1 * x2, requantizer) + zero_point, bounds);
    });
}

}  // namespace arraywright::golden
