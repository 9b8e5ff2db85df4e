// What the testbench must know of a planned design. SPDX-License-Identifier: Apache-2.0
#include "generator/cli/design_info.hpp"

#include "generator/estimate/timing.hpp"

namespace arraywright::cli {
namespace {

golden::OnOverflow golden_mode(spec::OnOverflow mode) {
    switch (mode) {
        case spec::OnOverflow::kWrap:
            return golden::OnOverflow::kWrap;
        case spec::OnOverflow::kSaturate:
            return golden::OnOverflow::kSaturate;
        case spec::OnOverflow::kTrap:
            return golden::OnOverflow::kTrap;
    }
    return golden::OnOverflow::kWrap;
}

}  // namespace

sim::DesignInfo design_info(const plan::Plan& plan) {
    sim::DesignInfo info;
    info.top = plan.spec.name;
    info.data_bits = plan.bus_bytes * 8;
    info.address_bits = plan.address_bits;
    info.rows = plan.rows;
    info.cols = plan.cols;
    info.lanes = plan.lanes;
    // A result is read, scaled and written before the next one.
    info.result_cycles = plan.serial ? static_cast<int32_t>(estimate::kSerialResult) + 1 : 1;
    info.weight_stationary = plan.weight_stationary;
    info.zero_gating = plan.zero_gating;
    info.counters = plan.counters;
    info.accumulator_bits = plan.accumulator_bits;
    info.on_overflow = golden_mode(plan.spec.arithmetic.on_overflow);
    // The load unit's bursts and two of the command fetch.
    info.outstanding_reads = plan.outstanding + 2;
    info.outstanding_writes = plan.outstanding;
    info.spec_sha256 = plan.spec.sha256;
    return info;
}

}  // namespace arraywright::cli
