// Channels whose value no input changes: folded into what reads them, never computed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "generator/network/network.hpp"

namespace arraywright::compile {

/// What became of the channels (last axis) of one tensor.
struct KeptChannels {
    std::vector<int32_t> kept;  ///< ascending; empty: all of them
    /// By channel: its value where that is the same for all inputs and positions.
    std::vector<std::optional<int8_t>> constants;
    bool all() const { return kept.empty(); }
};

/// A network with the same tensors and operators, some of them with fewer channels.
struct FoldedNetwork {
    network::Network network;
    std::vector<KeptChannels> channels;  ///< by tensor
};

/// Takes away the output channels of which every weight is zero, and all that only they feed:
/// a constant input of a layer becomes a part of its bias, which is exact where no padding differs
/// from it. Needs channels that no overflow can change: operators of `safe` only (by operator).
/// With `unread`, channels that nobody reads go too; then their values cannot be compared.
FoldedNetwork fold_constant_channels(const network::Network& network, const std::vector<bool>& safe,
                                     bool unread);

}  // namespace arraywright::compile
