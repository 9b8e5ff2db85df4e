// Commands to work. SPDX-License-Identifier: Apache-2.0
#include "generator/estimate/work.hpp"

#include <algorithm>

namespace arraywright::estimate {

Header read_header(const isa::Command& command, const compile::TileLists* lists) {
    Header header;
    header.unit = command.unit();
    header.layer = static_cast<int32_t>(command.get("layer"));
    header.wait = static_cast<uint32_t>(command.get("wait"));
    header.signal = static_cast<uint32_t>(command.get("signal"));
    header.accumulates = header.unit == isa::Unit::kCompute && command.get("accumulate") != 0;
    header.combines = command.opcode() == isa::Opcode::kCombine;
    if (header.unit == isa::Unit::kCompute) {
        const int64_t mode = command.get("mode");
        header.packs = mode == kPackMode;
        header.vectors = command.get("count_kx");
        int64_t tiles = command.get("count_n");
        if (mode != kWindowMode) tiles *= header.vectors;
        if (mode == kPlainMode) tiles *= command.get("count_ky") * command.get("count_s");
        if (lists != nullptr) tiles = compile::tile_total(*lists);
        header.first_tile = command.get("weight_addr");
        header.last_tile = header.first_tile + tiles - 1;
    }
    if (header.accumulates) {
        header.acc_addr = command.get("acc_addr");
        const bool walks_all = command.get("mode") == kPlainMode && lists == nullptr;
        header.count_s = walks_all ? command.get("count_s") : 0;
    }
    return header;
}

TransferWork read_transfer(const isa::Command& command) {
    TransferWork work;
    if (command.unit() == isa::Unit::kLoad) {
        work.target = static_cast<Target>(command.get("target"));
        work.cols = static_cast<int32_t>(command.get("cols"));
        work.tiles = command.get("tiles");
    }
    work.address = command.get("address");
    work.buffer = command.get("buffer");
    work.run_bytes = command.get("run_bytes");
    work.count_x = command.get("count_x");
    work.count_y = command.get("count_y");
    work.stride_x = command.get("stride_x");
    work.stride_y = command.get("stride_y");
    work.buffer_stride_x = command.get("buffer_stride_x");
    work.buffer_stride_y = command.get("buffer_stride_y");
    return work;
}

BurstWalk::BurstWalk(const TransferWork& work, const plan::Plan& plan)
    : work_(work), burst_bytes_(plan.burst_bytes), bus_bytes_(plan.bus_bytes) {}

std::optional<Burst> BurstWalk::next() {
    if (y_ == work_.count_y) return std::nullopt;
    Burst burst;
    burst.address = work_.address + y_ * work_.stride_y + x_ * work_.stride_x + done_;
    burst.buffer = work_.buffer + y_ * work_.buffer_stride_y + x_ * work_.buffer_stride_x + done_;
    const int64_t room = burst_bytes_ - burst.address % burst_bytes_;
    burst.bytes = std::min(room, work_.run_bytes - done_);
    const int64_t offset = burst.address % bus_bytes_;
    burst.beats = static_cast<int32_t>((offset + burst.bytes + bus_bytes_ - 1) / bus_bytes_);
    burst.first = first_;
    first_ = false;
    done_ += burst.bytes;
    if (done_ == work_.run_bytes) {
        done_ = 0;
        if (++x_ == work_.count_x) {
            x_ = 0;
            ++y_;
        }
    }
    burst.last = y_ == work_.count_y;
    return burst;
}

}  // namespace arraywright::estimate
