// Register map: the one table behind the RTL, the C header, the Markdown page and the driver.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace arraywright::isa {

enum class Access { kReadOnly, kReadWrite, kWriteOnly, kWriteOneToClear };

struct RegisterField {
    std::string_view name;
    int32_t lsb;
    int32_t bits;
    std::string_view description;
};

/// A 32-bit register; `offset` in bytes from the AXI4-Lite base.
struct Register {
    std::string_view name;
    uint32_t offset;
    Access access;
    std::string_view description;
    std::vector<RegisterField> fields;
};

/// A value of ERROR_CODE.
struct ErrorCode {
    uint32_t code;
    std::string_view name;
    std::string_view description;  ///< says what ERROR_ADDR holds
};

/// Bytes of the AXI4-Lite address range; accesses to unmapped offsets answer SLVERR.
constexpr uint32_t kRegisterSpaceBytes = 0x200;
constexpr uint32_t kIdValue = 0x41575247;  ///< "AWRG"
constexpr uint32_t kVersionValue = 0x00010000;

const std::vector<Register>& registers();
/// True for what counts or logs: 0 in a design without counters.
bool is_counter(const Register& reg);
const std::vector<ErrorCode>& error_codes();

/// Offset of the register called `name`; throws std::out_of_range for an unknown name.
uint32_t register_offset(std::string_view name);
/// Name of an error code, "UNKNOWN" outside the table.
std::string_view error_name(uint32_t code);
uint32_t error_value(std::string_view name);

}  // namespace arraywright::isa
