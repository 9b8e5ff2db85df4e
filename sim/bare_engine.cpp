// Plain C++ loop around the testbench. SPDX-License-Identifier: Apache-2.0
#include "sim/engine.hpp"

namespace arraywright::sim {
namespace {

class BareEngine final : public ClockEngine {
public:
    BareEngine(const SimulationRequest& request, Model& model, MemoryStore& store)
        : port_(store), testbench_(request, model, port_, store) {}

    Testbench& testbench() override { return testbench_; }
    void run() override {
        while (!testbench_.finished()) {
            testbench_.rising();
            testbench_.falling();
        }
    }

private:
    DirectMemoryPort port_;
    Testbench testbench_;
};

}  // namespace

std::unique_ptr<ClockEngine> make_bare_engine(const SimulationRequest& request, Model& model,
                                              MemoryStore& store) {
    return std::make_unique<BareEngine>(request, model, store);
}

}  // namespace arraywright::sim
