// Every RAM of a design: what block RAMs or SRAM macros must provide. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/plan/plan.hpp"

namespace arraywright::plan {

/// Equal RAMs of one purpose, instances of aw_ram, or of aw_ram_two_port.
struct Ram {
    std::string purpose;   ///< "activation buffer, bank 0 to 2"
    std::string instance;  ///< below the top, without generate indices
    int64_t count = 1;
    int64_t words = 0;
    int32_t bits = 0;  ///< of a word
    int32_t write_bits =
        0;  ///< written or left together; `bits` where a write takes the whole word
    bool two_ports = false;  ///< 1R1W; else 1RW
};

/// Command queues and other FIFOs of a few words are registers, not RAMs.
std::vector<Ram> ram_list(const Plan& plan);

}  // namespace arraywright::plan
