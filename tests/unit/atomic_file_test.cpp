// Output that appears whole or not at all. SPDX-License-Identifier: Apache-2.0
#include "generator/cli/atomic_file.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>

#include "generator/cli/errors.hpp"
#include "generator/cli/output_folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace arraywright::cli;

/// A fresh folder, removed at the end.
class Scratch {
public:
    Scratch() {
        std::string name = (fs::temp_directory_path() / "arraywright-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    fs::path operator/(const std::string& name) const { return path_ / name; }

    /// Everything in it, hidden names too.
    std::set<std::string> names() const {
        std::set<std::string> names;
        for (const auto& entry : fs::recursive_directory_iterator(path_)) {
            names.insert(entry.path().lexically_relative(path_).string());
        }
        return names;
    }

private:
    fs::path path_;
};

using Names = std::set<std::string>;

std::string contents(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// The status with which a child process that runs `work` ends.
int status_of_child(const std::function<void()>& work) {
    const pid_t child = ::fork();
    if (child == 0) {
        work();
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return status;
}

std::string error_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const OutputError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("atomic file: written, replaced, nothing else left", "[cli][output]") {
    const Scratch scratch;
    write_file_atomically(scratch / "a.json", "one");
    write_file_atomically(scratch / "a.json", "two");
    CHECK(contents(scratch / "a.json") == "two");
    CHECK(scratch.names() == Names{"a.json"});
}

TEST_CASE("atomic file: a link is followed and permissions stay", "[cli][output]") {
    const Scratch scratch;
    write_file_atomically(scratch / "target", "one");
    fs::permissions(scratch / "target", fs::perms::owner_read | fs::perms::owner_write);
    fs::create_symlink("target", scratch / "link");
    write_file_atomically(scratch / "link", "two");
    CHECK(fs::is_symlink(scratch / "link"));
    CHECK(contents(scratch / "target") == "two");
    CHECK(fs::status(scratch / "target").permissions() ==
          (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("atomic file: what cannot be written is one line with the user's name for it",
          "[cli][output][error]") {
    const Scratch scratch;
    const std::string missing = (scratch / "none/a.json").string();
    CHECK(error_of([&] { write_file_atomically(missing, "x"); }) ==
          "cannot write '" + missing + "': No such file or directory");
    CHECK(error_of([&] { write_file_atomically("/dev/full", "x"); }) ==
          "cannot write '/dev/full': No space left on device");
    fs::create_directory(scratch / "folder");
    CHECK(error_of([&] {
              write_file_atomically(scratch / "folder", "x");
          }).ends_with("folder': Is a directory"));
    CHECK(scratch.names() == Names{"folder"});
}

TEST_CASE("atomic file: a full disk leaves the former file", "[cli][output][error]") {
    const Scratch scratch;
    write_file_atomically(scratch / "a.json", "former");
    const int status = status_of_child([&] {
        // A file size limit fails in the middle of writing, as a full disk does.
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{1000, 1000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const std::string error =
            error_of([&] { write_file_atomically(scratch / "a.json", std::string(5000, 'x')); });
        ::_exit(error.ends_with("a.json': File too large") ? 7 : 8);
    });
    CHECK(WEXITSTATUS(status) == 7);
    CHECK(contents(scratch / "a.json") == "former");
    CHECK(scratch.names() == Names{"a.json"});
}

TEST_CASE("output folder: appears at commit with a list of its files", "[cli][output]") {
    const Scratch scratch;
    {
        OutputFolder folder(scratch / "sub/out");
        folder.write("rtl/a.v", "module");
        folder.write("plan.yaml", "plan");
        CHECK_FALSE(fs::exists(scratch / "sub/out"));
        folder.commit();
    }
    CHECK(scratch.names() == Names{"sub", "sub/out", "sub/out/.arraywright", "sub/out/plan.yaml",
                                   "sub/out/rtl", "sub/out/rtl/a.v"});
    CHECK(contents(scratch / "sub/out/.arraywright") == "plan.yaml\nrtl/a.v\n");
}

TEST_CASE("output folder: without a commit nothing is left", "[cli][output]") {
    const Scratch scratch;
    { OutputFolder(scratch / "out").write("a", "b"); }
    CHECK(scratch.names().empty());
}

TEST_CASE("output folder: a former output and an empty folder are replaced", "[cli][output]") {
    const Scratch scratch;
    fs::create_directory(scratch / "out");
    for (const std::string name : {"first", "second"}) {
        OutputFolder folder(scratch / "out/");
        folder.write(name, name);
        folder.commit();
    }
    CHECK(scratch.names() == Names{"out", "out/.arraywright", "out/second"});
}

TEST_CASE("output folder: nothing that is not ours is replaced", "[cli][output][error]") {
    const Scratch scratch;
    fs::create_directory(scratch / "mine");
    std::ofstream(scratch / "mine/thesis.tex") << "years";
    CHECK(error_of([&] { OutputFolder(scratch / "mine"); })
              .ends_with("it is not empty and was not made by arraywright (it has no "
                         "'.arraywright')"));
    {
        OutputFolder folder(scratch / "out");
        folder.write("a.v", "module");
        folder.commit();
    }
    std::ofstream(scratch / "out/notes.txt") << "mine";
    CHECK(error_of([&] {
              OutputFolder(scratch / "out");
          }).ends_with("it holds 'notes.txt', which arraywright did not write"));
    CHECK(error_of([&] {
              OutputFolder(scratch / "mine/thesis.tex");
          }).ends_with("a file of this name exists"));
    CHECK(error_of([&] {
              OutputFolder(scratch / "mine/thesis.tex/out");
          }).ends_with("Not a directory"));
    CHECK_FALSE(error_of([&] { OutputFolder("."); }).empty());
    CHECK_FALSE(error_of([&] { OutputFolder("/"); }).empty());
    CHECK_FALSE(error_of([&] { OutputFolder(""); }).empty());
    CHECK_FALSE(error_of([&] { OutputFolder("/proc/nothing/out"); }).empty());
    CHECK(contents(scratch / "mine/thesis.tex") == "years");
    CHECK(contents(scratch / "out/notes.txt") == "mine");
}

TEST_CASE("output folder: a file added meanwhile stops the commit", "[cli][output][error]") {
    const Scratch scratch;
    fs::create_directory(scratch / "out");
    OutputFolder folder(scratch / "out");
    folder.write("a.v", "module");
    std::ofstream(scratch / "out/notes.txt") << "mine";
    CHECK_FALSE(error_of([&] { folder.commit(); }).empty());
    CHECK(contents(scratch / "out/notes.txt") == "mine");
    CHECK_FALSE(fs::exists(scratch / "out/a.v"));
}

TEST_CASE("output folder: a full disk leaves the former output", "[cli][output][error]") {
    const Scratch scratch;
    {
        OutputFolder folder(scratch / "out");
        folder.write("a.v", "former");
        folder.commit();
    }
    const int status = status_of_child([&] {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{1000, 1000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const std::string error = error_of([&] {
            OutputFolder folder(scratch / "out");
            folder.write("a.v", std::string(5000, 'x'));
        });
        ::_exit(error.ends_with("out': a.v: File too large") ? 7 : 8);
    });
    CHECK(WEXITSTATUS(status) == 7);
    CHECK(contents(scratch / "out/a.v") == "former");
    CHECK(scratch.names() == Names{"out", "out/.arraywright", "out/a.v"});
}

TEST_CASE("staging: an interruption removes it and exits with 130", "[cli][output]") {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        const Scratch scratch;
        const int status = status_of_child([&] {
            ::close(STDERR_FILENO);
            arraywright::files::clean_up_on_signals(kInterrupted);
            OutputFolder folder(scratch / "out");
            folder.write("rtl/a.v", "module");
            ::kill(::getpid(), signal);
            ::sleep(10);
            ::_exit(1);
        });
        CHECK(WIFEXITED(status));
        CHECK(WEXITSTATUS(status) == kInterrupted);
        CHECK(scratch.names().empty());
    }
}
