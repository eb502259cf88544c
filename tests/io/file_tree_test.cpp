#include "promptcl/io/file_tree.h"

#include "promptcl/core/error.h"
#include "promptcl/io/gzip_file.h"

#include "tests/io/tar_bytes.h"
#include "tests/io/zip_bytes.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

namespace promptcl::io {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Pair;

using Files = std::vector<std::pair<std::string, std::string>>;

void write(const std::filesystem::path& path, std::string_view contents) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << contents;
}

Files read(const std::filesystem::path& path, const std::vector<std::string>& wanted) {
    Files files;
    FileTree::open(path)->read(wanted, [&](const std::string& name, std::string contents) {
        files.emplace_back(name, std::move(contents));
    });
    return files;
}

/// The same three files as a folder and as every kind of archive.
class FileTreeOfEveryKind : public testing::TestWithParam<std::string> {
  protected:
    FileTreeOfEveryKind() : path_(folder_ / GetParam()) {
        const std::string tar =
            tar_bytes({{"./b/", ""}, {"./b/two.bin", long_}, {"b/empty", ""}, {"a.txt", "one"}});
        if (GetParam() == "folder") {
            write(path_ / "b" / "two.bin", long_);
            write(path_ / "b" / "empty", "");
            write(path_ / "a.txt", "one");
        } else if (GetParam() == "x.zip") {
            write(path_, zip_bytes({stored("b/", ""), stored("b/two.bin", long_),
                                    stored("b/empty", ""), stored("a.txt", "one")}));
        } else {
            write(path_, GetParam() == "x.tar" ? tar : gzip_bytes(tar));
        }
    }

