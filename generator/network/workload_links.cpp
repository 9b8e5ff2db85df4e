// What the layers of a workload read from one another. SPDX-License-Identifier: Apache-2.0
#include "generator/network/workload_links.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "generator/spec/suggest.hpp"

namespace arraywright::network {
namespace {

using spec::DiagnosticId;
using spec::Diagnostics;
using spec::Location;

/// Links one layer to those before it.
class Linker {
public:
    Linker(Workload& workload, size_t index, Diagnostics& diagnostics)
        : workload_(workload),
          index_(index),
          layer_(workload.layers[index]),
          diagnostics_(diagnostics) {}

    void link() {
        const size_t errors_before = diagnostics_.errors().size();
        for (WorkloadSource& source : layer_.sources) find(source);
        if (diagnostics_.errors().size() == errors_before && reads_sound_layers_) connect();
        const bool is_linked = diagnostics_.errors().size() == errors_before && reads_sound_layers_;
        // With a shape of its own it can be checked whatever it reads.
        if (!is_linked && !layer_.has_shape) layer_.is_sound = false;
        if (layer_.is_sound) choose_zero_point();
    }

private:
    spec::Diagnostic& conflict(Location at, const std::string& message) {
        return diagnostics_.error(DiagnosticId::kConflict, at, message);
    }

    const WorkloadLayer& layer_of(const WorkloadSource& source) const {
        return workload_.layers[static_cast<size_t>(source.layer)];
    }

    void find(WorkloadSource& source) {
        std::vector<std::string> names;
        for (size_t i = 0; i < index_; ++i) names.push_back(workload_.layers[i].name);
        const auto found = source.name.empty() ? names.end() - 1
                                               : std::find(names.begin(), names.end(), source.name);
        if (found == names.end()) {
            diagnostics_
                .error(DiagnosticId::kBadValue, source.location,
                       fmt::format("no layer before '{}' is called '{}'", layer_.name, source.name))
                .notes.push_back({{}, spec::suggestion(source.name, "layers before it", names)});
            return;
        }
        source.layer = static_cast<int32_t>(found - names.begin());
        if (!layer_of(source).is_sound) reads_sound_layers_ = false;
    }

    void connect() {
        for (size_t i = 0; i < layer_.sources.size(); ++i) {
            const WorkloadLayer& before = layer_of(layer_.sources[i]);
            connect_data(before);
            if (i == 0) connect_shape(before);
            if (i > 0 && has_two_operands(layer_.kind)) broadcast(before);
        }
        if (layer_.kind == OpKind::kConcatenation) join();
    }

    void connect_data(const WorkloadLayer& before) {
        if (before.output_kind == OutputKind::kRaw) {
            conflict(before.output_location, "only the last layer of a chain can write int32");
        }
        if (layer_.activation_density) {
            conflict(layer_.activation_density_location,
                     fmt::format("in a chain the input is the output of '{}': its density cannot "
                                 "be chosen",
                                 before.name));
        }
        const int32_t zero_point = before.output_zero_point.value_or(0);
        if (layer_.input_zero_point && layer_.sources.size() == 1 &&
            *layer_.input_zero_point != zero_point) {
            conflict(layer_.input_zero_point_location,
                     fmt::format("input_zero_point {} differs from output_zero_point {} of '{}', "
                                 "whose output it reads",
                                 *layer_.input_zero_point, zero_point, before.name))
                .notes.push_back({before.output_zero_point_location.line > 0
                                      ? before.output_zero_point_location
                                      : before.location,
                                  fmt::format("'{}' is here", before.name)});
        }
        layer_.input_zero_point = zero_point;
    }

