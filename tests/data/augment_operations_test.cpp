// The operations of RandAugment and of the colour jitter, held against TensorFlow's bits and
// against numbers worked out by hand.
#include "promptcl/core/rng.h"
#include "promptcl/data/augment/color_jitter.h"
#include "promptcl/data/augment/geometry.h"
#include "promptcl/data/augment/operations.h"
#include "promptcl/data/augment/tones.h"
#include "promptcl/io/npz.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

namespace promptcl::data::augment {
namespace {

using testing::ElementsAre;
using testing::Pointwise;

const io::ArrayMap& golden() {
    static const io::ArrayMap arrays =
        io::read_npz(PROMPTCL_SOURCE_DIR "/tests/golden/augment_operations.npz");
    return arrays;
}

Image image_of(const io::Array& array) {
    Image result{static_cast<int>(array.shape[0]), static_cast<int>(array.shape[1]), {}};
    for (const std::int64_t value : array.as_int())
        result.rgb.push_back(static_cast<std::uint8_t>(value));
    return result;
}

/// One row of grey pixels.
Image greys(std::initializer_list<int> values) {
    Image result{1, static_cast<int>(values.size()), {}};
    for (const int value : values)
        result.rgb.insert(result.rgb.end(), 3, static_cast<std::uint8_t>(value));
    return result;
}

std::vector<int> reds(const Image& image) {
    std::vector<int> result;
    for (std::size_t i = 0; i < image.rgb.size(); i += 3)
        result.push_back(image.rgb[i]);
    return result;
}

/// "ShearX/noise/2/-" of the golden file: the operation, the image, the level's number, the sign.
std::vector<std::string> parts_of(const std::string& name) {
    std::vector<std::string> result(1);
    for (const char letter : name) {
        if (letter == '/') {
            result.emplace_back();
        } else {
            result.back() += letter;
        }
    }
    return result;
}

class EveryOperation : public testing::TestWithParam<std::string_view> {};

TEST_P(EveryOperation, GivesTheBitsOfTensorFlow) {
    const auto levels = golden().at("levels").as_float();
    int cases = 0;
    for (const auto& [name, expected] : golden()) {
        const auto parts = parts_of(name);
        if (parts[0] != GetParam()) continue;
        Image image = image_of(golden().at("image/" + parts[1]));
        const Strength strength{
            .level = levels[std::stoul(parts[2])], .positive = parts[3] == "+", .translation = 10};
        apply(GetParam(), strength, image);
        EXPECT_EQ(image.rgb, image_of(expected).rgb) << name;
        ++cases;
    }
    EXPECT_GE(cases, 3);
}

INSTANTIATE_TEST_SUITE_P(RandAugment, EveryOperation, testing::ValuesIn(kOperations),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(AutoContrast, StretchesTheValuesOverTheWholeRange) {
    Image image = greys({50, 101, 152});
    autocontrast(image);
    EXPECT_THAT(reds(image), ElementsAre(0, 127, 255));
}

TEST(Equalize, CountsTheValuesBelow) {
    Image image = greys({});  // 255 pixels of 10, 255 of 20, one of 30: step = 510 / 255 = 2
    for (const auto& [value, count] : {std::pair{10, 255}, std::pair{20, 255}, std::pair{30, 1}})
        image.rgb.insert(image.rgb.end(), static_cast<std::size_t>(3 * count),
                         static_cast<std::uint8_t>(value));
    image.height = 1;
    image.width = 511;
    equalize(image);
    const auto values = reds(image);
    EXPECT_EQ(values.front(), 0);
    EXPECT_EQ(values[300], 128);  // (255 + 1) / 2
    EXPECT_EQ(values.back(), 255);
}

TEST(Equalize, LeavesAnImageOfFewPixelsAsItIs) {
    Image image = greys({3, 200, 77});
    equalize(image);
    EXPECT_THAT(reds(image), ElementsAre(3, 200, 77));
}

TEST(Posterize, KeepsOneBitWhereNoneIsAskedFor) {
    Image image = greys({255, 127, 128});
    posterize(image, 0);
    EXPECT_THAT(reds(image), ElementsAre(128, 0, 128));
}

TEST(Solarize, InvertsFromTheThresholdOnAndTheLargestValueAlways) {
    Image image = greys({100, 127, 128, 255});
    solarize(image, 128);
    EXPECT_THAT(reds(image), ElementsAre(100, 127, 127, 0));
    image = greys({254, 255});
    solarize(image, 256);
    EXPECT_THAT(reds(image), ElementsAre(254, 0));
}

TEST(SolarizeAdd, BrightensWhatIsDark) {
    Image image = greys({0, 127, 128, 250});
    solarize_add(image, 110);
    EXPECT_THAT(reds(image), ElementsAre(110, 237, 128, 250));
}

TEST(Brightness, ScalesAndCuts) {
    Image image = greys({10, 101, 200});
    brightness(image, 1.5f);
    EXPECT_THAT(reds(image), ElementsAre(15, 151, 255));
}

TEST(Translation, ReadsFurtherRightAndLeavesGrey) {
    Image image = greys({1, 2, 3, 4});
    transform(image, translation_x(1));
    EXPECT_THAT(reds(image), ElementsAre(2, 3, 4, kGrey));
}

TEST(Rotation, ByAQuarterTurnsTheColumnsIntoRows) {
    Image image{3, 3, {}};
    for (int i = 1; i <= 9; ++i)
        image.rgb.insert(image.rgb.end(), 3, static_cast<std::uint8_t>(i));
    transform(image, rotation(90, 3, 3));
    EXPECT_THAT(reds(image), ElementsAre(3, 6, 9, 2, 5, 8, 1, 4, 7));
}

TEST(LargestTranslation, IsThatOfTheKnownSizes) {
    for (const auto& [side, pixels] : {std::pair{224, 100}, std::pair{128, 40}, std::pair{96, 30},
                                       std::pair{32, 10}, std::pair{64, 19}})
        EXPECT_EQ(largest_translation(side), pixels);
}

TEST(Cutout, GreysAQuarterOfTheSideEachWay) {
    Image image{8, 8, std::vector<std::uint8_t>(8 * 8 * 3)};
    cutout(image, 8, 3);  // rows 6 and 7, columns 1 to 4
    const auto values = reds(image);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const bool grey = i / 8 >= 6 && i % 8 >= 1 && i % 8 <= 4;
        EXPECT_EQ(values[i], grey ? kGrey : 0) << i;
    }
}

/// The golden colours changed by `change`.
template <class Change>
std::vector<float> changed_colours(const Change& change) {
    auto rgb = golden().at("colour/image").as_float();
    change(rgb);
    return rgb;
}

TEST(ColourChanges, GiveTheNumbersOfTensorFlow) {
    const auto factors = golden().at("colour/factors").as_float(),
               deltas = golden().at("colour/deltas").as_float();
    const auto expected = [](const std::string& name, std::size_t i) {
        return golden().at("colour/" + name + "/" + std::to_string(i)).as_float();
    };
    for (std::size_t i = 0; i < factors.size(); ++i) {
        EXPECT_EQ(changed_colours([&](auto& rgb) { adjust_contrast(rgb, factors[i]); }),
                  expected("contrast", i));
        EXPECT_EQ(changed_colours([&](auto& rgb) { adjust_saturation(rgb, factors[i]); }),
                  expected("saturation", i));
        EXPECT_EQ(changed_colours([&](auto& rgb) { adjust_hue(rgb, deltas[i]); }),
                  expected("hue", i));
    }
    EXPECT_THAT(changed_colours([](auto& rgb) { turn_grey(rgb); }),
                Pointwise(testing::FloatEq(), golden().at("colour/grey").as_float()));
}

TEST(ColourChanges, OfHueGoAroundTheCircle) {
    std::vector<float> red{1, 0, 0};
    adjust_hue(red, 1.0f / 3);
    EXPECT_THAT(red, ElementsAre(testing::FloatNear(0, 1e-6f), 1, testing::FloatNear(0, 1e-6f)));
}

std::vector<std::uint8_t> as_jittered(float strength, const Image& image, std::int64_t seed) {
    Image result = image;
    color_jitter(result, strength, Rng(3).fork("image", seed));
    return result.rgb;
}

TEST(ColorJitter, OfNoStrengthMirrorsHalfAndGreysAFifth) {
    const Image image = image_of(golden().at("image/noise"));
    const auto there_and_back = golden().at("colour/there_and_back").as_int();
    int unchanged = 0, grey = 0;
    for (int seed = 0; seed < 1000; ++seed) {
        const auto result = as_jittered(0, image, seed);
        unchanged += std::ranges::equal(result, there_and_back) ? 1 : 0;
        bool all_grey = true;
        for (std::size_t i = 0; i < result.size(); i += 3)
            all_grey = all_grey && result[i] == result[i + 1] && result[i] == result[i + 2];
        grey += all_grey ? 1 : 0;
    }
    EXPECT_NEAR(unchanged, 400, 62);  // 0.5 * 0.8; 4 standard deviations
    EXPECT_NEAR(grey, 200, 51);
}

TEST(ColorJitter, OfOneColourStaysWithinItsFactors) {
    const Image image{4, 4, std::vector<std::uint8_t>(4 * 4 * 3, 100)};
    double least = 255, most = 0;  // of one grey only the brightness changes
    for (int seed = 0; seed < 500; ++seed) {
        const double value = as_jittered(0.5f, image, seed).front();
        least = std::min(least, value);
        most = std::max(most, value);
    }
    EXPECT_NEAR(least, 60, 2);
    EXPECT_NEAR(most, 139, 2);
}

}  // namespace
}  // namespace promptcl::data::augment
