#include "promptcl/data/datasets/cifar100.h"

#include "promptcl/core/error.h"

#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <string>

namespace promptcl::data {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int kPlane = 32 * 32;

/// A record with every pixel red, green and blue as given, but for the first pixel of the second
/// row: all 255.
std::string record(int coarse, int fine, int red, int green, int blue) {
    std::string bytes{static_cast<char>(coarse), static_cast<char>(fine)};
    for (const int value : {red, green, blue}) {
        std::string plane(kPlane, static_cast<char>(value));
        plane[32] = '\xff';
        bytes += plane;
    }
    return bytes;
}

config::Config config_for(const std::filesystem::path& folder) {
    config::Config config;
    config.data_dir = folder.string();
    return config;
}

std::string message_of(const config::Config& config) {
    try {
        open_cifar100(config);
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

TEST(Cifar100, TakesTheFineLabelAndTurnsPlanesIntoPixels) {
    const TemporaryFolder folder;
    folder.write("train.bin", record(3, 17, 10, 20, 30) + record(4, 99, 40, 50, 60));
    folder.write("test.bin", record(5, 0, 70, 80, 90));
    const auto source = open_cifar100(config_for(folder.path()));
    ASSERT_EQ(source.train->size(), 2);
    ASSERT_EQ(source.test->size(), 1);
    EXPECT_EQ(source.train->label(0), 17);
    EXPECT_EQ(source.train->label(1), 99);
    EXPECT_EQ(source.test->label(0), 0);
    const auto image = source.train->image(1);
    EXPECT_EQ(image.height, 32);
    EXPECT_EQ(image.width, 32);
    EXPECT_THAT(image.rgb.first(3), testing::ElementsAre(40, 50, 60));
    EXPECT_EQ(image.row(1)[0], 255);
    EXPECT_THAT(image.rgb.last(3), testing::ElementsAre(40, 50, 60));
}

TEST(Cifar100, IsFoundInTheFolderTheArchiveUnpacksTo) {
    const TemporaryFolder folder;
    folder.write("cifar-100-binary/train.bin", record(0, 1, 1, 2, 3));
    folder.write("cifar-100-binary/test.bin", record(0, 1, 1, 2, 3));
    EXPECT_EQ(open_cifar100(config_for(folder.path())).train->size(), 1);
}

TEST(Cifar100, NamesItsClassesFromTheFileOrByNumber) {
    const TemporaryFolder folder;
    folder.write("train.bin", record(0, 1, 1, 2, 3));
    folder.write("test.bin", record(0, 1, 1, 2, 3));
    EXPECT_EQ(open_cifar100(config_for(folder.path())).class_names.at(17), "class_17");
    std::string names;
    for (int label = 0; label < 100; ++label)
        names += "name" + std::to_string(label) + "\r\n";
    folder.write("fine_label_names.txt", names + "\n");
    const auto source = open_cifar100(config_for(folder.path()));
    EXPECT_EQ(source.class_names.size(), 100u);
    EXPECT_EQ(source.class_names.at(17), "name17");
    folder.write("fine_label_names.txt", "apple\n");
    EXPECT_THAT(message_of(config_for(folder.path())), HasSubstr("names 1 classes instead of 100"));
}

TEST(Cifar100, HasAHashOfItsContents) {
    const TemporaryFolder folder;
    folder.write("train.bin", record(0, 1, 1, 2, 3));
    folder.write("test.bin", record(0, 1, 1, 2, 3));
    const auto before = open_cifar100(config_for(folder.path())).sha256;
    EXPECT_EQ(before.size(), 64u);
    EXPECT_EQ(open_cifar100(config_for(folder.path())).sha256, before);
    folder.write("test.bin", record(0, 2, 1, 2, 3));
    EXPECT_NE(open_cifar100(config_for(folder.path())).sha256, before);
}

TEST(Cifar100, NamesTheFileThatIsMissingEmptyOrCutOff) {
    const TemporaryFolder folder;
    EXPECT_THAT(message_of(config::Config{}), HasSubstr("data_dir"));
    EXPECT_THAT(message_of(config_for(folder.path())),
                AllOf(HasSubstr("train.bin"), HasSubstr("data_dir")));
    folder.write("train.bin", record(0, 1, 1, 2, 3));
    EXPECT_THAT(message_of(config_for(folder.path())), HasSubstr("test.bin"));
    folder.write("test.bin", "");
    EXPECT_THAT(message_of(config_for(folder.path())), HasSubstr("test.bin is empty"));
    folder.write("test.bin", record(0, 1, 1, 2, 3).substr(0, 3000));
    EXPECT_THAT(message_of(config_for(folder.path())),
                AllOf(HasSubstr("test.bin has 3000 bytes"), HasSubstr("3074")));
}

TEST(Cifar100, NamesTheRecordWhoseLabelIsOutOfRange) {
    const TemporaryFolder folder;
    folder.write("train.bin", record(0, 99, 1, 2, 3) + record(0, 100, 1, 2, 3));
    folder.write("test.bin", record(0, 1, 1, 2, 3));
    EXPECT_THAT(message_of(config_for(folder.path())),
                AllOf(HasSubstr("record 1"), HasSubstr("train.bin"), HasSubstr("label 100")));
}

TEST(Cifar100, ReadsThePublishedFiles) {
    const std::filesystem::path folder = PROMPTCL_SOURCE_DIR "/../shared/data/cifar100-small";
    if (!std::filesystem::exists(folder))
        GTEST_SKIP() << folder << " is absent: CIFAR-100 as published is NOT tested";
    const auto source = open_cifar100(config_for(folder));
    EXPECT_EQ(source.train->size(), 5000);
    EXPECT_EQ(source.test->size(), 1000);
    EXPECT_EQ(source.class_names.at(0), "apple");
    EXPECT_EQ(source.class_names.at(99), "worm");
    std::array<int, 100> train{}, test{};
    for (std::int64_t i = 0; i < 5000; ++i)
        ++train.at(static_cast<std::size_t>(source.train->label(i)));
    for (std::int64_t i = 0; i < 1000; ++i)
        ++test.at(static_cast<std::size_t>(source.test->label(i)));
    EXPECT_THAT(train, testing::Each(50));
    EXPECT_THAT(test, testing::Each(10));
}

}  // namespace
}  // namespace promptcl::data
