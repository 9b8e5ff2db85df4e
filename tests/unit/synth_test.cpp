// What the synthesis flows read: logs, Liberty files, cell counts. SPDX-License-Identifier:
// Apache-2.0
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "generator/liberty/liberty.hpp"
#include "generator/synth/cells.hpp"
#include "generator/synth/tool.hpp"

using namespace arraywright;
namespace fs = std::filesystem;

namespace {

constexpr const char* kLibrary = R"LIB(/* two cells */
library (small) {
  delay_model : table_lookup;
  lu_table_template (t) { variable_1 : input_net_transition; index_1 ("0.1, 0.2"); }
  cell (BUF2) {
    area : 4.5;
    pin (A) { direction : input; }
    pin (Y) { direction : output; function : "(A)";
}
}
cell("BUF1") {
area:
    3.5;
    pin(A) {
    direction:
        input;
    }
    pin(Y) {
    direction:
        output;
    function:
        "A";
    }
}
cell(INV) {
area:
    1;
    pin(A) {
    direction:
        input;
    }
    pin(Y) {
    direction:
        output;
    function:
        "!A";
    }
}
}
)LIB";

fs::path folder() {
    const fs::path path = fs::path(AW_BINARY_DIR) / "synth-test";
    fs::create_directories(path);
    return path;
}

fs::path written(const std::string& name, const std::string& text) {
    synth::write_text(folder() / name, text);
    return folder() / name;
}

}  // namespace

TEST_CASE("synth: the line of a log that says what failed", "[synth]") {
    CHECK(synth::failing_line("reading\nERROR: no module 'x'\nbye\n") == "ERROR: no module 'x'");
    CHECK(synth::failing_line("a.v:3: ERROR: syntax\n") == "a.v:3: ERROR: syntax");
    CHECK(synth::failing_line("one\n two  \n\n") == "two");
    CHECK(synth::failing_line("\n") == "it printed nothing");
}

TEST_CASE("synth: a tool that is missing or fails is named", "[synth]") {
    CHECK_THROWS_WITH(synth::run_tool({"aw-no-such-tool", "none"}, {}, folder(), "log"),
                      "aw-no-such-tool is not installed (Debian package none)");
    CHECK_THROWS_WITH(
        synth::run_tool({"sh", "dash"}, {"-c", "echo Error: it broke"}, folder(), "log"),
        "sh failed: Error: it broke");  // whatever the exit code
    CHECK_THROWS_WITH(synth::run_tool({"sh", "dash"}, {"-c", "echo last; exit 3"}, folder(), "log"),
                      "sh failed: last");
    CHECK(synth::run_tool({"sh", "dash"}, {"-c", "echo fine"}, folder(), "log") == "fine\n");
    CHECK(synth::read_text(folder() / "log") == "fine\n");
}

TEST_CASE("synth: Liberty groups, attributes and the smallest buffer", "[synth]") {
    const liberty::Group library = liberty::read_liberty(written("small.lib", kLibrary));
    CHECK(library.title() == "small");
    CHECK(library.attribute("delay_model") == "table_lookup");
    REQUIRE(library.groups.size() == 4);
    CHECK(library.groups[0].attribute("index_1") == "0.1, 0.2");
    CHECK(library.groups[1].attribute("area") == "4.5");
    CHECK(library.groups[2].title() == "BUF1");
    CHECK(liberty::smallest_buffer(library) == "BUF1");
}

TEST_CASE("synth: Liberty files become one, with the header of the first", "[synth]") {
    const fs::path other =
        written("other.lib",
                "library (other) { time_unit : \"1ns\"; cell (BUF0) { area : 1; pin (A) { "
                "direction : input; } pin (Y) { direction : output; function : A; } } }\n");
    const fs::path merged =
        written("merged.lib", liberty::merged_liberty({written("small.lib", kLibrary), other}));
    const liberty::Group library = liberty::read_liberty(merged);
    CHECK(library.title() == "small");
    CHECK(library.groups.size() == 5);
    CHECK(liberty::smallest_buffer(library) == "BUF0");
}

TEST_CASE("synth: Liberty errors have a file and a line", "[synth]") {
    const auto error = [](const std::string& text) {
        try {
            liberty::read_liberty(written("bad.lib", text));
        } catch (const liberty::Error& thrown) {
            return fs::path(thrown.what()).filename().string();
        }
        return std::string("none");
    };
    CHECK(error("") == "bad.lib:1: expected a group: name (arguments) {");
    CHECK(error("cell (A) { }") == "bad.lib:1: a file begins with library (name) { ... }");
    CHECK(error("library (A) {\n cell (B) {\n") == "bad.lib:3: group cell has no end");
    CHECK(error("library (A) {\n area\n}") == "bad.lib:3: expected ':' or '(' after 'area'");
    CHECK(error("library (A) { x : \"1; }") == "bad.lib:1: a quote without an end");
    CHECK(error("library (A) { /* }") == "bad.lib:1: a comment without an end");
    CHECK(error("\x1f\x8b...").find("is packed") != std::string::npos);
}

TEST_CASE("synth: cells count as often as their module occurs", "[synth]") {
    const std::string stat =
        "\n=== top ===\n\n   Number of wires:   9\n   Number of memory bits:   64\n"
        "   Number of cells:   4\n     $paramod\\pair\\A=s32'1      3\n     LUT2        1\n\n"
        "=== $paramod\\pair\\A=s32'1 ===\n\n   Number of cells:    3\n     FDRE     1\n"
        "     LUT2     2\n\n=== design hierarchy ===\n\n   top       1\n     FDRE     3\n";
    CHECK(synth::read_modules(stat).at("top").memory_bits == 64);
    const synth::CellCounts cells = synth::read_cells(stat, "top");
    CHECK(cells == synth::CellCounts{{"FDRE", 3}, {"LUT2", 7}});
    synth::Figures figures;
    figures.cells = cells;
    synth::count_fpga_cells(spec::Target::kXilinx7, figures);
    CHECK(figures.luts == 7);
    CHECK(figures.flip_flops == 3);
    figures.cells["$_DLATCH_P_"] = 1;
    CHECK_THROWS_WITH(synth::count_fpga_cells(spec::Target::kXilinx7, figures),
                      "yosys left a cell that this target does not have: 1 x $_DLATCH_P_");
    CHECK_THROWS_AS(synth::read_cells("{", "top"), synth::ToolError);
}
