#include "promptcl/data/datasets/image_folder.h"

#include "promptcl/core/error.h"
#include "promptcl/data/data_split.h"
#include "promptcl/data/registry.h"
#include "promptcl/io/file.h"

#include "tests/data/class_folder_files.h"
#include "tests/io/tar_bytes.h"

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
using testing::StartsWith;

std::vector<int> reds(const Dataset& split, std::int64_t label) {
    std::vector<int> values;
    for (std::int64_t i = 0; i < split.size(); ++i) {
        if (split.label(i) == label) values.push_back(split.image(i).rgb[0]);
    }
    return values;
}

std::string message_of(const config::Config& config) {
    try {
        open_dataset(config);
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
    const auto source = open_dataset(image_folder_config(folder));
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
    const auto source = open_dataset(image_folder_config(folder));
    EXPECT_EQ(reds(*source.train, 0).size(), 16u);
    EXPECT_EQ(reds(*source.test, 0).size(), 4u);
    EXPECT_EQ(reds(*source.train, 1).size(), 1u);
    EXPECT_EQ(reds(*source.test, 1).size(), 1u);
}

TEST(ImageFolder, DrawsTheSameSplitWhateverTheSeedAndTheThreads) {
    const TemporaryFolder folder;
    fill(folder, "a", 20);
    fill(folder, "b", 20);
    auto config = image_folder_config(folder);
    const auto first = open_dataset(config);
    config.seed = 7;
    config.num_workers = 5;
    const auto second = open_dataset(config);
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
        const auto source = open_dataset(image_folder_config(folder));
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
    const auto source = open_dataset(image_folder_config(folder));
    EXPECT_EQ(source.train->size() + source.test->size(), 10);
    EXPECT_THAT(source.skipped, ElementsAre(HasSubstr("a/broken.png"), HasSubstr("b/garbage.jpg")));
}

TEST(ImageFolder, KeepsLargePicturesSquashedToTheSizeTheTransformBeginsWith) {
    const TemporaryFolder folder;
    for (const std::string name : {"a/1.png", "a/2.png", "b/1.png", "b/2.png"})
        folder.write(name, flat_png(10, 300, 1, 2, 3));
    auto config = image_folder_config(folder);
    EXPECT_EQ(open_dataset(config).train->image(0).width, 32);
    config.images.input_size = 224;
    config.images.resize_size = 256;
    EXPECT_EQ(open_dataset(config).train->image(0).height, 256);
}

TEST(ImageFolder, KeepsSmallPicturesAsTheyAre) {
    const TemporaryFolder folder;
    fill(folder, "a", 2);
    fill(folder, "b", 2);
    EXPECT_EQ(open_dataset(image_folder_config(folder)).train->image(0).width, 8);
}

TEST(ImageFolder, HashesTheContentsOfItsFiles) {
    const TemporaryFolder folder;
    fill(folder, "a", 3);
    fill(folder, "b", 3);
    const auto before = open_dataset(image_folder_config(folder)).sha256;
    folder.write("b/101.png", flat_png(8, 8, 99, 0, 0));
    EXPECT_NE(open_dataset(image_folder_config(folder)).sha256, before);
}

TEST(ImageFolder, RefusesAFolderThatIsNoDataSet) {
    const TemporaryFolder folder;
    auto unset = image_folder_config(folder);
    unset.data_dir.clear();
    EXPECT_THAT(message_of(unset), HasSubstr("data_dir is not set"));
    auto missing = image_folder_config(folder);
    missing.data_dir += "/missing";
    EXPECT_THAT(message_of(missing), AllOf(HasSubstr("no folder"), HasSubstr("missing")));
    EXPECT_THAT(message_of(image_folder_config(folder)), HasSubstr("has 0 class folders"));
    fill(folder, "only", 3);
    EXPECT_THAT(message_of(image_folder_config(folder)),
                AllOf(HasSubstr(folder.string()), HasSubstr("has 1 class folders")));
}

TEST(ImageFolder, NamesTheClassThatHasTooFewPictures) {
    const TemporaryFolder folder;
    fill(folder, "a", 3);
    folder.write("b/broken.png", "broken");
    EXPECT_THAT(
        message_of(image_folder_config(folder)),
        AllOf(HasSubstr("b of " + folder.string() + " holds 0 readable"), HasSubstr("at least 2")));
    fill(folder, "b", 1);
    EXPECT_THAT(message_of(image_folder_config(folder)), HasSubstr("holds 1 readable"));
}

TEST(ImageFolder, NamesTheClassFolderWithoutPictures) {
    const TemporaryFolder folder;
    fill(folder, "a", 3);
    folder.write("b/readme.txt", "no picture");
    EXPECT_THAT(message_of(image_folder_config(folder)),
                StartsWith("b of " + folder.string() + " holds no JPEG or PNG file"));
}

TEST(ImageFolder, NamesTheClassThatOneSplitLacks) {
    const TemporaryFolder folder;
    for (const std::string name : {"train/a", "train/b", "train/c", "test/a", "test/b"})
        fill(folder, name, 1);
    EXPECT_THAT(message_of(image_folder_config(folder)),
                AllOf(HasSubstr("test split"), HasSubstr("lacks the class c")));
    fill(folder, "test/c", 1);
    fill(folder, "test/d", 1);
    EXPECT_THAT(message_of(image_folder_config(folder)),
                AllOf(HasSubstr("train split"), HasSubstr("lacks the class d")));
}

TEST(ImageFolder, SaysWhereEachPictureComesFrom) {
    const TemporaryFolder folder;
    for (const std::string name : {"train/a", "train/b", "val/a", "val/b"})
        fill(folder, name, 1);
    const auto source = open_dataset(image_folder_config(folder));
    EXPECT_EQ(source.train->origin(1), "train/b/100.png");
    EXPECT_EQ(source.test->origin(0), "val/a/100.png");
}

TEST(ImageFolder, IsReadFromAnArchiveWithTheSameResult) {
    const TemporaryFolder folder;
    std::vector<io::TarEntry> entries;
    for (const std::string name : {"b", "a"}) {
        fill(folder, name, 6);
        for (int i = 0; i < 6; ++i) {
            const std::string path = name + "/" + std::to_string(100 + i) + ".png";
            entries.push_back({"pets/" + path, io::read_file(folder / path)});
        }
    }
    auto config = image_folder_config(folder);
    const auto unpacked = open_dataset(config);
    const TemporaryFolder elsewhere;
    config.data_dir =
        elsewhere.write("pets.tar.gz", io::gzip_bytes(io::tar_bytes(entries))).string();
    const auto packed = open_dataset(config);
    EXPECT_EQ(packed.sha256, unpacked.sha256);
    EXPECT_EQ(packed.test->origin(0), unpacked.test->origin(0));
    EXPECT_EQ(reds(*packed.train, 1), reds(*unpacked.train, 1));
}

TEST(ImageFolder, TakesTheTestPicturesThatAFileNames) {
    const TemporaryFolder folder;
    fill(folder, "a", 3);
    fill(folder, "b", 3);
    auto config = image_folder_config(folder);
    config.data_split = folder.write("split.txt", "# mine\nb/102.png\r\n\na/100.png\n").string();
    const auto source = open_dataset(config);
    EXPECT_THAT(reds(*source.test, 0), ElementsAre(0));
    EXPECT_THAT(reds(*source.test, 1), ElementsAre(2));
    EXPECT_EQ(source.train->size(), 4);
    write_data_split(folder / "again.txt", *source.test);
    config.data_split = (folder / "again.txt").string();
    EXPECT_EQ(open_dataset(config).sha256, source.sha256);
}

TEST(ImageFolder, NamesTheLineOfASplitFileThatIsWrong) {
    const TemporaryFolder folder;
    fill(folder, "a", 3);
    fill(folder, "b", 3);
    auto config = image_folder_config(folder);
    const auto message = [&](std::string_view text) {
        config.data_split = folder.write("split.txt", text).string();
        return message_of(config);
    };
    EXPECT_THAT(message("a/100.png\na/999.png\n"),
                AllOf(HasSubstr("line 2 of"), HasSubstr("a/999.png, which is no picture")));
    EXPECT_THAT(message("a/100.png\na/100.png\n"), HasSubstr("line 2 of"));
    EXPECT_THAT(message("\n"), HasSubstr("names no test image"));
    EXPECT_THAT(message("a/100.png\na/101.png\na/102.png\nb/100.png\n"), "no error");
}

TEST(ImageFolder, ReadsPhotographs) {
    const std::filesystem::path folder = PROMPTCL_SOURCE_DIR "/../shared/data/imagefolder-small";
    if (!std::filesystem::exists(folder))
        GTEST_SKIP() << folder << " is absent: real photographs are NOT tested";
    config::Config config;
    config.dataset = "image_folder";
    config.data_dir = folder.string();
    config.images.resize_size = 64;
    config.images.input_size = 56;
    const auto source = open_dataset(config);
    EXPECT_GE(source.class_names.size(), 30u);
    EXPECT_GT(source.train->size(), 3 * source.test->size());
    EXPECT_THAT(source.skipped, IsEmpty());
}

}  // namespace
}  // namespace promptcl::data
