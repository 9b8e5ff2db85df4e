// Table of the .tflite operators that can be read; a new operator is one reader and one line.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generator/network/network.hpp"
#include "generator/network/tflite_tensors.hpp"
#include "generator/spec/diagnostics.hpp"

namespace arraywright::network {

namespace tflite {
struct Operator;
}  // namespace tflite

/// One operator of the file and what its reader needs; reports errors under its name.
class OperatorContext {
public:
    /// `tflite_name` is e.g. "CONV_2D", `index` the operator's index in the graph.
    OperatorContext(const tflite::Operator& flat, int32_t index, std::string tflite_name,
                    TensorImporter& tensors, spec::Diagnostics& diagnostics);

    const tflite::Operator& flat() const { return flat_; }
    const std::string& tflite_name() const { return tflite_name_; }
    int32_t index() const { return index_; }
    /// "operator 3 CONV_2D".
    const std::string& label() const { return label_; }

    /// Number of inputs, without optional ones (-1) at the end.
    int32_t input_count() const;
    int32_t output_count() const;
    /// Imports the tensor of a slot; nullopt after an error was reported.
    std::optional<int32_t> import_input(int32_t slot);
    std::optional<int32_t> import_output(int32_t slot);
    const Tensor& tensor(int32_t imported) const { return tensors_.tensors()[imported]; }
    /// Values of a constant int32 or int64 input, at most kMaxShapeConstants; nullopt after an
    /// error was reported. Such inputs (axes, paddings) become attributes, never tensors.
    std::optional<std::vector<int64_t>> constant_integers(int32_t slot);

    /// Reports `<label>: <message>` if `condition` is false; returns `condition`.
    bool require(bool condition, spec::DiagnosticId id, const std::string& message);

private:
    const tflite::Operator& flat_;
    int32_t index_;
    std::string tflite_name_;
    std::string label_;
    TensorImporter& tensors_;
    spec::Diagnostics& diagnostics_;
};

/// Fills an operator, its `name`, `tflite_name` and `source_index` excepted; nullopt after an
/// error was reported.
using OperatorReader = std::optional<Operator> (*)(OperatorContext&);

/// Reader of a builtin operator, nullptr if it is not supported.
OperatorReader find_operator_reader(int32_t builtin_code);

/// "ADD, AVERAGE_POOL_2D, ...".
std::string supported_operators();

}  // namespace arraywright::network
