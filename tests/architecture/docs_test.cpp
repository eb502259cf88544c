// The documentation, held against the repository: what it names must be there.
#include "tests/architecture/files.h"

#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

namespace promptcl::architecture {
namespace {

const std::vector<std::string> kFolders = {".ci",  "assets", "bench", "cmake", "configs",
                                           "docs", "fuzz",   "src",   "tests", "tools"};

/// README.md, the other pages at the root and everything in docs/.
std::vector<std::filesystem::path> pages() {
    std::vector<std::filesystem::path> found = files_below("docs", {".md"});
    for (const auto& entry : std::filesystem::directory_iterator(repository())) {
        if (entry.path().extension() == ".md") found.push_back(entry.path());
    }
    return found;
}

/// The repository paths that a text names; a name with a placeholder ("configs/*.toml",
/// "src/promptcl/<layer>") or one inside a longer path is none.
std::vector<std::string> paths_named_in(const std::string& text) {
    static const std::regex pattern(
        R"re((^|[\s`("'=])((?:\.ci|assets|bench|cmake|configs|docs|fuzz|src|tests|tools)/[\w./-]*)(.?))re");
    std::vector<std::string> paths;
    for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end;
         ++match) {
        std::string path = (*match)[2];
        const std::string next = (*match)[3];
        if (next == "*" || next == "<" || next == "{" || next == "[") continue;
        while (path.ends_with('.')) {
            path.pop_back();
        }
        paths.push_back(path);
    }
    return paths;
}

/// The first place in `text` where an absolute path into somebody's machine starts, or npos.
std::size_t machine_path_in(const std::string& text) {
    // Put together here, so that this file does not name one itself.
    for (const std::string folder : {"home", "root", "work"}) {
        const std::string path = "/" + folder + "/";
        for (std::size_t at = text.find(path); at != std::string::npos;
             at = text.find(path, at + 1)) {
            const unsigned char before = at == 0 ? ' ' : static_cast<unsigned char>(text[at - 1]);
            const bool inside_a_longer_path =
                std::isalnum(before) != 0 || before == '.' || before == '_' || before == '-';
            if (!inside_a_longer_path) return at;
        }
    }
    return std::string::npos;
}

TEST(Docs, PathsAreFoundInProseInLinksAndInCommands) {
    EXPECT_EQ(
        paths_named_in("See `src/promptcl/core/rng.h`, [x](docs/a.md) and --c configs/b.toml."),
        (std::vector<std::string>{"src/promptcl/core/rng.h", "docs/a.md", "configs/b.toml"}));
    EXPECT_TRUE(paths_named_in("`l2p/configs/a.py` configs/*.toml `src/promptcl/<layer>`").empty());
}

TEST(Docs, EveryRepositoryPathNamedExists) {
    for (const auto& page : pages()) {
        for (const std::string& path : paths_named_in(text_of(page))) {
            EXPECT_TRUE(std::filesystem::exists(repository() / path))
                << name_of(page) << " names " << path << ", which is not there";
        }
    }
}

TEST(Docs, EveryShippedConfigurationIsMentioned) {
    const std::string text =
        text_of(repository() / "docs/configuration.md") + text_of(repository() / "README.md");
    for (const auto& file : files_below("configs", {".toml"})) {
        EXPECT_NE(text.find(file.filename().string()), std::string::npos)
            << name_of(file) << " is mentioned neither in docs/configuration.md nor in README.md";
    }
}

TEST(MachinePaths, AreToldFromRelativeOnes) {
    EXPECT_EQ(machine_path_in(std::string("see /") + "home/anna/x"), 4U);
    EXPECT_EQ(machine_path_in(std::string("net/") + "work/x and out/root/y"), std::string::npos);
}

TEST(MachinePaths, StandInNoFileOfTheRepository) {
    std::vector<std::filesystem::path> files;
    for (const std::string& folder : kFolders) {
        const auto found = files_below(folder);
        files.insert(files.end(), found.begin(), found.end());
    }
    for (const auto& entry : std::filesystem::directory_iterator(repository())) {
        const bool of_git = entry.path().filename() == ".git";  // a file in a second work tree
        if (entry.is_regular_file() && !of_git) files.push_back(entry.path());
    }
    for (const auto& file : files) {
        const std::string text = text_of(file);
        if (text.find('\0') != std::string::npos) continue;  // not a text
        const std::size_t at = machine_path_in(text);
        EXPECT_EQ(at, std::string::npos)
            << name_of(file) << " names a path of one machine: " << text.substr(at, 40);
    }
}

}  // namespace
}  // namespace promptcl::architecture
