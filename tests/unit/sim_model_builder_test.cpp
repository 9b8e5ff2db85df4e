// Cache and errors of the model builder. SPDX-License-Identifier: Apache-2.0
#include "sim/model_builder.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "generator/files/staging.hpp"
#include "sim/model.hpp"
#include "sim/model_tools.hpp"

using namespace arraywright::sim;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

/// An empty cache and source folder of this test.
struct Folder {
    fs::path path;
    explicit Folder(const std::string& name)
        : path(fs::path(AW_BINARY_DIR) / ("model-builder-" + name)) {
        fs::remove_all(path);
        fs::create_directories(path / "src");
    }
    fs::path source(const std::string& name, const std::string& text) const {
        std::ofstream(path / "src" / name) << text;
        return path / "src" / name;
    }
    fs::path cache() const { return path / "cache"; }
    size_t staging_folders() const {
        size_t count = 0;
        for (const fs::directory_entry& entry : fs::directory_iterator(cache())) {
            count += arraywright::files::staging_owner(entry.path()) != 0 ? 1 : 0;
        }
        return count;
    }
};

constexpr char kCounter[] =
    "module counter(input wire clk, input wire [6:0] step_i, output reg [39:0] count_o,\n"
    "               output wire [95:0] wide_o);\n"
    "    initial count_o = 0;\n"
    "    always @(posedge clk) count_o <= count_o + {33'd0, step_i};\n"
    "    assign wide_o = {56'd0, count_o} << 33;\n"
    "endmodule\n";

void* data_of(const Model& model, const std::string& name) {
    for (const aw_port& port : model.ports()) {
        if (name == port.name) return port.data;
    }
    return nullptr;
}

}  // namespace

TEST_CASE("model builder: builds, caches by bytes, and two models live side by side", "[sim]") {
    const Folder folder("cache");
    const fs::path source = folder.source("counter.v", kCounter);
    const BuiltModel built = build_model({{source}, "counter", false}, folder.cache());
    REQUIRE_FALSE(built.from_cache);
    REQUIRE(folder.staging_folders() == 0);
    REQUIRE(build_model({{source}, "counter", false}, folder.cache()).from_cache);

    std::string faster = kCounter;
    faster.replace(faster.find("step_i};"), 8, "step_i} + 40'd1;");
    const BuiltModel second =
        build_model({{folder.source("counter.v", faster)}, "counter", false}, folder.cache());
    REQUIRE_FALSE(second.from_cache);
    REQUIRE(second.library != built.library);

    Model slow(built.library);
    Model fast(second.library);
    for (Model* model : {&slow, &fast}) {
        auto* clock = static_cast<uint8_t*>(data_of(*model, "clk"));
        *static_cast<uint8_t*>(data_of(*model, "step_i")) = 100;
        model->eval();  // an edge is a change between two evaluations
        for (int i = 0; i < 20; ++i) {
            *clock ^= 1;
            model->eval();
        }
    }
    REQUIRE(*static_cast<uint64_t*>(data_of(slow, "count_o")) == 1000);
    REQUIRE(*static_cast<uint64_t*>(data_of(fast, "count_o")) == 1010);
    REQUIRE(static_cast<uint32_t*>(data_of(slow, "wide_o"))[1] == 2000);
    for (const aw_port& port : slow.ports()) {
        if (std::string(port.name) == "count_o") REQUIRE((port.bits == 40 && port.is_input == 0));
        if (std::string(port.name) == "step_i") REQUIRE((port.bits == 7 && port.is_input == 1));
    }
    REQUIRE_THROWS_WITH(slow.open_trace(folder.path / "x.fst"), Contains("without tracing"));
}

TEST_CASE("model builder: two builds of one design at once give one model", "[sim]") {
    const Folder folder("race");
    const fs::path source = folder.source("counter.v", kCounter);
    BuiltModel first, second;
    {
        std::jthread a([&] { first = build_model({{source}, "counter", false}, folder.cache()); });
        std::jthread b([&] { second = build_model({{source}, "counter", false}, folder.cache()); });
    }
    REQUIRE(first.library == second.library);
    REQUIRE(first.from_cache != second.from_cache);
    REQUIRE(folder.staging_folders() == 0);
}

TEST_CASE("model builder: what a killed build left behind is not used and goes away", "[sim]") {
    const Folder folder("stale");
    fs::create_directories(folder.cache() / ".x.arraywright-2147483646");
    const fs::path live = folder.cache() / (".x.arraywright-" + std::to_string(::getppid()));
    fs::create_directories(live);
    build_model({{folder.source("counter.v", kCounter)}, "counter", false}, folder.cache());
    REQUIRE_FALSE(fs::exists(folder.cache() / ".x.arraywright-2147483646"));
    REQUIRE(fs::exists(live));
}

TEST_CASE("model builder: a damaged library is built again", "[sim]") {
    const Folder folder("damaged");
    const fs::path source = folder.source("counter.v", kCounter);
    const BuiltModel built = build_model({{source}, "counter", false}, folder.cache());
    const auto size = fs::file_size(built.library);
    fs::resize_file(built.library, 5000);
    CHECK_FALSE(build_model({{source}, "counter", false}, folder.cache()).from_cache);
    CHECK(fs::file_size(built.library) == size);
    CHECK(build_model({{source}, "counter", false}, folder.cache()).from_cache);
}

TEST_CASE("model builder: verilator's errors are shown with its own lines", "[sim][error]") {
    const Folder folder("error");
    const fs::path bad =
        folder.source("bad.v", "module bad(input wire a);\n  wire b = a +;\nendmodule\n");
    REQUIRE_THROWS_WITH(build_model({{bad}, "bad", false}, folder.cache()),
                        Contains("verilating bad failed (verilator exited with 1)") &&
                            Contains("bad.v:2:") && Contains("syntax error"));
    REQUIRE(folder.staging_folders() == 0);
    const fs::path width = folder.source("width.v",
                                         "module width(input wire [3:0] a, output wire [1:0] b);\n"
                                         "  assign b = a;\nendmodule\n");
    REQUIRE_THROWS_WITH(build_model({{width}, "width", false}, folder.cache()),
                        Contains("%Warning-WIDTH") && Contains("width.v:2:"));
}

TEST_CASE("model builder: missing sources, tools and unusable caches are errors", "[sim][error]") {
    const Folder folder("missing");
    const fs::path source = folder.source("counter.v", kCounter);
    REQUIRE_THROWS_WITH(build_model({{"/nonexistent.v"}, "x", false}, folder.cache()),
                        "cannot read /nonexistent.v");
    REQUIRE_THROWS_AS(build_model({{source}, "counter", false}, source), fs::filesystem_error);
    if (fs::exists("/dev/full")) {
        REQUIRE_THROWS_WITH(write_file("/dev/full", "x"), "cannot write /dev/full");
    }
    ::setenv("CXX", "no-such-compiler", 1);
    REQUIRE_THROWS_WITH(build_model({{source}, "counter", false}, folder.cache()),
                        "cannot run 'no-such-compiler'; it is in Debian's package 'g++'");
    ::unsetenv("CXX");
}

TEST_CASE("model: a file that is no model is refused", "[sim][error]") {
    REQUIRE_THROWS_WITH(Model("/etc/hostname"), Contains("/etc/hostname"));
    REQUIRE_THROWS_WITH(Model("/usr/lib/x86_64-linux-gnu/libz.so.1"),
                        Contains("not an arraywright model: no aw_model_abi_version"));
}