    void connect_shape(const WorkloadLayer& before) {
        const std::vector<int32_t> written = before.output_shape();
        if (!layer_.has_shape) {
            const WorkloadSource& source = layer_.sources[0];
            layer_.input_location = source.name.empty() ? layer_.location : source.location;
            if (!layer_.adopt_shape(written)) {
                conflict(layer_.location,
                         fmt::format("'{}' reads a picture, but '{}' writes {}", layer_.name,
                                     before.name, dimensions_text(written)))
                    .notes.push_back({before.location, fmt::format("'{}' is here", before.name)});
            }
            return;
        }
        const std::vector<int32_t> read = layer_.input_shape();
        // A matrix is read row-major whatever shape it was written in; a picture is not.
        const bool fits = reads_matrix(layer_.kind)
                              ? shape_elements(written) == shape_elements(read)
                              : written == read;
        if (!fits) report_shapes(before, read);
    }

    void report_shapes(const WorkloadLayer& before, const std::vector<int32_t>& read) {
        conflict(layer_.location, fmt::format("'{}' reads {}, but '{}' writes {}", layer_.name,
                                              dimensions_text(read), before.name,
                                              dimensions_text(before.output_shape())))
            .notes.push_back({before.location, fmt::format("'{}' is here", before.name)});
    }

    /// The second operand repeats along dimensions of 1, or the first does.
    void broadcast(const WorkloadLayer& second) {
        const std::vector<int32_t> other = second.output_shape();
        std::vector<int32_t>& shape = layer_.shape;
        bool fits = shape.size() == other.size();
        std::vector<int32_t> result = shape;
        for (size_t i = 0; fits && i < shape.size(); ++i) {
            fits = shape[i] == other[i] || shape[i] == 1 || other[i] == 1;
            result[i] = std::max(shape[i], other[i]);
        }
        if (fits) {
            shape = result;
        } else {
            report_shapes(second, shape);
        }
    }

    /// All inputs agree but in their channels.
    void join() {
        std::vector<int32_t> expected = layer_.shape;
        layer_.joined_channels = 0;
        int64_t channels = 0;
        for (const WorkloadSource& source : layer_.sources) {
            const std::vector<int32_t> shape = layer_of(source).output_shape();
            expected.back() = shape.back();
            if (shape != expected) {
                report_shapes(layer_of(source), expected);
                return;
            }
            if (layer_of(source).output_zero_point != layer_of(layer_.sources[0]).output_zero_point)
                report_zero_points(layer_of(source));
            channels += shape.back();
        }
        if (channels > int64_t{1} << 20) {
            conflict(layer_.location, fmt::format("{} channels are too many", channels));
            return;
        }
        layer_.joined_channels = static_cast<int32_t>(channels);
    }

    void report_zero_points(const WorkloadLayer& other) {
        const WorkloadLayer& first = layer_of(layer_.sources[0]);
        conflict(layer_.location,
                 fmt::format("'{}' joins '{}' and '{}', whose output_zero_point {} and {} differ",
                             layer_.name, first.name, other.name, *first.output_zero_point,
                             *other.output_zero_point));
    }

    /// Operators that keep the scale keep the zero point; table functions have one of their own.
    void choose_zero_point() {
        const int32_t input = layer_.input_zero_point.value_or(0);
        switch (layer_.kind) {
            case OpKind::kAveragePool:
            case OpKind::kMaxPool:
            case OpKind::kPad:
            case OpKind::kConcatenation:
            case OpKind::kRelu6:
            case OpKind::kReshape:
                layer_.output_zero_point = input;
                break;
            case OpKind::kLogistic:
            case OpKind::kSoftmax:
                layer_.output_zero_point = -128;
                break;
            case OpKind::kTanh:
                layer_.output_zero_point = 0;
                break;
            case OpKind::kRelu:
                layer_.output_zero_point = layer_.output_zero_point.value_or(input);
                break;
            default:
                layer_.output_zero_point = layer_.output_zero_point.value_or(0);
                break;
        }
    }

    Workload& workload_;
    size_t index_;
    WorkloadLayer& layer_;
    Diagnostics& diagnostics_;
    bool reads_sound_layers_ = true;
};

}  // namespace

void link_layer(Workload& workload, size_t index, Diagnostics& diagnostics) {
    Linker(workload, index, diagnostics).link();
}

}  // namespace arraywright::network
