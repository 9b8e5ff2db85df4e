// Loops of a host operator. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/host_loops.hpp"

#include <algorithm>

namespace arraywright::compile {

std::vector<int64_t> row_major_strides(const std::vector<int32_t>& shape) {
    std::vector<int64_t> strides(shape.size(), 1);
    for (size_t axis = shape.size(); axis-- > 1;) strides[axis - 1] = strides[axis] * shape[axis];
    return strides;
}

std::vector<LoopAxis> merge_axes(const std::vector<LoopAxis>& axes) {
    std::vector<LoopAxis> merged;
    for (const LoopAxis& axis : axes) {
        if (axis.extent == 1) continue;
        const bool continues = !merged.empty() && merged.back().a == axis.a * axis.extent &&
                               merged.back().b == axis.b * axis.extent &&
                               merged.back().out == axis.out * axis.extent;
        if (continues) {
            const int64_t extent = merged.back().extent * axis.extent;
            merged.back() = axis;
            merged.back().extent = extent;
        } else {
            merged.push_back(axis);
        }
    }
    return merged;
}

bool set_loops(const std::vector<LoopAxis>& outer, const std::vector<LoopAxis>& inner,
               aw_host_op& op) {
    std::vector<LoopAxis> axes = merge_axes(outer);
    const std::vector<LoopAxis> last = merge_axes(inner);
    axes.insert(axes.end(), last.begin(), last.end());
    // A row of one element is still a row.
    if (last.empty() && !inner.empty()) axes.push_back({});
    if (axes.size() > AW_MAX_RANK) return false;
    axes.insert(axes.begin(), AW_MAX_RANK - axes.size(), LoopAxis{});
    for (size_t i = 0; i < axes.size(); ++i) {
        op.dims[i] = static_cast<uint32_t>(axes[i].extent);
        op.a.stride[i] = static_cast<uint32_t>(axes[i].a);
        op.b.stride[i] = static_cast<uint32_t>(axes[i].b);
        op.out.stride[i] = static_cast<uint32_t>(axes[i].out);
    }
    op.kept =
        AW_MAX_RANK - static_cast<uint32_t>(inner.empty() ? 0 : std::max<size_t>(1, last.size()));
    return true;
}

}  // namespace arraywright::compile
