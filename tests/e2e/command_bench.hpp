// Runs hand-made programs on a verilated design, through AXI. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/isa/commands.hpp"
#include "generator/plan/plan.hpp"
#include "sim/engine.hpp"

namespace arraywright::e2e {

/// One design with its testbench, for many programs.
class CommandBench {
public:
    CommandBench(const std::string& spec_yaml, const sim::MemoryConfig& memory);
    CommandBench(const CommandBench&) = delete;

    const plan::Plan& plan() const { return plan_; }
    /// Contents and mapped ranges of the memory; the commands come beside them.
    sim::MemoryStore& store() { return store_; }
    /// Forgets the memory; what nobody sets reads as random bytes that follow from `seed`.
    void clear(uint64_t seed) { store_.clear(seed); }
    /// Runs `commands`, which lie at `address`; "" or how the run went wrong. An error that the
    /// design reports is none.
    std::string run(const std::vector<isa::Command>& commands, uint64_t address);
    /// What the host knows after the last run.
    const sim::HostReport& report() const { return report_; }
    /// "" or the error of the last run and its command.
    std::string error_text() const;

private:
    void set_program(const std::vector<isa::Command>& commands, uint64_t address);

    plan::Plan plan_;
    compile::Program program_;
    network::Network network_;
    sim::SimulationRequest request_;
    sim::MemoryStore store_;
    sim::HostReport report_;
};

}  // namespace arraywright::e2e
