// Who owns the clock: SystemC or a plain loop. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "sim/memory_store.hpp"
#include "sim/model.hpp"
#include "sim/request.hpp"
#include "sim/testbench.hpp"

namespace arraywright::sim {

class ClockEngine {
public:
    virtual ~ClockEngine() = default;
    virtual Testbench& testbench() = 0;
    /// Clocks the testbench until its run is finished; begin_run comes first.
    virtual void run() = 0;
};

/// SystemC top: the model under an sc_clock, the memory behind TLM-2.0 sockets. Elaborated once;
/// each `run` goes on in simulated time. One at a time in a process.
std::unique_ptr<ClockEngine> make_systemc_engine(const SimulationRequest& request, Model& model,
                                                 MemoryStore& store);

/// The same testbench in a loop, without SystemC: the yardstick of its cost.
std::unique_ptr<ClockEngine> make_bare_engine(const SimulationRequest& request, Model& model,
                                              MemoryStore& store);

}  // namespace arraywright::sim
