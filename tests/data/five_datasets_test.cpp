#include "promptcl/core/error.h"
#include "promptcl/data/registry.h"

#include "tests/data/small_sets.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace promptcl::data {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr ImagesPerClass kImages{.train = 6, .test = 1};

void write_five(const TemporaryFolder& root) {
    write_cifar10(root, "cifar10", kImages);
    write_mnist(root, "mnist", kImages);
    write_svhn(root, "svhn_cropped", kImages);
    write_not_mnist(root, "not_mnist", kImages);
    write_mnist(root, "fashion_mnist", kImages);
}

DataSource open(const TemporaryFolder& root) {
    config::Config config;
    config.dataset = "five_datasets";
    config.data_dir = root.string();
    config.images.input_size = 32;
    return open_dataset(config);
}

TEST(FiveDatasets, AreFiveTasksOfTenClassesInTheOrderOfTheOfficialCode) {
    const TemporaryFolder root;
    write_five(root);
    const auto source = open(root);
    EXPECT_THAT(source.tasks->names,
                ElementsAre("cifar10", "mnist", "svhn_cropped", "not_mnist", "fashion_mnist"));
    EXPECT_THAT(source.class_names, SizeIs(50));
    ASSERT_EQ(source.train->size(), 300);
    ASSERT_EQ(source.test->size(), 50);
    for (std::int64_t i = 0; i < 300; ++i) {
        const auto task = source.tasks->train[static_cast<std::size_t>(i)];
        EXPECT_EQ(task, i / 60);
        EXPECT_EQ(source.train->label(i) / 10, task);
        EXPECT_EQ(source.train->image(i).rgb[0], 20 * (source.train->label(i) % 10));
    }
    EXPECT_EQ(source.class_names[29], "svhn_cropped/9");
    EXPECT_EQ(source.class_names[30], "not_mnist/A");
}

TEST(FiveDatasets, KeepTheSizesOfTheirImagesAndSayWhereTheyComeFrom) {
    const TemporaryFolder root;
    write_five(root);
    const auto source = open(root);
    EXPECT_EQ(source.test->image(0).width, 32);
    EXPECT_EQ(source.test->image(10).width, 28);
    EXPECT_EQ(source.train->origin(0), "cifar10/data_batch_1:0");
    EXPECT_EQ(source.train->origin(20), "cifar10/data_batch_2:0");
    EXPECT_EQ(source.test->origin(12), "mnist/t10k-images-idx3-ubyte:2");
}

TEST(FiveDatasets, AreTheSameWhateverTheSpellingOfTheirFolders) {
    const TemporaryFolder root;
    write_five(root);
    const auto expected = open(root);
    std::filesystem::rename(root / "mnist", root / "MNIST");
    std::filesystem::rename(root / "svhn_cropped", root / "svhn");
    std::filesystem::rename(root / "not_mnist", root / "notMNIST");
    std::filesystem::rename(root / "fashion_mnist", root / "FashionMNIST");
    const auto source = open(root);
    EXPECT_EQ(source.sha256, expected.sha256);
    EXPECT_EQ(source.train->origin(60), expected.train->origin(60));
}

TEST(FiveDatasets, TakeNotMnistFromIdxFilesWhereThereAreNoPictures) {
    const TemporaryFolder root;
    write_five(root);
    write_mnist(root, "not_mnist", kImages);
    EXPECT_TRUE(open(root).train->origin(180).ends_with(".png"));
    std::filesystem::remove(root / "not_mnist" / "notMNIST_small.tar.gz");
    const auto source = open(root);
    EXPECT_EQ(source.train->origin(180), "not_mnist/train-images-idx3-ubyte:0");
    EXPECT_EQ(source.class_names[30], "not_mnist/A");
}

TEST(FiveDatasets, NameTheFolderOrTheFileThatIsMissing) {
    const TemporaryFolder root;
    write_five(root);
    std::filesystem::remove(root / "svhn_cropped" / "test_32x32.mat");
    const auto error = [&] { return message_of<Error>([&] { open(root); }); };
    EXPECT_THAT(error(), HasSubstr("svhn_cropped/test_32x32.mat: no such file"));
    std::filesystem::remove_all(root / "svhn_cropped");
    EXPECT_THAT(error(), AllOf(HasSubstr(root.string() + " holds no folder svhn_cropped"),
                               HasSubstr("svhn_cropped, svhn, SVHN")));
    EXPECT_THAT(message_of<UsageError>([] { open_dataset({.dataset = "five_datasets"}); }),
                HasSubstr("data_dir"));
}

}  // namespace
}  // namespace promptcl::data
