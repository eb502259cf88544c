#include "promptcl/data/datasets/class_folders.h"

#include "promptcl/core/error.h"

#include "tests/data/class_folder_files.h"
#include "tests/support/message_of.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

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
    TeachingFolder teaching(image_folder_config(folder));
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
    EXPECT_THAT(TeachingFolder(image_folder_config(folder)).class_names(), ElementsAre("kiwi"));
}

TEST(TeachingFolder, KeepsItsTestFolderForTesting) {
    const TemporaryFolder folder;
    fill(folder, "train/kiwi", 2);
    fill(folder, "test/kiwi", 1);
    OpenObserver nobody;
    const auto source = TeachingFolder(image_folder_config(folder)).open({"kiwi"}, nobody);
    EXPECT_EQ(source.train->size(), 2);
    EXPECT_EQ(source.test->size(), 1);
}

TEST(TeachingFolder, SaysWhatIsMissing) {
    const TemporaryFolder none, empty, tested;
    EXPECT_THAT(message_of<Error>([&] { TeachingFolder{image_folder_config(none)}; }),
                HasSubstr("has no class folders"));
    fill(empty, "kiwi", 1);
    empty.write("heron/notes.txt", "");
    EXPECT_THAT(message_of<Error>([&] { TeachingFolder{image_folder_config(empty)}; }),
                HasSubstr("heron of " + empty.string() + " holds no JPEG or PNG file;"));
    fill(tested, "train/kiwi", 1);
    fill(tested, "test/heron", 1);
    EXPECT_THAT(message_of<Error>([&] { TeachingFolder{image_folder_config(tested)}; }),
                HasSubstr("heron of " + tested.string() + " holds no JPEG or PNG file to learn"));
}

}  // namespace
}  // namespace promptcl::data
