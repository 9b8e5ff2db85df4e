// Specs that are accepted, and what is derived from them. SPDX-License-Identifier: Apache-2.0
#include "generator/spec/spec_reader.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "generator/spec/derived.hpp"
#include "generator/spec/reserved_words.hpp"
#include "generator/spec/sha256.hpp"

namespace {

using namespace arraywright::spec;

Spec accepted(const std::string& yaml) {
    const SpecResult result = parse_spec("folder/test.yaml", yaml);
    CAPTURE(result.diagnostics.render());
    REQUIRE(result.spec.has_value());
    return *result.spec;
}

}  // namespace

TEST_CASE("spec: everything but name and array has a default", "[spec]") {
    const std::string yaml = "name: edge16\narray: {rows: 16, cols: 12}\n";
    const Spec spec = accepted(yaml);
    const Spec defaults;
    CHECK(spec.name == "edge16");
    CHECK(spec.array.rows == 16);
    CHECK(spec.array.cols == 12);
    CHECK(spec.array.dataflow == Dataflow::kBroadcast);
    CHECK(spec.array.depthwise);
    CHECK(spec.array.tap_packing);
    CHECK(spec.arithmetic.accumulator_bits == defaults.arithmetic.accumulator_bits);
    CHECK(spec.buffers.weight_kib == defaults.buffers.weight_kib);
    CHECK(spec.bus.data_bits == defaults.bus.data_bits);
    CHECK(spec.control.queue_depth == defaults.control.queue_depth);
    CHECK(spec.file == "test.yaml");
    CHECK(spec.sha256 == sha256_hex(yaml));
    CHECK(spec.lines.name == 1);
    CHECK(spec.lines.cols == 2);
    CHECK(spec.lines.lanes == 0);
}

TEST_CASE("spec: every field is read, with its line", "[spec]") {
    const Spec spec = accepted(
        "\xEF\xBB\xBFname: 'x_1'\n"
        "array:\n  rows: 5\n  cols: 64\n  dataflow: weight_stationary\n"
        "arithmetic:\n  accumulator_bits: 20\n  on_overflow: trap\n"
        "buffers:\n  activation_kib: 1\n  weight_kib: 2\n  accumulator_kib: 3\n"
        "  activation_banks: 1\n  weight_banks: 4\n  accumulator_banks: 2\n"
        "vector: {lanes: 64}\n"
        "bus: {data_bits: 512,\n      address_bits: 40,\n      outstanding: 16}\n"
        "control: {queue_depth: 32, counters: false}\n");
    CHECK(spec.name == "x_1");
    CHECK(spec.array.dataflow == Dataflow::kWeightStationary);
    CHECK_FALSE(spec.array.depthwise);
    CHECK_FALSE(spec.array.tap_packing);
    CHECK(spec.arithmetic.accumulator_bits == 20);
    CHECK(spec.arithmetic.on_overflow == OnOverflow::kTrap);
    CHECK(spec.buffers.activation_kib == 1);
    CHECK(spec.buffers.weight_kib == 2);
    CHECK(spec.buffers.accumulator_kib == 3);
    CHECK(spec.buffers.activation_banks == 1);
    CHECK(spec.buffers.weight_banks == 4);
    CHECK(spec.buffers.accumulator_banks == 2);
    CHECK(spec.vector.lanes == 64);
    CHECK(spec.bus.data_bits == 512);
    CHECK(spec.bus.address_bits == 40);
    CHECK(spec.bus.outstanding == 16);
    CHECK(spec.control.queue_depth == 32);
    CHECK_FALSE(spec.control.counters);
    CHECK(spec.lines.dataflow == 5);
    CHECK(spec.lines.accumulator_banks == 15);
    CHECK(spec.lines.address_bits == 18);
    CHECK(spec.lines.queue_depth == 20);
}

TEST_CASE("spec: by default there is a lane a column", "[spec]") {
    CHECK(accepted("name: a\narray: {rows: 5, cols: 3}\n").vector.lanes == 3);
    CHECK(accepted("name: a\narray: {rows: 5, cols: 9}\n").vector.lanes == 9);
    CHECK(accepted("name: a\narray: {rows: 5, cols: 9}\nvector: {lanes: 4}\n").vector.lanes == 4);
}

