// Log of protocol violations. SPDX-License-Identifier: Apache-2.0
#include "sim/violations.hpp"

#include <fmt/format.h>

namespace arraywright::sim {

std::string Violation::to_string() const {
    return fmt::format("cycle {}: {}: {}: {}", cycle, channel, rule, detail);
}

void ViolationLog::add(uint64_t cycle, std::string_view channel, std::string_view rule,
                       std::string detail) {
    if (violations_.size() < kMaxKept) {
        violations_.push_back({cycle, channel, rule, std::move(detail)});
    }
}

}  // namespace arraywright::sim