    TemporaryFolder folder_;
    std::filesystem::path path_;
    std::string long_ = std::string(200'000, 'x') + "end";
};

TEST_P(FileTreeOfEveryKind, ListsItsFilesSortedWithTheirSizes) {
    std::vector<std::pair<std::string, std::int64_t>> found;
    for (const auto& entry : FileTree::open(path_)->list())
        found.emplace_back(entry.path, entry.size);
    EXPECT_THAT(found,
                ElementsAre(Pair("a.txt", 3), Pair("b/empty", 0), Pair("b/two.bin", 200'003)));
}

TEST_P(FileTreeOfEveryKind, KnowsWhenItsFilesChanged) {
    const auto modified = [&] { return FileTree::open(path_)->list().front().modified; };
    const auto before = modified();
    EXPECT_EQ(modified(), before);
    const auto file = std::filesystem::is_directory(path_) ? path_ / "a.txt" : path_;
    std::filesystem::last_write_time(
        file, std::filesystem::last_write_time(file) + std::chrono::microseconds(1));
    EXPECT_NE(modified(), before);
}

TEST_P(FileTreeOfEveryKind, ReadsTheFilesThatAreWanted) {
    EXPECT_THAT(read(path_, {"b/two.bin", "a.txt"}),
                ElementsAre(Pair("b/two.bin", long_), Pair("a.txt", "one")));
    EXPECT_THAT(read(path_, {"b/empty"}), ElementsAre(Pair("b/empty", "")));
}

TEST_P(FileTreeOfEveryKind, NamesTheFileThatIsMissing) {
    EXPECT_THAT(message_of<Error>([&] {
                    read(path_, {"a.txt", "c.txt"});
                }),
                AllOf(HasSubstr(path_.string()), HasSubstr("c.txt")));
}

INSTANTIATE_TEST_SUITE_P(Kinds, FileTreeOfEveryKind,
                         testing::Values("folder", "x.zip", "x.tar", "x.tar.gz"),
                         [](const auto& kind) {
                             std::string name = kind.param;
                             std::erase(name, '.');
                             return name;
                         });

TEST(FileTree, OfAnArchiveIsReadInTheOrderOfTheArchive) {
    const TemporaryFolder folder;
    write(folder / "x.tar", tar_bytes({{"b", "2"}, {"a", "1"}}));
    EXPECT_THAT(read(folder / "x.tar", {"a", "b"}), ElementsAre(Pair("b", "2"), Pair("a", "1")));
}

TEST(FileTree, SaysThatAnArchiveIsCutOffWhereverItEnds) {
    const TemporaryFolder folder;
    const std::string tar = tar_bytes({{"a", std::string(700, 'a')}, {"b", std::string(600, 'b')}});
    const std::string gzip = gzip_bytes(tar), zip = zip_bytes({stored("a", "1"), stored("b", "2")});
    for (const std::string& whole : {tar, gzip, zip}) {
        // Before its last block, a tar has lost nothing that anybody could miss.
        const std::size_t most = whole.size() - (whole == tar ? 1024 : 1);
        for (std::size_t size = 1; size <= most; size += 61) {
            write(folder / "x", std::string_view(whole).substr(0, size));
            EXPECT_THAT(message_of<Error>([&] { FileTree::open(folder / "x")->list(); }),
                        AllOf(HasSubstr((folder / "x").string()), HasSubstr("again")))
                << size << " of " << whole.size() << " bytes";
        }
    }
    write(folder / "x", std::string_view(tar).substr(0, 1536));  // exactly behind the first file
    EXPECT_THAT(message_of<Error>([&] { read(folder / "x", {"a"}); }), HasSubstr("it is cut off"));
}

TEST(FileTree, ComparesTheChecksumOfACompressedArchive) {
    const TemporaryFolder folder;
    std::string bytes = gzip_bytes(tar_bytes({{"a", "the contents"}}));
    bytes[bytes.find("contents")] = 'k';
    write(folder / "x.tgz", bytes);
    EXPECT_THAT(message_of<Error>([&] { read(folder / "x.tgz", {"a"}); }),
                AllOf(HasSubstr("x.tgz is damaged (incorrect data check)"), HasSubstr("again")));
}

TEST(FileTree, NamesTheFileWhoseChecksumInAZipIsWrong) {
    const TemporaryFolder folder;
    auto entry = stored("b/a", "contents");
    entry.data.back() = 'k';
    write(folder / "x.zip", zip_bytes({entry}));
    EXPECT_THAT(message_of<Error>([&] { read(folder / "x.zip", {"b/a"}); }),
                AllOf(HasSubstr("b/a of "), HasSubstr("x.zip")));
}

TEST(FileTree, RefusesAFileLargerThanItsArchiveCanHold) {
    const TemporaryFolder folder;
    write(folder / "x.tar", tar_bytes({{"a", "1", 8'000'000'000}}));
    EXPECT_THAT(message_of<Error>([&] { FileTree::open(folder / "x.tar")->list(); }),
                HasSubstr("its entry a announces 8000000000 bytes, more than it can hold"));
}

TEST(FileTree, SaysWhatIsNoArchive) {
    const TemporaryFolder folder;
    write(folder / "x", "neither a zip nor a tar");
    EXPECT_THAT(message_of<Error>([&] { FileTree::open(folder / "x")->list(); }),
                EndsWith("x: it is not a tar archive or is truncated; copy or download the file "
                         "again"));
    EXPECT_THAT(message_of<Error>([&] { FileTree::open(folder / "y"); }),
                HasSubstr("no such file"));
}

TEST(GzipFile, IsReadDecompressedOrAsItIs) {
    const TemporaryFolder folder;
    const std::string contents = std::string(3'000'000, 'x') + "end";
    write(folder / "plain", contents);
    write(folder / "packed", gzip_bytes(contents));
    EXPECT_EQ(read_gzip_file(folder / "plain"), contents);
    EXPECT_EQ(read_gzip_file(folder / "packed"), contents);
}

TEST(GzipFile, SaysThatItIsMissingCutOffOrDamaged) {
    const TemporaryFolder folder;
    const auto path = folder / "x.gz";
    EXPECT_THAT(message_of<Error>([&] { read_gzip_file(path); }), HasSubstr("no such file"));
    std::string bytes = gzip_bytes("some text");
    write(path, std::string_view(bytes).substr(0, bytes.size() - 2));
    EXPECT_THAT(message_of<Error>([&] { read_gzip_file(path); }), HasSubstr("x.gz is cut off"));
    bytes[16] = 'S';
    write(path, bytes);
    EXPECT_THAT(message_of<Error>([&] { read_gzip_file(path); }),
                HasSubstr("x.gz is damaged (incorrect data check)"));
}

}  // namespace
}  // namespace promptcl::io
