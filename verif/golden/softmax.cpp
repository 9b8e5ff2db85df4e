// SOFTMAX of int8 along the last axis. SPDX-License-Identifier: Apache-2.0
#include "verif/golden/softmax.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "verif/golden/fixed_point.hpp"

namespace arraywright::golden {

namespace {

constexpr int32_t kDifferenceBits = 5;
constexpr int32_t kSumBits = 12;

/// e^(x - max) in Q0.31, or 0 where the difference is too large to count.
class Exponentials {
public:
    Exponentials(float beta, float scale) {
        const double real =
            std::min(double{beta} * double{scale} * (1 << (31 - kDifferenceBits)), 2147483647.0);
        requantizer_ = requantizer_from_scale(real);
        least_ = -std::floor(std::ldexp(31.0, 31 - kDifferenceBits - requantizer_.exponent));
    }

    bool counts(int32_t difference) const { return difference >= least_; }

    int32_t of(int32_t difference) const {
        return exp_on_negative(static_cast<int32_t>(requantize(difference, requantizer_)),
                               kDifferenceBits);
    }

private:
    Requantizer requantizer_;
    double least_ = 0;
};

void softmax_row(const Operand& input, int64_t start, int64_t depth,
                 const Exponentials& exponentials, uint8_t* output) {
    int32_t largest = -128;
    for (int64_t i = 0; i < depth; ++i) largest = std::max(largest, input.int8(start + i));
    int64_t sum = 0;
    for (int64_t i = 0; i < depth; ++i) {
        const int32_t difference = input.int8(start + i) - largest;
        if (!exponentials.counts(difference)) continue;
        sum += divide_by_power_of_two(exponentials.of(difference), kSumBits);
    }
    // The largest element alone gives 2^19: 1 <= leading zeros <= 12.
    const int32_t zeros = std::countl_zero(static_cast<uint32_t>(sum));
    const auto fraction = static_cast<int32_t>((sum << zeros) - (int64_t{1} << 31));
    const int32_t reciprocal = one_over_one_plus(fraction);
    for (int64_t i = 0; i < depth; ++i) {
        const int32_t difference = input.int8(start + i) - largest;
        int64_t result = 0;
        if (exponentials.counts(difference)) {
            result = divide_by_power_of_two(fixed_multiply(reciprocal, exponentials.of(difference)),
                                            kSumBits - zeros + 31 - 8);
        }
        output[i] = clamped(result - 128, {});
    }
}

}  // namespace

Bytes run_softmax(const network::Operator& op, const Operand& input) {
    const Exponentials exponentials(op.beta, input.scale());
    const int64_t depth = input.tensor.shape.back();
    Bytes result(input.bytes.size());
    for (int64_t start = 0; start < input.tensor.elements(); start += depth) {
        softmax_row(input, start, depth, exponentials, result.data() + start);
    }
    return result;
}

}  // namespace arraywright::golden
