#include "promptcl/data/crop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace promptcl::data {
namespace {

TEST(RandomCrop, LiesInTheImageWithTheAreaAndAspectAsked) {
    Rng rng(1);
    for (int draw = 0; draw < 5000; ++draw) {
        const Rect crop = random_crop(256, 256, CropRange{}, rng);
        ASSERT_GE(crop.top, 0);
        ASSERT_GE(crop.left, 0);
        ASSERT_LE(crop.top + crop.height, 256);
        ASSERT_LE(crop.left + crop.width, 256);
        const double area = crop.height * crop.width / (256.0 * 256.0);
        ASSERT_GE(area, 0.05);
        ASSERT_LE(area, 1.0);
        // The width is rounded to whole pixels.
        ASSERT_GT(crop.width + 0.51, crop.height * 3.0 / 4.0);
        ASSERT_LT(crop.width - 0.51, crop.height * 4.0 / 3.0);
    }
}

TEST(RandomCrop, DrawsHeightsUniformlyBetweenTheirBounds) {
    // With aspect 1 the height is uniform from round(sqrt(0.05) * 256) = 57 to 256.
    const CropRange square{.min_aspect = 1.0, .max_aspect = 1.0};
    Rng rng(2);
    double sum = 0, area = 0;
    int lowest = 256, tallest = 0;
    constexpr int kDraws = 20000;
    for (int draw = 0; draw < kDraws; ++draw) {
        const Rect crop = random_crop(256, 256, square, rng);
        ASSERT_EQ(crop.width, crop.height);
        sum += crop.height;
        area += crop.height * crop.width / (256.0 * 256.0);
        lowest = std::min(lowest, crop.height);
        tallest = std::max(tallest, crop.height);
    }
    // 57 x 57 is less than 5 % of the area and grows to 58.
    EXPECT_EQ(lowest, 58);
    EXPECT_EQ(tallest, 256);
    EXPECT_NEAR(sum / kDraws, (57 + 256) / 2.0, 1.6);  // 4 standard errors of 58 / sqrt(20000)
    // The mean of h^2 over 57..256 in shares of 256^2: not the 0.525 of a uniform area.
    EXPECT_NEAR(area / kDraws, 0.424, 0.009);
}

TEST(RandomCrop, ReachesTheCornersOfTheImage) {
    Rng rng(3);
    int top = 256, left = 256, bottom = 0, right = 0;
    for (int draw = 0; draw < 20000; ++draw) {
        const Rect crop = random_crop(256, 256, CropRange{}, rng);
        top = std::min(top, crop.top);
        left = std::min(left, crop.left);
        bottom = std::max(bottom, crop.top + crop.height);
        right = std::max(right, crop.left + crop.width);
    }
    EXPECT_EQ(top, 0);
    EXPECT_EQ(left, 0);
    EXPECT_EQ(bottom, 256);
    EXPECT_EQ(right, 256);
}

TEST(RandomCrop, TakesTheWholeImageWhenNothingFits) {
    // No crop of aspect 3/4 to 4/3 covers 90 % of so long an image.
    const CropRange large{.min_area = 0.9};
    Rng rng(4);
    EXPECT_EQ(random_crop(10, 100, large, rng), (Rect{0, 0, 10, 100}));
}

TEST(RandomCrop, WorksOnTheSmallestImages) {
    Rng rng(5);
    for (int height = 1; height < 6; ++height) {
        for (int width = 1; width < 6; ++width) {
            for (int draw = 0; draw < 50; ++draw) {
                const Rect crop = random_crop(height, width, CropRange{}, rng);
                ASSERT_GE(crop.height, 1);
                ASSERT_GE(crop.width, 1);
                ASSERT_LE(crop.top + crop.height, height);
                ASSERT_LE(crop.left + crop.width, width);
            }
        }
    }
}

}  // namespace
}  // namespace promptcl::data
