#include "promptcl/data/resize.h"

#include "promptcl/core/error.h"
#include "promptcl/core/rng.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace promptcl::data {
namespace {

using testing::ElementsAre;

/// A picture of one row whose three channels are equal.
Image grey_row(const std::vector<int>& values) {
    Image image{1, static_cast<int>(values.size()), {}};
    for (const int value : values)
        image.rgb.insert(image.rgb.end(), 3, static_cast<std::uint8_t>(value));
    return image;
}

std::vector<int> red_of(const Image& image) {
    std::vector<int> values;
    for (std::size_t i = 0; i < image.rgb.size(); i += 3)
        values.push_back(image.rgb[i]);
    return values;
}

Image noise(int height, int width) {
    Image image{height, width, {}};
    Rng rng(5);
    for (int i = 0; i < height * width * 3; ++i)
        image.rgb.push_back(static_cast<std::uint8_t>(rng.below(256)));
    return image;
}

TEST(Resize, ReadsBetweenHalfPixelCentresAndRepeatsTheEdges) {
    // Twice as wide: centres at -0.25, 0.25, 0.75, 1.25 of the source.
    EXPECT_THAT(red_of(resize(grey_row({0, 100}).view(), 1, 4)), ElementsAre(0, 25, 75, 100));
}

TEST(Resize, CutsToEightBitsInsteadOfRounding) {
    // 0.25 * 3 = 0.75 and 0.75 * 3 = 2.25.
    EXPECT_THAT(red_of(resize(grey_row({0, 3}).view(), 1, 4)), ElementsAre(0, 0, 2, 3));
}

TEST(Resize, DoesNotAverageWhenItShrinks) {
    // A third of the width: centres at 1 and 4, the pixels between are not looked at.
    EXPECT_THAT(red_of(resize(grey_row({9, 50, 9, 9, 70, 9}).view(), 1, 2)), ElementsAre(50, 70));
}

TEST(Resize, TreatsRowsAsItTreatsColumns) {
    Image column = grey_row({0, 100});
    std::swap(column.height, column.width);
    const auto tall = resize(column.view(), 4, 1);
    EXPECT_EQ(tall.height, 4);
    EXPECT_THAT(red_of(tall), ElementsAre(0, 25, 75, 100));
}

TEST(Resize, ToTheSameSizeChangesNothing) {
    const auto image = noise(7, 9);
    EXPECT_EQ(resize(image.view(), 7, 9).rgb, image.rgb);
}

TEST(Resize, KeepsTheChannelsApart) {
    const Image image{1, 2, {0, 10, 20, 100, 110, 120}};
    EXPECT_THAT(resize(image.view(), 1, 4).rgb,
                ElementsAre(0, 10, 20, 25, 35, 45, 75, 85, 95, 100, 110, 120));
}

/// The value at one output pixel straight from the definition.
double by_definition(const Image& image, Rect part, int size, int y, int x, int channel) {
    const auto at = [&](int row, int column) {
        row = part.top + std::clamp(row, 0, part.height - 1);
        column = part.left + std::clamp(column, 0, part.width - 1);
        return static_cast<double>(
            image.rgb[static_cast<std::size_t>((row * image.width + column) * 3 + channel)]);
    };
    const double v = (y + 0.5) * part.height / size - 0.5, u = (x + 0.5) * part.width / size - 0.5;
    const int row = static_cast<int>(std::floor(v)), column = static_cast<int>(std::floor(u));
    const double down = v - row, right = u - column;
    return (at(row, column) * (1 - right) + at(row, column + 1) * right) * (1 - down) +
           (at(row + 1, column) * (1 - right) + at(row + 1, column + 1) * right) * down;
}

TEST(ResizePart, EqualsTheDefinitionOnRandomParts) {
    constexpr double kFloat32 = 1e-5;
    const auto image = noise(20, 30);
    for (const Rect part :
         {Rect{0, 0, 20, 30}, Rect{3, 4, 5, 6}, Rect{19, 29, 1, 1}, Rect{2, 0, 17, 3}}) {
        std::vector<float> chw(3 * 11 * 11), mirrored(3 * 11 * 11);
        resize_part(image.view(), part, Mirror::kNo, 11, chw);
        resize_part(image.view(), part, Mirror::kYes, 11, mirrored);
        for (int c = 0; c < 3; ++c) {
            for (int y = 0; y < 11; ++y) {
                for (int x = 0; x < 11; ++x) {
                    const auto i = static_cast<std::size_t>((c * 11 + y) * 11 + x);
                    ASSERT_NEAR(chw[i], by_definition(image, part, 11, y, x, c) / 255, kFloat32);
                    ASSERT_EQ(mirrored[i + 10 - 2 * static_cast<std::size_t>(x)], chw[i]);
                }
            }
        }
    }
}

TEST(ResizePart, RefusesAPartOutsideTheImage) {
    const auto image = noise(4, 4);
    std::vector<float> chw(3 * 2 * 2);
    EXPECT_THROW(resize_part(image.view(), {1, 0, 4, 4}, Mirror::kNo, 2, chw), Bug);
    EXPECT_THROW(resize_part(image.view(), {0, 0, 4, 4}, Mirror::kNo, 3, chw), Bug);
}

}  // namespace
}  // namespace promptcl::data
