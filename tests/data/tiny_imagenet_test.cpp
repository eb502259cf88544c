#include "promptcl/data/datasets/tiny_imagenet.h"

#include "promptcl/core/error.h"

#include "tests/data/picture_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::data {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kAnnotations = "tiny-imagenet-200/val/val_annotations.txt";

/// The archive's tree: two of the 200 classes.
void write_tiny_imagenet(const TemporaryFolder& folder) {
    const std::string root = "tiny-imagenet-200/";
    folder.write(root + "wnids.txt", "n02124075\nn01443537\n");
    folder.write(root + "words.txt",
                 "n00001740\tentity\nn01443537\tgoldfish, Carassius "
                 "auratus\nn02124075\tEgyptian cat\n");
    const std::string picture = flat_jpeg(JpegKind::kGrey, 64, 64, {90});
    for (const std::string synset : {"n01443537", "n02124075"}) {
        for (const std::string number : {"_0", "_1"})
            folder.write(root + "train/" + synset + "/images/" + synset + number + ".JPEG",
                         picture);
        folder.write(root + "train/" + synset + "/" + synset + "_boxes.txt", "x\t0\t0\t9\t9\n");
    }
    for (const std::string name : {"val_0", "val_1", "val_10"})
        folder.write(root + "val/images/" + name + ".JPEG", picture);
    folder.write(root + "test/images/test_0.JPEG", picture);
    folder.write(kAnnotations,
                 "val_0.JPEG\tn01443537\t0\t32\t44\t62\nval_1.JPEG\tn02124075\t1\t2\t3\t4\n"
                 "val_10.JPEG\tn01443537\t1\t2\t3\t4\n");
}

TEST(TinyImagenet, TakesItsClassesFromWnidsAndTestsOnItsValidationPictures) {
    const TemporaryFolder folder;
    write_tiny_imagenet(folder);
    const auto source = open_set("tiny_imagenet", folder.path());
    EXPECT_THAT(source.class_names, ElementsAre("Egyptian cat", "goldfish"));
    EXPECT_THAT(lines_of(*source.train), ElementsAre("train/n02124075/images/n02124075_0.JPEG 0",
                                                     "train/n02124075/images/n02124075_1.JPEG 0",
                                                     "train/n01443537/images/n01443537_0.JPEG 1",
                                                     "train/n01443537/images/n01443537_1.JPEG 1"));
    EXPECT_THAT(lines_of(*source.test),
                ElementsAre("val/images/val_1.JPEG 0", "val/images/val_0.JPEG 1",
                            "val/images/val_10.JPEG 1"));
}

TEST(TinyImagenet, IsTheSameFromItsArchive) {
    const TemporaryFolder folder, packed;
    write_tiny_imagenet(folder);
    packed.write("tiny-imagenet-200.zip", zip_of(folder.path()));
    EXPECT_EQ(open_set("tiny_imagenet", packed.path()).sha256,
              open_set("tiny_imagenet", folder.path()).sha256);
}

TEST(TinyImagenet, NamesThePictureWithoutALineAndTheLineWithAnotherClass) {
    const TemporaryFolder folder;
    write_tiny_imagenet(folder);
    folder.write(kAnnotations, "val_0.JPEG\tn01443537\t0\t32\t44\t62\n");
    EXPECT_THAT(refusal_of("tiny_imagenet", folder.path()),
                AllOf(HasSubstr("val_annotations.txt has no line for val_1.JPEG"),
                      HasSubstr("tiny-imagenet-200.zip")));
    folder.write(kAnnotations, "val_0.JPEG\tn01443537\t0\nval_1.JPEG\tn09999999\t0\n");
    EXPECT_THAT(refusal_of("tiny_imagenet", folder.path()),
                AllOf(HasSubstr("line 2 of val/val_annotations.txt"), HasSubstr("n09999999")));
    folder.write(kAnnotations, "val_0.JPEG\n");
    EXPECT_THAT(refusal_of("tiny_imagenet", folder.path()), HasSubstr("line 1 of"));
    folder.write("tiny-imagenet-200/wnids.txt", "cat\n");
    EXPECT_THAT(refusal_of("tiny_imagenet", folder.path()), HasSubstr("wnids.txt names cat"));
}

TEST(TinyImagenet, NamesTheFileThatIsMissing) {
    const TemporaryFolder folder;
    EXPECT_THAT(refusal_of("tiny_imagenet", folder.path()), HasSubstr("wnids.txt"));
}

}  // namespace
}  // namespace promptcl::data
