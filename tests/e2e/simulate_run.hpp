// Spec text and network to a judged simulation, as `arraywright simulate` puts it together.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "generator/cli/design_info.hpp"
#include "generator/compile/compile.hpp"
#include "generator/emit/design.hpp"
#include "generator/network/workload_reader.hpp"
#include "generator/plan/plan.hpp"
#include "generator/spec/spec_reader.hpp"
#include "sim/model_builder.hpp"
#include "sim/simulate.hpp"
#include "tests/e2e/functional_bins.hpp"
#include "verif/golden/golden.hpp"

namespace arraywright::e2e {

/// The compiler's own words for a layer that this design cannot run.
class CannotCompile : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A folder that is removed with everything in it.
class ScratchFolder {
public:
    ScratchFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "aw-e2e-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot create " + name);
        path_ = name;
    }
    ~ScratchFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

inline void write_text(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream stream(file, std::ios::binary);
    stream << text;
    if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
}

inline std::string read_text(const std::string& file) {
    std::ifstream stream(file);
    if (!stream) throw std::runtime_error("cannot read " + file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// The plan of a spec; throws std::invalid_argument with the whole report for a wrong one.
inline plan::Plan plan_of(const std::string& spec_yaml) {
    const spec::SpecResult result = spec::parse_spec("spec.yaml", spec_yaml);
    if (!result.spec) throw std::invalid_argument(result.diagnostics.render());
    return plan::make_plan(*result.spec);
}

/// The network of a workload; throws std::invalid_argument with the whole report.
inline network::Network network_of(const std::string& workload_yaml) {
    network::WorkloadResult result = network::parse_workload("workload.yaml", workload_yaml);
    if (!result.network) throw std::invalid_argument(result.diagnostics.render());
    return std::move(*result.network);
}

/// Bytes of a tensor, per network input.
using Inputs = std::vector<std::vector<uint8_t>>;

/// The netlist that replaces the RTL of a spec: <hash of the spec>.v in the folder that
/// ARRAYWRIGHT_NETLISTS names; empty: none.
inline std::filesystem::path netlist_of(const std::string& spec_sha256) {
    const char* folder = std::getenv("ARRAYWRIGHT_NETLISTS");
    if (folder == nullptr || *folder == '\0') return {};
    const std::filesystem::path file = std::filesystem::path(folder) / (spec_sha256 + ".v");
    return std::filesystem::exists(file) ? file : std::filesystem::path();
}

/// RAMs with two ports invert a word that is written in the cycle of its read, which block RAMs
/// leave undefined: whoever depends on such a word reads a wrong one in every test.
inline std::string without_lucky_reads(const emit::File& file) {
    if (!file.path.ends_with("/aw_ram_two_port.v")) return file.text;
    const std::string read = "rdata_q <= mem_q[raddr_i[INDEX_BITS-1:0]]";
    const size_t at = file.text.find(read);
    if (at == std::string::npos) throw std::logic_error("aw_ram_two_port.v reads otherwise");
    std::string text = file.text;
    return text.insert(at + read.size(),
                       " ^ {PART{we_i && raddr_i[INDEX_BITS-1:0] == waddr_i[INDEX_BITS-1:0]}}");
}

/// One verilated accelerator, built once and used for many networks.
class Design {
public:
    explicit Design(const std::string& spec_yaml) : plan_(plan_of(spec_yaml)) {
        info_ = cli::design_info(plan_);
        const std::vector<emit::File> rtl = emit::rtl_files(emit::emit_design(plan_));
        // Verilator reads files; the model does not need them once it is built.
        const ScratchFolder folder;
        for (const emit::File& file : rtl) {
            write_text(folder.path() / file.path, without_lucky_reads(file));
            info_.rtl_files.push_back(folder.path() / file.path);
        }
        const std::filesystem::path netlist = netlist_of(plan_.spec.sha256);
        library_ = netlist.empty()
                       ? sim::build_model({info_.rtl_files, info_.top, false, false}).library
                       : sim::build_model({{netlist}, info_.top, false, true}).library;
    }

    const plan::Plan& plan() const { return plan_; }
    const sim::DesignInfo& info() const { return info_; }
    const std::filesystem::path& library() const { return library_; }

    /// Throws CannotCompile.
    compile::Program compile(const network::Network& network,
                             const compile::CompileOptions& options = {}) const {
        compile::CompileResult result = compile::compile_network(network, plan_, options);
        if (result.errors.empty()) return std::move(result.program);
        std::string text;
        for (const compile::CompileError& error : result.errors) {
            text += fmt::format("{}: {}\n", error.layer, error.message);
        }
        throw CannotCompile(text);
    }

    golden::AccumulatorModel accumulator() const {
        return {plan_.accumulator_bits, info_.on_overflow, plan_.rows, plan_.zero_gating};
    }

    /// Runs `inputs` one after the other, each compared with the golden kernel.
    sim::SimulationResult run(const network::Network& network, const compile::Program& program,
                              const std::vector<Inputs>& inputs,
                              const sim::SimulationOptions& options = {}) const {
        sim::SimulationRequest request;
        request.program = &program;
        request.network = &network;
        request.design = info_;
        request.model_library = library_;
        request.options = options;
        std::vector<golden::Result> expected;
        expected.reserve(inputs.size());
        for (const Inputs& input : inputs) {
            expected.push_back(golden::run(network, input, accumulator()));
            request.runs.push_back({input, &expected.back()});
        }
        const sim::SimulationResult result = sim::simulate(request);
        record_bins(functional_bins(network, program, plan_, options.memory, result));
        return result;
    }

    /// A workload on its own data, `runs` times on the same model.
    sim::SimulationResult run(const std::string& workload_yaml,
                              const sim::SimulationOptions& options = {}, size_t runs = 1) const {
        const network::Network network = network_of(workload_yaml);
        const std::vector<Inputs> inputs(runs, network.synthetic_inputs);
        return run(network, compile(network), inputs, options);
    }

private:
    plan::Plan plan_;
    sim::DesignInfo info_;
    std::filesystem::path library_;
};

/// Every failure sentence of every run, one a line; empty when nothing is wrong.
inline std::string failures(const sim::SimulationResult& result) {
    std::string text;
    for (const sim::RunResult& run : result.runs) {
        for (const std::string& failure : run.failures) text += failure + "\n";
    }
    if (result.runs.size() < result.requested_runs) text += "not all inputs were run\n";
    return text;
}

}  // namespace arraywright::e2e
