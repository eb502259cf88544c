#include "promptcl/data/datasets/image_folder.h"

#include "promptcl/core/error.h"

#include "tests/data/picture_files.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace promptcl::data {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

config::Config config_for(const TemporaryFolder& folder) {
    config::Config config;
    config.data_dir = folder.string();
    config.input_size = 32;
    return config;
}

/// `count` pictures of a flat red of their number, in the folder of a class.
void fill(const TemporaryFolder& folder, const std::string& name, int count) {
    for (int i = 0; i < count; ++i) {
        folder.write(name + "/" + std::to_string(100 + i) + ".png",
                     flat_png(8, 8, static_cast<std::uint8_t>(i), 0, 0));
    }
}

std::vector<int> reds(const Dataset& split, std::int64_t label) {
    std::vector<int> values;
    for (std::int64_t i = 0; i < split.size(); ++i) {
        if (split.label(i) == label) values.push_back(split.image(i).rgb[0]);
    }
    return values;
}

std::string message_of(const config::Config& config) {
    try {
        open_image_folder(config);
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

TEST(ImageFolder, SortsItsClassesByNameAndReadsEveryKindOfPicture) {
    const TemporaryFolder folder;
    folder.write("zebra/a.JPG", flat_jpeg(JpegKind::kRgb, 8, 8, {200, 0, 0}));
    folder.write("zebra/b.jpeg", flat_jpeg(JpegKind::kGrey, 8, 8, {200}));
    folder.write("ant/a.Png", flat_png(8, 8, 200, 0, 0));
    folder.write("ant/b.png", flat_png(8, 8, 200, 0, 0));
    folder.write("ant/readme.txt", "not looked at");
    folder.write(".git/c.png", "not looked at");
    folder.write("notes.txt", "not looked at");
    const auto source = open_image_folder(config_for(folder));
    EXPECT_THAT(source.class_names, ElementsAre("ant", "zebra"));
    EXPECT_EQ(source.train->size(), 2);
    EXPECT_EQ(source.test->size(), 2);
    EXPECT_THAT(source.skipped, IsEmpty());
    EXPECT_NEAR(source.train->image(1).rgb[0], 200, 3);
}

TEST(ImageFolder, HoldsBackEveryFifthPictureOfAClassAndAtLeastOne) {
    const TemporaryFolder folder;
    fill(folder, "many", 20);
    fill(folder, "two", 2);
    const auto source = open_image_folder(config_for(folder));
    EXPECT_EQ(reds(*source.train, 0).size(), 16u);
    EXPECT_EQ(reds(*source.test, 0).size(), 4u);
    EXPECT_EQ(reds(*source.train, 1).size(), 1u);
    EXPECT_EQ(reds(*source.test, 1).size(), 1u);
}

TEST(ImageFolder, DrawsTheSameSplitWhateverTheSeedAndTheThreads) {
    const TemporaryFolder folder;
    fill(folder, "a", 20);
    fill(folder, "b", 20);
    auto config = config_for(folder);
    const auto first = open_image_folder(config);
    config.seed = 7;
    config.num_workers = 5;
    const auto second = open_image_folder(config);
    EXPECT_EQ(reds(*first.test, 0), reds(*second.test, 0));
    EXPECT_EQ(reds(*first.train, 1), reds(*second.train, 1));
    EXPECT_EQ(first.sha256, second.sha256);
}

TEST(ImageFolder, TakesTheSplitsThatAreThere) {
    for (const std::string test_name : {"test", "val"}) {
        const TemporaryFolder folder;
        fill(folder, "train/a", 3);
        fill(folder, "train/b", 2);
        fill(folder, test_name + "/a", 1);
        fill(folder, test_name + "/b", 4);
        const auto source = open_image_folder(config_for(folder));
        EXPECT_THAT(source.class_names, ElementsAre("a", "b"));
        EXPECT_THAT(reds(*source.train, 0), ElementsAre(0, 1, 2));
        EXPECT_THAT(reds(*source.test, 1), ElementsAre(0, 1, 2, 3));
    }
}

TEST(ImageFolder, LeavesOutBrokenFilesAndNamesThem) {
    const TemporaryFolder folder;
    fill(folder, "a", 5);
    fill(folder, "b", 5);
    folder.write("a/broken.png", flat_png(8, 8, 1, 2, 3).substr(0, 50));
    folder.write("b/garbage.jpg", "garbage");
    const auto source = open_image_folder(config_for(folder));
    EXPECT_EQ(source.train->size() + source.test->size(), 10);
    EXPECT_THAT(source.skipped, ElementsAre(HasSubstr("a/broken.png"), HasSubstr("b/garbage.jpg")));
}

TEST(ImageFolder, KeepsPicturesSquashedToTheSizeTheTransformBeginsWith) {
    const TemporaryFolder folder;
    fill(folder, "a", 2);
    fill(folder, "b", 2);
    auto config = config_for(folder);
    EXPECT_EQ(open_image_folder(config).train->image(0).width, 32);
    config.input_size = 224;
    config.resize_size = 256;
    EXPECT_EQ(open_image_folder(config).train->image(0).height, 256);
}

TEST(ImageFolder, HashesTheContentsOfItsFiles) {
    const TemporaryFolder folder;
    fill(folder, "a", 3);
    fill(folder, "b", 3);
    const auto before = open_image_folder(config_for(folder)).sha256;
    folder.write("b/101.png", flat_png(8, 8, 99, 0, 0));
    EXPECT_NE(open_image_folder(config_for(folder)).sha256, before);
}

TEST(ImageFolder, RefusesAFolderThatIsNoDataSet) {
    EXPECT_THAT(message_of(config::Config{}), HasSubstr("data_dir"));
    const TemporaryFolder folder;
    auto missing = config_for(folder);
    missing.data_dir += "/missing";
    EXPECT_THAT(message_of(missing), AllOf(HasSubstr("no folder"), HasSubstr("missing")));
    EXPECT_THAT(message_of(config_for(folder)), HasSubstr("has 0 class folders"));
    fill(folder, "only", 3);
    EXPECT_THAT(message_of(config_for(folder)),
                AllOf(HasSubstr(folder.string()), HasSubstr("has 1 class folders")));
}

TEST(ImageFolder, NamesTheClassThatHasTooFewPictures) {
    const TemporaryFolder folder;
    fill(folder, "a", 3);
    folder.write("b/broken.png", "broken");
    EXPECT_THAT(message_of(config_for(folder)),
                AllOf(HasSubstr("/b holds 0 readable"), HasSubstr("at least 2")));
    fill(folder, "b", 1);
    EXPECT_THAT(message_of(config_for(folder)), HasSubstr("/b holds 1 readable"));
}

TEST(ImageFolder, NamesTheClassThatOneSplitLacks) {
    const TemporaryFolder folder;
    for (const std::string name : {"train/a", "train/b", "train/c", "test/a", "test/b"})
        fill(folder, name, 1);
    EXPECT_THAT(message_of(config_for(folder)), HasSubstr("test lacks the class c"));
    fill(folder, "test/c", 1);
    fill(folder, "test/d", 1);
    EXPECT_THAT(message_of(config_for(folder)), HasSubstr("train lacks the class d"));
}

TEST(ImageFolder, ReadsPhotographs) {
    const std::filesystem::path folder = PROMPTCL_SOURCE_DIR "/../shared/data/imagefolder-small";
    if (!std::filesystem::exists(folder))
        GTEST_SKIP() << folder << " is absent: real photographs are NOT tested";
    config::Config config;
    config.data_dir = folder.string();
    config.resize_size = 64;
    config.input_size = 56;
    const auto source = open_image_folder(config);
    EXPECT_GE(source.class_names.size(), 30u);
    EXPECT_GT(source.train->size(), 3 * source.test->size());
    EXPECT_THAT(source.skipped, IsEmpty());
}

}  // namespace
}  // namespace promptcl::data
