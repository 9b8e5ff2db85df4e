// Seeded synthetic tensors and the requantization that suits them. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "generator/network/random_stream.hpp"
#include "generator/network/workload.hpp"

namespace arraywright::network {

/// First two moments of one factor of a product.
struct Moments {
    double mean = 0;
    double mean_square = 0;
};

/// The values that an INT8 tensor is drawn from, each as likely as the others.
/// A density draws `zero` with probability 1 - density and one of the other values otherwise;
/// without one, `zero` is as likely as any value.
class SyntheticSource {
public:
    SyntheticSource(std::vector<int8_t> values, int8_t zero, std::optional<double> density);

    /// `count` bytes. One draw of 64 bits an element: the upper half decides about zero, the
    /// lower half chooses the value.
    std::vector<uint8_t> draw(int64_t count, RandomStream stream) const;

    /// Of (value - zero).
    Moments moments() const;

private:
    std::vector<int8_t> values_;
    int8_t zero_;
    double density_ = 1;
};

SyntheticSource activation_source(const SyntheticValues& values, const WorkloadLayer& layer);
SyntheticSource weight_source(const SyntheticValues& values, const WorkloadLayer& layer);

/// What a layer in a chain reads: about three deviations fill the int8 range, of which a
/// relu cuts the lower half.
Moments chained_activation_moments(Activation before);

/// The smallest shift in 0..31 for which
///   |K * mean| + 3 * sqrt(K * (mean_square - mean^2)) <= 127 * 2^shift
/// where mean and mean_square are of one product (activation - zero point) * weight, taken as
/// independent, and K is the number of products: results use the int8 range, few are clamped.
int32_t shift_for_int8_results(int64_t reduction, const Moments& activation, const Moments& weight);

/// Random: uniform in +-32 * 2^shift (at most 2^30), a quarter of the output range each way;
/// extremes likewise. Zeros: 0. Constants: the constant. `count` little-endian int32.
std::vector<uint8_t> synthetic_bias(const SyntheticValues& values, int32_t count, int32_t shift,
                                    RandomStream stream);

/// `count` multiples of 2^-24 * `scale`, uniform in [0.5, 1) * scale.
std::vector<float> synthetic_channel_scales(int32_t count, float scale, RandomStream stream);

}  // namespace arraywright::network
