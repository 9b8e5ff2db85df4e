// Streams of coded tensors. SPDX-License-Identifier: Apache-2.0
#include "sim/coded_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace arraywright::sim {

namespace {

constexpr size_t kFrameWords = 32;
enum Type : uint32_t { kRaw, kBitmap, kGrouped, kRunLength };

/// Nibbles of a byte sequence, low one first.
class Nibbles {
public:
    explicit Nibbles(const std::vector<uint8_t>& bytes) : bytes_(bytes) {}
    uint32_t next() {
        if (at_ / 2 >= bytes_.size()) throw std::out_of_range("the stream ends early");
        const uint32_t byte = bytes_[at_ / 2];
        return (at_++ % 2 == 0 ? byte : byte >> 4) & 15;
    }
    uint8_t byte() {
        const uint32_t low = next();
        return static_cast<uint8_t>(low | next() << 4);
    }
    void align(size_t bytes) { at_ = (at_ + 2 * bytes - 1) / (2 * bytes) * (2 * bytes); }
    size_t at() const { return at_; }

private:
    const std::vector<uint8_t>& bytes_;
    size_t at_ = 0;
};

class Decoder {
public:
    Decoder(const std::vector<uint8_t>& stream, const StreamShape& shape)
        : nibbles_(stream), shape_(shape) {}

    DecodedStream decode() {
        DecodedStream result;
        try {
            const size_t bus = shape_.bus_bytes;
            for (size_t left = (shape_.tensor_bytes + bus - 1) / bus; left > 0;) {
                const size_t words = std::min(left, shape_.block_bytes / bus);
                block(words);
                left -= words;
            }
            tensor_.resize(shape_.tensor_bytes);
            result.tensor = std::move(tensor_);
            result.stream_bytes = nibbles_.at() / 2;
        } catch (const std::out_of_range& error) {
            result.error = fmt::format("{}, nibble {}", error.what(), nibbles_.at());
        }
        return result;
    }

private:
    void block(size_t words) {
        for (size_t word = 0; word < words; word += kFrameWords)
            frame(std::min(kFrameWords, words - word));
        nibbles_.align(shape_.bus_bytes);
    }

    void frame(size_t words) {
        const uint32_t type = nibbles_.next();
        if (type > kRunLength) throw std::out_of_range(fmt::format("frame of type {}", type));
        while (words > 0) {
            if (type == kRaw) {
                for (size_t i = 0; i < shape_.bus_bytes; ++i) tensor_.push_back(nibbles_.byte());
            } else if (type == kBitmap) {
                values(bits(shape_.bus_bytes));
            } else if (!grouped() && type == kRunLength) {
                const size_t more = nibbles_.next();
                if (more >= words) throw std::out_of_range("a run goes beyond its frame");
                tensor_.insert(tensor_.end(), more * shape_.bus_bytes,
                               static_cast<uint8_t>(shape_.zero));
                words -= more;
            }
            --words;
        }
    }

    std::vector<bool> bits(size_t count) {
        std::vector<bool> result;
        while (result.size() < count) {
            const uint32_t nibble = nibbles_.next();
            for (uint32_t b = 0; b < 4; ++b) result.push_back((nibble >> b) & 1);
        }
        return result;
    }

    /// A word by groups of four lanes; false when it has none.
    bool grouped() {
        const std::vector<bool> groups = bits(shape_.bus_bytes / 4);
        std::vector<bool> lanes;
        for (size_t g = 0; g < shape_.bus_bytes / 4; ++g) {
            const std::vector<bool> group = groups[g] ? bits(4) : std::vector<bool>(4, false);
            lanes.insert(lanes.end(), group.begin(), group.end());
        }
        values(lanes);
        return std::find(groups.begin(), groups.end(), true) != groups.end();
    }

    void values(const std::vector<bool>& lanes) {
        for (const bool set : lanes)
            tensor_.push_back(set ? nibbles_.byte() : static_cast<uint8_t>(shape_.zero));
    }

    Nibbles nibbles_;
    const StreamShape& shape_;
    std::vector<uint8_t> tensor_;
};

}  // namespace

DecodedStream decode_stream(const std::vector<uint8_t>& stream, const StreamShape& shape) {
    return Decoder(stream, shape).decode();
}

}  // namespace arraywright::sim
