// Rules between the fields and between the layers of a workload. SPDX-License-Identifier:
// Apache-2.0
#include "generator/network/workload_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

#include "generator/network/workload_links.hpp"
#include "generator/network/workload_reader.hpp"

namespace arraywright::network {
namespace {

using spec::DiagnosticId;
using spec::Diagnostics;
using spec::Location;

int32_t extent(int32_t kernel, int32_t dilation) {
    return (kernel - 1) * dilation + 1;
}

/// SAME as in TensorFlow: ceil(input / stride) outputs; of an odd total the larger part is after.
void resolve_same(int32_t input, int32_t kernel_extent, int32_t stride, int32_t& before,
                  int32_t& after) {
    const int32_t output = (input + stride - 1) / stride;
    const int32_t total = std::max((output - 1) * stride + kernel_extent - input, 0);
    before = total / 2;
    after = total - before;
}

/// "12 channels" that `groups` does not divide.
void check_groups(const WorkloadLayer& layer, int32_t count, const char* what, Location at,
                  Diagnostics& diagnostics) {
    if (count % layer.conv.groups == 0) return;
    diagnostics
        .error(DiagnosticId::kConflict, layer.groups_location,
               fmt::format("groups {} do not divide {} {}", layer.conv.groups, count, what))
        .notes.push_back({at, fmt::format("the {} are given here", what)});
}

void check_kernel(const WorkloadLayer& layer, const char* axis, int32_t kernel_extent,
                  int32_t input, int32_t padding, Diagnostics& diagnostics) {
    if (kernel_extent <= input + padding) return;
    diagnostics
        .error(DiagnosticId::kConflict, layer.kernel_location,
               fmt::format("the kernel covers {} elements of {} with its dilation, the input has "
                           "{} with {} of padding",
                           kernel_extent, axis, input, padding))
        .notes.push_back({layer.input_location, "the input is given here"});
}

/// A pool has nothing to say about a window that lies wholly in the padding.
void check_pool_padding(const WorkloadLayer& layer, Diagnostics& diagnostics) {
    const Conv2dAttributes& conv = layer.conv;
    const Padding& pad = conv.padding;
    if (std::max(pad.top, pad.bottom) < conv.kernel_h &&
        std::max(pad.left, pad.right) < conv.kernel_w) {
        return;
    }
    diagnostics.error(DiagnosticId::kConflict, layer.kernel_location,
                      fmt::format("the kernel {} x {} must be larger than the padding on each side",
                                  conv.kernel_h, conv.kernel_w));
}

void check_window(WorkloadLayer& layer, Diagnostics& diagnostics) {
    Conv2dAttributes& conv = layer.conv;
    Padding& pad = conv.padding;
    const int32_t high = extent(conv.kernel_h, conv.dilation_h);
    const int32_t wide = extent(conv.kernel_w, conv.dilation_w);
    if (layer.padding_mode == PaddingMode::kSame) {
        resolve_same(layer.h, high, conv.stride_h, pad.top, pad.bottom);
        resolve_same(layer.w, wide, conv.stride_w, pad.left, pad.right);
    }
    const size_t errors_before = diagnostics.errors().size();
    if (layer.kind == OpKind::kConv2d) {
        check_groups(layer, layer.c, "channels", layer.input_location, diagnostics);
        check_groups(layer, layer.n, "filters", layer.filters_location, diagnostics);
    } else {
        conv.groups = layer.c;
    }
    if (!has_weights(layer.kind)) check_pool_padding(layer, diagnostics);
    check_kernel(layer, "height", high, layer.h, pad.top + pad.bottom, diagnostics);
    check_kernel(layer, "width", wide, layer.w, pad.left + pad.right, diagnostics);
    if (diagnostics.errors().size() != errors_before) layer.is_sound = false;
}

void check_raw_output(const WorkloadLayer& layer, Diagnostics& diagnostics) {
    if (layer.output_kind != OutputKind::kRaw) return;
    const auto conflict = [&](Location at, const std::string& message) {
        diagnostics.error(DiagnosticId::kConflict, at, message)
            .notes.push_back({layer.output_location, "'output' is int32 here"});
    };
    if (layer.activation != Activation::kNone) {
        conflict(layer.activation_location, "raw accumulators pass no activation function");
    }
    if (layer.output_zero_point.value_or(0) != 0) {
        conflict(layer.output_zero_point_location, "raw accumulators have no zero point");
    }
}

void check_names(const Workload& workload, Diagnostics& diagnostics) {
    std::map<std::string, Location> names;
    for (const WorkloadLayer& layer : workload.layers) {
        if (layer.name.empty()) continue;
        const auto [first, is_new] = names.emplace(layer.name, layer.location);
        if (is_new) continue;
        diagnostics
            .error(DiagnosticId::kConflict, layer.location,
                   fmt::format("two layers are called '{}'", layer.name))
            .notes.push_back({first->second, "the first one is here"});
    }
}

int64_t layer_bytes(const WorkloadLayer& layer) {
    const int64_t output_bytes = layer.output_kind == OutputKind::kRaw ? 4 : 1;
    int64_t bytes = output_bytes * shape_elements(layer.output_shape());
    if (has_weights(layer.kind)) bytes += shape_elements(layer.weight_shape());
    if (layer.has_bias) bytes += int64_t{4} * layer.output_channels();
    const int64_t own_inputs = has_two_operands(layer.kind) ? 2 : 1;
    if (layer.sources.empty()) bytes += own_inputs * shape_elements(layer.input_shape());
    return bytes;
}

bool has_window(OpKind kind) {
    return kind == OpKind::kConv2d || kind == OpKind::kDepthwiseConv2d ||
           kind == OpKind::kAveragePool || kind == OpKind::kMaxPool;
}

void check_reshape(WorkloadLayer& layer, Diagnostics& diagnostics) {
    if (shape_elements(layer.shape) == shape_elements(layer.new_shape)) return;
    layer.is_sound = false;
    diagnostics.error(DiagnosticId::kConflict, layer.location,
                      fmt::format("'{}' reads {}, which has not as many elements as {}", layer.name,
                                  dimensions_text(layer.shape), dimensions_text(layer.new_shape)));
}

void check_softmax(WorkloadLayer& layer, Diagnostics& diagnostics) {
    constexpr int32_t kMaxDepth = 4095;
    if (layer.shape.back() <= kMaxDepth) return;
    layer.is_sound = false;
    diagnostics.error(DiagnosticId::kTooLarge, layer.location,
                      fmt::format("'{}' reads {}; a softmax has at most {} elements", layer.name,
                                  dimensions_text(layer.shape), kMaxDepth));
}

/// Weights of the file must fill the tensor.
void check_weight_count(WorkloadLayer& layer, Diagnostics& diagnostics) {
    if (!layer.is_sound || !layer.weights_location.line) return;
    const int64_t needed = shape_elements(layer.weight_shape());
    if (static_cast<int64_t>(layer.weights.size()) == needed) return;
    diagnostics.error(
        DiagnosticId::kConflict, layer.weights_location,
        fmt::format("{} weights are given, the layer has {}: {}", layer.weights.size(), needed,
                    dimensions_text(layer.weight_shape())));
    layer.is_sound = false;
}

}  // namespace

void check_workload(Workload& workload, Diagnostics& diagnostics) {
    check_names(workload, diagnostics);
    int64_t total_bytes = 0;
    for (size_t i = 0; i < workload.layers.size(); ++i) {
        WorkloadLayer& layer = workload.layers[i];
        if (layer.is_sound) link_layer(workload, i, diagnostics);
        if (!layer.is_sound) continue;
        if (has_window(layer.kind)) check_window(layer, diagnostics);
        if (layer.kind == OpKind::kReshape) check_reshape(layer, diagnostics);
        if (layer.kind == OpKind::kSoftmax) check_softmax(layer, diagnostics);
        check_raw_output(layer, diagnostics);
        check_weight_count(layer, diagnostics);
        if (!layer.is_sound || total_bytes > kMaxWorkloadBytes) continue;
        total_bytes += layer_bytes(layer);
        if (total_bytes > kMaxWorkloadBytes) {
            diagnostics.error(
                DiagnosticId::kTooLarge, layer.location,
                fmt::format("with '{}' the tensors take {} bytes, allowed: {} (4 GiB)", layer.name,
                            total_bytes, kMaxWorkloadBytes));
        }
    }
}

}  // namespace arraywright::network
