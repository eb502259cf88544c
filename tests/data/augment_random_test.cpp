// What is drawn: RandAugment's layers and levels, the erased rectangle, and all of it in the
// training transform.
#include "promptcl/data/augment/augmentation.h"
#include "promptcl/data/augment/random_erasing.h"
#include "promptcl/data/augment/tones.h"
#include "promptcl/data/transform.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

namespace promptcl::data {
namespace {

using augment::RandAugment;

constexpr int kSide = 32;

Image noise() {
    Image image{kSide, kSide, {}};
    Rng rng(6);
    for (int i = 0; i < kSide * kSide * 3; ++i)
        image.rgb.push_back(static_cast<std::uint8_t>(rng.below(256)));
    return image;
}

config::Augment one_layer(double magnitude) {
    return {.type = "randaugment",
            .randaugment_num_layers = 1,
            .randaugment_magnitude = magnitude,
            .randaugment_cutout = false};
}

TEST(RandAugment, AppliesEachOperationEquallyOften) {
    const RandAugment augment(one_layer(0.3), kSide);
    std::map<std::vector<std::uint8_t>, int> seen;
    for (int seed = 0; seed < 1600; ++seed) {
        Image image = noise();
        augment.apply(image, Rng(8).fork("image", seed));
        ++seen[image.rgb];
    }
    int signed_images = 0, others = 0;
    for (const std::string_view name : augment::kOperations) {
        for (const bool positive : {true, false}) {
            Image image = noise();
            augment::apply(name, {.level = 0.3f, .positive = positive, .translation = 10}, image);
            const auto found = seen.find(image.rgb);
            ASSERT_NE(found, seen.end()) << name << positive;
            const bool either =
                name == "Rotate" || name.starts_with("Shear") || name.starts_with("Translate");
            if (either) {
                EXPECT_NEAR(found->second, 50, 28) << name << positive;  // 4 standard deviations
                ++signed_images;
            } else if (name != "AutoContrast" && name != "Identity") {  // noise may fill the range
                EXPECT_NEAR(found->second, 100, 40) << name;
                others += positive ? 1 : 0;
            }
        }
    }
    EXPECT_EQ(signed_images, 10);
    EXPECT_EQ(others, 9);
}

TEST(RandAugment, LeavesLayersOutAsOftenAsItIsTold) {
    config::Augment config = one_layer(0.5);
    config.randaugment_prob_to_apply = 0;
    Image image = noise();
    RandAugment(config, kSide).apply(image, Rng(1));
    EXPECT_EQ(image.rgb, noise().rgb);
}

TEST(RandAugment, EndsWithAGreyRectangle) {
    config::Augment config = one_layer(0.5);
    config.randaugment_num_layers = 0;
    config.randaugment_cutout = true;
    std::set<int> rows;
    for (int seed = 0; seed < 200; ++seed) {
        Image image{kSide, kSide, std::vector<std::uint8_t>(std::size_t{3} * kSide * kSide)};
        RandAugment(config, kSide).apply(image, Rng(1).fork("image", seed));
        const auto grey = std::ranges::count(image.rgb, augment::kGrey);
        EXPECT_GE(grey, 3 * 8 * 8);
        EXPECT_LE(grey, 3 * 16 * 16);
        rows.insert(static_cast<int>(
            (std::ranges::find(image.rgb, augment::kGrey) - image.rgb.begin()) / (3 * kSide)));
    }
    EXPECT_EQ(*rows.begin(), 0);
    EXPECT_GE(*rows.rbegin(), 20);
}

std::vector<float> levels_of(const config::Augment& config) {
    std::vector<float> result;
    for (int seed = 0; seed < 2000; ++seed)
        result.push_back(RandAugment(config, kSide).level(Rng(5).fork("layer", seed)));
    return result;
}

TEST(RandAugmentLevel, IsTheMagnitudeWhereThatIsGiven) {
    EXPECT_THAT(levels_of(one_layer(0.3)), testing::Each(0.3f));
}

TEST(RandAugmentLevel, IsOneOfTheLevelsOtherwise) {
    const auto levels = levels_of(one_layer(-1));
    const std::set<float> distinct(levels.begin(), levels.end());
    EXPECT_EQ(distinct.size(), 11U);
    EXPECT_EQ(*distinct.begin(), 0);
    EXPECT_EQ(*distinct.rbegin(), 1);
    EXPECT_NEAR(static_cast<double>(std::ranges::count(levels, 0.3f)), 2000 / 11.0, 52);
    config::Augment any = one_layer(-1);
    any.randaugment_num_levels = 0;
    const auto uniform = levels_of(any);
    EXPECT_GT(std::set<float>(uniform.begin(), uniform.end()).size(), 1990U);
    EXPECT_LT(*std::ranges::max_element(uniform), 1);
}

TEST(RandAugmentLevel, IsNormalAboutTheMagnitudeInLevels) {
    config::Augment config = one_layer(9);
    config.randaugment_magstd = 0.5;
    double sum = 0, squares = 0;
    for (const double level : levels_of(config)) {
        EXPECT_LE(level, 1);
        sum += level;
        squares += level * level;
    }
    EXPECT_NEAR(sum / 2000, 0.9, 0.01);
    EXPECT_NEAR(std::sqrt(squares / 2000 - sum / 2000 * sum / 2000), 0.05, 0.01);
    config.randaugment_magstd = 20;
    const auto wide = levels_of(config);
    EXPECT_EQ(*std::ranges::min_element(wide), 0);
    EXPECT_EQ(*std::ranges::max_element(wide), 1);
}

TEST(RandomErasing, FillsThePartThatLiesInTheImage) {
    std::vector<float> chw(std::size_t{3} * 8 * 8, 7);
    augment::erase(chw, 8, {.middle_y = 1, .middle_x = 4.5f, .half_height = 2, .half_width = 1},
                   Rng(1));
    for (std::size_t i = 0; i < chw.size(); ++i) {
        const std::size_t y = i / 8 % 8, x = i % 8;
        const bool erased = y < 3 && x >= 4 && x < 6;  // |y - 1| < 2, |x - 4.5| < 1
        EXPECT_EQ(chw[i] != 7, erased) << i;
    }
}

TEST(RandomErasing, DrawsNoiseOfDeviationOne) {
    std::vector<float> chw(std::size_t{3} * 100 * 100, 7);
    augment::erase(chw, 100, {50, 50, 100, 100}, Rng(2));
    double sum = 0, squares = 0;
    for (const double value : chw) {
        sum += value;
        squares += value * value;
    }
    EXPECT_NEAR(sum / 30000, 0, 0.024);
    EXPECT_NEAR(squares / 30000, 1, 0.033);
}

TEST(RandomErasing, DrawsAreaAspectAndMiddle) {
    double area = 0, log_aspect = 0;
    for (int seed = 0; seed < 4000; ++seed) {
        const auto part = augment::drawn_part(200, Rng(3).fork("image", seed));
        const double own_area = 4 * part.half_height * part.half_width / 40000;
        EXPECT_GE(own_area, 0.0199);
        EXPECT_LE(own_area, 0.3334);
        const double own_aspect = std::log(part.half_height / part.half_width);
        EXPECT_LE(std::abs(own_aspect), std::log(1 / 0.3) + 1e-5);
        EXPECT_GE(part.middle_y, 0);
        EXPECT_LE(part.middle_x, 200);
        area += own_area / 4000;
        log_aspect += own_aspect / 4000;
    }
    EXPECT_NEAR(area, (0.02 + 1.0 / 3) / 2, 0.006);
    EXPECT_NEAR(log_aspect, 0, 0.045);
}

TEST(RandomErasing, HappensAsOftenAsItIsTold) {
    int erased = 0;
    for (int seed = 0; seed < 1000; ++seed) {
        std::vector<float> chw(std::size_t{3} * 8 * 8, 7);
        augment::random_erasing(chw, 8, 0.25, Rng(4).fork("image", seed));
        erased += std::ranges::count(chw, 7) < 3 * 8 * 8 ? 1 : 0;
    }
    EXPECT_NEAR(erased, 245, 60);
}

/// With numbers that normalise to the same.
config::Images small() {
    return {.input_size = kSide, .resize_size = 64, .norm_mean = {0, 0, 0}, .norm_std = {1, 1, 1}};
}

std::vector<float> trained(const config::Images& images, std::int64_t seed) {
    const Transform transform(images);
    std::vector<float> chw(static_cast<std::size_t>(transform.output_size()), -1.0f);
    transform.train(noise().view(), Rng(1).fork("image", seed), chw);
    return chw;
}

TEST(Augmentation, IsOffForNoneNoopAndDefault) {
    for (const char* type : {"none", "noop", "default"}) {
        config::Images images = small();
        images.augment.type = images.colorjitter.type = type;
        EXPECT_FALSE(Augmentation(images).on()) << type;
    }
}

TEST(Augmentation, ComesAfterCropAndMirrorAndChangesNoOtherDraw) {
    for (const double magnitude : {0.0, 0.7}) {
        config::Images images = small();
        images.augment = one_layer(magnitude);
        const Rng rng = Rng(1).fork("image", 5);
        Image bytes{kSide, kSide, std::vector<std::uint8_t>(std::size_t{3} * kSide * kSide)};
        const auto plain = trained(small(), 5);
        for (std::size_t i = 0; i < plain.size(); ++i)  // whole numbers: nothing is cut
            bytes.rgb[i % (kSide * kSide) * 3 + i / (kSide * kSide)] =
                static_cast<std::uint8_t>(std::lround(plain[i] * 255));
        Augmentation(images).apply(bytes, rng);
        const auto augmented = trained(images, 5);
        for (std::size_t i = 0; i < plain.size(); ++i) {
            const auto expected = bytes.rgb[i % (kSide * kSide) * 3 + i / (kSide * kSide)];
            ASSERT_NEAR(augmented[i], static_cast<float>(expected) / 255, 1.01 / 255) << i;
        }
    }
}

TEST(Augmentation, OfEachKindChangesTrainingAndNeverEvaluation) {
    std::vector<config::Images> kinds(4, small());
    kinds[0].augment.type = "randaugment";
    kinds[1].augment.type = "colorjitter";
    kinds[2].colorjitter.type = "colorjitter";
    kinds[3].randerasing.erase_prob = 1;
    for (const auto& images : kinds) {
        EXPECT_TRUE(Augmentation(images).on());
        int changed = 0;
        for (int seed = 0; seed < 5; ++seed) {
            EXPECT_EQ(trained(images, seed), trained(images, seed));
            changed += trained(images, seed) != trained(small(), seed) ? 1 : 0;
        }
        EXPECT_GE(changed, 4);
        const Transform with(images), without(small());
        std::vector<float> left(static_cast<std::size_t>(with.output_size())), right = left;
        with.evaluate(noise().view(), left);
        without.evaluate(noise().view(), right);
        EXPECT_EQ(left, right);
    }
}

}  // namespace
}  // namespace promptcl::data
