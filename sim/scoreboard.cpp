// Scoreboard. SPDX-License-Identifier: Apache-2.0
#include "sim/scoreboard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "sim/channel_places.hpp"
#include "sim/coded_stream.hpp"

namespace arraywright::sim {
namespace {

constexpr size_t kMaxShown = 10;

/// Little-endian element `index` of `bytes`, sign-extended where the type is signed.
int64_t element(const std::vector<uint8_t>& bytes, size_t index, network::DataType type) {
    const auto size = static_cast<size_t>(network::element_bytes(type));
    uint64_t value = 0;
    for (size_t i = 0; i < size; ++i) value |= uint64_t{bytes[index * size + i]} << (8 * i);
    if (type == network::DataType::kUint8) return static_cast<int64_t>(value);
    const auto shift = static_cast<uint32_t>(64 - 8 * size);
    return static_cast<int64_t>(value << shift) >> shift;
}

std::vector<int64_t> coordinates(const network::Tensor& tensor, size_t index) {
    std::vector<int64_t> result(tensor.shape.size());
    auto rest = static_cast<int64_t>(index);
    for (size_t axis = tensor.shape.size(); axis-- > 0;) {
        result[axis] = rest % tensor.shape[axis];
        rest /= tensor.shape[axis];
    }
    return result;
}

/// What memory holds of a tensor: its bytes, which of them were written, what else was.
struct Contents {
    std::vector<uint8_t> bytes;
    std::vector<bool> written;
    uint64_t end = 0;  ///< of what may be written for it
};

Contents plain_contents(uint64_t address, size_t bytes, MemoryStore& store) {
    Contents contents{store.peek(address, bytes), std::vector<bool>(bytes), address + bytes};
    for (size_t i = 0; i < bytes; ++i) contents.written[i] = store.written(address + i);
    return contents;
}

Contents coded_contents(const compile::CodedTensor& coded, const std::string& name,
                        MemoryStore& store, RunResult& result) {
    const DecodedStream decoded =
        decode_stream(store.peek(coded.low, coded.high - coded.low),
                      {static_cast<size_t>(coded.bytes), static_cast<size_t>(coded.block_bytes),
                       static_cast<size_t>(coded.bus_bytes), static_cast<int8_t>(coded.zero)});
    Contents contents{decoded.tensor, {}, coded.low + decoded.stream_bytes};
    bool written = decoded.error.empty();
    for (uint64_t at = coded.low; at < contents.end; ++at) written &= store.written(at);
    if (!decoded.error.empty()) contents.end = coded.high;
    result.coded.push_back({name, coded.bytes, static_cast<int64_t>(contents.end - coded.low)});
    contents.bytes.resize(static_cast<size_t>(coded.bytes));
    contents.written.assign(contents.bytes.size(), written);
    if (!decoded.error.empty()) {
        result.failures.push_back(fmt::format("the stream of tensor '{}' at {:#x} is malformed: {}",
                                              name, coded.low, decoded.error));
    }
    return contents;
}

void compare_tensor(const network::Tensor& tensor, const std::string& layer,
                    const Contents& contents, const ChannelPlaces& places,
                    const std::vector<uint8_t>& expected, RunResult& result) {
    const auto size = static_cast<size_t>(network::element_bytes(tensor.type));
    const std::vector<uint8_t>& memory = contents.bytes;
    for (size_t index = 0; index < expected.size() / size; ++index) {
        bool written = true;
        bool same = true;
        int64_t got = 0;
        if (const std::optional<size_t> at = places.stored(index)) {
            for (size_t byte = 0; byte < size; ++byte) {
                written &= contents.written[*at * size + byte];
                same &= memory[*at * size + byte] == expected[index * size + byte];
            }
            got = element(memory, *at, tensor.type);
        } else if (const std::optional<int8_t> constant = places.constant(index)) {
            // Nothing wrote it, because the compiler knows it.
            got = *constant;
            same = got == element(expected, index, tensor.type);
        }
        if (written && same) continue;
        ++result.mismatches;
        if (result.first_mismatches.size() < kMaxShown) {
            result.first_mismatches.push_back({tensor.name, layer, coordinates(tensor, index), got,
                                               element(expected, index, tensor.type), !written});
        }
    }
}

struct Span {
    uint64_t begin, end;
};

/// Bytes that the store may have written: the outputs, at their exact sizes.
void check_stray_writes(std::vector<Span> allowed, const MemoryStore& store, RunResult& result) {
    std::sort(allowed.begin(), allowed.end(),
              [](const Span& a, const Span& b) { return a.begin < b.begin; });
    uint64_t stray = 0;
    uint64_t lowest = ~uint64_t{0};
    store.for_each_written([&](uint64_t address) {
        const auto after =
            std::upper_bound(allowed.begin(), allowed.end(), address,
                             [](uint64_t a, const Span& span) { return a < span.begin; });
        if (after != allowed.begin() && address < (after - 1)->end) return;
        ++stray;
        lowest = std::min(lowest, address);
    });
    if (stray != 0) {
        result.failures.push_back(fmt::format(
            "{} bytes were written outside the output tensors, the first at {:#x}", stray, lowest));
    }
}

/// A reshaped network input: its bytes are those that the host wrote.
bool is_of_an_input(uint64_t address, const compile::Program& program,
                    const network::Network& network) {
    return std::any_of(network.inputs.begin(), network.inputs.end(), [&](int32_t input) {
        const compile::Region* region = program.region_of_tensor(input);
        return region != nullptr && address >= region->address &&
               address < region->address + region->bytes;
    });
}

}  // namespace

const compile::Region& tensor_region(const compile::Program& program, int32_t tensor) {
    const compile::Region* region = program.region_of_tensor(tensor);
    if (region != nullptr) return *region;
    throw std::invalid_argument(fmt::format("the program has no region for tensor {}", tensor));
}

void compare_memory(const compile::Program& program, const network::Network& network,
                    const golden::Result& golden, MemoryStore& store, RunResult& result) {
    std::vector<Span> allowed;
    for (const compile::LayerInfo& layer : program.layers) {
        const auto index = static_cast<size_t>(layer.output_tensor);
        const compile::Region* region = program.region_of_tensor(layer.output_tensor);
        // What stays on chip shows in what is made of it.
        if (region == nullptr) continue;
        const std::vector<uint8_t>& expected = golden.tensors[index];
        const ChannelPlaces places(network.tensors[index],
                                   program.channels_of_tensor(layer.output_tensor));
        const auto size = static_cast<size_t>(network::element_bytes(network.tensors[index].type));
        const auto coded = std::find_if(
            program.coded.begin(), program.coded.end(),
            [region](const compile::CodedTensor& one) { return one.low == region->address; });
        Contents contents =
            coded == program.coded.end()
                ? plain_contents(region->address, places.elements(expected.size() / size) * size,
                                 store)
                : coded_contents(*coded, network.tensors[index].name, store, result);
        if (is_of_an_input(region->address, program, network)) {
            contents.written.assign(contents.written.size(), true);
        } else {
            allowed.push_back({region->address, contents.end});
        }
        compare_tensor(network.tensors[index], layer.name, contents, places, expected, result);
        ++result.compared_tensors;
    }
    check_stray_writes(std::move(allowed), store, result);
}

}  // namespace arraywright::sim
