// Programs of host operators alone, run by the C runtime on a memory that the processor sees.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>
#include <map>
#include <stdexcept>
#include <vector>

#include "generator/compile/container.hpp"
#include "generator/compile/host_operators.hpp"
#include "generator/runtime/aw_runtime.h"

namespace arraywright::test {

/// Memory at bus addresses from kBase, as a host without caches maps it.
class HostMemory {
public:
    static constexpr uint64_t kBase = 0x1000;

    explicit HostMemory(size_t bytes) : bytes_(bytes, 0xa5) {
        device_.context = this;
        device_.write_memory = [](void* self, uint64_t address, const void* data, size_t count) {
            uint8_t* to = static_cast<HostMemory*>(self)->at(address, count);
            if (to != nullptr) std::memcpy(to, data, count);
            return to == nullptr ? 1 : 0;
        };
        device_.read_memory = [](void* self, uint64_t address, void* data, size_t count) {
            const uint8_t* from = static_cast<HostMemory*>(self)->at(address, count);
            if (from != nullptr) std::memcpy(data, from, count);
            return from == nullptr ? 1 : 0;
        };
        device_.map = [](void* self, uint64_t address, size_t count, aw_map_access) -> void* {
            return static_cast<HostMemory*>(self)->at(address, count);
        };
    }
    HostMemory(const HostMemory&) = delete;

    const aw_device* device() const { return &device_; }
    uint8_t* at(uint64_t address, size_t bytes) {
        const bool within = aw_range_within(address, bytes, kBase, kBase + bytes_.size());
        return within ? bytes_.data() + (address - kBase) : nullptr;
    }

private:
    std::vector<uint8_t> bytes_;
    aw_device device_{};
};

/// A program that runs every operator of a network on the host.
inline compile::Program host_program(const network::Network& network,
                                     const compile::ByteTable* table = nullptr) {
    compile::Program program;
    uint64_t address = HostMemory::kBase;
    std::map<int32_t, uint64_t> places;
    for (size_t t = 0; t < network.tensors.size(); ++t) {
        const network::Tensor& tensor = network.tensors[t];
        compile::Region region;
        region.name = tensor.name;
        region.address = address;
        region.bytes = static_cast<uint64_t>(tensor.bytes());
        region.tensor = static_cast<int32_t>(t);
        region.image = tensor.data;
        places[region.tensor] = address;
        address += (region.bytes + 63) / 64 * 64;
        program.regions.push_back(std::move(region));
    }
    program.end_address = address;
    for (size_t i = 0; i < network.operators.size(); ++i) {
        compile::Step step;
        step.kind = compile::Step::Kind::kHost;
        step.operator_index = static_cast<int32_t>(i);
        compile::HostOperatorsResult made = compile::make_host_operators(
            network, step.operator_index, [&places](int32_t t) { return places.at(t); }, table);
        if (!made.error.empty()) throw std::invalid_argument(made.error);
        step.host_operators = std::move(made.operators);
        program.steps.push_back(std::move(step));
    }
    return program;
}

/// Outputs of the network, from the container on through the runtime. Throws with the result's
/// number if a call of the runtime fails.
inline std::vector<std::vector<uint8_t>> run_on_host(
    const network::Network& network, const std::vector<std::vector<uint8_t>>& inputs,
    const compile::ByteTable* table = nullptr) {
    const auto check = [](aw_result result, const char* what) {
        if (result != AW_OK) throw std::runtime_error(what + std::to_string(result));
    };
    const compile::Program host = host_program(network, table);
    const std::vector<uint8_t> file = compile::write_container(host, network, "");
    aw_program program;
    check(aw_program_open(&program, file.data(), file.size()), "open: ");
    HostMemory memory(host.end_address - HostMemory::kBase);
    check(aw_load(memory.device(), &program), "load: ");
    for (size_t i = 0; i < inputs.size(); ++i) {
        check(aw_write_input(memory.device(), &program, static_cast<uint32_t>(i), inputs[i].data(),
                             inputs[i].size()),
              "input: ");
    }
    aw_report report;
    check(aw_run(memory.device(), &program, &report), "run: ");
    std::vector<std::vector<uint8_t>> outputs;
    for (size_t i = 0; i < network.outputs.size(); ++i) {
        const auto tensor = static_cast<size_t>(network.outputs[i]);
        outputs.emplace_back(static_cast<size_t>(network.tensors[tensor].bytes()));
        check(aw_read_output(memory.device(), &program, static_cast<uint32_t>(i),
                             outputs.back().data(), outputs.back().size()),
              "output: ");
    }
    return outputs;
}

}  // namespace arraywright::test
