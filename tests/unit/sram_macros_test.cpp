// SRAM macros: from Liberty to the tiles of every RAM. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <tuple>

#include "generator/emit/design.hpp"
#include "generator/liberty/sram_macro.hpp"
#include "generator/plan/ram_macros.hpp"
#include "generator/spec/spec_reader.hpp"
#include "sim/process.hpp"

using namespace arraywright;
namespace fs = std::filesystem;

namespace {

const std::string kLibrary = std::string(AW_SOURCE_DIR) + "/verif/macros.lib";

std::string error_of(const std::string& cell) {
    const fs::path file = fs::path(AW_BINARY_DIR) / "sram.lib";
    std::ofstream(file) << "library (l) {\n type (b8) { bit_width : 8; }\n type (b4) { bit_width : "
                           "4; }\n cell (m) {\n area : 1;\n"
                        << cell << "}\n}\n";
    try {
        liberty::read_sram_macros(file.string());
    } catch (const liberty::Error& error) {
        const std::string text = error.what();
        return text.substr(text.find("sram.lib: ") + 10);
    }
    return "none";
}

const std::string kMemory = "memory () { address_width : 4; word_width : 8; }\n";
const std::string kTimed = "direction : input; timing () { related_pin : \"C\"; }";
const std::string kData =
    "bus (A) { bus_type : b4; " + kTimed +
    " } bus (D) { bus_type : b8; direction : input; memory_write () { address : A; clocked_on : C; "
    "} } bus (Q) { bus_type : b8; direction : output; memory_read () { address : A; } }\n"
    "pin (C) { direction : input; }\n";
const std::string kEnable = "pin (CE) { " + kTimed + " }\n";
const std::string kWrite = "pin (WE) { " + kTimed + " }\n";

spec::SpecResult with_memories(const std::string& memories, const std::string& target = "asic") {
    const fs::path file = fs::path(AW_BINARY_DIR) / "sram-spec.yaml";
    std::ofstream(file) << "name: m\ntarget: " << target
                        << "\narray: {rows: 4, cols: 4}\nmemories: {" << memories << "}\n";
    return spec::read_spec(file.string());
}

std::string first_error(const spec::SpecResult& result) {
    const std::string text = result.diagnostics.render();
    return text.substr(0, text.find('\n'));
}

}  // namespace

TEST_CASE("SRAM macros: ports are known by what Liberty says of them", "[macros]") {
    const std::vector<liberty::SramMacro> macros = liberty::read_sram_macros(kLibrary);
    REQUIRE(macros.size() == 3);
    const liberty::SramMacro& masked = macros[0];
    CHECK(masked.words == 64);
    CHECK(masked.bits == 32);
    CHECK(masked.area == 1200);
    CHECK(masked.clock == "CLK");
    CHECK(masked.enable == "CEN");
    CHECK(masked.write_enable == "WEN");
    CHECK(masked.read_enable.empty());
    CHECK(masked.mask == "BWEN");
    CHECK(masked.write_data == "D");
    const std::vector<std::pair<std::string, int32_t>> idle = {
        {"MARGIN", 1}, {"TD", 32}, {"TA", 6}, {"TCLK", 1}};
    CHECK(masked.idle_inputs == idle);
    CHECK(macros[1].mask.empty());
    CHECK(macros[2].enable.empty());
    CHECK(macros[2].read_enable == "A_RE");
}

TEST_CASE("SRAM macros: what cannot be used is refused by name", "[macros]") {
    CHECK(error_of(kMemory + kData + kWrite + kEnable) == "none");
    CHECK(error_of(kMemory + kData + kWrite) ==
          "SRAM macro m: it has neither an enable nor a read enable: what it has read would not "
          "hold");
    CHECK(error_of(kMemory + kData + kWrite + "pin (SLEEP) {" + kTimed + "}") ==
          "SRAM macro m: SLEEP is timed by the clock and none of the enables that are known (WE, "
          "RE, CE and the like)");
    CHECK(error_of("memory () { address_width : 5; word_width : 8; }" + kData + kWrite) ==
          "SRAM macro m: bus A has 4 bits, its memory group says 5");
    CHECK(error_of("") == "no cell of it has a memory group: no SRAM macro");
    CHECK(error_of("memory () { word_width : 8; }" + kData + kWrite) ==
          "SRAM macro m: its memory group has no address_width or no word_width");
    CHECK(error_of(kMemory + kWrite) ==
          "SRAM macro m: it has no bus with memory_write and one with memory_read of one address");
    CHECK(error_of(kMemory + kData) ==
          "SRAM macro m: it has no write enable (WE...) timed by its clock");
    CHECK(error_of(kMemory + kData + kWrite + kEnable + "pin (CS) {" + kTimed + "}") ==
          "SRAM macro m: CE and CS look like the same pin");
    CHECK(error_of(kMemory + kData + kWrite + "bus (M) { bus_type : b4; " + kTimed + "}") ==
          "SRAM macro m: bus M is neither address nor data nor a mask (BM, BWE, BWEN, BWEB, WEM, "
          "WMASK, MASK) of 8 bits");
}

