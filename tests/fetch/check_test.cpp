#include "promptcl/fetch/check.h"

#include "promptcl/core/error.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::fetch {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<FileState> states(const std::vector<CheckedFile>& files) {
    std::vector<FileState> found;
    for (const auto& file : files)
        found.push_back(file.state);
    return found;
}

TEST(CheckFiles, TellsWhichAreMissingUnfinishedAndOtherThanPublished) {
    const TemporaryFolder folder;
    folder.write("train-images-idx3-ubyte.gz", "not the images");
    folder.write("t10k-images-idx3-ubyte.gz.part", "");
    EXPECT_THAT(
        states(check_files("mnist", folder.path())),
        ElementsAre(FileState::kWrong, FileState::kMissing, FileState::kPart, FileState::kMissing));
}

TEST(CheckFiles, LooksAtTheVersionThatIsThere) {
    const TemporaryFolder folder;
    const auto archive = folder.write("cifar-100-python.tar.gz", "");
    EXPECT_THAT(states(check_files("cifar100", folder.path())), ElementsAre(FileState::kWrong));
    EXPECT_THAT(states(check_files("cifar100", archive)), ElementsAre(FileState::kWrong));
}

TEST(CheckFiles, SaysNothingOfWhatIsUnpackedOrOnesOwn) {
    const TemporaryFolder folder;
    folder.write("train.bin", "");
    EXPECT_THAT(check_files("cifar100", folder.path()), IsEmpty());
    EXPECT_THAT(check_files("image_folder", folder.path()), IsEmpty());
}

/// One image of CIFAR-100's binary version.
std::string record(char label) {
    return std::string({'\0', label}) + std::string(3 * 32 * 32, 'x');
}

TEST(ReadContents, CountsTheImagesOfBothSplitsAndOfTheClasses) {
    const TemporaryFolder folder;
    folder.write("train.bin", record(0) + record(0) + record(7));
    folder.write("test.bin", record(99));
    data::OpenObserver nobody;
    const Contents contents = contents_of(read_dataset("cifar100", folder.path(), nobody));
    EXPECT_EQ(contents.train.images, 3);
    EXPECT_EQ(contents.train.least, 0);
    EXPECT_EQ(contents.train.most, 2);
    EXPECT_EQ(contents.test.images, 1);
    EXPECT_THAT(contents.classes, SizeIs(100));
    EXPECT_THAT(*shortage("cifar100", contents), HasSubstr("4 of 60000 images"));
}

TEST(ReadContents, ThrowsTheErrorOfTheDataSet) {
    const TemporaryFolder folder;
    folder.write("train.bin", "too short");
    folder.write("test.bin", record(0));
    data::OpenObserver nobody;
    EXPECT_THAT(message_of<Error>([&] { read_dataset("cifar100", folder.path(), nobody); }),
                HasSubstr("train.bin"));
}

TEST(Shortage, IsNoneWhenTheSkippedFilesAreThoseThatComeWithIt) {
    Contents contents{.train = {14980, 1497, 1498},
                      .test = {3744, 374, 375},
                      .classes = std::vector<std::string>(10),
                      .tasks = {},
                      .skipped = {"A is broken", "F is broken"}};
    EXPECT_EQ(shortage("not_mnist", contents), std::nullopt);
    contents.train.images -= 1;
    EXPECT_EQ(shortage("not_mnist", contents), "18725 of 18726 images, 10 of 10 classes");
}

TEST(Shortage, OfOnesOwnImagesIsWhatCannotBeRead) {
    Contents contents{.train = {4, 2, 2},
                      .test = {2, 1, 1},
                      .classes = {"cat", "dog"},
                      .tasks = {},
                      .skipped = {}};
    EXPECT_EQ(shortage("image_folder", contents), std::nullopt);
    contents.skipped = {"cat/1.png is damaged"};
    EXPECT_EQ(shortage("image_folder", contents), "1 file cannot be read");
}

TEST(Shortage, OfAGroupAddsItsMembers) {
    const Contents nothing{.train = {}, .test = {}, .classes = {}, .tasks = {}, .skipped = {}};
    EXPECT_EQ(shortage("five_datasets", nothing), "0 of 318015 images, 0 of 50 classes");
}

}  // namespace
}  // namespace promptcl::fetch
