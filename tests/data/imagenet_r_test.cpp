#include "promptcl/data/datasets/imagenet_r.h"

#include "promptcl/core/error.h"

#include "tests/data/picture_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::data {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// The archive's tree: two of the 200 classes, six pictures each.
void write_imagenet_r(const TemporaryFolder& folder) {
    for (const std::string synset : {"n01443537", "n01484850"}) {
        for (const std::string name : {"art_0", "art_1", "cartoon_0", "toy_0", "toy_1", "toy_2"}) {
            folder.write("imagenet-r/" + synset + "/" + name + ".jpg",
                         flat_jpeg(JpegKind::kRgb, 40, 50, {200, 0, 0}));
        }
    }
    folder.write("imagenet-r/README.txt",
                 "This is ImageNet-R(endition).\n\nn01443537 goldfish\nn01484850 "
                 "great_white_shark\nn01494475 hammerhead\n");
}

TEST(ImagenetR, TakesItsClassesInTheOrderOfTheirSynsetsAndTheirNamesFromTheReadme) {
    const TemporaryFolder folder;
    write_imagenet_r(folder);
    const auto source = open_set("imagenet_r", folder.path());
    EXPECT_THAT(source.class_names, ElementsAre("goldfish", "great_white_shark"));
    EXPECT_EQ(source.train->size(), 10);
    EXPECT_EQ(source.test->size(), 2);
    EXPECT_THAT(lines_of(*source.test),
                ElementsAre(AllOf(StartsWith("n01443537/"), HasSubstr(".jpg 0")),
                            AllOf(StartsWith("n01484850/"), HasSubstr(".jpg 1"))));
    EXPECT_FALSE(source.tasks);
}

TEST(ImagenetR, IsTheSameUnpackedPackedAndInItsFolder) {
    const TemporaryFolder folder, packed;
    write_imagenet_r(folder);
    packed.write("imagenet-r.tar", tar_of(folder.path()));
    const auto expected = open_set("imagenet_r", folder.path());
    for (const auto& data_dir : {folder / "imagenet-r", packed.path(), packed / "imagenet-r.tar"}) {
        const auto source = open_set("imagenet_r", data_dir);
        EXPECT_EQ(source.sha256, expected.sha256);
        EXPECT_EQ(source.class_names, expected.class_names);
        EXPECT_EQ(lines_of(*source.train), lines_of(*expected.train));
    }
}

TEST(ImagenetR, IsNamedBySynsetsWithoutTheReadme) {
    const TemporaryFolder folder;
    write_imagenet_r(folder);
    std::filesystem::remove(folder / "imagenet-r/README.txt");
    EXPECT_THAT(open_set("imagenet_r", folder.path()).class_names,
                ElementsAre("n01443537", "n01484850"));
}

TEST(ImagenetR, SkipsAPictureThatIsCutOff) {
    const TemporaryFolder folder;
    write_imagenet_r(folder);
    folder.write("imagenet-r/n01443537/cut.jpg",
                 flat_jpeg(JpegKind::kRgb, 40, 50, {200, 0, 0}).substr(0, 300));
    const auto source = open_set("imagenet_r", folder.path());
    EXPECT_THAT(source.skipped, ElementsAre(HasSubstr("n01443537/cut.jpg")));
    EXPECT_EQ(source.train->size(), 10);
}

TEST(ImagenetR, SaysWhatIsMissing) {
    const TemporaryFolder folder;
    EXPECT_THAT(refusal_of("imagenet_r", ""), HasSubstr("data_dir is not set"));
    EXPECT_THAT(refusal_of("imagenet_r", folder / "none"), HasSubstr("no folder"));
    EXPECT_THAT(refusal_of("imagenet_r", folder.path()), HasSubstr("imagenet-r.tar"));
    folder.write("n01443537/broken.jpg", "broken");
    EXPECT_THAT(refusal_of("imagenet_r", folder.path()),
                AllOf(StartsWith("n01443537 of "), HasSubstr("holds 0 readable")));
}

}  // namespace
}  // namespace promptcl::data