TEST_CASE("spec: a serial vector unit has one lane, no operators and no tables", "[spec]") {
    const Spec spec = accepted("name: a\narray: {rows: 5, cols: 3}\nvector:\n  serial: true\n");
    CHECK(spec.vector.serial);
    CHECK(spec.vector.lanes == 1);
    CHECK_FALSE(spec.vector.elementwise);
    CHECK_FALSE(spec.vector.tables);
    CHECK(spec.lines.serial == 4);
    accepted(
        "name: a\narray: {rows: 5, cols: 3}\n"
        "vector: {serial: true, lanes: 1, elementwise: false, tables: false}\n");
    CHECK(accepted("name: a\narray: {rows: 5, cols: 3}\nvector: {serial: false}\n").vector.tables);
}

TEST_CASE("spec: sparsity that is switched off and empty sections are accepted", "[spec]") {
    accepted("name: a\narray: {rows: 1, cols: 1}\nsparsity:\nbus: {}\n");
    accepted(
        "name: a\narray: {rows: 1, cols: 1}\n"
        "sparsity: {structured: none, block: none, zero_gating: false}\n");
}

TEST_CASE("spec: banks that just hold what they must are accepted", "[spec]") {
    accepted("name: a\narray: {rows: 64, cols: 64}\nbuffers: {weight_kib: 8}\n");
    accepted(
        "name: a\narray: {rows: 64, cols: 16}\nbus: {data_bits: 512}\n"
        "buffers: {activation_kib: 1, activation_banks: 8, accumulator_kib: 1, "
        "accumulator_banks: 8}\n");
}

TEST_CASE("spec: a bad field is not compared with others", "[spec][error]") {
    const SpecResult result = parse_spec(
        "t", "name: a\narray: {rows: 64, cols: 640}\nbuffers: {weight_kib: 1}\nvector: {lanes: 9}");
    CHECK(result.diagnostics.errors().size() == 1);
}

TEST_CASE("derive: peak, storage per multiplier and safe reduction depth", "[spec]") {
    const DerivedFigures figures = derive(accepted("name: a\narray: {rows: 16, cols: 8}\n"));
    CHECK(figures.multipliers == 128);
    CHECK(figures.peak_macs_per_cycle == 128);
    CHECK(figures.safe_reduction_depth == 131'071);
    CHECK(figures.storage_kib == 272);
    CHECK(figures.storage.activation_bytes == 1024.0);
    CHECK(figures.storage.accumulator_bytes == 128.0);
    CHECK(figures.storage.total_bytes == 2176.0);
    CHECK(safe_reduction_depth(20) == 31);
}

TEST_CASE("reserved words: Verilog-2005 and SystemVerilog", "[spec]") {
    for (const char* word : {"module", "wire", "unsigned", "logic", "always_ff", "xor", "accept_on",
                             "endmodule", "untyped"}) {
        CHECK(is_verilog_reserved(word));
    }
    for (const char* word : {"edge16", "modules", "top", "core"}) {
        CHECK_FALSE(is_verilog_reserved(word));
    }
}

TEST_CASE("spec: a target chooses the banks that its RAMs need", "[spec]") {
    const auto read = [](const std::string& more) { return accepted("name: t\n" + more); };
    const Spec generic = read("array: {rows: 4, cols: 4}\n");
    CHECK(generic.target == Target::kGeneric);
    CHECK(!generic.has_two_port_rams());
    CHECK(generic.buffers.weight_banks == 2);
    CHECK(read("target: asic\narray: {rows: 4, cols: 4}\n").buffers.weight_banks == 2);
    const Spec xilinx = read("target: xilinx7\narray: {rows: 4, cols: 4}\n");
    CHECK(xilinx.has_two_port_rams());
    CHECK(xilinx.buffers.weight_banks == 1);
    CHECK(xilinx.buffers.accumulator_banks == 1);
    const std::string systolic = "array: {rows: 4, cols: 4, dataflow: weight_stationary}\n";
    CHECK(read("target: ice40\n" + systolic).buffers.accumulator_banks == 2);
    CHECK(read("target: ecp5\narray: {rows: 4, cols: 4}\nbuffers: {accumulator_banks: 4}\n")
              .buffers.accumulator_banks == 4);
    const Spec pipelined = read(systolic + "pipeline: {product: true}\n");
    CHECK(pipelined.pipeline.product);
    CHECK(pipelined.lines.product == 3);
}
