// What one command asks of its unit, in the numbers that decide its time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "generator/compile/weight_form.hpp"
#include "generator/isa/commands.hpp"
#include "generator/plan/plan.hpp"

namespace arraywright::estimate {

/// `mode` of a COMPUTE.
constexpr int64_t kPlainMode = 0, kWindowMode = 1, kPackMode = 2;

/// What decides when a command may start.
struct Header {
    isa::Unit unit = isa::Unit::kLoad;
    int32_t layer = 0;
    uint32_t wait = 0;
    uint32_t signal = 0;
    bool accumulates = false;  ///< a COMPUTE that continues sums from the accumulator buffer
    bool combines = false;     ///< a COMBINE
    bool packs = false;        ///< a COMPUTE with packed taps
    int64_t vectors = 0;       ///< ... and so many vectors a position
    int64_t acc_addr = 0;      ///< its first word
    int64_t count_s = 0;       ///< chunks of its runs
    int64_t first_tile = 0;    ///< weight tiles that a COMPUTE reads
    int64_t last_tile = -1;
};
/// `lists`: of a COMPUTE that walks them, else null.
Header read_header(const isa::Command& command, const compile::TileLists* lists);

enum class Target {
    kActivation = 0,
    kWeight = 1,
    kBias = 2,
    kScale = 3,
    kTable = 4,
    kCodebook = 5
};

/// A LOAD or STORE: segments of consecutive bytes.
struct TransferWork {
    Target target = Target::kActivation;
    int32_t cols = 1;
    int64_t tiles = 0;  ///< of weights in a design that decodes them
    int64_t address = 0, buffer = 0;
    int64_t run_bytes = 0, count_x = 0, count_y = 0;
    int64_t stride_x = 0, stride_y = 0;
    int64_t buffer_stride_x = 0, buffer_stride_y = 0;
};
TransferWork read_transfer(const isa::Command& command);

/// One AXI burst of a transfer.
struct Burst {
    int64_t address = 0;
    int64_t buffer = 0;
    int64_t bytes = 0;
    int32_t beats = 0;
    bool first = false;  ///< of its command
    bool last = false;
};

/// The bursts of a transfer in bus order, cut as aw_segments cuts them.
class BurstWalk {
public:
    BurstWalk(const TransferWork& work, const plan::Plan& plan);
    std::optional<Burst> next();

private:
    TransferWork work_;
    int64_t burst_bytes_, bus_bytes_;
    int64_t x_ = 0, y_ = 0, done_ = 0;  ///< segment, and bytes of it already asked for
    bool first_ = true;
};

}  // namespace arraywright::estimate