TEST_CASE("SRAM macros: the smallest area covers every word and bit", "[macros]") {
    const std::vector<liberty::SramMacro> macros = liberty::read_sram_macros(kLibrary);
    for (const int32_t words : {2, 31, 32, 33, 64, 65, 200, 512}) {
        for (const int32_t bits : {8, 24, 40, 72, 128}) {
            for (const int32_t write_bits : {8, bits}) {
                plan::Ram ram;
                ram.words = words;
                ram.bits = bits;
                ram.write_bits = write_bits;
                const plan::MacroTiling tiling = plan::tile_macros(ram, macros);
                CHECK(tiling.rows * tiling.macro->words >= words);
                CHECK((tiling.rows - 1) * tiling.macro->words < words);
                int32_t next = 0;
                for (const plan::MacroPart& part : tiling.parts) {
                    CHECK(part.first == next);
                    CHECK(part.bits <= tiling.macro->bits);
                    // Without a mask a macro never holds parts of two lanes.
                    if (tiling.macro->mask.empty())
                        CHECK(part.first / write_bits == (part.first + part.bits - 1) / write_bits);
                    next += part.bits;
                }
                CHECK(next == bits);
                for (const liberty::SramMacro& other : macros) {
                    CHECK(tiling.area() <= plan::tile_macros(ram, {other}).area());
                }
            }
        }
    }
}

// The template is the reference: random reads and writes of some lanes, and what is read must hold.
TEST_CASE("SRAM macros: RAMs of every port style do what the inferred RAM does", "[macros]") {
    const spec::SpecResult all =
        with_memories("library: " + kLibrary + ", tie_high: MARGIN, active_low: [CEN, WEN, BWEN]");
    REQUIRE(all.spec);
    const fs::path folder = fs::path(AW_BINARY_DIR) / "sram-bench";
    for (const liberty::SramMacro& macro : all.spec->memories.macros) {
        spec::Spec spec = *all.spec;
        spec.memories.macros = {macro};
        const std::vector<emit::File> files = emit::emit_design(plan::make_plan(spec));
        fs::remove_all(folder);
        fs::create_directories(folder);
        std::string inferred = emit::rtl_template("memory/aw_ram.v");
        inferred.replace(inferred.find("module aw_ram "), 13, "module inferred");
        std::ofstream(folder / "inferred.v") << inferred;
        for (const emit::File& file : files) {
            if (file.path.starts_with("models/") || file.path.starts_with("rtl/aw_ram"))
                std::ofstream(folder / fs::path(file.path).filename()) << file.text;
        }
        for (const auto& [lanes, lane_bits, words] :
             {std::tuple(16, 8, 1024), std::tuple(2, 128, 64), std::tuple(1, 32, 256)}) {
            std::ofstream(folder / "bench.sv") << fmt::format(
                R"(module bench;
    localparam LANES = {}, LANE_BITS = {}, DEPTH = {}, ADDR = $clog2(DEPTH);
    reg clk = 0, en; reg [LANES-1:0] we; reg [ADDR-1:0] addr; reg [LANES*LANE_BITS-1:0] data;
    wire [LANES*LANE_BITS-1:0] a, b;
    inferred #(.LANES(LANES), .LANE_BITS(LANE_BITS), .DEPTH(DEPTH), .ADDR_BITS(ADDR)) u_a (
        .clk(clk), .en_i(en), .we_i(we), .addr_i(addr), .wdata_i(data), .rdata_o(a));
    aw_ram   #(.LANES(LANES), .LANE_BITS(LANE_BITS), .DEPTH(DEPTH), .ADDR_BITS(ADDR)) u_b (
        .clk(clk), .en_i(en), .we_i(we), .addr_i(addr), .wdata_i(data), .rdata_o(b));
    integer i, j, wrong = 0;
    initial begin
        for (i = 0; i < DEPTH + 4000; i = i + 1) begin
            for (j = 0; j < LANES*LANE_BITS; j = j + 1) data[j] = $random;
            en   = i <= DEPTH || ($random & 3) != 0;
            we   = (i < DEPTH) ? ~0 : (i == DEPTH || ($random & 1)) ? 0 : $random;
            addr = (i < DEPTH) ? i : $random;
            #1 clk = 1; #1 clk = 0; #1;
            if (i >= DEPTH && a !== b) wrong = wrong + 1;
        end
        $display("wrong %0d", wrong);
        $finish;
    end
endmodule
)",
                lanes, lane_bits, words);
            const sim::ProcessResult built = sim::run_process(
                {"sh", "-c", "iverilog -g2012 -s bench -o bench *.v bench.sv && vvp -n bench"},
                folder);
            INFO(macro.cell << " " << words << " x " << lanes * lane_bits << "\n" << built.output);
            CHECK(built.exit_code == 0);
            CHECK(built.output.find("wrong 0\n") != std::string::npos);
        }
    }
}

TEST_CASE("SRAM macros: a spec names its library", "[macros]") {
    const std::string library = "library: " + kLibrary;
    const spec::SpecResult good = with_memories(library);
    REQUIRE(good.spec);
    const plan::Plan plan = plan::make_plan(*good.spec);
    int32_t models = 0;
    for (const emit::File& file : emit::emit_design(plan)) {
        models += file.path.starts_with("models/") ? 1 : 0;
        if (file.path == "rtl.f") CHECK(file.text.find("models/") == std::string::npos);
    }
    CHECK(models > 0);
    CHECK(first_error(with_memories(library, "ecp5"))
              .ends_with("sram-spec.yaml:4:21: error: the block RAMs of this target are inferred: "
                         "SRAM macros are "
                         "for asic and generic [conflict]"));
    CHECK(first_error(with_memories("library: nowhere.lib"))
              .ends_with("nowhere.lib: cannot be read [unreadable]"));
    CHECK(first_error(with_memories(library + ", tie_high: [CLK]"))
              .ends_with("'memories.tie_high': no macro of the library has an unused input 'CLK' "
                         "[bad-value]"));
    CHECK(first_error(with_memories(library + ", active_low: MARGIN"))
              .ends_with(
                  "'memories.active_low': no macro of the library has an enable or mask 'MARGIN' "
                  "[bad-value]"));
    CHECK(first_error(with_memories("library: []"))
              .ends_with("'memories.library' names no file [bad-value]"));
    CHECK(first_error(with_memories("tie_high: MARGIN")).ends_with("[missing-key]"));
}
