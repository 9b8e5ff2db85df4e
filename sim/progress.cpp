// Progress line. SPDX-License-Identifier: Apache-2.0
#include "sim/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace arraywright::sim {
namespace {

constexpr double kQuietSeconds = 2.0;
constexpr double kIntervalSeconds = 0.5;

double seconds(std::chrono::steady_clock::duration time) {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

Progress::Progress(bool enabled) : enabled_(enabled && ::isatty(STDERR_FILENO) != 0) {
    begin_run(0);
}

void Progress::begin_run(uint64_t cycle) {
    start_ = last_ = Clock::now();
    start_cycle_ = last_cycle_ = cycle;
}

bool Progress::due() const {
    if (!enabled_) return false;
    const Clock::time_point now = Clock::now();
    return seconds(now - start_) > kQuietSeconds && seconds(now - last_) > kIntervalSeconds;
}

void Progress::show(uint64_t cycle, std::string_view layer, double fraction) {
    const Clock::time_point now = Clock::now();
    const double rate = static_cast<double>(cycle - last_cycle_) / seconds(now - last_);
    const double elapsed = seconds(now - start_);
    const std::string eta =
        fraction > 0.001 ? fmt::format("{:.0f} s", elapsed * (1 - fraction) / fraction) : "?";
    fmt::print(stderr, "\r\x1b[K{} cycles, {:.0f} kcycles/s, layer {}, {:.0f} %, eta {}",
               cycle - start_cycle_, rate / 1000, layer, 100 * fraction, eta);
    std::fflush(stderr);
    shown_ = true;
    last_ = now;
    last_cycle_ = cycle;
}

void Progress::clear() {
    if (shown_) {
        fmt::print(stderr, "\r\x1b[K");
        std::fflush(stderr);
    }
    shown_ = false;
}

}  // namespace arraywright::sim
