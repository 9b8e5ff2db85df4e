// Values of the AXI4 and AXI4-Lite pins at one rising clock edge. SPDX-License-Identifier:
// Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace arraywright::sim {

constexpr int32_t kMaxBusBytes = 64;
constexpr int32_t kBurstBoundaryBytes = 4096;
constexpr int32_t kAxiIds = 4;  ///< IDs are two bits wide

/// AXI response codes.
enum Response : uint8_t { kOkay = 0, kExclusiveOkay = 1, kSlaveError = 2, kDecodeError = 3 };

using BeatBytes = std::array<uint8_t, kMaxBusBytes>;

/// Payload of AR or AW.
struct AddressBeat {
    uint64_t address = 0;
    uint8_t id = 0;
    uint8_t length = 0;  ///< beats - 1
    uint8_t size = 0;    ///< log2 of bytes per beat
    uint8_t burst = 0;   ///< 0 FIXED, 1 INCR, 2 WRAP
    uint8_t cache = 0;
    uint8_t protection = 0;

    bool operator==(const AddressBeat&) const = default;
    int32_t beats() const { return length + 1; }
};

/// Payloads are sampled only while valid is high.
struct AddressChannel {
    bool valid = false;
    bool ready = false;
    AddressBeat beat;
    bool fires() const { return valid && ready; }
};

struct WriteChannel {
    bool valid = false;
    bool ready = false;
    bool last = false;
    uint64_t strobe = 0;  ///< bit i: byte i
    BeatBytes data{};
    bool fires() const { return valid && ready; }
};

struct ReadChannel {
    bool valid = false;
    bool ready = false;
    bool last = false;
    uint8_t id = 0;
    uint8_t response = kOkay;
    BeatBytes data{};
    bool fires() const { return valid && ready; }
};

struct ResponseChannel {
    bool valid = false;
    bool ready = false;
    uint8_t id = 0;
    uint8_t response = kOkay;
    bool fires() const { return valid && ready; }
};

/// The AXI4 interface whose manager is the accelerator.
struct AxiSignals {
    AddressChannel ar;
    ReadChannel r;
    AddressChannel aw;
    WriteChannel w;
    ResponseChannel b;
};

/// A channel of AXI4-Lite: AR and AW use `value` as address, W and R as data.
struct LiteChannel {
    bool valid = false;
    bool ready = false;
    uint32_t value = 0;
    uint8_t extra = 0;  ///< strobe of W, response of R and B
    bool fires() const { return valid && ready; }
};

/// The AXI4-Lite interface whose subordinate is the accelerator.
struct LiteSignals {
    LiteChannel aw, w, b, ar, r;
};

/// Value of a full strobe of `bytes` bytes.
constexpr uint64_t full_strobe(int32_t bytes) {
    return bytes >= 64 ? ~uint64_t{0} : (uint64_t{1} << bytes) - 1;
}

}  // namespace arraywright::sim
