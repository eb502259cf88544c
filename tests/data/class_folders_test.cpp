#include "promptcl/data/datasets/class_folders.h"

#include "promptcl/core/error.h"

#include "tests/data/picture_files.h"
#include "tests/support/message_of.h"
#include "tests/support/temporary_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

config::Config config_for(const TemporaryFolder& folder) {
    config::Config config;
    config.dataset = "image_folder";
    config.data_dir = folder.string();
    config.input_size = 32;
    return config;
}

void fill(const TemporaryFolder& folder, const std::string& name, int count) {
    for (int i = 0; i < count; ++i)
        folder.write(name + "/" + std::to_string(i) + ".png", flat_png(8, 8, 0, 0, 0));
}

std::vector<std::int64_t> labels_of(const Dataset& images) {
    std::vector<std::int64_t> labels;
    for (std::int64_t i = 0; i < images.size(); ++i)
        labels.push_back(images.label(i));
    return labels;
}

TEST(TeachingFolder, TrainsOnEveryPictureUnderTheLabelOfItsClassAmongAll) {
    const TemporaryFolder folder;
    fill(folder, "kiwi", 2);
    fill(folder, "heron", 1);
    TeachingFolder teaching(config_for(folder));
    EXPECT_THAT(teaching.class_names(), ElementsAre("heron", "kiwi"));
    OpenObserver nobody;
    const auto source = teaching.open({"cat", "kiwi", "heron"}, nobody);
    EXPECT_THAT(labels_of(*source.train), ElementsAre(1, 1, 2));
    EXPECT_EQ(source.test->size(), 0);
    EXPECT_THAT(source.class_names, ElementsAre("cat", "kiwi", "heron"));
}

TEST(TeachingFolder, MayHoldOneClassAlone) {
    const TemporaryFolder folder;
    fill(folder, "kiwi", 1);
    EXPECT_THAT(TeachingFolder(config_for(folder)).class_names(), ElementsAre("kiwi"));
}

TEST(TeachingFolder, KeepsItsTestFolderForTesting) {
    const TemporaryFolder folder;
    fill(folder, "train/kiwi", 2);
    fill(folder, "test/kiwi", 1);
    OpenObserver nobody;
    const auto source = TeachingFolder(config_for(folder)).open({"kiwi"}, nobody);
    EXPECT_EQ(source.train->size(), 2);
    EXPECT_EQ(source.test->size(), 1);
}

TEST(TeachingFolder, SaysWhatIsMissing) {
    const TemporaryFolder none, empty, tested;
    EXPECT_THAT(message_of<Error>([&] { TeachingFolder{config_for(none)}; }),
                HasSubstr("has no class folders"));
    fill(empty, "kiwi", 1);
    empty.write("heron/notes.txt", "");
    EXPECT_THAT(message_of<Error>([&] { TeachingFolder{config_for(empty)}; }),
                HasSubstr("heron of " + empty.string() + " holds no JPEG or PNG file;"));
    fill(tested, "train/kiwi", 1);
    fill(tested, "test/heron", 1);
    EXPECT_THAT(message_of<Error>([&] { TeachingFolder{config_for(tested)}; }),
                HasSubstr("heron of " + tested.string() + " holds no JPEG or PNG file to learn"));
}

}  // namespace
}  // namespace promptcl::data
