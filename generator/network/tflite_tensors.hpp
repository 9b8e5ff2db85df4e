// Tensors of a .tflite graph, checked and converted on first use.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "generator/network/network.hpp"
#include "generator/spec/diagnostics.hpp"

namespace arraywright::network {

namespace tflite {
struct Model;
struct SubGraph;
struct Tensor;
}  // namespace tflite

/// Axes, paddings and shapes have at most 8 dimensions, paddings two numbers each.
constexpr size_t kMaxShapeConstants = 64;

/// "[1, 49, 10, 1]".
std::string shape_text(const std::vector<int32_t>& shape);

/// Converts tensors of one subgraph, each at most once. A bad tensor is reported once.
class TensorImporter {
public:
    /// `file_bytes` bounds what constants and scales may expand to. All arguments must outlive the
    /// importer.
    TensorImporter(const tflite::Model& model, const tflite::SubGraph& graph, size_t file_bytes,
                   spec::Diagnostics& diagnostics);

    /// Index in tensors() of tensor `index` of the subgraph; nullopt after an error was
    /// reported. `user` names what refers to the tensor, e.g. "input 0 of operator 3 CONV_2D".
    std::optional<int32_t> import(int32_t index, const std::string& user);

    /// Values of a constant int32 or int64 tensor of at most kMaxShapeConstants elements, which
    /// does not become one of tensors(); nullopt after an error was reported.
    std::optional<std::vector<int64_t>> integers(int32_t index, const std::string& user);

    const std::vector<Tensor>& tensors() const { return tensors_; }
    std::vector<Tensor> take() { return std::move(tensors_); }

private:
    std::optional<Tensor> convert(int32_t index);
    bool convert_shape(const tflite::Tensor& flat, Tensor& tensor);
    bool convert_quantization(const tflite::Tensor& flat, Tensor& tensor);
    bool convert_data(const tflite::Tensor& flat, Tensor& tensor);
    /// Takes `bytes` of what is left of the memory budget.
    bool spend(uint64_t bytes, const Tensor& tensor);
    bool is_in_range(int32_t index, const std::string& user);
    bool fail(spec::DiagnosticId id, const std::string& message);

    const tflite::Model& model_;
    const tflite::SubGraph& graph_;
    uint64_t budget_bytes_;
    spec::Diagnostics& diagnostics_;
    std::vector<Tensor> tensors_;
    std::map<int32_t, std::optional<int32_t>> imported_;  // nullopt: bad
};

}  // namespace arraywright::network
