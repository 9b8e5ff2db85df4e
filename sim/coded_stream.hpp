// Reads the stream of a coded tensor, as the command guide describes it: nothing here is shared
// with the compiler or the RTL. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace arraywright::sim {

struct StreamShape {
    size_t tensor_bytes = 0;
    size_t block_bytes = 0;  ///< of the tensor, a multiple of bus_bytes
    size_t bus_bytes = 16;
    int8_t zero = 0;
};

struct DecodedStream {
    std::vector<uint8_t> tensor;  ///< empty after an error
    size_t stream_bytes = 0;      ///< whole bus words that the stream takes
    std::string error;            ///< what is wrong, and at which nibble
};

DecodedStream decode_stream(const std::vector<uint8_t>& stream, const StreamShape& shape);

}  // namespace arraywright::sim
