#include "promptcl/data/transform.h"

#include "promptcl/core/error.h"
#include "promptcl/data/resize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

namespace promptcl::data {
namespace {

using testing::Each;
using testing::HasSubstr;

Image noise(int height, int width) {
    Image image{height, width, {}};
    Rng rng(6);
    for (int i = 0; i < height * width * 3; ++i)
        image.rgb.push_back(static_cast<std::uint8_t>(rng.below(256)));
    return image;
}

Image flat(int height, int width, std::uint8_t value) {
    return {height, width,
            std::vector<std::uint8_t>(static_cast<std::size_t>(height * width * 3), value)};
}

std::vector<float> trained(const Transform& transform, const Image& image, std::int64_t seed) {
    std::vector<float> chw(static_cast<std::size_t>(transform.output_size()), -1.0f);
    transform.train(image.view(), Rng(1).fork("image", seed), chw);
    return chw;
}

std::vector<float> evaluated(const Transform& transform, const Image& image) {
    std::vector<float> chw(static_cast<std::size_t>(transform.output_size()), -1.0f);
    transform.evaluate(image.view(), chw);
    return chw;
}

TEST(EvaluationTransform, SquashesAndTakesTheCentre) {
    const auto image = noise(30, 50);
    const auto chw = evaluated(Transform({.input_size = 80, .resize_size = 100}), image);
    const auto squashed = resize(image.view(), 100, 100);
    for (const auto& [c, y, x] :
         {std::array{0, 0, 0}, std::array{1, 79, 79}, std::array{2, 40, 13}}) {
        const auto expected =
            squashed.rgb[static_cast<std::size_t>(((y + 10) * 100 + x + 10) * 3 + c)];
        EXPECT_FLOAT_EQ(chw[static_cast<std::size_t>((c * 80 + y) * 80 + x)],
                        static_cast<float>(expected) / 255);
    }
}

TEST(EvaluationTransform, OfASmallInputIsTheImageItself) {
    const auto image = noise(32, 32);
    const auto chw = evaluated(Transform({.input_size = 32, .resize_size = 256}), image);
    ASSERT_EQ(chw.size(), 3u * 32 * 32);
    for (std::size_t pixel = 0; pixel < 32 * 32; ++pixel) {
        for (std::size_t c = 0; c < 3; ++c) {
            ASSERT_FLOAT_EQ(chw[c * 32 * 32 + pixel],
                            static_cast<float>(image.rgb[3 * pixel + c]) / 255);
        }
    }
}

TEST(Transform, GivesTheSameForTheOriginalAndForTheImageStoredSquashed) {
    const auto image = noise(41, 67);
    for (const auto& [resize_size, input_size] : {std::pair{100, 80}, std::pair{256, 32}}) {
        const config::Images sizes{.input_size = input_size, .resize_size = resize_size};
        const Transform transform(sizes);
        const int side = squash_size(sizes);
        const auto stored = resize(image.view(), side, side);
        EXPECT_EQ(evaluated(transform, stored), evaluated(transform, image));
        for (int seed = 0; seed < 5; ++seed)
            EXPECT_EQ(trained(transform, stored, seed), trained(transform, image, seed));
    }
}

TEST(TrainingTransform, IsAFunctionOfTheRandomStream) {
    const Transform transform({.input_size = 80, .resize_size = 100});
    const auto image = noise(100, 100);
    EXPECT_EQ(trained(transform, image, 1), trained(transform, image, 1));
    EXPECT_NE(trained(transform, image, 1), trained(transform, image, 2));
}

TEST(TrainingTransform, KeepsAFlatImageFlatAndWhiteAtOne) {
    const Transform transform({.input_size = 224, .resize_size = 256});
    for (int seed = 0; seed < 5; ++seed)
        EXPECT_THAT(trained(transform, flat(32, 32, 255), seed), Each(1.0f));
}

TEST(TrainingTransform, MirrorsHalfOfTheImages) {
    // Dark on the left, bright on the right: a crop shows that order unless it is mirrored.
    Image image{80, 80, {}};
    for (int pixel = 0; pixel < 80 * 80; ++pixel)
        image.rgb.insert(image.rgb.end(), 3, static_cast<std::uint8_t>(pixel % 80));
    const Transform transform({.input_size = 80, .resize_size = 80});
    int mirrored = 0;
    for (int seed = 0; seed < 400; ++seed) {
        const auto chw = trained(transform, image, seed);
        mirrored += chw.front() > chw[79] ? 1 : 0;
    }
    EXPECT_NEAR(mirrored, 200, 40);  // 4 standard deviations
}

TEST(TrainingTransform, OfASmallInputMovesTheImageByUpToTwoPixelsOverZeros) {
    // One white pixel in the middle shows how far the image was moved.
    auto image = flat(32, 32, 0);
    std::fill_n(image.rgb.begin() + (16 * 32 + 16) * 3, 3, std::uint8_t{255});
    const Transform transform({.input_size = 32, .resize_size = 256});
    std::set<std::ptrdiff_t> rows, columns;
    for (int seed = 0; seed < 300; ++seed) {
        const auto chw = trained(transform, image, seed);
        const auto place = std::ranges::find(chw, 1.0f) - chw.begin();
        rows.insert(place / 32);
        columns.insert(place % 32);
    }
    EXPECT_THAT(rows, testing::ElementsAre(14, 15, 16, 17, 18));
    // Mirrored, column 14..18 becomes 17..13.
    EXPECT_THAT(columns, testing::ElementsAre(13, 14, 15, 16, 17, 18));
}

TEST(TrainingTransform, OfASmallInputPadsWithZeros) {
    const auto image = flat(32, 32, 255);
    bool padded = false;
    for (int seed = 0; seed < 20; ++seed) {
        const auto chw = trained(Transform({.input_size = 32, .resize_size = 256}), image, seed);
        for (const float value : chw)
            ASSERT_TRUE(value == 0.0f || value == 1.0f);
        padded |= std::ranges::count(chw, 0.0f) > 0;
    }
    EXPECT_TRUE(padded);
}

TEST(Transform, RefusesSizesThatCannotBeAndNamesTheKey) {
    const auto message = [](int resize_size, int input_size) -> std::string {
        try {
            const Transform transform({.input_size = input_size, .resize_size = resize_size});
        } catch (const UsageError& error) {
            return error.what();
        }
        return "no error";
    };
    EXPECT_THAT(message(200, 224), HasSubstr("resize_size 200 is smaller than input_size 224"));
    EXPECT_THAT(message(256, 0), HasSubstr("input_size is 0"));
    EXPECT_EQ(message(16, 32), "no error");
}

}  // namespace
}  // namespace promptcl::data
