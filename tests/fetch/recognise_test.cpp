#include "promptcl/fetch/recognise.h"

#include "promptcl/core/error.h"
#include "promptcl/fetch/sources.h"

#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::fetch {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(Recognise, KnowsEveryDataSetByItsFilesAsFetched) {
    for (const auto& source : sources()) {
        if (source.dataset.empty()) continue;
        const TemporaryFolder folder;
        const std::string place(source.name);  // as `promptcl data fetch` does
        for (const auto& file : source.files)
            folder.write(place + "/" + std::string(file.name), "");
        EXPECT_EQ(recognise(folder / place), source.dataset) << source.name;
    }
}

TEST(Recognise, KnowsAnArchiveByItsName) {
    const TemporaryFolder folder;
    EXPECT_EQ(recognise(folder.write("imagenet-r.tar", "")), "imagenet_r");
}

TEST(Recognise, KnowsWhatIsUnpackedByTheFolderItWasPackedIn) {
    const TemporaryFolder folder;
    folder.write("c/cifar-100-binary/train.bin", "");
    EXPECT_EQ(recognise(folder / "c"), "cifar100");
    EXPECT_EQ(recognise(folder / "c/cifar-100-binary/"), "cifar100");
    folder.write("p/cifar-10-batches-py/data_batch_1", "");
    EXPECT_EQ(recognise(folder / "p"), "cifar10");
}

TEST(Recognise, KnowsAGroupByItsSubfolders) {
    const TemporaryFolder folder;
    for (const auto member : groups().front().members)
        std::filesystem::create_directories(folder / std::string(member));
    EXPECT_EQ(recognise(folder.path()), groups().front().name);
}

TEST(Recognise, AsksWhichOneWhereTheNamesAreThoseOfSeveral) {
    const TemporaryFolder folder;
    folder.write("x/train-images-idx3-ubyte.gz", "");
    EXPECT_THAT(message_of<UsageError>([&] { recognise(folder / "x"); }),
                AllOf(HasSubstr("fashion_mnist or kmnist or mnist"), HasSubstr("--dataset")));
    folder.write("kmnist/train-images-idx3-ubyte", "");
    EXPECT_EQ(recognise(folder / "kmnist"), "kmnist");
}

TEST(Recognise, KnowsImagesOfOnesOwnByTheirDepth) {
    const TemporaryFolder folder;
    folder.write("flat/cat/1.JPG", "");
    EXPECT_EQ(recognise(folder / "flat"), "image_folder");
    folder.write("split/train/cat/1.png", "");
    folder.write("split/test/cat/2.png", "");
    EXPECT_EQ(recognise(folder / "split"), "image_folder");
    folder.write("tasks/first/cat/1.jpeg", "");
    EXPECT_EQ(recognise(folder / "tasks"), "task_folder");
    folder.write("table/list.csv", "");
    EXPECT_EQ(recognise(folder / "table"), "csv");
}

TEST(Recognise, SaysWhenNothingTells) {
    const TemporaryFolder folder;
    EXPECT_THAT(message_of<UsageError>([&] { recognise(folder.path()); }),
                HasSubstr("--dataset NAME"));
    EXPECT_THAT(message_of<Error>([&] { recognise(folder / "none"); }),
                HasSubstr("no such file or folder"));
}

}  // namespace
}  // namespace promptcl::fetch
