#include "promptcl/data/thumbnail.h"

#include "promptcl/data/image_file.h"
#include "promptcl/data/png.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promptcl::data {
namespace {

using testing::ElementsAre;

Image grey(int height, int width, const std::vector<std::uint8_t>& values) {
    Image image{height, width, {}};
    for (const std::uint8_t value : values)
        image.rgb.insert(image.rgb.end(), 3, value);
    return image;
}

std::vector<std::uint8_t> reds_of(const Image& image) {
    std::vector<std::uint8_t> reds;
    for (std::size_t i = 0; i < image.rgb.size(); i += 3)
        reds.push_back(image.rgb[i]);
    return reds;
}

TEST(Thumbnail, IsTheMeanOfWhatEachPixelCovers) {
    const auto small = thumbnail(grey(2, 4,
                                      {0, 10, 100, 200,  //
                                       20, 30, 0, 100})
                                     .view(),
                                 2);
    EXPECT_EQ(small.height, 1);
    EXPECT_EQ(small.width, 2);
    EXPECT_THAT(reds_of(small), ElementsAre(15, 100));
}

TEST(Thumbnail, SharesPixelsOnTheBorder) {
    // Three pixels to two: each covers one and a half.
    const auto small = thumbnail(grey(1, 3, {0, 90, 240}).view(), 2);
    EXPECT_THAT(reds_of(small), ElementsAre(30, 190));
}

TEST(Thumbnail, LeavesSmallImagesAlone) {
    const auto image = grey(2, 1, {7, 9});
    EXPECT_EQ(thumbnail(image.view(), 2).rgb, image.rgb);
}

TEST(Thumbnail, KeepsAtLeastOnePixelOfANarrowImage) {
    const auto small = thumbnail(grey(1, 100, std::vector<std::uint8_t>(100, 50)).view(), 10);
    EXPECT_EQ(small.height, 1);
    EXPECT_EQ(small.width, 10);
}

TEST(Png, WrittenIsReadBackPixelByPixel) {
    Image image{2, 3, {}};
    for (std::uint8_t value = 0; value < 18; ++value)
        image.rgb.push_back(static_cast<std::uint8_t>(value * 14));
    const Image back = decode_image(encode_png(image.view()), "written");
    EXPECT_EQ(back.height, 2);
    EXPECT_EQ(back.width, 3);
    EXPECT_EQ(back.rgb, image.rgb);
}

}  // namespace
}  // namespace promptcl::data
