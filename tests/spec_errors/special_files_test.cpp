// Files that cannot be kept in a repository: missing, huge, binary. SPDX-License-Identifier:
// Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "generator/network/workload_reader.hpp"
#include "generator/spec/spec_reader.hpp"

namespace {

namespace fs = std::filesystem;
using arraywright::network::read_workload;
using arraywright::spec::read_spec;

/// A folder of its own for each test, and the current one until the test ends.
class Scratch {
public:
    Scratch() : before_(fs::current_path()) {
        std::string name = (fs::temp_directory_path() / "arraywright-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
        fs::current_path(path_);
    }
    ~Scratch() {
        fs::current_path(before_);
        fs::remove_all(path_);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    static void write(const std::string& name, const std::string& bytes) {
        std::ofstream(name, std::ios::binary) << bytes;
    }

private:
    fs::path before_, path_;
};

std::string report(const std::string& file) {
    const std::string text = read_spec(file).diagnostics.render();
    CHECK(read_workload(file).diagnostics.render() == text);
    return text;
}

}  // namespace

TEST_CASE("special files: a missing file and a folder", "[spec][error]") {
    const Scratch scratch;
    CHECK(report("none.yaml") ==
          "none.yaml: error: cannot open the file: No such file or directory [unreadable]\n");
    CHECK(report("a\nb\033[31m.yaml") ==
          "a?b?[31m.yaml: error: cannot open the file: No such file "
          "or directory [unreadable]\n");
    CHECK(report("") == ": error: cannot open the file: No such file or directory [unreadable]\n");
    fs::create_directory("folder.yaml");
    CHECK(report("folder.yaml") ==
          "folder.yaml: error: this is a folder, not a file [unreadable]\n");
}

TEST_CASE("special files: a file without read permission", "[spec][error]") {
    const Scratch scratch;
    Scratch::write("secret.yaml", "name: a\n");
    fs::permissions("secret.yaml", fs::perms::none);
    if (::access("secret.yaml", R_OK) == 0) return;  // root may read everything
    CHECK(report("secret.yaml") ==
          "secret.yaml: error: cannot open the file: Permission denied [unreadable]\n");
}

TEST_CASE("special files: empty, blank and comment-only files", "[spec][error]") {
    const Scratch scratch;
    Scratch::write("empty.yaml", "");
    Scratch::write("blank.yaml", " \n\t\n\r\n");
    Scratch::write("bom.yaml", "\xEF\xBB\xBF");
    Scratch::write("comment.yaml", "# nothing\n");
    CHECK(report("empty.yaml") == "empty.yaml: error: the file is empty [empty]\n");
    CHECK(report("blank.yaml") == "blank.yaml: error: the file is empty [empty]\n");
    CHECK(report("bom.yaml") == "bom.yaml: error: the file is empty [empty]\n");
    CHECK(report("comment.yaml") == "comment.yaml: error: the file holds only comments [empty]\n");
}

TEST_CASE("special files: 100 MB and endless files are refused at once", "[spec][error]") {
    const Scratch scratch;
    Scratch::write("large.yaml", "name: a\n");
    fs::resize_file("large.yaml", 100'000'000);
    const auto start = std::chrono::steady_clock::now();
    const std::string reason =
        ": error: the file is larger than 1048576 bytes, the limit for a text that people write "
        "[too-large]\n";
    CHECK(report("large.yaml") == "large.yaml" + reason);
    CHECK(report("/dev/zero") == "/dev/zero" + reason);
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
}

TEST_CASE("special files: a text just within the limit is read", "[spec]") {
    const Scratch scratch;
    std::string text = "name: a\narray: {rows: 1, cols: 1}\n";
    text += "#" + std::string((1 << 20) - text.size() - 1, 'x');
    Scratch::write("full.yaml", text);
    CHECK(read_spec("full.yaml").spec.has_value());
    Scratch::write("over.yaml", text + "x");
    CHECK_FALSE(read_spec("over.yaml").spec.has_value());
}

TEST_CASE("special files: binary contents name the first byte that is no text", "[spec][error]") {
    const Scratch scratch;
    Scratch::write("elf.yaml", std::string("\177ELF\2\1\1\0\0\0", 10));
    CHECK(
        report("elf.yaml") ==
        "elf.yaml:1:1: error: byte 0x7f does not belong in UTF-8 text [not-text]\n?ELF??????\n^\n");
    Scratch::write("latin1.yaml", "name: a\n# caf\xE9 \xC3\xA9\n");
    CHECK(report("latin1.yaml") ==
          "latin1.yaml:2:6: error: byte 0xe9 does not belong in UTF-8 text [not-text]\n"
          "# caf? \xC3\xA9\n     ^\n");
    Scratch::write("nul.yaml", std::string("a\xC3\xA9\0b", 5));
    CHECK(report("nul.yaml") ==
          "nul.yaml:1:3: error: byte 0x00 does not belong in UTF-8 text [not-text]\na\xC3\xA9?b\n  "
          "^\n");
    Scratch::write("utf16.yaml", std::string("\xFF\xFEn\0a\0", 6));
    CHECK(report("utf16.yaml").find("byte 0xff does not belong in UTF-8 text [not-text]") !=
          std::string::npos);
}

TEST_CASE("special files: deep nesting ends with one error, in any style", "[spec][error]") {
    const Scratch scratch;
    for (const std::string opening : {"[", "{a: ", "- ", "? ", "[{a: "}) {
        std::string text;
        while (text.size() < 1'000'000) text += opening;
        Scratch::write("deep.yaml", text);
        const auto result = read_spec("deep.yaml");
        REQUIRE(result.diagnostics.errors().size() == 1);
        CHECK(result.diagnostics.render().find("nested more than 16 levels deep [too-deep]") !=
              std::string::npos);
        CHECK(result.diagnostics.render().size() < 500);
    }
}

TEST_CASE("special files: a megabyte of errors gives a short report", "[spec][error]") {
    const Scratch scratch;
    std::string keys;
    for (int i = 0; keys.size() < 1'000'000; ++i) keys += "key" + std::to_string(i) + ": 1\n";
    Scratch::write("keys.yaml", keys);
    const std::string text = read_spec("keys.yaml").diagnostics.render();
    CHECK(text.find("more errors are not shown") != std::string::npos);
    CHECK(text.size() < 30'000);

    std::string aliases = "a: &a 1\nb:\n";
    while (aliases.size() < 1'000'000) aliases += "- *a\n";
    Scratch::write("aliases.yaml", aliases);
    CHECK(read_spec("aliases.yaml").diagnostics.render().size() < 30'000);
}
