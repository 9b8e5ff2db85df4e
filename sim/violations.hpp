// Protocol violations found by the monitors. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace arraywright::sim {

/// One rule broken on one channel in one cycle.
struct Violation {
    uint64_t cycle = 0;
    std::string_view channel;  ///< "AR", "W", "s_axil AW", ...
    std::string_view rule;     ///< permanent name, e.g. "burst-crosses-4k"
    std::string detail;

    /// "cycle 812: AR: burst-crosses-4k: ..."
    std::string to_string() const;
};

class ViolationLog {
public:
    void add(uint64_t cycle, std::string_view channel, std::string_view rule, std::string detail);
    bool empty() const { return violations_.empty(); }
    const std::vector<Violation>& violations() const { return violations_; }

private:
    static constexpr size_t kMaxKept = 20;
    std::vector<Violation> violations_;
};

}  // namespace arraywright::sim
