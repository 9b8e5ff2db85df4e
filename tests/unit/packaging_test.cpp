// What other tools take in: IP-XACT, FuseSoC, file list. SPDX-License-Identifier: Apache-2.0
#include <yaml-cpp/yaml.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "generator/emit/design.hpp"
#include "generator/emit/ports.hpp"
#include "generator/isa/registers.hpp"
#include "generator/plan/rams.hpp"
#include "generator/spec/spec_reader.hpp"
#include "generator/synth/cells.hpp"
#include "generator/synth/tool.hpp"
#include "sim/process.hpp"

using namespace arraywright;
namespace fs = std::filesystem;

namespace {

plan::Plan plan_of(const std::string& yaml) {
    const spec::SpecResult result = spec::parse_spec("packaged.yaml", yaml);
    INFO(result.diagnostics.render());
    REQUIRE(result.spec);
    return plan::make_plan(*result.spec);
}

const emit::File& file_of(const std::vector<emit::File>& files, const std::string& path) {
    for (const emit::File& file : files) {
        if (file.path == path) return file;
    }
    throw std::runtime_error(path + " is not there");
}

std::set<std::string> rtl_of(const std::vector<emit::File>& files) {
    std::set<std::string> rtl;
    for (const emit::File& file : emit::rtl_files(files)) rtl.insert(file.path);
    return rtl;
}

size_t count(const std::string& text, const std::string& part) {
    size_t n = 0;
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
}

const char* const kSpecs[] = {
    "name: packaged\narray: {rows: 5, cols: 3}\n",
    "name: packaged\narray: {rows: 4, cols: 4, dataflow: weight_stationary}\ntarget: asic\n"
    "bus: {data_bits: 512, address_bits: 64}\nsparsity: {codecs: true}\n",
    "name: packaged\narray: {rows: 16, cols: 2}\ntarget: xilinx7\nbus: {address_bits: 63}\n",
    "name: packaged\narray: {rows: 8, cols: 8}\nbuffers: {activation_kib: 20, weight_kib: 7, "
    "accumulator_kib: 3}\nsparsity: {structured: '2:4', block: 8, codebook: 256, codecs: true, "
    "zero_gating: true}\n"};

}  // namespace

TEST_CASE("packaging: the FuseSoC core and the file list name every Verilog file", "[packaging]") {
    for (const char* spec : kSpecs) {
        const std::vector<emit::File> files = emit::emit_design(plan_of(spec));
        const std::string& text = file_of(files, "packaged.core").text;
        REQUIRE(text.starts_with("CAPI=2:\n"));
        const YAML::Node core = YAML::Load(text.substr(text.find('\n') + 1));
        std::set<std::string> listed;
        for (const YAML::Node& file : core["filesets"]["rtl"]["files"])
            listed.insert(file.as<std::string>());
        CHECK(listed == rtl_of(files));
        CHECK(core["filesets"]["rtl"]["file_type"].as<std::string>() == "verilogSource-2005");
        for (const auto& target : core["targets"]) {
            CHECK(target.second["toplevel"].as<std::string>() == "packaged");
            CHECK(core["filesets"][target.second["filesets"][0].as<std::string>()]);
        }
        for (const std::string& path : rtl_of(files))
            CHECK(file_of(files, "rtl.f").text.find(path + "\n") != std::string::npos);
    }
}

TEST_CASE("packaging: IP-XACT names every port, register and file", "[packaging]") {
    for (const char* spec : kSpecs) {
        const plan::Plan plan = plan_of(spec);
        const std::vector<emit::File> files = emit::emit_design(plan);
        const std::string& xml = file_of(files, "packaged.xml").text;
        const std::vector<emit::Port> ports = emit::top_port_list(plan);
        CHECK(count(xml, "<ipxact:port>") == ports.size());
        for (const emit::Port& port : ports) {
            CHECK(xml.find("<ipxact:name>" + port.name + "</ipxact:name>") != std::string::npos);
            // Clock and reset belong to both buses.
            if (port.role.empty()) continue;
            CHECK(xml.find("<ipxact:name>" + port.role + "</ipxact:name>") != std::string::npos);
        }
        CHECK(count(xml, "<ipxact:register>") == isa::registers().size());
        CHECK(count(xml, "<ipxact:file>") == rtl_of(files).size());
    }
}

TEST_CASE("packaging: the data sheet's memories are those of the RTL", "[packaging]") {
    const fs::path folder = fs::path(AW_BINARY_DIR) / "packaging-rams";
    for (const char* spec : kSpecs) {
        const plan::Plan plan = plan_of(spec);
        fs::remove_all(folder);
        fs::create_directories(folder / "rtl");
        for (const emit::File& file : emit::rtl_files(emit::emit_design(plan)))
            std::ofstream(folder / file.path) << file.text;
        const sim::ProcessResult result =
            sim::run_process({"yosys", "-q", "-p",
                              "read_verilog rtl/*.v; hierarchy -top packaged; proc; "
                              "tee -q -o stat.txt stat"},
                             folder);
        INFO(result.output);
        REQUIRE(result.exit_code == 0);
        const auto modules = synth::read_modules(synth::read_text(folder / "stat.txt"));
        int64_t bits = 0;
        int64_t instances = 0;
        const std::function<void(const std::string&)> add = [&](const std::string& name) {
            const synth::ModuleCells& module = modules.at(name);
            if (name.find("aw_ram") != std::string::npos) {
                ++instances;
                bits += module.memory_bits;
            }
            for (const auto& [cell, number] : module.cells) {
                if (!modules.contains(cell)) continue;
                for (int64_t i = 0; i < number; ++i) add(cell);
            }
        };
        add("packaged");
        int64_t listed_bits = 0;
        int64_t listed = 0;
        for (const plan::Ram& ram : plan::ram_list(plan)) {
            listed += ram.count;
            listed_bits += ram.count * ram.words * ram.bits;
        }
        CHECK(listed == instances);
        CHECK(listed_bits == bits);
    }
}

TEST_CASE("packaging: IP-XACT is valid by the schema of IEEE 1685-2022", "[packaging]") {
    const char* data = std::getenv("ARRAYWRIGHT_DATA");
    const fs::path schema =
        fs::path(data != nullptr ? data : AW_SOURCE_DIR "/../shared") / "ipxact-2022/index.xsd";
    if (!fs::exists(schema) || sim::find_program("xmllint").empty()) {
        WARN("skipped: " << schema << " or xmllint is not there");
        return;
    }
    const fs::path folder = fs::path(AW_BINARY_DIR) / "packaging-test";
    fs::create_directories(folder);
    for (const char* spec : kSpecs) {
        const std::vector<emit::File> files = emit::emit_design(plan_of(spec));
        std::ofstream(folder / "packaged.xml") << file_of(files, "packaged.xml").text;
        const sim::ProcessResult result = sim::run_process(
            {"xmllint", "--nonet", "--noout", "--schema", schema.string(), "packaged.xml"}, folder);
        INFO(result.output);
        CHECK(result.exit_code == 0);
    }
}
