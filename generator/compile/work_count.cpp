// Work of a program. SPDX-License-Identifier: Apache-2.0
#include "generator/compile/work_count.hpp"

#include <algorithm>
#include <initializer_list>

namespace arraywright::compile {

namespace {

int64_t product(const isa::Command& command, std::initializer_list<const char*> fields) {
    int64_t value = 1;
    for (const char* field : fields) value *= command.get(field);
    return value;
}

}  // namespace

int64_t array_cycles(const plan::Plan& plan, const isa::Command& command, const TileLists* lists) {
    if (lists != nullptr) return tile_total(*lists) * product(command, {"count_x", "count_y"});
    const bool has_modes = plan.depthwise || plan.tap_packing;
    switch (has_modes ? command.get("mode") : 0) {
        case 1:
            // Pixels that stream in: the array waits for the windows that they complete.
            return product(command, {"count_n", "count_x", "count_y"});
        case 2:
            return product(command, {"count_n", "count_x", "count_y", "count_kx"});
        default:
            return product(command,
                           {"count_n", "count_x", "count_y", "count_kx", "count_ky", "count_s"});
    }
}

int64_t load_cycles(const plan::Plan& plan, const isa::Command& command) {
    return product(command, {"count_x", "count_y"}) *
           ((command.get("run_bytes") + plan.bus_bytes - 1) / plan.bus_bytes);
}

uint64_t bursts(const plan::Plan& plan, const isa::Command& command) {
    const auto burst = static_cast<uint64_t>(plan.burst_bytes);
    const auto run = static_cast<uint64_t>(command.get("run_bytes"));
    const auto stride_x = static_cast<uint64_t>(command.get("stride_x"));
    const auto count_x = static_cast<uint64_t>(command.get("count_x"));
    const auto count_y = static_cast<uint64_t>(command.get("count_y"));
    uint64_t row = static_cast<uint64_t>(command.get("address"));
    uint64_t count = 0;
    for (uint64_t y = 0; y < count_y; ++y, row += static_cast<uint64_t>(command.get("stride_y"))) {
        uint64_t at = row;
        for (uint64_t x = 0; x < count_x; ++x, at += stride_x)
            count += (at + run - 1) / burst - at / burst + 1;
    }
    return count;
}

void count_work(const plan::Plan& plan, Program& program) {
    for (size_t i = 0; i < program.commands.size(); ++i) {
        const isa::Command& command = program.commands[i];
        LayerInfo& info = program.layers[static_cast<size_t>(command.get("layer"))];
        switch (command.unit()) {
            case isa::Unit::kLoad:
                info.loaded_bytes += product(command, {"run_bytes", "count_x", "count_y"});
                break;
            case isa::Unit::kStore:
                info.stored_bytes += product(command, {"run_bytes", "count_x", "count_y"});
                break;
            case isa::Unit::kCompute:
                info.array_steps += array_cycles(plan, command, program.lists_of(i));
                break;
            case isa::Unit::kVector:
                info.vector_results +=
                    product(command, {"count_x", "count_y"}) *
                    ((command.get("count_n") - 1) * plan.cols + command.get("last_cols"));
                break;
        }
    }
}

void add_transfer(const plan::Plan& plan, const std::vector<CodedTensor>& coded,
                  const isa::Command& command, std::vector<Transfer>& transfers) {
    const auto layer = static_cast<int32_t>(command.get("layer"));
    if (command.get("coded") == 0) {
        transfers.push_back({layer, bursts(plan, command)});
        return;
    }
    const auto address = static_cast<uint64_t>(command.get("address"));
    const auto tensor = std::find_if(coded.begin(), coded.end(), [&](const CodedTensor& one) {
        return address >= one.low && address < one.high;
    });
    const bool same = !transfers.empty() && transfers.back().coded &&
                      transfers.back().layer == layer && transfers.back().low == tensor->low;
    if (!same) transfers.push_back({layer, 0, true, tensor->low, tensor->high});
}

}  // namespace arraywright::compile
