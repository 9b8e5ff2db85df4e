// A verilated DMA copier with a program, network and golden result for it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "sim/model_builder.hpp"
#include "sim/simulate.hpp"

namespace arraywright::sim::test {

inline std::filesystem::path test_cache() {
    return std::filesystem::path(AW_BINARY_DIR) / "test-cache";
}

/// The copier's source with other parameter values, in a folder of its own.
inline std::filesystem::path copier_source(int32_t address_bits, int32_t data_bits, bool trap) {
    std::ifstream stream(AW_SOURCE_DIR "/tests/unit/data/dma_copier.v");
    std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    const auto set = [&](const std::string& from, const std::string& to) {
        text.replace(text.find(from), from.size(), to);
    };
    set("A = 32", "A = " + std::to_string(address_bits));
    set("D = 64", "D = " + std::to_string(data_bits));
    set("TRAP = 0", trap ? "TRAP = 1" : "TRAP = 0");
    const std::filesystem::path folder =
        test_cache() / ("copier-" + std::to_string(address_bits) + "-" + std::to_string(data_bits) +
                        (trap ? "-trap" : ""));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "dma_copier.v") << text;
    return folder / "dma_copier.v";
}

/// Options of one copy command, which is one layer.
struct Copy {
    uint32_t flags = 0;  ///< 1 overflow, 2 hang, 4 drop AWVALID
    std::vector<uint32_t> overflow = {0, 0, 0, 0};
};

/// A chain of copies: tensor 0 to 1, 1 to 2 and so on. Owns what a request points to.
struct CopierCase {
    DesignInfo design;
    network::Network network;
    compile::Program program;
    std::vector<golden::Result> goldens;
    SimulationRequest request;

    CopierCase(int32_t data_bits, const std::vector<Copy>& copies, int32_t beats = 32,
               bool trap = false, bool traced = false, int32_t inputs = 1,
               int32_t address_bits = 32) {
        design.top = "dma_copier";
        design.rtl_files = {copier_source(address_bits, data_bits, trap)};
        design.data_bits = data_bits;
        design.address_bits = address_bits;
        design.on_overflow = trap ? golden::OnOverflow::kTrap : golden::OnOverflow::kWrap;
        const int32_t bytes = beats * data_bits / 8;
        add_network(copies.size(), bytes);
        add_program(copies, static_cast<uint32_t>(beats), static_cast<uint64_t>(bytes));
        add_runs(inputs, static_cast<size_t>(bytes));
        request.model_library =
            build_model({design.rtl_files, design.top, traced}, test_cache()).library;
        request.design = design;
        request.program = &program;
        request.network = &network;
        for (const golden::Result& golden : goldens) {
            request.runs.push_back({{golden.tensors[0]}, &golden});
        }
        request.options.progress = false;
    }
    CopierCase(const CopierCase&) = delete;

    static uint64_t tensor_address(size_t tensor) { return 0x10000 + 0x4000 * tensor; }

private:
    void add_network(size_t layers, int32_t bytes) {
        network.name = "copies";
        network.synthetic = true;
        for (size_t i = 0; i <= layers; ++i) {
            network::Tensor tensor;
            tensor.name = "t" + std::to_string(i);
            tensor.shape = {1, bytes};
            network.tensors.push_back(tensor);
        }
        network::Tensor weights;
        weights.name = "weights";
        weights.shape = {1, 4};
        network.tensors.push_back(weights);
        for (size_t i = 0; i < layers; ++i) {
            network::Operator op;
            op.name = "copy_" + std::to_string(i);
            op.input = static_cast<int32_t>(i);
            op.output = static_cast<int32_t>(i + 1);
            op.weights = static_cast<int32_t>(layers + 1);
            network.operators.push_back(op);
            compile::LayerInfo layer;
            layer.name = op.name;
            layer.op = "gemm";
            layer.block = "array";
            layer.output_tensor = op.output;
            layer.macs = bytes;
            layer.compulsory_bytes = 2 * bytes;
            program.layers.push_back(layer);
        }
        network.inputs = {0};
        network.outputs = {static_cast<int32_t>(layers)};
    }

    void add_program(const std::vector<Copy>& copies, uint32_t beats, uint64_t bytes) {
        compile::Region commands;
        commands.kind = compile::RegionKind::kCommands;
        commands.name = "commands";
        commands.address = 0x1000;
        for (size_t i = 0; i < copies.size(); ++i) {
            const std::vector<uint32_t>& where = copies[i].overflow;
            program.commands.push_back(one_addition(i, where));
            const auto layer = static_cast<int32_t>(i);
            program.loads.push_back({layer, 1});
            program.stores.push_back({layer, 1});
            const std::vector<uint32_t> words = {static_cast<uint32_t>(tensor_address(i)),
                                                 static_cast<uint32_t>(tensor_address(i + 1)),
                                                 beats,
                                                 copies[i].flags,
                                                 where[0],
                                                 where[1],
                                                 where[2],
                                                 where[3]};
            for (size_t word = 0; word < 16; ++word) {
                const uint32_t value = word < words.size() ? words[word] : 0;
                for (int shift = 0; shift < 32; shift += 8) {
                    commands.image.push_back(static_cast<uint8_t>(value >> shift));
                }
            }
        }
        commands.bytes = commands.image.size();
        program.command_address = commands.address;
        program.command_count = static_cast<uint32_t>(copies.size());
        compile::Step run;
        run.command_address = program.command_address;
        run.command_count = program.command_count;
        program.steps = {run};
        program.regions.push_back(commands);
        for (size_t i = 0; i <= copies.size(); ++i) {
            compile::Region tensor;
            tensor.name = network.tensors[i].name;
            tensor.address = tensor_address(i);
            tensor.bytes = bytes;
            tensor.tensor = static_cast<int32_t>(i);
            program.end_address = tensor.address + bytes;
            program.regions.push_back(tensor);
            program.tensor_regions.push_back(tensor.tensor);
        }
    }

    /// What the copier's overflow stands for: a command that makes this one addition.
    static isa::Command one_addition(size_t layer, const std::vector<uint32_t>& where) {
        isa::Command command(isa::Unit::kCompute, static_cast<int32_t>(layer));
        for (const char* count :
             {"count_n", "count_y", "count_x", "count_ky", "count_kx", "count_s"}) {
            command.set(count, 1);
        }
        command.set("channel_start", where[1]);
        command.set("pos_start", where[2]);
        command.set("step_start", where[3]);
        return command;
    }

    void add_runs(int32_t inputs, size_t bytes) {
        for (int32_t run = 0; run < inputs; ++run) {
            std::vector<uint8_t> data(bytes);
            for (size_t i = 0; i < bytes; ++i) {
                data[i] = static_cast<uint8_t>(mix64(i + 1000 * static_cast<size_t>(run)));
            }
            golden::Result result;
            result.layers.resize(network.operators.size());
            result.tensors.assign(network.operators.size() + 1, data);
            result.tensors.emplace_back();
            goldens.push_back(std::move(result));
        }
    }

    static uint64_t mix64(uint64_t value) {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U + 12345;
        return value ^ (value >> 27);
    }
};

/// Every failure sentence of a result, one a line.
inline std::string failures(const SimulationResult& result) {
    std::string text;
    for (const RunResult& run : result.runs) {
        for (const std::string& failure : run.failures) text += failure + "\n";
    }
    return text;
}

}  // namespace arraywright::sim::test
