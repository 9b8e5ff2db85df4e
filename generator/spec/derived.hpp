// Figures that follow from a spec alone. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "generator/spec/spec.hpp"

namespace arraywright::spec {

/// Bytes of each buffer divided by the number of multipliers.
struct StoragePerMultiplier {
    double activation_bytes = 0;
    double weight_bytes = 0;
    double accumulator_bytes = 0;
    double total_bytes = 0;
};

struct DerivedFigures {
    int64_t multipliers = 0;
    int64_t peak_macs_per_cycle = 0;
    int64_t storage_kib = 0;
    StoragePerMultiplier storage;
    /// Products of int8 x int8 that no operands can make overflow (bias not counted).
    int64_t safe_reduction_depth = 0;
};

DerivedFigures derive(const Spec& spec);

/// floor((2^(bits - 1) - 1) / (128 * 128)): the largest product is -128 * -128 = 16384.
int64_t safe_reduction_depth(int32_t accumulator_bits);

}  // namespace arraywright::spec
