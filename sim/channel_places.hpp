// Where the channels of a tensor are, when the compiler took some away.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "generator/compile/program.hpp"
#include "generator/network/network.hpp"

namespace arraywright::sim {

/// Where the channels of a tensor are: all in memory, or some known beforehand.
class ChannelPlaces {
public:
    ChannelPlaces(const network::Tensor& tensor, const compile::KeptChannels& channels)
        : channels_(channels), count_(static_cast<size_t>(tensor.shape.back())) {
        if (channels.all()) return;
        places_.assign(count_, kNone);
        for (size_t i = 0; i < channels.kept.size(); ++i)
            places_[static_cast<size_t>(channels.kept[i])] = i;
    }
    /// Element in memory of element `index` of the tensor; empty when it is not there.
    std::optional<size_t> stored(size_t index) const {
        if (channels_.all()) return index;
        const size_t place = places_[index % count_];
        if (place == kNone) return {};
        return index / count_ * channels_.kept.size() + place;
    }
    std::optional<int8_t> constant(size_t index) const {
        return channels_.constants[index % count_];
    }
    size_t elements(size_t all) const {
        return channels_.all() ? all : all / count_ * channels_.kept.size();
    }

private:
    static constexpr size_t kNone = ~size_t{0};
    const compile::KeptChannels& channels_;
    size_t count_;
    std::vector<size_t> places_;
};

}  // namespace arraywright::sim
