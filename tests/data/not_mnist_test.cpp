#include "promptcl/data/datasets/not_mnist.h"

#include "promptcl/core/error.h"

#include "tests/data/picture_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// The archive's tree: five grey letters of each kind, and the two kinds of broken files it has.
void write_not_mnist(const TemporaryFolder& folder) {
    for (const char letter : std::string("ABCDEFGHIJ")) {
        for (int i = 0; i < 5; ++i) {
            const std::vector<std::uint8_t> row(28, static_cast<std::uint8_t>(10 * i));
            folder.write(std::string("notMNIST_small/") + letter + "/" + std::to_string(i) + ".png",
                         png_of(PngKind::kGrey, 28, std::vector(28, row)));
        }
    }
    folder.write("notMNIST_small/A/RGVtb2NyYXRpY2E=.png", "");
    folder.write("notMNIST_small/F/Q3Jvc3NvdmVyL.png", flat_png(28, 28, 1, 1, 1).substr(0, 60));
}

TEST(NotMnist, HasTenLettersInGreyAsRgb) {
    const TemporaryFolder folder;
    write_not_mnist(folder);
    const auto source = open_set("not_mnist", folder.path());
    EXPECT_THAT(source.class_names, ElementsAre("A", "B", "C", "D", "E", "F", "G", "H", "I", "J"));
    EXPECT_EQ(source.train->size(), 40);
    EXPECT_EQ(source.test->size(), 10);
    EXPECT_EQ(source.test->label(9), 9);
    const auto image = source.train->image(3);
    EXPECT_EQ(image.width, 28);
    EXPECT_EQ(image.rgb[0], image.rgb[2]);
}

TEST(NotMnist, SkipsAndCountsItsBrokenFiles) {
    const TemporaryFolder folder;
    write_not_mnist(folder);
    EXPECT_THAT(open_set("not_mnist", folder.path()).skipped,
                ElementsAre(HasSubstr("A/RGVtb2NyYXRpY2E=.png"), HasSubstr("F/Q3Jvc3NvdmVyL.png")));
}

TEST(NotMnist, IsTheSameFromItsArchive) {
    const TemporaryFolder folder, packed;
    write_not_mnist(folder);
    packed.write("notMNIST_small.tar.gz", io::gzip_bytes(tar_of(folder.path())));
    EXPECT_EQ(open_set("not_mnist", packed.path()).sha256,
              open_set("not_mnist", folder.path()).sha256);
}

TEST(NotMnist, NamesTheLetterThatIsMissing) {
    const TemporaryFolder folder;
    write_not_mnist(folder);
    std::filesystem::remove_all(folder / "notMNIST_small/H");
    EXPECT_THAT(refusal_of("not_mnist", folder.path()), HasSubstr("holds no folder H"));
}

}  // namespace
}  // namespace promptcl::data
