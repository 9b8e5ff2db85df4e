// Which values the channels of a network's tensors can hold. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "generator/network/network.hpp"
#include "generator/overflow/bounds.hpp"
#include "generator/overflow/wide.hpp"

namespace arraywright::overflow {

/// Of an INT8 tensor: one range for each index of the last axis, or one for all.
using ChannelRanges = std::vector<Range>;

/// What a layer's requantizer can write, channel by channel: the extreme sums requantized (it never
/// falls as the sum rises), within the bounds of the activation. With `bounded` false, when a sum
/// can overflow, the bounds of the activation alone.
ChannelRanges requantized_ranges(const network::Network& network, const network::Operator& op,
                                 const std::vector<Interval>& sums, bool bounded);

/// What an operator without weights can write, from its inputs' ranges: those that pass values on
/// keep them, of the others any value within the bounds of the activation is taken as possible.
ChannelRanges passed_on_ranges(const network::Network& network, const network::Operator& op,
                               const std::vector<ChannelRanges>& inputs);

}  // namespace arraywright::overflow
