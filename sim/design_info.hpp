// What the simulation must know of a generated design. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "verif/golden/golden.hpp"

namespace arraywright::sim {

/// Filled from the Plan; the driver compares it with the capability registers.
struct DesignInfo {
    std::string top;  ///< module name
    std::vector<std::filesystem::path> rtl_files;
    int32_t data_bits = 128;    ///< AXI4 data bus: 32, 64, 128, 256 or 512
    int32_t address_bits = 32;  ///< AXI4 address bus: 32 to 64
    int32_t rows = 1;
    int32_t cols = 1;
    int32_t lanes = 1;
    int32_t result_cycles = 1;  ///< that the vector unit takes for one result, at most
    bool weight_stationary = false;
    bool zero_gating = false;
    bool counters = true;  ///< else only the overflow flag
    int32_t accumulator_bits = 32;
    golden::OnOverflow on_overflow = golden::OnOverflow::kWrap;
    int32_t outstanding_reads = 16;   ///< bursts in flight, all IDs together
    int32_t outstanding_writes = 16;  ///< bursts in flight, all IDs together
    std::string spec_sha256;          ///< 64 hex digits; empty: SPEC_HASH is not checked

    int32_t bus_bytes() const { return data_bits / 8; }
};

}  // namespace arraywright::sim
