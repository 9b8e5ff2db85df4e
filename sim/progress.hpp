// Progress line on a terminal. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace arraywright::sim {

/// One line on stderr, rewritten in place, for anything that takes over two seconds. Silent when
/// stderr is not a terminal.
class Progress {
public:
    explicit Progress(bool enabled);
    /// True when a line is due; reads the clock, so ask every few thousand cycles.
    bool due() const;
    /// `fraction` of the run that is done, 0 to 1.
    void show(uint64_t cycle, std::string_view layer, double fraction);
    void begin_run(uint64_t cycle);
    void clear();

private:
    using Clock = std::chrono::steady_clock;
    bool enabled_;
    bool shown_ = false;
    Clock::time_point start_, last_;
    uint64_t start_cycle_ = 0;
    uint64_t last_cycle_ = 0;
};

}  // namespace arraywright::sim
