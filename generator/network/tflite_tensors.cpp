// Tensors of a .tflite graph. SPDX-License-Identifier: Apache-2.0
#include "generator/network/tflite_tensors.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <utility>

#include "generator/network/tflite_names.hpp"
#include "generator/network/tflite_subset_generated.h"
#include "generator/spec/source_text.hpp"

namespace arraywright::network {

using spec::DiagnosticId;

namespace {

constexpr size_t kMaxRank = 8;
constexpr int64_t kMaxTensorBytes = int64_t{1} << 28;
constexpr size_t kMaxNameBytes = 200;
/// Tensors may share buffers and scales, so what they expand to can exceed the file's size;
/// honest files stay near 1.
constexpr uint64_t kMaxExpansion = 8;

std::optional<DataType> data_type(tflite::TensorType type) {
    switch (type) {
        case tflite::TensorType::INT8:
            return DataType::kInt8;
        case tflite::TensorType::UINT8:
            return DataType::kUint8;
        case tflite::TensorType::INT16:
            return DataType::kInt16;
        case tflite::TensorType::INT32:
            return DataType::kInt32;
        case tflite::TensorType::FLOAT32:
            return DataType::kFloat32;
        default:
            return std::nullopt;
    }
}

/// The verifier does not check that the elements of a vector are aligned.
template <typename T>
T element(const flatbuffers::Vector<T>& vector, size_t index) {
    T value;
    std::memcpy(&value, vector.Data() + index * sizeof(T), sizeof(T));
    return flatbuffers::EndianScalar(value);
}

template <typename T>
size_t length(const flatbuffers::Vector<T>* vector) {
    return vector == nullptr ? 0 : vector->size();
}

}  // namespace

std::string shape_text(const std::vector<int32_t>& shape) {
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

TensorImporter::TensorImporter(const tflite::Model& model, const tflite::SubGraph& graph,
                               size_t file_bytes, spec::Diagnostics& diagnostics)
    : model_(model),
      graph_(graph),
      budget_bytes_(kMaxExpansion * file_bytes),
      diagnostics_(diagnostics) {}

bool TensorImporter::fail(DiagnosticId id, const std::string& message) {
    diagnostics_.error(id, {}, message);
    return false;
}

bool TensorImporter::spend(uint64_t bytes, const Tensor& tensor) {
    if (bytes > budget_bytes_) {
        return fail(DiagnosticId::kTooLarge,
                    fmt::format("constants and scales expand to more than {} times the file's "
                                "size at tensor {}: too many tensors share them",
                                kMaxExpansion, spec::quoted(tensor.name)));
    }
    budget_bytes_ -= bytes;
    return true;
}

bool TensorImporter::is_in_range(int32_t index, const std::string& user) {
    if (index >= 0 && static_cast<size_t>(index) < length(graph_.tensors())) return true;
    return fail(DiagnosticId::kTfliteInvalid,
                fmt::format("{} is tensor {}, but the model has {} tensors", user, index,
                            length(graph_.tensors())));
}

std::optional<std::vector<int64_t>> TensorImporter::integers(int32_t index,
                                                             const std::string& user) {
    if (!is_in_range(index, user)) return std::nullopt;
    const tflite::Tensor& flat = *graph_.tensors()->Get(static_cast<uint32_t>(index));
    const auto refuse = [&](const std::string& message) {
        fail(DiagnosticId::kUnsupportedTensor, fmt::format("{} {}", user, message));
        return std::nullopt;
    };
    const bool is_wide = flat.type() == tflite::TensorType::INT64;
    if (!is_wide && flat.type() != tflite::TensorType::INT32) {
        return refuse(
            fmt::format("has type {}; expected INT32 or INT64", tensor_type_name(flat.type())));
    }
    const bool has_buffer = flat.buffer() < length(model_.buffers());
    const auto* data = has_buffer ? model_.buffers()->Get(flat.buffer())->data() : nullptr;
    const size_t bytes = length(data);
    const size_t element_size = is_wide ? sizeof(int64_t) : sizeof(int32_t);
    if (bytes == 0) return refuse("must be a constant: shapes cannot depend on the data");
    if (bytes % element_size != 0 || bytes / element_size > kMaxShapeConstants) {
        return refuse(
            fmt::format("has {} bytes; expected 1 to {} integers", bytes, kMaxShapeConstants));
    }
    std::vector<int64_t> values;
    for (size_t i = 0; i < bytes; i += element_size) {
        uint64_t value = 0;
        for (size_t k = 0; k < element_size; ++k)
            value |= uint64_t{data->Get(static_cast<uint32_t>(i + k))} << (8 * k);
        values.push_back(is_wide ? static_cast<int64_t>(value) : static_cast<int32_t>(value));
    }
    return values;
}

std::optional<int32_t> TensorImporter::import(int32_t index, const std::string& user) {
    if (!is_in_range(index, user)) return std::nullopt;
    const auto known = imported_.find(index);
    if (known != imported_.end()) return known->second;

    std::optional<int32_t> result;
    if (std::optional<Tensor> tensor = convert(index)) {
        result = static_cast<int32_t>(tensors_.size());
        tensors_.push_back(std::move(*tensor));
    }
    imported_[index] = result;
    return result;
}

std::optional<Tensor> TensorImporter::convert(int32_t index) {
    const tflite::Tensor& flat = *graph_.tensors()->Get(static_cast<uint32_t>(index));
    Tensor tensor;
    tensor.name = fmt::format("tensor {}", index);
    if (flat.name() != nullptr && flat.name()->size() > 0) {
        tensor.name = flat.name()->string_view().substr(0, kMaxNameBytes);
    }
    const std::optional<DataType> type = data_type(flat.type());
    if (!type) {
        fail(DiagnosticId::kUnsupportedTensor,
             fmt::format("tensor {} {} has type {}; supported types: int8, uint8, int16, int32, "
                         "float32",
                         index, spec::quoted(tensor.name), tensor_type_name(flat.type())));
        return std::nullopt;
    }
    tensor.type = *type;
    if (!convert_shape(flat, tensor)) return std::nullopt;
    if (!convert_quantization(flat, tensor)) return std::nullopt;
    if (!convert_data(flat, tensor)) return std::nullopt;
    return tensor;
}

bool TensorImporter::convert_shape(const tflite::Tensor& flat, Tensor& tensor) {
    const size_t rank = length(flat.shape());
    if (rank > kMaxRank) {
        return fail(DiagnosticId::kUnsupportedTensor,
                    fmt::format("tensor {} has {} dimensions; at most {} are supported",
                                spec::quoted(tensor.name), rank, kMaxRank));
    }
    int64_t bytes = element_bytes(tensor.type);
    for (size_t i = 0; i < rank; ++i) {
        const int32_t extent = element(*flat.shape(), i);
        tensor.shape.push_back(extent);
        if (extent < 1) {
            return fail(DiagnosticId::kUnsupportedTensor,
                        fmt::format("dimension {} of tensor {} is {}; every dimension must be "
                                    "fixed and at least 1",
                                    i, spec::quoted(tensor.name), extent));
        }
        bytes *= extent;  // at most 2^28 * 2^31 before the check
        if (bytes > kMaxTensorBytes) {
            return fail(DiagnosticId::kTooLarge,
                        fmt::format("tensor {} has more than {} bytes", spec::quoted(tensor.name),
                                    kMaxTensorBytes));
        }
    }
    return true;
}

bool TensorImporter::convert_quantization(const tflite::Tensor& flat, Tensor& tensor) {
    const tflite::QuantizationParameters* flat_quantization = flat.quantization();
    if (flat_quantization == nullptr || length(flat_quantization->scale()) == 0) return true;
    const std::string name = spec::quoted(tensor.name);
    if (flat_quantization->details_type() != 0) {
        return fail(DiagnosticId::kUnsupportedTensor,
                    fmt::format("tensor {} has custom quantization; supported: scale and zero "
                                "point",
                                name));
    }
    const size_t scales = flat_quantization->scale()->size();
    const size_t zero_points = length(flat_quantization->zero_point());
    const int32_t axis = flat_quantization->quantized_dimension();
    const bool axis_valid = axis >= 0 && static_cast<size_t>(axis) < tensor.shape.size();
    if (scales != 1 && !(axis_valid && scales == static_cast<size_t>(tensor.shape[axis]))) {
        return fail(DiagnosticId::kTfliteInvalid,
                    fmt::format("tensor {} of shape {} has {} scales along dimension {}; expected "
                                "one, or one per index of that dimension",
                                name, shape_text(tensor.shape), scales, axis));
    }
    if (zero_points != 0 && zero_points != scales) {
        return fail(
            DiagnosticId::kTfliteInvalid,
            fmt::format("tensor {} has {} scales but {} zero points", name, scales, zero_points));
    }
    if (scales > 1 && !spend(scales * (sizeof(float) + sizeof(int32_t)), tensor)) return false;
    Quantization& quantization = tensor.quantization;
    quantization.axis = scales == 1 ? 0 : axis;
    for (size_t i = 0; i < scales; ++i) {
        const float scale = element(*flat_quantization->scale(), i);
        const int64_t zero_point =
            zero_points == 0 ? 0 : element(*flat_quantization->zero_point(), i);
        if (!std::isfinite(scale) || scale <= 0.0F) {
            return fail(DiagnosticId::kTfliteInvalid,
                        fmt::format("scale {} of tensor {} is {}; a scale must be finite and "
                                    "greater than 0",
                                    i, name, scale));
        }
        const bool is_unsigned = tensor.type == DataType::kUint8;
        const int64_t low = is_unsigned ? 0 : -128;
        const int64_t high = is_unsigned ? 255 : 127;
        if (zero_point < low || zero_point > high) {
            return fail(DiagnosticId::kTfliteInvalid,
                        fmt::format("zero point {} of tensor {} is {}; allowed: {} to {}", i, name,
                                    zero_point, low, high));
        }
        quantization.scales.push_back(scale);
        quantization.zero_points.push_back(static_cast<int32_t>(zero_point));
    }
    return true;
}

bool TensorImporter::convert_data(const tflite::Tensor& flat, Tensor& tensor) {
    const std::string name = spec::quoted(tensor.name);
    if (flat.buffer() >= length(model_.buffers())) {
        return fail(DiagnosticId::kTfliteInvalid,
                    fmt::format("tensor {} lies in buffer {}, but the model has {} buffers", name,
                                flat.buffer(), length(model_.buffers())));
    }
    const tflite::Buffer& buffer = *model_.buffers()->Get(flat.buffer());
    // Offsets 0 and 1 mean that the data, if any, is inside the buffer.
    if (buffer.offset() > 1) {
        return fail(DiagnosticId::kUnsupportedTensor,
                    fmt::format("the data of tensor {} lies outside the FlatBuffer; only models "
                                "below 2 GiB are supported",
                                name));
    }
    const size_t bytes = length(buffer.data());
    if (bytes == 0) return true;  // an activation
    if (flat.sparsity() != nullptr) {
        return fail(DiagnosticId::kUnsupportedTensor,
                    fmt::format("tensor {} is stored compressed as sparse; convert the model with "
                                "dense weights",
                                name));
    }
    if (static_cast<int64_t>(bytes) != tensor.bytes()) {
        return fail(DiagnosticId::kTfliteInvalid,
                    fmt::format("tensor {} of shape {} needs {} bytes, but its buffer has {}", name,
                                shape_text(tensor.shape), tensor.bytes(), bytes));
    }
    if (!spend(bytes, tensor)) return false;
    tensor.is_constant = true;
    tensor.data.assign(buffer.data()->Data(), buffer.data()->Data() + bytes);
    return true;
}

}  // namespace arraywright::network
