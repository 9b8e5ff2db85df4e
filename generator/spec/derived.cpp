// Figures that follow from a spec alone. SPDX-License-Identifier: Apache-2.0
#include "generator/spec/derived.hpp"

namespace arraywright::spec {

int64_t safe_reduction_depth(int32_t accumulator_bits) {
    constexpr int64_t kLargestProduct = int64_t{-128} * -128;
    return ((int64_t{1} << (accumulator_bits - 1)) - 1) / kLargestProduct;
}

DerivedFigures derive(const Spec& spec) {
    DerivedFigures figures;
    figures.multipliers = int64_t{spec.array.rows} * spec.array.cols;
    figures.peak_macs_per_cycle = figures.multipliers;  // each multiplies once a cycle
    const auto per_multiplier = [&](int64_t kib) {
        return static_cast<double>(kib * 1024) / static_cast<double>(figures.multipliers);
    };
    const BufferSpec& buffers = spec.buffers;
    figures.storage_kib =
        int64_t{buffers.activation_kib} + buffers.weight_kib + buffers.accumulator_kib;
    figures.storage = {per_multiplier(buffers.activation_kib), per_multiplier(buffers.weight_kib),
                       per_multiplier(buffers.accumulator_kib),
                       per_multiplier(figures.storage_kib)};
    figures.safe_reduction_depth = safe_reduction_depth(spec.arithmetic.accumulator_bits);
    return figures;
}

}  // namespace arraywright::spec
