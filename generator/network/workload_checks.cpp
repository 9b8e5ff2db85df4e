// Rules between the fields and between the layers of a workload. SPDX-License-Identifier:
// Apache-2.0
#include "generator/network/workload_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>

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

void check_conv(WorkloadLayer& layer, Diagnostics& diagnostics) {
    Conv2dAttributes& conv = layer.conv;
    Padding& pad = conv.padding;
    const int32_t high = extent(conv.kernel_h, conv.dilation_h);
    const int32_t wide = extent(conv.kernel_w, conv.dilation_w);
    if (layer.padding_mode == PaddingMode::kSame) {
        resolve_same(layer.h, high, conv.stride_h, pad.top, pad.bottom);
        resolve_same(layer.w, wide, conv.stride_w, pad.left, pad.right);
    }
    const size_t errors_before = diagnostics.errors().size();
    check_groups(layer, layer.c, "channels", layer.input_location, diagnostics);
    check_groups(layer, layer.n, "filters", layer.filters_location, diagnostics);
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
    if (layer.output_zero_point != 0) {
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

/// `after` reads what `before` writes.
void check_link(const WorkloadLayer& before, WorkloadLayer& after, Diagnostics& diagnostics) {
    const auto conflict = [&](Location at, const std::string& message) -> spec::Diagnostic& {
        return diagnostics.error(DiagnosticId::kConflict, at, message);
    };
    if (before.output_kind == OutputKind::kRaw) {
        conflict(before.output_location, "only the last layer of a chain can write int32");
    }
    if (after.activation_density) {
        conflict(after.activation_density_location,
                 fmt::format("in a chain the input is the output of '{}': its density cannot be "
                             "chosen",
                             before.name));
    }
    if (after.input_zero_point && *after.input_zero_point != before.output_zero_point) {
        conflict(after.input_zero_point_location,
                 fmt::format("input_zero_point {} differs from output_zero_point {} of '{}', "
                             "whose output it reads",
                             *after.input_zero_point, before.output_zero_point, before.name))
            .notes.push_back({before.output_zero_point_location.line > 0
                                  ? before.output_zero_point_location
                                  : before.location,
                              fmt::format("'{}' is here", before.name)});
    }
    after.input_zero_point = before.output_zero_point;

    const std::vector<int32_t> written = before.output_shape();
    const std::vector<int32_t> read = after.input_shape();
    // A matrix is read row-major whatever shape it was written in; a picture is not.
    const bool can_flatten = after.kind != OpKind::kConv2d;
    if (can_flatten ? shape_elements(written) == shape_elements(read) : written == read) return;
    conflict(after.location,
             fmt::format("'{}' reads {}, but '{}' writes {}", after.name, dimensions_text(read),
                         before.name, dimensions_text(written)))
        .notes.push_back({before.location, fmt::format("'{}' is here", before.name)});
}

int64_t layer_bytes(const WorkloadLayer& layer) {
    const int64_t output_bytes = layer.output_kind == OutputKind::kRaw ? 4 : 1;
    return shape_elements(layer.input_shape()) + shape_elements(layer.weight_shape()) +
           (layer.has_bias ? int64_t{4} * layer.n : 0) +
           output_bytes * shape_elements(layer.output_shape());
}

}  // namespace

void check_workload(Workload& workload, Diagnostics& diagnostics) {
    int64_t total_bytes = 0;
    for (WorkloadLayer& layer : workload.layers) {
        if (!layer.is_sound) continue;
        if (layer.kind == OpKind::kConv2d) check_conv(layer, diagnostics);
        check_raw_output(layer, diagnostics);
        if (!layer.is_sound || total_bytes > kMaxWorkloadBytes) continue;
        total_bytes += layer_bytes(layer);
        if (total_bytes > kMaxWorkloadBytes) {
            diagnostics.error(
                DiagnosticId::kTooLarge, layer.location,
                fmt::format("with '{}' the tensors take {} bytes, allowed: {} (4 GiB)", layer.name,
                            total_bytes, kMaxWorkloadBytes));
        }
    }
    check_names(workload, diagnostics);
    for (size_t i = 1; workload.is_chain && i < workload.layers.size(); ++i) {
        WorkloadLayer& before = workload.layers[i - 1];
        WorkloadLayer& after = workload.layers[i];
        if (before.is_sound && after.is_sound) check_link(before, after, diagnostics);
    }
}

}  // namespace arraywright::network
