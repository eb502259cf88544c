#include "promptcl/io/atomic_file.h"

#include "promptcl/core/error.h"

#include "tests/io/limits.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <exception>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>

namespace promptcl::io {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(AtomicFile, ReplacesTheOldFileOnCommitAndNotBefore) {
    const TemporaryFolder folder;
    const auto path = folder / "x";
    write_file_atomically(path, "old");
    AtomicFile file(path);
    file.write("n");
    file.write("ew");
    EXPECT_EQ(read_file(path), "old");
    file.commit();
    EXPECT_EQ(read_file(path), "new");
    EXPECT_THAT(folder.names(), ElementsAre("x"));
}

TEST(AtomicFile, IsExtendedWithZerosAndWrittenInPlaceLater) {
    const TemporaryFolder folder;
    AtomicFile file(folder / "x");
    file.write("ab");
    file.extend(5);
    file.commit();
    EXPECT_EQ(read_file(folder / "x"), std::string("ab\0\0\0", 5));
    File::open_to_write(folder / "x", O_RDWR).write_at(3, std::as_bytes(std::span("c", 1)));
    EXPECT_EQ(read_file(folder / "x"), std::string("ab\0c\0", 5));
}

TEST(AtomicFile, LeavesNothingBehindWithoutCommit) {
    const TemporaryFolder folder;
    { AtomicFile(folder / "x").write("half"); }
    EXPECT_TRUE(folder.names().empty());
}

TEST(AtomicFile, KeepsTheOldFileWhenItCannotGrow) {
    const TemporaryFolder folder;
    const auto path = folder / "x";
    write_file_atomically(path, "old");
    std::string message;
    {
        const FileSizeLimit limit(1000);
        message = message_of<Error>([&] { write_file_atomically(path, std::string(5000, 'n')); });
    }
    EXPECT_THAT(message, HasSubstr("cannot write " + path.string() + ": the file would be larger"));
    EXPECT_EQ(read_file(path), "old");
    EXPECT_THAT(folder.names(), ElementsAre("x"));
}

TEST(AtomicFile, SaysThatTheFolderMayNotBeWritten) {
    const TemporaryFolder folder;
    const auto path = folder / "x";
    write_file_atomically(path, "old");
    ::chmod(folder.path().c_str(), 0555);
    const auto message = message_of<Error>([&] {
        const WithoutPrivileges nobody;
        write_file_atomically(path, "new");
    });
    ::chmod(folder.path().c_str(), 0755);
    EXPECT_EQ(message, "cannot write " + path.string() +
                           ": no permission; choose a folder you may write to");
    EXPECT_EQ(read_file(path), "old");
    EXPECT_THAT(folder.names(), ElementsAre("x"));
}

TEST(AtomicFile, SaysThatTheFolderIsMissing) {
    EXPECT_THAT(message_of<Error>([] { write_file_atomically("/no/such/folder/x", "new"); }),
                HasSubstr("cannot write /no/such/folder/x: its folder does not exist"));
}

TEST(AtomicFile, RefusesToReplaceWhatIsNoFile) {
    const TemporaryFolder folder;
    EXPECT_THAT(message_of<Error>([&] { write_file_atomically(folder.path(), "new"); }),
                HasSubstr("it is not a regular file"));
    EXPECT_THAT(message_of<Error>([&] { write_file_atomically("/dev/null", "new"); }),
                HasSubstr("it is not a regular file"));
}

TEST(AtomicFile, ReplacesTheFileBehindASymbolicLink) {
    const TemporaryFolder folder;
    write_file_atomically(folder / "real", "old");
    fs::create_symlink(folder / "real", folder / "link");
    write_file_atomically(folder / "link", "new");
    EXPECT_TRUE(fs::is_symlink(folder / "link"));
    EXPECT_EQ(read_file(folder / "real"), "new");
}

TEST(AtomicFile, RefusesASecondWriterAtATime) {
    const TemporaryFolder folder;
    AtomicFile first(folder / "x");
    EXPECT_THAT(message_of<Error>([&] { AtomicFile second(folder / "x"); }),
                HasSubstr("another process is writing it"));
    first.write("first");
    first.commit();
    EXPECT_EQ(read_file(folder / "x"), "first");
    write_file_atomically(folder / "x", "later");
}

TEST(AtomicFile, OverwritesWhatAKilledWriterLeft) {
    const TemporaryFolder folder;
    write_file_atomically(folder / "x", "old");
    const pid_t child = ::fork();
    if (child == 0) {
        AtomicFile file(folder / "x");
        file.write("a long text that was never finished");
        ::raise(SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(folder.names().size(), 2u);
    EXPECT_EQ(read_file(folder / "x"), "old");
    write_file_atomically(folder / "x", "new");
    EXPECT_EQ(read_file(folder / "x"), "new");
    EXPECT_THAT(folder.names(), ElementsAre("x"));
}

TEST(AtomicFile, IsReadableAsTheUmaskSays) {
    const TemporaryFolder folder;
    const mode_t before = ::umask(027);
    write_file_atomically(folder / "x", "");
    ::umask(before);
    EXPECT_EQ(static_cast<int>(fs::status(folder / "x").permissions()), 0640);
}

TEST(File, SaysThatTheDiskIsFull) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "/dev/full is not here";
    auto full = File::open_to_write("/dev/full", O_WRONLY);
    EXPECT_EQ(message_of<Error>([&] { full.write("x"); }),
              "cannot write /dev/full: the disk is full; free space or choose another folder");
}

TEST(File, IsNotInheritedByOtherPrograms) {
    const auto file = File::open_to_read("/dev/null");
    EXPECT_EQ(::fcntl(file.descriptor(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

TEST(ReadFile, ReadsEveryByte) {
    const TemporaryFolder folder;
    for (const std::size_t size : {0, 1, 65536, 200000}) {
        write_file_atomically(folder / "x", std::string(size, 'x'));
        EXPECT_EQ(read_file(folder / "x"), std::string(size, 'x'));
    }
}

TEST(ReadFile, NamesTheFileThatCannotBeRead) {
    const TemporaryFolder folder;
    EXPECT_EQ(message_of<Error>([] { read_file("/no/such/file"); }),
              "cannot read /no/such/file: no such file; check the path");
    EXPECT_THAT(message_of<Error>([&] { read_file(folder.path()); }), HasSubstr("it is a folder"));
    write_file_atomically(folder / "x", "");
    EXPECT_THAT(message_of<Error>([&] { read_file(folder / "x" / "y"); }),
                HasSubstr("a part of its path is not a folder"));
}

}  // namespace
}  // namespace promptcl::io
