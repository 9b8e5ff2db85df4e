// Protocol monitor of the AXI4-Lite interface. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sim/axi_signals.hpp"
#include "sim/violations.hpp"

namespace arraywright::sim {

/// Rules, on channels "s_axil AW" and so on: valid-dropped, payload-changed, valid-in-reset,
/// address-unaligned, exclusive-okay, data-without-request, response-without-request,
/// unfinished-burst.
class LiteMonitor {
public:
    explicit LiteMonitor(ViolationLog& log) : log_(log) {}
    void sample(const LiteSignals& lite, bool in_reset, uint64_t cycle);
    void finish(uint64_t cycle);

private:
    enum Channel { kAw, kW, kB, kAr, kR, kChannels };
    void check_channel(const LiteChannel& now, Channel channel, bool in_reset, uint64_t cycle);
    void check_responses(const LiteSignals& lite, uint64_t cycle);

    ViolationLog& log_;
    std::array<LiteChannel, kChannels> previous_{};
    uint32_t reset_cycles_ = 0;
    bool was_active_ = false;
    int32_t addresses_ = 0;  ///< AW taken, B not given
    int32_t data_ = 0;       ///< W taken, B not given
    int32_t reads_ = 0;
};

}  // namespace arraywright::sim
