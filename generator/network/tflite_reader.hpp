// Reader of .tflite files: FlatBuffers, verified, every index and size checked.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generator/network/network.hpp"
#include "generator/spec/diagnostics.hpp"

namespace arraywright::network {

/// Reads a whole model. Operators that are not supported are reported one by one, all in one
/// run; any error gives nullopt. Tensors keep only what the operators and the graph's inputs and
/// outputs use, numbered in order of first use; Operator::source_index is the index in the file.
std::optional<Network> read_tflite(const std::string& path, spec::Diagnostics& diagnostics);

/// Reads operator `index` of the model as a network of its own, its activations being the
/// network's input and output; the rest of the model may hold anything.
std::optional<Network> read_tflite_operator(const std::string& path, int32_t index,
                                            spec::Diagnostics& diagnostics);

/// The same from the bytes of a file; `name` becomes Network::name.
/// Memory taken is bounded by a small multiple of the size of `file`, whatever it holds.
std::optional<Network> parse_tflite(const std::vector<uint8_t>& file, const std::string& name,
                                    spec::Diagnostics& diagnostics);
std::optional<Network> parse_tflite_operator(const std::vector<uint8_t>& file,
                                             const std::string& name, int32_t index,
                                             spec::Diagnostics& diagnostics);

}  // namespace arraywright::network
