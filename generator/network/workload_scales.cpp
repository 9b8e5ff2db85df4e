// Scales of synthetic networks. SPDX-License-Identifier: Apache-2.0
#include "generator/network/workload_scales.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "generator/network/synthetic_data.hpp"

namespace arraywright::network {
namespace {

constexpr float kActivationScale = 1.0F / 16;

/// Scale of a tensor, and moments of its (q - zero point) by a rough estimate.
struct Estimate {
    float scale = 1;
    Moments moments;

    double mean() const { return moments.mean; }
    double variance() const {
        return std::max(moments.mean_square - moments.mean * moments.mean, 0.0);
    }
};

Moments from_mean(double mean, double variance) {
    return {mean, mean * mean + variance};
}

/// Where a relu cuts the lower half of what lies around 0.
Moments after(Activation activation, const Moments& moments) {
    if (activation == Activation::kNone) return moments;
    const double deviation =
        std::sqrt(std::max(moments.mean_square - moments.mean * moments.mean, 0.0));
    const double mean = std::max(moments.mean, 0.4 * deviation);
    return {mean, std::max(mean * mean, 0.5 * moments.mean_square)};
}

/// `real`: moments in units of `scale`. The smallest scale * 2^k, 0 <= k <= 15, at which the
/// mean and three deviations stay within 127 steps.
Estimate fit(float scale, const Moments& real) {
    const double deviation = std::sqrt(std::max(real.mean_square - real.mean * real.mean, 0.0));
    const double peak = std::abs(real.mean) + 3 * deviation;
    int32_t k = 0;
    while (k < 15 && peak > 127.0 * (1 << k)) ++k;
    const double steps = 1.0 / (1 << k);
    return {std::ldexp(scale, k), {real.mean * steps, real.mean_square * steps * steps}};
}

class ScaleChooser {
public:
    ScaleChooser(Workload& workload, spec::Diagnostics& diagnostics)
        : workload_(workload), diagnostics_(diagnostics) {}

    void choose() {
        for (WorkloadLayer& layer : workload_.layers) {
            const bool keeps_one = has_weights(layer.kind) && !workload_.is_chain;
            layer.input_scale = keeps_one ? 1.0F : kActivationScale;
            estimates_.push_back(estimate(layer));
            layer.output_scale = estimates_.back().scale;
        }
    }

private:
    Estimate input(const WorkloadLayer& layer, size_t operand) const {
        if (!layer.sources.empty()) {
            return estimates_[static_cast<size_t>(layer.sources[operand].layer)];
        }
        return {layer.input_scale, activation_source(workload_.values, layer).moments()};
    }

    Estimate estimate(WorkloadLayer& layer) {
        if (has_weights(layer.kind)) return weighted(layer);
        const Estimate in = input(layer, 0);
        switch (layer.kind) {
            case OpKind::kAdd:
            case OpKind::kSub:
                return sum(layer, in, input(layer, 1));
            case OpKind::kMul:
                return product(layer, in, input(layer, 1));
            case OpKind::kAveragePool:
                return {in.scale, averaged(in, layer.conv.kernel_h * layer.conv.kernel_w)};
            case OpKind::kMaxPool:
                return {in.scale,
                        from_mean(in.mean() + std::sqrt(in.variance()), in.variance() / 2)};
            case OpKind::kMean:
                return mean(in, int64_t{layer.h} * layer.w);
            case OpKind::kRelu:
            case OpKind::kRelu6:
                return {in.scale, after(Activation::kRelu, in.moments)};
            case OpKind::kLogistic:
                return {1.0F / 256, from_mean(128, 64 * 64)};
            case OpKind::kTanh:
                return {1.0F / 128, from_mean(0, 64 * 64)};
            case OpKind::kSoftmax:
                return {1.0F / 256, from_mean(1, 16)};
            case OpKind::kConcatenation:
                check_equal_scales(layer);
                return in;
            default:
                return in;
        }
    }

    Estimate weighted(WorkloadLayer& layer) {
        const Moments weights = weight_source(workload_.values, layer).moments();
        layer.shift = workload_.shift.value_or(
            shift_for_int8_results(layer.reduction(), input(layer, 0).moments, weights));
        const Moments moments = chained_activation_moments(layer.activation);
        if (layer.output_kind == OutputKind::kRaw) return {1.0F, moments};
        return {workload_.is_chain ? kActivationScale : std::ldexp(1.0F, layer.shift), moments};
    }

    static Estimate sum(const WorkloadLayer& layer, const Estimate& a, const Estimate& b) {
        const float scale = std::max(a.scale, b.scale);
        const double ratio_a = a.scale / scale;
        const double ratio_b = b.scale / scale;
        const double sign = layer.kind == OpKind::kSub ? -1 : 1;
        Estimate result = fit(
            scale, from_mean(a.mean() * ratio_a + sign * b.mean() * ratio_b,
                             a.variance() * ratio_a * ratio_a + b.variance() * ratio_b * ratio_b));
        result.moments = after(layer.activation, result.moments);
        return result;
    }

    static Estimate product(const WorkloadLayer& layer, const Estimate& a, const Estimate& b) {
        Estimate result = fit(a.scale * b.scale,
                              {a.mean() * b.mean(), a.moments.mean_square * b.moments.mean_square});
        result.moments = after(layer.activation, result.moments);
        return result;
    }

    /// Neighbours are alike, so that averages vary more than those of independent values.
    static Moments averaged(const Estimate& in, int64_t count) {
        const double share = std::max(1.0 / static_cast<double>(count), 0.25);
        return from_mean(in.mean(), in.variance() * share);
    }

    /// A mean has its own scale: up to a quarter of the input's.
    static Estimate mean(const Estimate& in, int64_t count) {
        const Moments moments = averaged(in, count);
        return fit(in.scale / 4, {moments.mean * 4, moments.mean_square * 16});
    }

    void check_equal_scales(const WorkloadLayer& layer) {
        for (const WorkloadSource& source : layer.sources) {
            const auto scale_of = [&](const WorkloadSource& s) {
                return estimates_[static_cast<size_t>(s.layer)].scale;
            };
            if (scale_of(source) == scale_of(layer.sources[0])) continue;
            const auto name_of = [&](const WorkloadSource& s) {
                return workload_.layers[static_cast<size_t>(s.layer)].name;
            };
            diagnostics_.error(
                spec::DiagnosticId::kConflict, layer.location,
                fmt::format("'{}' joins '{}' and '{}', whose scales {} and {} differ: join what "
                            "layers with weights write",
                            layer.name, name_of(layer.sources[0]), name_of(source),
                            scale_of(layer.sources[0]), scale_of(source)));
        }
    }

    Workload& workload_;
    spec::Diagnostics& diagnostics_;
    std::vector<Estimate> estimates_;
};

}  // namespace

void choose_scales(Workload& workload, spec::Diagnostics& diagnostics) {
    ScaleChooser(workload, diagnostics).choose();
}

}  // namespace arraywright::network
