// Every diagnostic of specs and workloads, byte by byte. SPDX-License-Identifier: Apache-2.0
//
// <id>__<case>.yaml must be refused with the text of <id>__<case>.expected, which holds [id].
// Files here are specs, those in workload/ are workloads. UPDATE_EXPECTED=1 rewrites the texts.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>

#include "generator/network/workload_reader.hpp"
#include "generator/spec/diagnostics.hpp"
#include "generator/spec/spec_reader.hpp"

namespace {

namespace fs = std::filesystem;
namespace spec = arraywright::spec;

const fs::path kFolder = fs::path(AW_SOURCE_DIR) / "tests" / "spec_errors";

std::string contents(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::set<fs::path> files(const fs::path& folder, const std::string& extension) {
    std::set<fs::path> found;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == extension) found.insert(entry.path());
    }
    return found;
}

using Render = std::function<std::string(const std::string& file)>;

std::string render_spec(const std::string& file) {
    const spec::SpecResult result = spec::read_spec(file);
    CHECK(result.spec.has_value() != result.diagnostics.has_errors());
    return result.diagnostics.render();
}

std::string render_workload(const std::string& file) {
    const auto result = arraywright::network::read_workload(file);
    CHECK(result.network.has_value() != result.diagnostics.has_errors());
    return result.diagnostics.render();
}

void compare_all(const fs::path& folder, const Render& render) {
    fs::current_path(folder);  // so that messages hold no absolute path
    const bool update = std::getenv("UPDATE_EXPECTED") != nullptr;
    for (const fs::path& file : files(folder, ".yaml")) {
        const std::string name = file.filename().string();
        const fs::path expected = fs::path(file).replace_extension(".expected");
        const std::string report = render(name);
        if (update) std::ofstream(expected, std::ios::binary) << report;
        CAPTURE(name);
        CHECK(report == contents(expected));
        const std::string id = name.substr(0, name.find("__"));
        CHECK(report.find(fmt::format("[{}]", id)) != std::string::npos);
    }
    for (const fs::path& expected : files(folder, ".expected")) {
        CAPTURE(expected);
        CHECK(fs::exists(fs::path(expected).replace_extension(".yaml")));
    }
}

}  // namespace

TEST_CASE("spec errors: every bad spec is refused with the expected text", "[spec][error]") {
    compare_all(kFolder, render_spec);
}

TEST_CASE("spec errors: every bad workload is refused with the expected text", "[network][error]") {
    compare_all(kFolder / "workload", render_workload);
}

TEST_CASE("spec errors: every id of the table has a test", "[spec][error]") {
    const std::string ids[] = {
#define AW_DIAGNOSTIC(symbol, text_id, summary) text_id,
#include "generator/spec/diagnostics.def"
#undef AW_DIAGNOSTIC
    };
    // What no text file can show is tested by a test that names the id or its symbol.
    std::string tested = "\n";
    for (const auto& entry : fs::recursive_directory_iterator(kFolder.parent_path())) {
        const fs::path& path = entry.path();
        if (path.extension() == ".expected") tested += path.filename().string() + "\n";
        if (path.extension() == ".cpp") tested += contents(path);
    }
    for (size_t i = 0; i < std::size(ids); ++i) {
        CAPTURE(ids[i]);
        const bool has_case = tested.find(fmt::format("\n{}__", ids[i])) != std::string::npos;
        const bool is_in_code = tested.find(fmt::format("[{}]", ids[i])) != std::string::npos ||
                                tested.find(fmt::format("\"{}\"", ids[i])) != std::string::npos;
        CHECK((has_case || is_in_code));
    }
}
