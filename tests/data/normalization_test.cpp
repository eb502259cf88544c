// Pixels with mean and deviation: whose numbers, and when.
#include "promptcl/data/normalization.h"

#include "promptcl/core/error.h"
#include "promptcl/data/transform.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace promptcl::data {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

config::Config of_dataset(const std::string& dataset) {
    config::Config config;
    config.dataset = dataset;
    config.images.norm_01 = false;
    settle_normalization(config);
    return config;
}

TEST(Normalization, HasTheNumbersThatTheOriginalHasForEachDataSet) {
    EXPECT_THAT(of_dataset("cifar100").images.norm_mean, ElementsAre(0.5071, 0.4867, 0.4408));
    EXPECT_THAT(of_dataset("cifar100").images.norm_std, ElementsAre(0.2675, 0.2565, 0.2761));
    EXPECT_THAT(of_dataset("imagenet2012").images.norm_mean, ElementsAre(0.485, 0.456, 0.406));
    EXPECT_THAT(of_dataset("imagenet2012").images.norm_std, ElementsAre(0.229, 0.224, 0.225));
    for (const auto* other : {"cifar10", "imagenet_r", "core50", "five_datasets", "image_folder"}) {
        EXPECT_THAT(of_dataset(other).images.norm_mean, ElementsAre(0.4914, 0.4822, 0.4465));
        EXPECT_THAT(of_dataset(other).images.norm_std, ElementsAre(0.2471, 0.2435, 0.2616));
    }
}

TEST(Normalization, KeepsTheNumbersThatAreThereWhateverDataSetComesNext) {
    config::Config config = of_dataset("cifar100");
    config.dataset = "image_folder";  // as of a lesson
    settle_normalization(config);
    EXPECT_THAT(config.images.norm_mean, ElementsAre(0.5071, 0.4867, 0.4408));
}

TEST(Normalization, SettlesNothingForPixelsInZeroToOne) {
    config::Config config;
    settle_normalization(config);
    EXPECT_THAT(config.images.norm_mean, IsEmpty());
    EXPECT_FALSE(normalization_of(config.images));
}

// In the original every kind of augmentation normalises, whatever norm_01 says.
TEST(Normalization, ComesWithEveryKindOfAugmentation) {
    std::vector<config::Images> kinds(3);
    kinds[0].augment.type = "noop";
    kinds[1].colorjitter.type = "default";
    kinds[2].randerasing.erase_prob = 0.1;
    for (const auto& images : kinds)
        EXPECT_TRUE(images.normalizes());
    EXPECT_FALSE(config::Images().normalizes());
}

TEST(Normalization, NeedsNumbersThatAreSettled) {
    EXPECT_THROW(Transform({.norm_01 = false}), Bug);
}

/// An image of one colour, 80 pixels wide and high.
Image flat(std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
    Image image{80, 80, {}};
    for (int i = 0; i < 80 * 80; ++i)
        image.rgb.insert(image.rgb.end(), {red, green, blue});
    return image;
}

config::Images by_hand(std::int64_t input_size) {
    return {.input_size = input_size,
            .resize_size = 80,
            .norm_01 = false,
            .norm_mean = {0.5, 0.25, 0},
            .norm_std = {0.5, 0.25, 2}};
}

TEST(NormalizedImages, AreShiftedAndScaledChannelByChannelInTrainingAndEvaluation) {
    const Transform transform(by_hand(72));
    const std::size_t pixels = 72 * 72;
    std::vector<float> chw(3 * pixels);
    const auto expect_by_hand = [&] {
        EXPECT_NEAR(chw[0], (1.0 - 0.5) / 0.5, 1e-6);
        EXPECT_NEAR(chw[pixels], (51 / 255.0 - 0.25) / 0.25, 1e-6);
        EXPECT_NEAR(chw[2 * pixels], (102 / 255.0) / 2, 1e-6);
    };
    transform.evaluate(flat(255, 51, 102).view(), chw);
    expect_by_hand();
    transform.train(flat(255, 51, 102).view(), Rng(1), chw);
    expect_by_hand();
}

TEST(NormalizedImages, OfSmallInputsArePaddedBefore) {
    const Transform transform(by_hand(32));
    std::vector<float> chw(std::size_t{3} * 32 * 32);
    bool padded = false;
    for (int seed = 0; seed < 10; ++seed) {
        transform.train(flat(255, 255, 255).view(), Rng(1).fork("image", seed), chw);
        for (std::size_t i = 0; i < std::size_t{32} * 32; ++i) {
            ASSERT_TRUE(chw[i] == 1.0f || chw[i] == -1.0f) << chw[i];  // (1 or 0 - 0.5) / 0.5
            padded = padded || chw[i] == -1.0f;
        }
    }
    EXPECT_TRUE(padded);
}

// Between two pixels lies a value that is no whole number of 255ths.
TEST(NormalizedImages, AreCutToEightBitsInTraining) {
    Image image{80, 80, {}};
    for (int i = 0; i < 80 * 80; ++i)
        image.rgb.insert(image.rgb.end(), 3, static_cast<std::uint8_t>(i * 37 % 256));
    config::Images images = by_hand(72);
    images.norm_mean = {0, 0, 0};
    images.norm_std = {1, 1, 1};
    config::Images plain = images;
    plain.norm_01 = true;
    std::vector<float> cut(std::size_t{3} * 72 * 72), whole = cut;
    Transform(images).train(image.view(), Rng(4), cut);
    Transform(plain).train(image.view(), Rng(4), whole);
    int between = 0;
    for (std::size_t i = 0; i < cut.size(); ++i) {
        ASSERT_FLOAT_EQ(cut[i], std::floor(whole[i] * 255.0f) / 255.0f) << i;
        between += whole[i] * 255.0f != std::floor(whole[i] * 255.0f) ? 1 : 0;
    }
    EXPECT_GT(between, 1000);
}

}  // namespace
}  // namespace promptcl::data
