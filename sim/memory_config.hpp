// Timing of the simulated memory, as given to --memory. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace arraywright::sim {

/// The defaults are the published benchmark's memory.
struct MemoryConfig {
    int32_t latency_cycles = 20;       ///< first R beat is valid this long after the AR handshake
    int32_t write_latency_cycles = 1;  ///< B is valid this long after the last W (or AW) handshake
    double stall = 0.0;      ///< chance per cycle that a channel's ready or valid stays low
    double bandwidth = 1.0;  ///< beats a cycle in each direction
    int32_t gap_cycles = 0;  ///< the read channel pauses up to so many cycles after each burst
    bool reorder = false;    ///< answers of different IDs come in any order, reads interleaved
    uint64_t seed = 1;       ///< of stalls, order and the poison in untouched memory

    /// "latency=20,write_latency=1,stall=0,bandwidth=1,reorder=0,seed=1"; a gap comes last
    std::string to_string() const;
};

/// Parses `key=value,...`; keys may be left out, each may come once. Returns a message that names
/// the key, the value found and the range when something is wrong.
std::variant<MemoryConfig, std::string> parse_memory_config(std::string_view text);

}  // namespace arraywright::sim
