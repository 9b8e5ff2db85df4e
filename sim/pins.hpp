// Typed access to the pins of a verilated design. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "sim/axi_signals.hpp"
#include "sim/design_info.hpp"
#include "sim/model_abi.h"

namespace arraywright::sim {

/// What the memory drives in the next cycle.
struct MemoryOutputs {
    bool ar_ready = false;
    bool aw_ready = false;
    bool w_ready = false;
    bool r_valid = false;
    bool r_last = false;
    uint8_t r_id = 0;
    uint8_t r_response = kOkay;
    const uint8_t* r_data = nullptr;  ///< one beat; looked at while r_valid
    bool b_valid = false;
    uint8_t b_id = 0;
    uint8_t b_response = kOkay;
};

/// What the host drives in the next cycle.
struct HostOutputs {
    bool aw_valid = false, w_valid = false, b_ready = false, ar_valid = false, r_ready = false;
    uint32_t address = 0;
    uint32_t data = 0;
};

/// A pin of 8, 16, 32 or 64 bits of storage.
class Pin {
public:
    Pin() = default;
    Pin(void* data, uint32_t bits)
        : data_(static_cast<uint8_t*>(data)),
          bytes_(bits <= 8    ? 1
                 : bits <= 16 ? 2
                 : bits <= 32 ? 4
                              : 8) {}
    uint64_t get() const {
        uint64_t value = 0;
        switch (bytes_) {
            case 1:
                return *data_;
            case 2:
                std::memcpy(&value, data_, 2);
                return value;
            case 4:
                std::memcpy(&value, data_, 4);
                return value;
            default:
                std::memcpy(&value, data_, 8);
                return value;
        }
    }
    void set(uint64_t value) {
        switch (bytes_) {
            case 1:
                *data_ = static_cast<uint8_t>(value);
                break;
            case 2:
                std::memcpy(data_, &value, 2);
                break;
            case 4:
                std::memcpy(data_, &value, 4);
                break;
            default:
                std::memcpy(data_, &value, 8);
                break;
        }
    }

private:
    uint8_t* data_ = nullptr;
    uint32_t bytes_ = 1;
};

/// All pins of the top module, found by name. Throws std::runtime_error for a missing port, a
/// wrong width or direction, or a port that no generated design has.
class Pins {
public:
    Pins(const std::vector<aw_port>& ports, const DesignInfo& design);

    void set_clock(bool value) { *clk_ = value; }
    void set_reset_n(bool value) { *rst_n_ = value; }
    bool interrupt() const { return *irq_ != 0; }

    void sample(AxiSignals& axi) const;
    void sample(LiteSignals& lite) const;
    void drive(const MemoryOutputs& memory);
    void drive(const HostOutputs& host);

private:
    struct AddressPins {
        uint8_t *valid, *ready, *id, *length, *size, *burst, *cache, *protection;
        Pin address;
    };

    int32_t bus_bytes_;
    uint8_t *clk_, *rst_n_, *irq_;
    AddressPins ar_, aw_;
    uint8_t *r_valid_, *r_ready_, *r_last_, *r_id_, *r_response_, *r_data_;
    uint8_t *w_valid_, *w_ready_, *w_last_, *w_data_;
    Pin w_strobe_;
    uint8_t *b_valid_, *b_ready_, *b_id_, *b_response_;
    uint8_t *lite_aw_valid_, *lite_aw_ready_, *lite_w_valid_, *lite_w_ready_, *lite_b_valid_,
        *lite_b_ready_, *lite_ar_valid_, *lite_ar_ready_, *lite_r_valid_, *lite_r_ready_;
    Pin lite_aw_address_, lite_ar_address_, lite_w_data_, lite_w_strobe_, lite_b_response_,
        lite_r_data_, lite_r_response_;
};

}  // namespace arraywright::sim
